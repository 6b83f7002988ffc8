"""The library in the admin: to look things up and to choose from. The content files are the truth."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from casestudies.models import (
    CaseStudy,
    Criterion,
    Expectation,
    Fact,
    FollowUp,
    Framework,
    GuidePage,
    Hint,
    Rubric,
    Step,
)


class ReadOnly:
    """Rows are looked at here and changed by load_content, which would undo a change made by hand."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class Rows(ReadOnly, admin.TabularInline):
    extra = 0
    show_change_link = False


class FactRows(Rows):
    model = Fact
    fields = ("key", "ask", "answer")
    ordering = ("position",)


class HintRows(Rows):
    model = Hint
    fields = ("dimension", "rung", "text")
    ordering = ("dimension", "rung")


class FollowUpRows(Rows):
    model = FollowUp
    fields = ("key", "criterion", "ask")
    ordering = ("position",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("criterion")


class ExpectationRows(Rows):
    model = Expectation
    fields = ("key", "criterion", "weight", "statement")
    ordering = ("-weight", "key")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("criterion")


class StepRows(Rows):
    model = Step
    fields = ("position", "slug", "title", "minutes", "dimensions")
    ordering = ("position",)


@admin.register(CaseStudy)
class CaseStudyAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("title", "page", "status", "kind", "area", "difficulty", "minutes", "pack", "version")
    list_filter = ("status", "kind", "difficulty", "area", "pack")
    search_fields = ("title", "slug", "one_line")
    ordering = ("title",)
    inlines: ClassVar[Any] = [FactRows, HintRows, FollowUpRows, ExpectationRows]

    def view_on_site(self, case: CaseStudy) -> str:
        return case.get_absolute_url()

    @admin.display(description="page")
    def page(self, case: CaseStudy) -> SafeString:
        """Lead to the page of a case, on which staff also see drafts and everything behind the prompt."""
        return format_html('<a href="{}">Preview</a>', case.get_absolute_url())


@admin.register(Framework)
class FrameworkAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "slug", "version", "is_offered")
    search_fields = ("name", "slug")
    ordering = ("position",)
    inlines: ClassVar[Any] = [StepRows]


@admin.register(Criterion)
class CriterionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "name", "dimension", "source", "weight")
    list_filter = ("source", "dimension")
    search_fields = ("code", "name", "definition")
    ordering = ("code",)


@admin.register(GuidePage)
class GuidePageAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("title", "group", "position", "is_shown", "page")
    list_filter = ("group", "is_shown")
    search_fields = ("title", "slug", "one_line")
    ordering = ("group", "position")
    exclude = ("search",)

    def view_on_site(self, page: GuidePage) -> str:
        return page.get_absolute_url()

    @admin.display(description="page")
    def page(self, page: GuidePage) -> str:
        if not page.is_shown:
            return "Hidden"
        return format_html('<a href="{}">Preview</a>', page.get_absolute_url())


@admin.register(Rubric)
class RubricAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("case", "framework", "short_hash", "created_at", "is_current")
    list_filter = ("is_current", "framework")
    list_select_related = ("case", "framework")
    search_fields = ("hash", "case__title", "case__slug")
    ordering = ("-created_at",)

    @admin.display(description="hash")
    def short_hash(self, rubric: Rubric) -> str:
        return rubric.hash[:12]

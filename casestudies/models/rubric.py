"""How designs are read: dimensions, criteria with their level anchors, frameworks, compiled rubrics."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Dimension(models.TextChoices):
    """What history is compared over, in its fixed order; communication only people score."""

    SCOPE = "scope", "Scope"
    FRAMING = "framing", "Framing"
    DATA = "data", "Data"
    FEATURES = "features", "Features"
    MODEL = "model", "Model"
    EVALUATION = "evaluation", "Evaluation"
    SERVING = "serving", "Serving"
    MONITORING = "monitoring", "Monitoring"
    COMMUNICATION = "communication", "Communication"


class Source(models.TextChoices):
    """Where a criterion's evidence is read from."""

    TEXT = "text", "Words"
    GRAPH = "graph", "Drawing"
    PERSON = "person", "People only"


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def with_guide(self) -> Self:
        """With `guide_title`: of the page that teaches the criterion, None when there is no such page."""
        pages = apps.get_model("casestudies", "GuidePage").objects.shown()
        page = pages.filter(slug=models.OuterRef("guide")).values("title")[:1]
        return self.annotate(guide_title=models.Subquery(page))


class Criterion(models.Model):
    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=80)
    dimension = models.CharField(max_length=16, choices=Dimension.choices)
    definition = models.TextField()
    source = models.CharField(max_length=8, choices=Source.choices)
    weight = models.FloatField()
    anchors = models.JSONField(help_text="What levels 0 to 4 look like.")
    next = models.JSONField(help_text="What levels 1 to 4 need, as the rest of a sentence.")
    guide = models.SlugField(max_length=80)

    objects: ClassVar[Any] = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "criteria"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dimension__in=Dimension.values), name="criterion_dimension_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values), name="criterion_source_is_known"
            ),
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="criterion_weighs_something"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def levels(self) -> list[tuple[int, str]]:
        """Return every level with its anchor, the highest first."""
        return list(enumerate(self.anchors))[::-1]


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def offered(self) -> Self:
        """Those a new interview may follow, in the order they are offered."""
        return self.filter(is_offered=True).order_by("position", "slug")

    def with_steps(self) -> Self:
        return self.prefetch_related(models.Prefetch("steps", Step.objects.order_by("position")))

    def with_criteria(self) -> Self:
        """With steps and, for each, its criteria in the order of their codes."""
        criteria = models.Prefetch("criteria", Criterion.objects.with_guide().order_by("code"))
        return self.prefetch_related(
            models.Prefetch("steps", Step.objects.order_by("position").prefetch_related(criteria))
        )


class Framework(models.Model):
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    summary = models.TextField()
    position = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    # False once its file is gone: old interviews keep it, new ones cannot choose it.
    is_offered = models.BooleanField(default=True)

    objects: ClassVar[Any] = FrameworkQuerySet.as_manager()

    if TYPE_CHECKING:
        steps: RelatedManager["Step"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("casestudies:framework", args=[self.slug])


class Step(models.Model):
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="steps")
    slug = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    short = models.CharField(max_length=16)
    dimensions = models.JSONField(help_text="Slugs; the first gives the step its colour.")
    minutes = models.PositiveSmallIntegerField(help_text="Of an interview of 45 minutes.")
    summary = models.TextField()
    criteria = models.ManyToManyField(Criterion, related_name="steps")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "slug"], name="step_once_per_framework"),
            # Deferred, so that steps can change places in one transaction.
            models.UniqueConstraint(
                fields=["framework", "position"],
                name="one_step_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=models.Q(minutes__gt=0), name="step_takes_time"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def dimension(self) -> str:
        """The dimension that gives the step its colour."""
        return str(self.dimensions[0])


class RubricQuerySet(models.QuerySet["Rubric"]):
    def current(self) -> Self:
        """The rubrics in force: at most one per case and framework."""
        return self.filter(is_current=True)


class Rubric(models.Model):
    """A compiled rubric, never changed: scorecards say by its hash what they were scored with."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="rubrics")
    case = models.ForeignKey("casestudies.CaseStudy", models.PROTECT, related_name="rubrics")
    hash = models.CharField(max_length=64)
    body = models.JSONField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    is_current = models.BooleanField(default=True)

    objects: ClassVar[Any] = RubricQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "framework", "hash"], name="rubric_body_once"),
            models.UniqueConstraint(
                fields=["case", "framework"],
                condition=models.Q(is_current=True),
                name="one_current_rubric",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.framework_id} {self.hash[:12]}"

"""A page of the guide: one idea, a worked example, a small drawing, and the criteria it teaches."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.urls import reverse

from casestudies.models.found import matching, with_excerpt
from casestudies.models.rubric import Criterion

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import ManyRelatedManager

# What a card shows; the rest of a page is some 8 kB.
LISTED = ("slug", "title", "one_line", "group", "position")


class Group(models.TextChoices):
    """The sections of the guide, in the order they are read."""

    STEPS = "steps", "First steps"
    DATA = "data", "Data and labels"
    MODELS = "models", "Features and models"
    EVALUATION = "evaluation", "Evaluation"
    SERVING = "serving", "Serving"
    OPERATIONS = "operations", "Operations"
    GENAI = "genai", "Generative AI"
    INTERVIEW = "interview", "The interview"


class GuidePageQuerySet(models.QuerySet["GuidePage"]):
    def shown(self) -> Self:
        """Those that still have a file."""
        return self.filter(is_shown=True)

    def for_cards(self) -> Self:
        """In the order of the guide, with only what a card shows."""
        rank = models.Case(
            *(models.When(group=value, then=place) for place, value in enumerate(Group.values)),
            output_field=models.SmallIntegerField(),
        )
        return self.only(*LISTED).order_by(rank, "position", "slug")

    def titles(self) -> dict[str, str]:
        """Return the title of every page that is shown, by its slug."""
        return dict(self.shown().values_list("slug", "title"))

    def speaking_of(self, words: str) -> Self:
        """Those shown that hold all words, the best first, with the passage as `excerpt`: for cards."""
        return with_excerpt(matching(self.shown(), words), "text", words).only(*LISTED)


class GuidePage(models.Model):
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=60)
    one_line = models.CharField(max_length=100)
    group = models.CharField(max_length=16, choices=Group.choices)
    position = models.PositiveSmallIntegerField()
    body = models.TextField()
    example = models.JSONField()
    figures = models.JSONField(default=dict)
    checks = models.JSONField(default=list)
    board = models.JSONField()
    say = models.JSONField()
    pitfalls = models.JSONField()
    see_also = models.JSONField(default=list)
    criteria = models.ManyToManyField(Criterion, related_name="guide_pages")
    # False once its file is gone: links from old scorecards then lead nowhere, so they are not made.
    is_shown = models.BooleanField(default=True)
    content_hash = models.CharField(max_length=64)
    text = models.TextField(help_text="All its words without Markdown: what a search reads and quotes.")
    search = models.GeneratedField(
        expression=SearchVector("title", config="english", weight="A")
        + SearchVector("one_line", config="english", weight="B")
        + SearchVector("text", config="english", weight="C")
        + SearchVector("title", "one_line", "text", config="simple", weight="D"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects: ClassVar[Any] = GuidePageQuerySet.as_manager()

    if TYPE_CHECKING:
        criteria: ManyRelatedManager[Criterion, Any]  # type: ignore[no-redef]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(group__in=Group.values), name="guide_group_is_known"),
        ]
        indexes = [GinIndex(fields=["search"], name="guide_by_words")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("guide:page", args=[self.slug])

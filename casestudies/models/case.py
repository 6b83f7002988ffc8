"""A case study: what is asked, what can be found out by asking, and what a strong design says."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from casestudies.models.found import matching, with_excerpt, with_marked_tags
from casestudies.models.rubric import Criterion, Dimension

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.db.models.fields.related_descriptors import RelatedManager

    from casestudies.models.rubric import Rubric

MINUTES = (35, 45, 60)


class Kind(models.TextChoices):
    CLASSIC = "classic", "Classic"
    GENAI = "genai", "Gen AI"
    PLATFORM = "platform", "Platform"


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    # Its file is gone. Interviews keep it, the library does not list it.
    WITHDRAWN = "withdrawn", "Withdrawn"


class Difficulty(models.IntegerChoices):
    WARM_UP = 1, "Warm-up"
    STANDARD = 2, "Standard"
    HARD = 3, "Hard"


# What a card in the library shows and a search reads; the rest of a case is some 30 kB.
LISTED = (
    "slug", "title", "one_line", "kind", "area", "difficulty", "minutes", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Face:
    """What everybody may know of a case; a page that has only this cannot give the rest away."""

    slug: str
    title: str
    one_line: str
    prompt: str
    kind: str
    area: str
    difficulty: int
    difficulty_name: str
    minutes: int
    status: str
    tags: list[str]


class CaseStudyQuerySet(models.QuerySet["CaseStudy"]):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def listed_for(self, user: "AbstractBaseUser | AnonymousUser") -> Self:
        """Those the library lists: published ones, and for staff their drafts too."""
        return self.exclude(status=Status.WITHDRAWN) if getattr(user, "is_staff", False) else self.published()

    def for_cards(self, words: str = "") -> Self:
        """With only what a card shows: by title, or as `matching` orders them, with the excerpt."""
        cards = self.only(*LISTED)
        return cards.with_excerpt(words) if words else cards.order_by("title", "pk")

    def matching(self, words: str) -> Self:
        """Those with all words in title, line, area, tags or prompt, best first; spoilers are not read."""
        return matching(self, words)

    def with_excerpt(self, words: str) -> Self:
        """With `excerpt` of the prompt and `marked_tags`: what was hit in them stands between two marks."""
        return with_marked_tags(with_excerpt(self, "prompt", words), words)

    def with_spoilers(self) -> Self:
        """With facts, hints, follow-ups and expectations, each in order: four queries."""
        criteria = Criterion.objects.with_guide().only("code", "name", "dimension", "guide")
        return self.prefetch_related(
            models.Prefetch("facts", Fact.objects.order_by("position")),
            models.Prefetch("hints", Hint.objects.order_by("rung")),
            models.Prefetch(
                "follow_ups",
                FollowUp.objects.order_by("position").prefetch_related(
                    models.Prefetch("criterion", criteria)
                ),
            ),
            models.Prefetch(
                "expectations",
                Expectation.objects.order_by("-weight", "pk").prefetch_related(
                    models.Prefetch("criterion", criteria)
                ),
            ),
        )


class CaseStudy(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    pack = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    one_line = models.CharField(max_length=90)
    prompt = models.TextField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    area = models.CharField(max_length=40)
    difficulty = models.PositiveSmallIntegerField(choices=Difficulty.choices)
    minutes = models.PositiveSmallIntegerField(default=45)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    tags = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    content_hash = models.CharField(max_length=64)
    # Of what everybody may read and nothing else: a search must not find spoilers.
    search = models.GeneratedField(
        expression=SearchVector("title", config="english", weight="A")
        + SearchVector("one_line", config="english", weight="B")
        + SearchVector("area", "tags", config="english", weight="C")
        + SearchVector("prompt", config="english", weight="D")
        + SearchVector("title", "one_line", "area", "tags", "prompt", config="simple", weight="D"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # Everything from here on is a spoiler.
    requirements = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    checks = models.JSONField(default=list, help_text="Arithmetic that holds the figures together.")
    curveball = models.JSONField(default=dict)
    level_cues = models.JSONField(default=dict)
    mistakes = models.JSONField(default=list)
    brief = models.JSONField(default=dict)
    run_sheet = models.JSONField(default=list)
    reference = models.JSONField(default=dict)

    objects: ClassVar[Any] = CaseStudyQuerySet.as_manager()

    if TYPE_CHECKING:
        facts: RelatedManager["Fact"]
        hints: RelatedManager["Hint"]
        follow_ups: RelatedManager["FollowUp"]
        expectations: RelatedManager["Expectation"]
        rubrics: RelatedManager["Rubric"]

    class Meta:
        verbose_name = "case study"
        verbose_name_plural = "case studies"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="case_kind_is_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="case_status_is_known"),
            models.CheckConstraint(
                condition=Q(difficulty__in=Difficulty.values), name="case_difficulty_is_known"
            ),
            models.CheckConstraint(condition=Q(minutes__in=MINUTES), name="case_minutes_are_offered"),
        ]
        indexes = [
            models.Index(fields=["status", "title"], name="case_by_status"),
            GinIndex(fields=["search"], name="case_by_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("casestudies:case", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    def face(self) -> Face:
        return Face(
            slug=self.slug,
            title=self.title,
            one_line=self.one_line,
            prompt=self.prompt,
            kind=Kind(self.kind).label,
            area=self.area,
            difficulty=self.difficulty,
            difficulty_name=Difficulty(self.difficulty).label,
            minutes=self.minutes,
            status=self.status,
            tags=list(self.tags),
        )


class Fact(models.Model):
    """What the interviewer tells a candidate who asks for it."""

    case = models.ForeignKey(CaseStudy, models.CASCADE, related_name="facts")
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    ask = models.CharField(max_length=200)
    answer = models.TextField()
    terms = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="fact_once_per_case")]

    def __str__(self) -> str:
        return self.ask


class Hint(models.Model):
    class Rung(models.IntegerChoices):
        NUDGE = 1, "Nudge"
        POINTER = 2, "Pointer"
        SKETCH = 3, "Sketch"

    case = models.ForeignKey(CaseStudy, models.CASCADE, related_name="hints")
    dimension = models.CharField(max_length=16, choices=Dimension.choices)
    rung = models.PositiveSmallIntegerField(choices=Rung.choices)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "dimension", "rung"], name="one_hint_per_rung"),
            models.CheckConstraint(condition=Q(rung__range=(1, 3)), name="hint_rung_from_1_to_3"),
            models.CheckConstraint(
                condition=Q(dimension__in=Dimension.values), name="hint_dimension_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.rung}"


class FollowUp(models.Model):
    case = models.ForeignKey(CaseStudy, models.CASCADE, related_name="follow_ups")
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    ask = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="follow_up_once_per_case")]

    def __str__(self) -> str:
        return self.ask


class Expectation(models.Model):
    """What a strong design of this case says, with the rule by which it is found."""

    case = models.ForeignKey(CaseStudy, models.CASCADE, related_name="expectations")
    key = models.CharField(max_length=60)
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    weight = models.PositiveSmallIntegerField()
    statement = models.TextField()
    rule = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="expectation_once_per_case"),
            models.CheckConstraint(condition=Q(weight__range=(1, 3)), name="expectation_weight_1_to_3"),
        ]

    def __str__(self) -> str:
        return self.statement

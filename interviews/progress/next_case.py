"""Which case next, and why in a sentence. Plain Python: what was done and what there is in, a choice out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from interviews.progress.values import ENOUGH, KINDS, NAMES, Attempt, recent, recent_levels
from interviews.rounding import written

# What each level asks for, on the scale of difficulty from 1 to 3.
DIFFICULTY = {"mid": 1.5, "senior": 2.0, "staff": 3.0}
WEAKEST, SECOND, BALANCE, EASE, AGAIN_AREA = 3.0, 1.5, 2.0, 0.5, 0.75
# A case that was done, or whose answers were opened, comes after all others.
DONE, OPENED = 100.0, 60.0


@dataclass(frozen=True)
class Option:
    """A case of the library; `shares`: what part of what it asks for is about each dimension."""

    slug: str
    title: str
    one_line: str
    kind: str
    area: str
    difficulty: int
    minutes: int
    shares: Mapping[str, float]
    opened: bool = False


@dataclass(frozen=True)
class Target:
    """What a person practises for."""

    level: str = "senior"
    interview_on: date | None = None
    per_week: int = 2


@dataclass(frozen=True)
class Suggestion:
    """A case, and the reason: the weakest dimension with its level, None at first, and the rest in words."""

    case: Option
    dimension: str | None
    average: float | None
    attempts: int
    because: str

    @property
    def dimension_name(self) -> str:
        return NAMES[self.dimension] if self.dimension else ""

    @property
    def over(self) -> str:
        """Over how many attempts the level is, in words."""
        return {1: "in your last attempt", 2: "over your two attempts"}.get(
            self.attempts, "over your last three attempts"
        )

    @property
    def sentence(self) -> str:
        """The whole reason."""
        if self.dimension is None or self.average is None:
            return self.because
        weak = f"Your weakest area is {self.dimension_name}: {written(self.average, 1)} of 4 {self.over}."
        return f"{weak} {self.because}".strip()


@dataclass(frozen=True)
class Past:
    """What counts of attempts when cases are put in order; worked out once for many orders."""

    count: int
    last: Mapping[str, date]
    kinds: Mapping[str, int]
    areas: Set[str]

    @classmethod
    def of(cls, done: Sequence[Attempt]) -> "Past":
        return cls(
            len(done),
            {attempt.case: attempt.at.date() for attempt in done},
            Counter([attempt.kind for attempt in done]),
            {attempt.area for attempt in done[-ENOUGH:]},
        )


def weakest(levels: Mapping[str, float]) -> list[str]:
    """Return the dimensions that have a level, the weakest first."""
    return sorted(levels, key=lambda slug: (levels[slug], list(NAMES).index(slug)))


def suggest(
    options: Sequence[Option], done: Sequence[Attempt], target: Target, today: date
) -> Suggestion | None:
    """Return the case to do next with its reason; None when there is no case at all."""
    levels = recent_levels(done)
    low, past = weakest(levels), Past.of(done)
    ranked = rank(options, past, low, target, today)
    if not ranked:
        return None
    case = ranked[0]
    dimension = low[0] if low else None
    return Suggestion(
        case,
        dimension,
        levels[dimension] if dimension else None,
        len(recent(done)),
        " ".join(reasons(case, options, past, low, target, today)),
    )


def rank(
    options: Sequence[Option],
    past: Past,
    low: Sequence[str],
    target: Target,
    today: date,
    leaving_out: str = "",
) -> list[Option]:
    """Return the cases, the most fitting first; `low` are the dimensions to work on, the weakest first.

    `leaving_out` names what is not looked at, "kind" or "level": how a reason is found to be one.
    """
    most = {slug: max((one.shares.get(slug, 0) for one in options), default=0) or 1 for slug in low[:2]}
    there = Counter(one.kind for one in options)

    def worth(case: Option) -> float:
        if case.slug in past.last:  # only how long ago it was decides among those
            return (today - past.last[case.slug]).days / 1000 - DONE
        points = 0.0
        for slug, weight in zip(low[:2], (WEAKEST, SECOND), strict=False):
            points += weight * case.shares.get(slug, 0) / most[slug]
        if past.count and leaving_out != "kind":
            points += BALANCE * (there[case.kind] / len(options) - past.kinds.get(case.kind, 0) / past.count)
        if leaving_out != "level":
            wanted = DIFFICULTY.get(target.level, 2.0) if past.count else 1.0
            points -= EASE * abs(case.difficulty - wanted)
        points -= AGAIN_AREA * (case.area in past.areas)
        return points - OPENED * case.opened

    return sorted(options, key=lambda case: (-worth(case), case.slug))


def reasons(
    case: Option,
    options: Sequence[Option],
    past: Past,
    low: Sequence[str],
    target: Target,
    today: date,
) -> Iterable[str]:
    """Yield in sentences what speaks for this case; of kind and level only what decided.

    It decided when another case would have come first without it.
    """

    def decided(what: str) -> bool:
        return rank(options, past, low, target, today, leaving_out=what)[0] != case

    share = case.shares.get(low[0], 0) if low else 0
    if share:
        yield f"{part_words(share)} of what this case asks for is about it."
    if case.slug in past.last:
        yield "You have done every case; this one is the longest ago, and shows what has become better."
    elif not past.count:
        yield "You have not tried any case yet, and this is one to begin with."
    elif case.opened:
        yield "You have opened its answers before, so its score will be marked as seen."
    else:
        kind = KINDS.get(case.kind, case.kind)
        if case.kind not in past.kinds:
            yield f"It would be your first {kind} case."
        elif decided("kind"):
            yield f"{kind} cases are a larger part of the library than of what you have practised."
        elif not share:
            yield "You have not tried it yet."
        if decided("level"):
            yield f"It fits the level you want, {target.level}, better than others do."
    if target.interview_on is not None and target.interview_on >= today:
        yield f"Your interview is {in_days((target.interview_on - today).days)}."


def part_words(share: float) -> str:
    """Return a share as people say it; exact figures would promise more than an estimate holds."""
    for least, words in ((0.45, "Half"), (0.3, "A third"), (0.22, "A quarter"), (0.17, "A fifth")):
        if share >= least:
            return words
    return "A part"


def in_days(days: int) -> str:
    if days < 14:
        return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    return f"in {days // 7} weeks"

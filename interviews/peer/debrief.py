"""The ten minutes after the reveal: at most three points, and what to do about each. Plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interviews.peer.comparing import Criterion, Row

MINUTES = 10
STRONG, WEAK, APART = 3, 1, 1.0


@dataclass(frozen=True)
class Point:
    """Something to keep, stop or start, with the words to say it in and the page to practise with."""

    kind: str
    criterion: Criterion
    words: str
    minutes: int = 0

    @property
    def title(self) -> str:
        return self.kind.capitalize()


@dataclass(frozen=True)
class Line:
    """A part of the script: from which minute, who speaks, and of what."""

    minute: int
    who: str
    words: str
    point: Point | None = None


def points(rows: Iterable[Row]) -> list[Point]:
    """Return at most one thing to keep, one to stop and one to start, each of another criterion.

    Stop: where candidate and others lie furthest apart, weighed. Start: the heaviest criterion that is
    missing. Keep: the heaviest that others saw strong.
    """
    scored = [one for row in rows for one in row.criteria if one.was_scored]
    taken: set[str] = set()
    found = {}
    for kind, choose in (("stop", widest), ("start", heaviest_missing), ("keep", strongest)):
        left = [one for one in scored if one.code not in taken]
        elsewhere = [one for one in left if one.dimension not in taken] if kind == "start" else []
        chosen = choose(elsewhere) or choose(left)
        if chosen is not None:
            taken |= {chosen.code, chosen.dimension}
            found[kind] = Point(kind, chosen, WORDS[kind](chosen))
    return [found[kind] for kind in ("keep", "stop", "start") if kind in found]


def widest(criteria: Sequence[Criterion]) -> Criterion | None:
    apart = [one for one in criteria if one.levels.gap is not None and abs(one.levels.gap) >= APART]
    return max(apart, key=lambda one: (abs(one.levels.gap or 0) * one.share, one.code), default=None)


def heaviest_missing(criteria: Sequence[Criterion]) -> Criterion | None:
    weak = [one for one in criteria if (one.levels.outside or 0) <= WEAK]
    return max(weak, key=lambda one: ((4 - (one.levels.outside or 0)) * one.share, one.code), default=None)


def strongest(criteria: Sequence[Criterion]) -> Criterion | None:
    """Return the heaviest strong criterion, or the best one of a design that has none."""
    seen = [one for one in criteria if one.levels.outside is not None and one.levels.outside >= WEAK + 1]
    strong = [one for one in seen if (one.levels.outside or 0) >= STRONG]
    return max(
        strong or seen, key=lambda one: ((one.levels.outside or 0) * one.share, one.code), default=None
    )


def keep_words(one: Criterion) -> str:
    level = round(one.levels.outside or 0)
    anchor = sentence(one.anchors[level])
    return f"{one.name}: {one.levels.by} saw level {level}. {anchor} Do the same next time."


def stop_words(one: Criterion) -> str:
    levels = one.levels
    gave = f"you gave yourself {levels.own:.0f}, {levels.by} {shown(levels.outside)}"
    if (levels.gap or 0) > 0:
        return f"Stop counting “{one.name}” as said: {gave}. {needed(one)}"
    return f"Stop selling “{one.name}” short: {gave}. Find the words or the part that earned it."


def start_words(one: Criterion) -> str:
    level = one.levels.outside
    seen = "nobody saw it" if level is None else f"{one.levels.by} saw level {shown(level)}"
    return f"{one.name}: {seen}. {needed(one)}"


WORDS = {"keep": keep_words, "stop": stop_words, "start": start_words}


def needed(one: Criterion) -> str:
    """Return what the next level needs: “Level 2 needs: …”."""
    level = int(one.levels.outside or 0)
    return f"Level {level + 1} needs: {sentence(one.next[level])}" if level < len(one.next) else ""


def sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."


def shown(level: float | None) -> str:
    return "–" if level is None else f"{level:g}" if level == round(level) else f"{level:.1f}"


def script(chosen: Sequence[Point], candidate: str) -> list[Line]:
    """Return ten minutes of talk, minute by minute, about the chosen points."""
    lines = [
        Line(0, candidate, "Say first, without looking at the levels: what went well, and what was hardest?")
    ]
    at = 2
    each = (MINUTES - 3) // max(1, len(chosen))
    for point in chosen:
        lines.append(Line(at, "Interviewer", point.words, point))
        at += each
    lines.append(Line(MINUTES - 1, candidate, "Say in one sentence what you do differently next time."))
    return lines

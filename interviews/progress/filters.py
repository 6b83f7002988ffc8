"""Which attempts a page is about: read from its address, and written into it again. Plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from interviews.progress.values import KINDS, LEVELS, SOURCES, Attempt

PERIODS = {"3m": "3 months", "year": "Year", "all": "All"}
DAYS = {"3m": 92, "year": 366}
HINTS = {"with": "With hints", "without": "Without hints"}
SEEN = {"out": "Without cases seen before", "only": "Only cases seen before"}
# So many values are told in a sentence, of hundreds of interviewers.
MOST_SAID = 30
# What is chosen among what the person's own history has; the others have fixed choices.
OPEN = ("area", "framework", "partner")
FIXED: dict[str, Mapping[str, str]] = {
    "period": PERIODS,
    "kind": KINDS,
    "level": LEVELS,
    "source": SOURCES,
    "hints": HINTS,
    "seen": SEEN,
}
LABELS = {
    "period": "Period",
    "kind": "Kind",
    "area": "Area",
    "level": "Level",
    "framework": "Framework",
    "partner": "Interviewer",
    "source": "Who scored",
    "hints": "Hints",
    "seen": "Seen before",
}


def choices(attempts: Iterable[Attempt]) -> dict[str, Mapping[str, str]]:
    """Return what can be chosen for each filter: value and label, in the order they are offered."""
    areas: set[str] = set()
    frameworks: dict[str, str] = {}
    partners: dict[str, str] = {}
    for attempt in attempts:
        areas.add(attempt.area)
        frameworks[attempt.framework] = attempt.framework_name
        partners.update(attempt.partners)
    return {
        **FIXED,
        "area": {area: area for area in sorted(areas)},
        "framework": by_label(frameworks),
        "partner": by_label(partners),
    }


def by_label(pairs: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(pairs.items(), key=lambda pair: pair[1]))


@dataclass(frozen=True)
class Filters:
    """The filters of a page by name; one that is not there lets everything through."""

    values: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def lets_through(self, attempt: Attempt) -> bool:
        """Whether an attempt counts; period and source are seen to elsewhere."""
        wanted = self.values
        return (
            wanted.get("kind") in (None, attempt.kind)
            and wanted.get("area") in (None, attempt.area)
            and wanted.get("level") in (None, attempt.level)
            and wanted.get("framework") in (None, attempt.framework)
            and ("partner" not in wanted or wanted["partner"] in dict(attempt.partners))
            and wanted.get("hints") in (None, "with" if attempt.hints else "without")
            and wanted.get("seen") in (None, "only" if attempt.seen else "out")
        )

    def chosen(self, attempts: Iterable[Attempt], now: datetime) -> list[Attempt]:
        """Return the attempts that count, in their order."""
        since = self.since(now)
        if not self.values.keys() - {"source"}:
            return list(attempts)
        return [
            attempt
            for attempt in attempts
            if (since is None or attempt.at >= since) and self.lets_through(attempt)
        ]

    def since(self, now: datetime) -> datetime | None:
        days = DAYS.get(self.get("period"))
        return now - timedelta(days=days) if days else None

    def words(self, offered: Mapping[str, Mapping[str, str]]) -> str:
        """Return the filters in words, for a heading."""
        return ", ".join(
            f"{LABELS[name].lower()}: {offered[name].get(value, value)}"
            for name, value in self.values.items()
        )


def read(
    asked: Mapping[str, str], offered: Mapping[str, Mapping[str, str]], names: Sequence[str]
) -> tuple[Filters, list[str]]:
    """Return the filters of an address, and in a sentence each what was asked for that there is not."""
    values, problems = {}, []
    for name in names:
        value = asked.get(name, "").strip()
        if not value:
            continue
        if value in offered[name]:
            values[name] = value
        else:
            problems.append(unknown(LABELS[name].lower(), value, said_of(name, offered[name])))
    return Filters(values), problems


def said_of(name: str, offered: Mapping[str, str]) -> Iterable[str]:
    """Return what the values of a filter are called in a sentence: people by name, they have numbers."""
    return list(offered.values()) if name == "partner" else list(offered)


def unknown(what: str, value: str, offered: Iterable[str]) -> str:
    """Return why a value of an address is left out, and what there is instead."""
    cut = value if len(value) <= 40 else f"{value[:40]}…"
    names = list(offered)
    there = ", ".join(names[:MOST_SAID]) if names else "none in your history yet"
    if len(names) > MOST_SAID:
        there += f" and {len(names) - MOST_SAID} more"
    return f"There is no {what} “{cut}”, so it is left out. There is: {there}."


def address(**values: str) -> str:
    """Return the query of an address, without what is empty."""
    kept = {name: value for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"

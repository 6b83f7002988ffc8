"""Moments as people say them: a date and a time on the clocks of a place. Plain Python.

What is kept is the moment in UTC and the name of the place's zone, so a meeting stays at the same hour of
the wall when the clocks change.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


class NoSuchTime(ValueError):
    """The clocks of that place are put forward over this time of day."""


def instant(local: datetime, zone: str) -> datetime:
    """Return in UTC the moment at which the clocks of a zone show `local` (which names no zone).

    Where they show it twice, in the hour that is repeated in autumn, the first is meant. NoSuchTime where
    they never do, because they are put forward over it.
    """
    moment = local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(
            f"{local:%H:%M} does not exist on that day in {zone}: the clocks go forward over it."
        )
    return moment


def on_the_wall(moment: datetime, zone: str) -> datetime:
    """Return what the clocks of a zone show at a moment, without naming the zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def weekly(first: datetime, zone: str, count: int) -> list[datetime]:
    """Return `count` moments a week apart on the wall; one the clocks skip comes later by as much."""
    moments = [instant(first, zone)]
    for week in range(1, count):
        local = first + WEEK * week
        moments.append(local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC))
    return moments


def shown(moment: datetime, zone: str) -> str:
    """Return a moment in words, with the zone named: Tue 24 November 2026, 19:30 (Europe/Vienna)."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%B %Y, %H:%M} ({zone})"

"""When the clock stood still, from the log; for rows that were never stored."""

from datetime import datetime, timedelta

from interviews.models import Event, EventKind, Interview
from interviews.replaying import played_time

START = datetime.fromisoformat("2026-11-18T10:00:00+00:00")
MINUTE = 60_000


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def stood(*log: tuple[EventKind, float, float | None], end: float = 40) -> list[tuple[float, float]]:
    """Return the pauses of a log of (kind, minute, minute since when), in minutes."""
    events = [
        Event(seq=seq, kind=kind, at=after(at), payload={"since": after(since).isoformat()} if since else {})
        for seq, (kind, at, since) in enumerate(log, start=1)
    ]
    time = played_time(Interview(started_at=START, ended_at=after(end), created_at=START), events)
    return [((since - time.start) / MINUTE, (until - time.start) / MINUTE) for since, until in time.pauses]


def test_a_pause_is_from_when_it_was_asked_for():
    assert stood((EventKind.PAUSED, 5, None), (EventKind.RESUMED, 8, None)) == [(5, 8)]


def test_a_room_that_was_left_stood_still_from_then_on():
    assert stood((EventKind.PAUSED, 20, 5), (EventKind.RESUMED, 30, None)) == [(5, 30)]
    assert stood((EventKind.RESUMED, 30, 12)) == [(12, 30)]
    assert stood((EventKind.PAUSED, 5, None), (EventKind.RESUMED, 30, 12)) == [(5, 30)]


def test_handing_in_ends_a_pause():
    assert stood((EventKind.PAUSED, 35, None)) == [(35, 40)]

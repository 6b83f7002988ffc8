"""Times on the wall, and the days on which clocks change."""

from datetime import UTC, datetime, timedelta

import pytest

from interviews.groups.when import NoSuchTime, instant, on_the_wall, shown, weekly

TABLE = [
    # on the wall, where, in UTC
    ("2026-11-24 19:30", "Europe/Vienna", "2026-11-24 18:30"),
    ("2026-07-24 19:30", "Europe/Vienna", "2026-07-24 17:30"),
    ("2026-03-29 01:59", "Europe/Vienna", "2026-03-29 00:59"),
    ("2026-03-29 03:00", "Europe/Vienna", "2026-03-29 01:00"),
    # Shown twice in that night; the first time is meant.
    ("2026-10-25 02:30", "Europe/Vienna", "2026-10-25 00:30"),
    ("2026-10-25 03:00", "Europe/Vienna", "2026-10-25 02:00"),
    ("2026-11-01 01:30", "America/New_York", "2026-11-01 05:30"),
    ("2026-11-24 19:30", "Asia/Kathmandu", "2026-11-24 13:45"),
    ("2026-04-05 01:45", "Australia/Lord_Howe", "2026-04-04 14:45"),
    ("2026-11-24 19:30", "UTC", "2026-11-24 19:30"),
    ("2026-01-01 00:30", "Pacific/Kiritimati", "2025-12-31 10:30"),
]


def at(words: str) -> datetime:
    return datetime.strptime(words, "%Y-%m-%d %H:%M")


@pytest.mark.parametrize(("wall", "zone", "utc"), TABLE)
def test_the_wall_becomes_a_moment_and_the_wall_again(wall: str, zone: str, utc: str):
    moment = instant(at(wall), zone)
    assert moment == at(utc).replace(tzinfo=UTC)
    assert on_the_wall(moment, zone) == at(wall)


@pytest.mark.parametrize(
    ("wall", "zone"),
    [
        ("2026-03-29 02:30", "Europe/Vienna"),
        ("2026-03-08 02:00", "America/New_York"),
        ("2026-10-04 02:15", "Australia/Lord_Howe"),
    ],
)
def test_a_time_the_clocks_skip_is_refused_in_words(wall: str, zone: str):
    with pytest.raises(NoSuchTime, match=rf"{wall[-5:]} does not exist on that day in {zone}"):
        instant(at(wall), zone)


def test_a_weekly_meeting_stays_at_its_hour_of_the_wall_when_the_clocks_change():
    starts = weekly(at("2026-10-20 19:30"), "Europe/Vienna", 3)
    assert [f"{moment:%d %H:%M}" for moment in starts] == ["20 17:30", "27 18:30", "03 18:30"]
    assert {f"{on_the_wall(moment, 'Europe/Vienna'):%H:%M}" for moment in starts} == {"19:30"}


def test_one_of_a_series_that_falls_into_the_gap_comes_an_hour_later():
    starts = weekly(at("2026-03-22 02:30"), "Europe/Vienna", 3)
    assert [f"{on_the_wall(moment, 'Europe/Vienna'):%H:%M}" for moment in starts] == [
        "02:30",
        "03:30",
        "02:30",
    ]
    assert starts == sorted(starts)
    assert starts[2] - starts[0] == timedelta(days=14) - timedelta(hours=1)


def test_a_moment_is_shown_with_its_zone_named():
    moment = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    assert shown(moment, "Europe/Vienna") == "Tue 24 November 2026, 19:30 (Europe/Vienna)"
    assert shown(moment, "Asia/Tokyo") == "Wed 25 November 2026, 03:30 (Asia/Tokyo)"

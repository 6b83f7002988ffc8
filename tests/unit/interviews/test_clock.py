from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.clock import Mood, Reading, budgets, due_at, remaining, shown, spent

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("seconds", "mood"),
    [(0, Mood.CALM), (239, Mood.CALM), (240, Mood.AMBER), (300, Mood.AMBER), (301, Mood.RED)],
)
def test_the_clock_is_calm_to_80_percent_amber_to_100_and_red_after(seconds, mood):
    assert Reading(budget=300, spent=seconds).mood is mood


def test_a_pause_does_not_count_as_time_spent():
    assert spent(NOON, None, 3 * MINUTE, NOON + 10 * MINUTE) == 7 * MINUTE


def test_a_phase_that_has_not_begun_has_spent_nothing():
    assert spent(None, None, timedelta(), NOON) == timedelta()


def test_time_left_is_negative_once_a_phase_has_overrun():
    assert remaining(5 * MINUTE, NOON, MINUTE, NOON + 8 * MINUTE) == -2 * MINUTE


@given(st.integers(5, 180), st.lists(st.integers(1, 30), min_size=1, max_size=9))
def test_budgets_sum_to_the_whole_time_in_half_minutes(minutes, shares):
    parts = budgets(minutes, shares)
    assert sum(parts) == minutes * 60
    assert all(part >= 0 and part % 30 == 0 for part in parts)


def test_budgets_follow_the_shares():
    assert budgets(45, [5, 5, 8, 8, 7, 7, 5]) == [300, 300, 480, 480, 420, 420, 300]


def test_budgets_need_positive_shares():
    with pytest.raises(ValueError, match="positive shares"):
        budgets(45, [0, 0])


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (67.9, "1:07"), (-61, "1:01"), (3690, "61:30")])
def test_seconds_are_shown_as_a_clock_writes_them(seconds, text):
    assert shown(seconds) == text


def test_an_end_moves_with_every_pause_and_extension():
    assert due_at(NOON, timedelta(), 45 * 60) == NOON + 45 * MINUTE
    assert due_at(NOON, 3 * MINUTE, 50 * 60) == NOON + 53 * MINUTE

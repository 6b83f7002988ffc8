"""What drawing costs grows no faster than the history: counted in calls, which no busy machine changes."""

import sys
from datetime import timedelta
from typing import Any

from interviews.progress import page
from interviews.progress.filters import Filters
from interviews.progress.next_case import Target
from interviews.progress.plan import plan
from interviews.progress.rows import History
from interviews.progress.values import EIGHT
from tests.unit.interviews.progress.made import BEGIN, attempt, reading


def calls(number: int) -> int:
    """Return how many calls it takes to draw everything for so many attempts."""
    levels = dict.fromkeys(EIGHT, 2.5)
    attempts = [
        attempt(day, reading("engine", 50.0, **levels), reading("self", 60.0, **levels), area=f"A{day % 9}")
        for day in range(number)
    ]
    now, count = BEGIN + timedelta(days=number), 0

    def one_more(*_: Any) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(one_more)
    try:
        charts = page.drawn(History(attempts), attempts, Filters(), {"A1": 3}, now)
        plan([], attempts, Target(interview_on=now.date() + timedelta(days=60)), now.date())
        bodies = [chart.table.body() for chart in charts.values()]
    finally:
        sys.setprofile(before)
    assert len(bodies) >= 7
    return count


def test_four_times_the_history_costs_at_most_four_times_as_much():
    few, many = calls(200), calls(800)
    assert many < 4 * few, (few, many)
    # Calls and returns; it was 679 when each chart looked at each level of each attempt by itself.
    assert (many - few) / 600 < 200, (few, many)

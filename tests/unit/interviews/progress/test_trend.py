"""Points over time: nothing is lost when they are put together, and two points are no trend."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.progress import charts, drawing
from interviews.progress.trend import MOST, Point, trend
from tests.unit.interviews.progress.made import attempt, reading

DAY = date(2026, 1, 1)
points = st.lists(
    st.builds(
        lambda day, value: Point(DAY + timedelta(days=day), value, value - 1, value + 1),
        st.integers(0, 3000),
        st.floats(0, 100),
    ),
    min_size=1,
    max_size=200,
)


@settings(max_examples=40, deadline=None)
@given(points)
def test_the_mean_over_all_attempts_is_that_of_the_points_by_their_number(given_points):
    found = trend(given_points)
    assert found.attempts == len(given_points)
    assert len(found.points) <= MOST
    assert sum(point.n for point in found.points) == len(given_points)
    whole = sum(point.value * point.n for point in found.points)
    assert whole == pytest.approx(sum(point.value for point in given_points))


@settings(max_examples=40, deadline=None)
@given(points)
def test_the_band_holds_its_dots_and_the_line_lies_between_the_highest_and_the_lowest(given_points):
    found = trend(given_points)
    assert all(point.low <= point.value <= point.high for point in found.points)
    days = [point.day for point in found.points]
    assert days == sorted(days)
    values = [point.value for point in found.points]
    assert all(min(values) - 1e-9 <= value <= max(values) + 1e-9 for _, value in found.line)


@pytest.mark.parametrize(("count", "line"), [(0, 0), (1, 0), (2, 0), (3, 1), (5, 3)])
def test_fewer_than_three_attempts_are_dots_and_never_a_line(count, line):
    found = trend(Point(DAY + timedelta(days=day), 50.0, 40.0, 60.0) for day in range(count))
    assert len(found.line) == line
    assert found.has_band == (count >= 3)
    assert (found.latest is None) == (count < 3)


@pytest.mark.parametrize("count", [1, 2])
def test_the_picture_of_one_or_two_attempts_has_dots_with_their_ranges_and_no_line(count):
    chart = charts.dimensions([attempt(day, reading(scope=2.0)) for day in range(count)], "engine")
    svg = chart.figures[0].svg
    assert svg.count("<circle") == svg.count('class="whisker"') == count
    assert "polyline" not in svg
    assert "polygon" not in svg
    assert "no line before three" in chart.tag


def test_many_attempts_are_a_dot_a_week_and_say_so():
    attempts = [attempt(day, reading(total=40 + day / 10, scope=2.0)) for day in range(120)]
    chart = charts.scores(attempts, "engine")
    assert chart.tag.startswith("dots: the average of a week")
    assert chart.figures[0].svg.count("<circle") == 18
    assert "7 attempts</title>" in chart.figures[0].svg
    assert len(chart.table.rows) == 120


def test_several_attempts_of_one_day_stand_side_by_side():
    xs = drawing.places([DAY, DAY, DAY + timedelta(days=30)], drawing.SMALL)
    assert xs == sorted(set(xs))
    assert len(set(drawing.places([DAY] * 3, drawing.SMALL))) == 3


def test_words_of_people_are_escaped_in_a_picture_and_in_a_table():
    bad = attempt(0, reading("self", scope=1.0), reading(scope=2.0), title="<script>alert(1)</script>")
    for chart in (charts.scores([bad], "engine"), charts.helped([bad]), charts.compared([bad])):
        text = chart.table.body() + "".join(figure.svg for figure in chart.figures)
        assert "<script" not in text
        assert "&lt;script&gt;" in chart.table.body()


def test_minutes_are_held_against_the_budget_step_by_step():
    chart = charts.minutes([attempt(day) for day in range(3)])
    clarify, data = chart.rows
    assert (clarify.budget, clarify.spent) == (10, 15)
    assert data.over == pytest.approx(-6.67, abs=0.01)
    assert chart.words.startswith("You take 6.7 min from Data and spend more on Clarify.")


def test_own_levels_given_after_the_reveal_say_nothing_of_calibration():
    honest = attempt(0, reading("self", scope=4.0, data=2.0), reading(scope=2.0, data=2.0))
    late = attempt(1, reading("self", late=True, scope=4.0), reading(scope=1.0))
    chart = charts.calibration([honest, late])
    assert [list(row) for row in chart.table.rows] == [[2.0, 2.0, 1], [4.0, 2.0, 1]]
    assert charts.calibration([late]) is None
    assert "dot--few" in chart.figures[0].svg


def test_how_far_own_scores_lie_from_others_is_said_from_three_attempts_on():
    both = [attempt(day, reading("self", 60.0), reading(total=50.0)) for day in range(3)]
    assert charts.leaning(both[:2], "engine") == ""
    assert charts.leaning(both, "engine") == "You score yourself 10 above the automatic score on average."

"""Numbers are written alike on pages, in charts and on paper."""

import pytest
from django.template.defaultfilters import floatformat
from hypothesis import given
from hypothesis import strategies as st

from interviews.progress import charts, tables
from interviews.rounding import written
from tests.unit.interviews.progress.made import attempt, reading


@pytest.mark.parametrize(
    ("number", "digits", "said"),
    [(62.5, 0, "63"), (63.5, 0, "64"), (2.65, 1, "2.7"), (2.25, 1, "2.3"), (0.0, 1, "0.0"), (-0.04, 1, "0.0"),
     (-1.25, 1, "−1.3"), (99.96, 1, "100.0"), (50, 0, "50")],
)  # fmt: skip
def test_halves_go_up(number, digits, said):
    assert written(number, digits) == said


@given(st.integers(0, 10_000), st.sampled_from([0, 1]))
def test_it_is_what_templates_write(hundredths, digits):
    assert written(hundredths / 100, digits) == floatformat(hundredths / 100, digits)


def test_a_chart_and_the_list_below_it_say_the_same_score():
    svg = charts.scores([attempt(0, reading(total=62.5))], "engine").figures[0].svg
    assert ": 63 (58–68)</title>" in svg
    assert ">63</text>" in svg
    assert tables.shown(62.25) == "62.3"

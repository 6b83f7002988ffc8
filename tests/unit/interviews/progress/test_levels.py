"""Levels come back as they were kept, and none stays none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.models.levels import packed, unpacked
from interviews.progress.trend import MOST, trend_of
from tests.unit.interviews.progress.made import BEGIN

kept = st.none() | st.integers(0, 400).map(lambda hundredths: round(hundredths / 100, 2))


@settings(max_examples=60, deadline=None)
@given(st.lists(kept, max_size=40))
def test_levels_come_back_to_the_last_digit(levels):
    assert list(unpacked(packed(levels))) == levels
    assert len(packed(levels)) == 2 * len(levels)


@pytest.mark.parametrize("bad", [4.01, -0.01, 327.0])
def test_what_is_no_level_is_not_kept(bad):
    with pytest.raises(ValueError, match="from 0 to 4"):
        packed([1.0, bad])


def test_days_that_go_back_are_put_in_order():
    """As a midnight at which the clocks are put back."""
    days = [BEGIN.date().replace(day=day) for day in (3, 2, 4)]
    found = trend_of(days, [1.0, 2.0, 3.0])
    assert [point.value for point in found.points] == [2.0, 1.0, 3.0]
    many = trend_of(days * MOST, [1.0, 2.0, 3.0] * MOST)
    assert [(point.value, point.n) for point in many.points] == [(2.0, MOST), (1.0, MOST), (3.0, MOST)]

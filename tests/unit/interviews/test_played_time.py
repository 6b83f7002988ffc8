import pytest

from interviews.played_time import PlayedTime, pauses_of

MINUTE = 60_000


@pytest.fixture
def time() -> PlayedTime:
    """Begun at 100 minutes, over at 140; paused from 110 to 115 and from 130 to 131."""
    return PlayedTime(
        100 * MINUTE, 140 * MINUTE, ((110 * MINUTE, 115 * MINUTE), (130 * MINUTE, 131 * MINUTE))
    )


@pytest.mark.parametrize(
    ("wall", "clock"),
    [
        (90, 0),
        (100, 0),
        (105, 5),
        (110, 10),
        (112, 10),
        (115, 10),
        (120, 15),
        (130.5, 25),
        (140, 34),
        (900, 34),
    ],
)
def test_the_clock_stands_still_in_pauses(time, wall, clock):
    assert time.on_clock(int(wall * MINUTE)) == clock * MINUTE


@pytest.mark.parametrize(
    ("clock", "wall"), [(-1, 100), (0, 100), (5, 105), (10, 115), (15, 120), (34, 140), (99, 140)]
)
def test_a_moment_of_the_clock_is_the_last_at_which_it_showed_that(time, clock, wall):
    assert time.moment(clock * MINUTE) == wall * MINUTE
    assert time.length == 34 * MINUTE


def test_there_and_back_is_the_same_on_the_clock(time):
    for clock in range(0, time.length, 7_919):
        assert time.on_clock(time.moment(clock)) == clock


def test_pauses_come_from_changes_in_pairs_and_the_last_may_stay_open():
    assert pauses_of([(1, True), (2, True), (5, False), (6, False)], 9) == ((1, 5),)
    assert pauses_of([(1, True), (5, False), (7, True)], 9) == ((1, 5), (7, 9))
    assert pauses_of([(9, True)], 9) == ()
    assert pauses_of([], 9) == ()

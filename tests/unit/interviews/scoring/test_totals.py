"""Levels added up."""

import pytest

from interviews.scoring.totals import by_step, estimate, mean_level, total
from interviews.scoring.values import Criterion, CriterionScore, Rubric, SubmissionError


def one(
    code: str, level: int | None, dimension: str = "data", weight: float = 1, confidence: float = 1
) -> CriterionScore:
    return CriterionScore(Criterion(code, code, dimension, "text", weight), level, confidence=confidence)


def rubric(**weights: float) -> Rubric:
    return Rubric({}, "", (), weights, (("first", ("A",)), ("second", ("B", "C"))), ())


def test_criteria_not_assessed_do_not_lower_the_total():
    assert total([one("A", 4), one("B", None)], rubric(data=15))[0] == 100


def test_weights_count_within_and_between_dimensions():
    scores = [one("A", 4, weight=3), one("B", 0, weight=1), one("C", 0, "model")]
    assert total(scores, rubric(data=10, model=30))[0] == pytest.approx(100 * 0.25 * 0.75, abs=0.1)


def test_a_dimension_without_weight_moves_nothing():
    assert total([one("A", 4), one("P", 0, "communication")], rubric(data=15, communication=0))[0] == 100


def test_nothing_assessed_gives_no_total():
    assert total([one("A", None)], rubric(data=15)) == (None, None, None)
    assert estimate(None) is None


def test_doubt_widens_the_range_and_certainty_closes_it():
    sure = total([one("A", 2), one("B", 2)], rubric(data=1))
    doubtful = total([one("A", 2, confidence=0.5), one("B", 2, confidence=0.5)], rubric(data=1))
    assert sure == (50, 50, 50)
    assert doubtful[1] < 50 < doubtful[2]
    assert doubtful[2] - doubtful[1] <= 50


def test_the_range_stays_within_neighbouring_levels():
    middle, low, high = total([one("A", 4, confidence=0.1)], rubric(data=1))
    assert (low, high) == (75, 100)
    assert middle == 100


@pytest.mark.parametrize(
    ("points", "name"), [(0, "below"), (34.9, "below"), (35, "mid"), (55, "senior"), (75, "staff")]
)
def test_levels_are_thresholds_of_the_total(points, name):
    assert estimate(points) == name


def test_steps_are_a_view_of_the_same_levels():
    steps = by_step([one("A", 4), one("B", 2), one("C", None)], rubric(data=1))
    assert steps == ({"slug": "first", "level": 4.0}, {"slug": "second", "level": 2.0})
    assert mean_level([]) is None


@pytest.mark.parametrize("body", [None, {}, {"schema": 2}, {"schema": 1}, {"schema": 1, "criteria": [{}]}])
def test_a_rubric_of_the_wrong_shape_is_refused_in_words(body):
    with pytest.raises(SubmissionError):
        Rubric.from_json(body)

"""Two cards of one case beside each other: which criteria differ, and how that is said."""

import pytest

from interviews.earlier_attempt import Beside, Line, lines_of
from interviews.models import Interview, Scorecard


def card(levels: dict[str, int | None], total: float | None = None, engine: str = "2.1.0") -> Scorecard:
    criteria = [{"code": code, "dimension": "data", "level": level} for code, level in levels.items()]
    names = [{"code": code, "name": f"Criterion {code}"} for code in levels]
    return Scorecard(
        report={"criteria": criteria}, rubric={"criteria": names}, total=total, engine_version=engine
    )


def beside(before: Scorecard, now: Scorecard) -> Beside:
    return Beside(before, now, Interview(), "12:00", lines_of(before, now))


def test_the_most_changed_come_first_and_what_neither_assesses_not_at_all():
    found = lines_of(
        card({"C01": 1, "C02": 2, "C03": 4, "P01": None}), card({"C01": 2, "C02": 2, "C03": 1, "P01": None})
    )
    assert [(line.code, line.difference) for line in found] == [("C03", -3), ("C01", 1), ("C02", 0)]


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [(1, 3, "+2"), (3, 1, "−2"), (2, 2, "same"), (None, 2, "new"), (2, None, "not assessed"), (0, 1, "+1")],
)
def test_a_difference_is_said_in_words(before, now, words):
    assert Line("C01", "", "scope", before, now).words == words


def test_a_criterion_that_the_old_rubric_did_not_have_is_new():
    [line] = lines_of(card({}), card({"C09": 2}))
    assert (line.before, line.now, line.words) == (None, 2, "new")


@pytest.mark.parametrize(
    ("before", "now", "difference"), [(22.5, 28.4, 5), (22.4, 28.5, 7), (50.0, 50.4, 0), (None, 3.0, None)]
)
def test_the_difference_of_totals_is_that_of_the_numbers_on_the_page(before, now, difference):
    assert beside(card({}, before), card({}, now)).difference == difference


def test_the_total_lost_is_written_with_the_sign_of_the_lines_below_it():
    assert [beside(card({}, 50.0), card({}, now)).words for now in (34.0, 52.0, 50.0, None)] == [
        "−16", "+2", "same", "–",
    ]  # fmt: skip


def test_changed_and_same_are_apart_and_another_engine_is_noticed():
    found = beside(card({"C01": 1, "C02": 2}), card({"C01": 2, "C02": 2}, engine="2.2.0"))
    assert [line.code for line in found.changed] == ["C01"]
    assert [line.code for line in found.same] == ["C02"]
    assert found.by_other_engine

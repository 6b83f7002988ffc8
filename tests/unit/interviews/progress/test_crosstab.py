"""One metric by one thing: cells add up to the whole, filters only take away, bad questions are told why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.progress import crosstab, filters
from interviews.progress.crosstab import BY, METRICS, Question
from interviews.progress.filters import Filters
from tests.unit.interviews.progress.made import BEGIN, attempt, attempts, reading

questions = st.builds(Question, st.sampled_from(list(METRICS)), st.sampled_from(list(BY)), st.just(Filters()))
DAY = BEGIN.replace(year=2029)


@settings(max_examples=40, deadline=None)
@given(questions, attempts)
def test_cells_add_up_to_the_whole(question, given_attempts):
    if question.refusal:
        return
    cells = crosstab.answer(question, given_attempts)
    whole = crosstab.overall(question, given_attempts)
    assert (whole is None) == (not cells)
    if whole is None:
        return
    if question.by != "partner":  # with two interviewers an attempt stands in two rows
        assert sum(cell.n for cell in cells) == whole.n
        assert sum(cell.value * cell.n for cell in cells) == pytest.approx(whole.value * whole.n, abs=1e-6)
    assert len({cell.key for cell in cells}) == len(cells)
    assert all(cell.few == (cell.n < 3) for cell in cells)


@settings(max_examples=40, deadline=None)
@given(questions, attempts, st.sampled_from(["classic", "genai"]), st.sampled_from(["with", "without"]))
def test_a_filter_only_takes_away(question, given_attempts, kind, hints):
    narrow = Filters({"kind": kind, "hints": hints})
    kept = narrow.chosen(given_attempts, DAY)
    assert all(one.kind == kind and bool(one.hints) == (hints == "with") for one in kept)
    assert len(kept) <= len(given_attempts)
    parts = [Filters({"seen": seen}).chosen(given_attempts, DAY) for seen in ("out", "only")]
    assert sum(len(part) for part in parts) == len(given_attempts)
    if not question.refusal and question.by != "partner":
        counted = [
            sum(cell.n for cell in crosstab.answer(question, part)) for part in (*parts, given_attempts)
        ]
        assert counted[0] + counted[1] == counted[2]


@pytest.mark.parametrize(
    ("metric", "by", "expected"),
    [
        ("score", "kind", [("Classic", 60.0, 2), ("Gen AI", 30.0, 1)]),
        ("score", "source", [("Automatic", 50.0, 3), ("You", 80.0, 1)]),
        ("level", "dimension", [("Scope", 2.0, 3), ("Data", 1.0, 1)]),
        ("over", "step", [("Clarify", 5.0, 3), ("Data", -20 / 3, 3)]),
        ("own", "dimension", [("Scope", 2.0, 1)]),
        ("own", "kind", [("Classic", 2.0, 1)]),
        ("hints", "seen", [("New", 1.0, 2), ("Seen before", 0.0, 1)]),
        ("answered", "level", [("Senior", 75.0, 2)]),
        ("score", "partner", [("Alone", 45.0, 2), ("Ana", 60.0, 1), ("Ben", 60.0, 1)]),
        ("score", "month", [("Aug 2026", 60.0, 2), ("Sep 2026", 30.0, 1)]),
    ],
)
def test_the_figures_are_those_one_would_work_out_by_hand(metric, by, expected):
    ana, ben = ("1", "Ana"), ("2", "Ben")
    known = [
        attempt(0, reading(total=60.0, scope=2.0), reading("self", 80.0, scope=4.0), hints=2, follow_ups=2,
                answered=2, partners=(ana, ben)),
        attempt(1, reading(total=60.0, scope=3.0, data=1.0), seen=True, follow_ups=2, answered=1),
        attempt(40, reading(total=30.0, scope=1.0), kind="genai"),
    ]  # fmt: skip
    cells = crosstab.answer(Question(metric, by, Filters()), known)
    assert [(cell.label, pytest.approx(cell.value), cell.n) for cell in cells] == expected


def test_an_address_with_what_there_is_not_is_told_so_and_the_rest_still_counts():
    offered = filters.choices([attempt(0, partners=(("7", "Ana"),))])
    question, problems = crosstab.read(
        {"metric": "luck", "by": "moon", "area": "Atlantis", "partner": "9", "kind": "genai"}, offered
    )
    assert (question.metric, question.by, dict(question.filters.values)) == (
        "score",
        "kind",
        {"kind": "genai"},
    )
    assert problems[0] == "There is no area “Atlantis”, so it is left out. There is: Payments."
    assert "There is no interviewer “9”" in problems[1]
    assert "There is no metric “luck”" in problems[2]
    assert "There is no row “moon”" in problems[3]


@pytest.mark.parametrize(
    ("metric", "by"), [("score", "step"), ("hints", "dimension"), ("over", "source"), ("own", "source")]
)
def test_what_cannot_be_divided_so_says_why(metric, by):
    assert Question(metric, by, Filters()).refusal.endswith(("row.", "Dimension.", "Step."))


def test_every_preset_is_a_question_that_can_be_answered():
    for _, values in crosstab.PRESETS:
        question, problems = crosstab.read(values, filters.choices([]))
        assert (problems, question.refusal) == ([], "")


@pytest.mark.parametrize("value", ["x" * 500, "<b>", "' OR 1=1 --", "\x00"])
def test_values_of_an_address_are_cut_and_never_believed(value):
    question, problems = crosstab.read({"kind": value, "period": value}, filters.choices([]))
    assert not question.filters.values
    assert all(len(problem) < 200 for problem in problems)

"""A question that a fact answers counts for the first three criteria, up to level 2, and for nothing else."""

import pytest

from casestudies.pack import DEFAULT_CONTENT, load
from casestudies.rubrics import compile_rubric
from interviews import asked
from interviews.scoring import Rubric, Submission, score


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return Rubric.from_json(compile_rubric(load(DEFAULT_CONTENT), "seven-step", "payment-fraud"))


def report_on(rubric, answers):
    case = {key: rubric.case[key] for key in ("title", "prompt")}
    return score(Submission(case={"id": "payment-fraud", **case}, answers=answers), rubric)


def question(fact, text):
    return {
        "fact": fact,
        "text": text,
        "answer": "1,200 a second. It takes 20 to 60 days.",
        "step": "clarify",
    }


def levels(report):
    return {one.criterion.code: one.level for one in report.criteria}


NOTES = {"data": "Labels come from chargebacks, so training ends 60 days ago, because they arrive late."}


def test_asking_for_the_load_is_level_1_and_for_the_deadline_too_level_2(rubric):
    plain = report_on(rubric, NOTES)
    one = asked.credited(plain, rubric, [question("volume", "How many payments?")])
    two = asked.credited(
        plain, rubric, [question("volume", "How many payments?"), question("deadline", "How fast?")]
    )
    assert [levels(report)["C02"] for report in (plain, one, two)] == [0, 1, 2]
    assert plain.total < one.total < two.total


def test_the_same_fact_asked_again_and_what_nobody_knows_count_for_nothing(rubric):
    plain = report_on(rubric, NOTES)
    twice = asked.credited(
        plain, rubric, [question("volume", "How many?"), question("volume", "And at peak?")]
    )
    assert levels(twice)["C02"] == 1
    assert asked.credited(plain, rubric, [question("", "What colour is it?")]) is plain
    assert asked.credited(plain, rubric, []) is plain


def test_other_criteria_gain_nothing_from_what_the_interviewer_said(rubric):
    plain = report_on(rubric, NOTES)
    facts = [question(fact["id"], fact["ask"]) for fact in rubric.case["facts"]]
    everything = asked.credited(plain, rubric, facts)
    raised = {code for code, level in levels(everything).items() if level != levels(plain)[code]}
    assert raised == {"C01", "C02", "C03"}
    assert all(levels(everything)[code] <= 2 for code in raised)
    assert everything.expectations == plain.expectations


def test_what_the_notes_say_stands_over_what_was_asked(rubric):
    notes = {
        "clarify": "1,200 payments a second on average and 4,000 at the peak, so three times the average; "
        "an answer within 150 ms, of which 20 ms are network."
    }
    plain = report_on(rubric, notes)
    assert levels(plain)["C02"] >= 2
    credited = asked.credited(plain, rubric, [question("volume", "How many?")])
    assert levels(credited)["C02"] == levels(plain)["C02"]


def test_a_question_is_cited_at_its_place_among_the_questions(rubric):
    talk = [question("labels", "When do labels come?"), question("volume", "How many\n payments?")]
    credited = asked.credited(report_on(rubric, NOTES), rubric, talk)
    cited = next(one for one in credited.criteria if one.criterion.code == "C02").evidence[-1]
    assert cited["step"] == "asked"
    assert asked.words_of(talk)[cited["start"] : cited["end"]] == cited["quote"] == "How many payments?"


def test_a_design_without_words_is_not_assessed_by_its_questions(rubric):
    drawn = score(Submission(case={}, graph={"nodes": [], "edges": []}), rubric)
    credited = asked.credited(drawn, rubric, [question("volume", "How many?")])
    assert levels(credited)["C02"] is None

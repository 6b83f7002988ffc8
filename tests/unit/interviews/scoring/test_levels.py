"""One sentence, one criterion: what is named, what is explained, what is weighed."""

from pathlib import Path

import pytest
import yaml

from interviews.scoring.reading import read
from interviews.scoring.verdict import decide_all

DATA = Path(__file__).parents[3] / "data" / "scoring"
SENTENCES = yaml.safe_load((DATA / "levels.yaml").read_text(encoding="utf-8"))


def level(code: str, answer: str, title: str = "Podcast recommendation") -> int:
    return decide_all(read({"any": answer}, title, "Design the podcast shelf of an audio app."))[code].level


@pytest.mark.parametrize(("code", "sentences"), SENTENCES.items())
def test_a_mention_stays_below_an_explanation(code, sentences):
    assert 1 <= level(code, sentences["named"]) <= 2
    assert level(code, sentences["explained"]) >= 3


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("C11", "We will not need a simple baseline."),
        ("C21", "There is no need to retrain."),
        ("C20", "We don't plan to monitor anything."),
        ("C17", "Experiments are not planned."),
        ("C20", "Monitoring"),
        ("C08", "Features"),
        ("C12", "The pre-filter is on."),
        ("C15", "Good morning."),
    ],
)
def test_denials_and_bare_headings_earn_nothing(code, answer):
    assert level(code, answer) == 0


def test_a_rejection_with_its_reason_is_a_decision():
    assert level("C12", "K-means doesn't fit, because the number of events is unknown beforehand.") >= 3


def test_the_words_of_the_case_lift_a_mention_to_level_two():
    assert level("C16", "Online: CTR.") == 1
    assert level("C16", "Online: CTR of podcast episodes on the shelf.") == 2


def test_an_alternative_weighed_reaches_the_top():
    answer = "We take boosted trees rather than a neural ranker because they train in minutes on tables."
    assert level("C12", answer) == 4


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("C11", "A logistic model is the yardstick."),
        ("C09", "The classes are lopsided, so errors on the few weigh more."),
        ("C20", "Keep an eye on the click rate."),
        ("C21", "Fit again every quarter."),
        ("C17", "Half of the users get the new list and the other group keeps the old one."),
        ("C22", "Newcomers borrow the favourites of similar people."),
    ],
)
def test_plain_words_count_as_much_as_jargon(code, answer):
    assert level(code, answer) >= 1


def test_an_open_question_is_a_mention_and_its_answer_more():
    assert level("C03", "Do we need to support other languages?") <= 2
    assert (
        level(
            "C03",
            "Candidate: Which languages?\nInterviewer: Only English at launch, the others are out of scope.",
        )
        >= 3
    )


def test_a_heading_speaks_for_what_stands_under_it():
    assert level("C07", "## Labels\n- watched half of it: yes\n- skipped: no") >= 1

"""What candidates ask, in their own words, finds the fact that answers it, or is left to them."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from casestudies.pack import DEFAULT_CONTENT
from interviews import matching
from interviews.matching import Fact

SAFELY = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it is installed


def said_in(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=SAFELY)


QUESTIONS = said_in(Path(__file__).parent.parent.parent / "data" / "asking" / "questions.yaml")
APART = QUESTIONS.pop("apart")
FRESH = QUESTIONS.pop("fresh")


@cache
def case(slug: str) -> tuple[list[Fact], str]:
    body = said_in(next(DEFAULT_CONTENT.glob(f"*/{slug}.yaml")))
    facts = [Fact(str(fact["id"]), fact["ask"], tuple(map(str, fact["terms"]))) for fact in body["facts"]]
    return facts, f"{body['title']} {body['prompt']}"


def facts_for(slug: str, question: str) -> list[str | None]:
    facts, about = case(slug)
    return [piece.fact for piece in matching.answered(question, facts, about)]


def is_right(slug: str, question: str, wanted: Any) -> bool:
    found = facts_for(slug, question)
    if wanted is None:
        return found == [None]
    keys = wanted if isinstance(wanted, list) else [wanted]
    return {one for one in found if one} == set(keys)


def tally(groups: dict[str, list[list[Any]]]) -> tuple[float, float, int, int]:
    """Return which share of questions with and without a fact is right, and their numbers."""
    asked = [(slug, *one) for slug, questions in groups.items() for one in questions]
    known = [is_right(*one) for one in asked if one[2] is not None]
    unknown = [is_right(*one) for one in asked if one[2] is None]
    return sum(known) / len(known), sum(unknown) / len(unknown), len(known), len(unknown)


def test_a_hundred_questions_on_six_cases_find_their_facts_and_others_find_none():
    right, left, known, unknown = tally(QUESTIONS)
    assert len(QUESTIONS) == 6
    assert known >= 60
    assert unknown >= 30
    assert right >= 0.95
    assert left >= 0.95


def test_questions_that_nothing_was_tuned_on_find_their_facts_too():
    right, left, known, unknown = tally(APART)
    assert known + unknown >= 40
    assert right >= 0.85
    assert left == 1


def test_questions_asked_later_on_ten_cases_find_their_facts_too():
    right, left, known, unknown = tally(FRESH)
    assert (len(FRESH), known >= 170, unknown >= 20) == (10, True, True)
    assert right >= 0.85
    assert left >= 0.85


@pytest.mark.parametrize(
    ("slug", "question", "wanted"),
    [
        ("payment-fraud", "What is the budget of the project?", None),  # no slip of "protect"
        ("payment-fraud", "What precision do you expect?", None),  # nor of "expert"
        ("payment-fraud", "How much training data do we have?", "history"),
        ("payment-fraud", "Which features are available at decision time?", "fields"),
        ("music-recommendation", "How quickly do preferences shift?", "drift"),
        ("wake-word", "Can we collect user audio?", "opt_in"),
        ("wake-word", "How are models shipped?", "updates"),
        ("eta", "How do we retrain?", None),
    ],
)
def test_a_word_is_read_as_it_is_written_and_in_the_ways_people_ask(slug, question, wanted):
    assert facts_for(slug, question) == [wanted]


def test_the_authors_own_questions_find_their_facts_in_every_case():
    paths = [
        path for kind in ("classic", "genai", "platform") for path in DEFAULT_CONTENT.glob(f"{kind}/*.yaml")
    ]
    asked = [(path.stem, fact) for path in paths for fact in case(path.stem)[0]]
    missed = [(slug, fact.ask) for slug, fact in asked if fact.key not in facts_for(slug, fact.ask)]
    assert len(asked) > 700
    assert len(missed) <= 0.01 * len(asked), missed


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many payments are there, and how long may a decision take?", ["volume", "deadline"]),
        ("What's the peak load? What does a false positive cost?", ["volume", "costs"]),
        ("volume and latency?", ["volume", "deadline"]),
        ("How many payments per second and how tall is the tower?", ["volume", None]),
        ("How many payments? How many payments?", ["volume"]),
    ],
)
def test_what_is_asked_in_one_breath_is_answered_piece_by_piece(question, wanted):
    assert sorted(map(str, facts_for("payment-fraud", question))) == sorted(map(str, wanted))


@pytest.mark.parametrize(
    "question",
    [
        "whats the latancy requirment?",
        "wich volme do we expect",
        "are chargbacks reliabel",
        "how many paymants are there?",
    ],
)
def test_slips_of_the_pen_are_forgiven(question):
    assert facts_for("payment-fraud", question) != [None]


@pytest.mark.parametrize(
    ("slug", "question", "wanted"),
    [
        ("search-ranking", "How long can a search take?", "deadline"),
        ("search-ranking", "Is there already some ranking in production?", "tried"),
        ("search-ranking", "What languages and countries?", "scope"),
        ("search-ranking", "Are sellers paying for placement?", "scope"),
        ("search-ranking", "Are new products added often?", "listings"),
        ("wake-word", "Does audio leave the device?", "opt_in"),
        ("wake-word", "One word or several?", "locales"),
        ("eta", "Do we have live traffic from the drivers' phones?", "pings"),
        ("rag-answers", "Which LLM may we use, can the data leave our network?", "hosting"),
    ],
)
def test_a_word_of_another_fact_does_not_draw_the_answer_to_it(slug, question, wanted):
    assert facts_for(slug, question) == [wanted]


@pytest.mark.parametrize("question", ["?", "…", "hello", "a" * 4000, "漢字を", "and or the", "how"])
def test_what_is_no_question_is_left_to_the_candidate(question):
    assert facts_for("payment-fraud", question) == [None]


def test_a_case_without_facts_answers_nothing():
    assert [piece.fact for piece in matching.answered("How many?", [])] == [None]

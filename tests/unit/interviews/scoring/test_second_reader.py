"""The second reader: its levels rest on words that are there, in quotes compared letter by letter."""

from typing import Any

import pytest

from interviews.scoring import Rubric, Submission, score
from interviews.scoring.judge.answer import NoAnswerError
from interviews.scoring.judge.prompt import fence_for
from tests.unit.interviews.scoring.second_reading import (
    ANSWERS,
    BODY,
    DATA,
    SERVING,
    by_code,
    honest,
    read,
    reading,
)
from tests.unit.interviews.scoring.stub_model import asked_codes, chat, given_words, stub


def test_its_levels_cite_words_that_are_there() -> None:
    with stub(honest) as (address, requests):
        report = read(address)
    scores = by_code(report)
    assert [scores[code]["level"] for code in ("C06", "C07", "C18")] == [3, 3, 3]
    for code in ("C06", "C07", "C18"):
        assert scores[code]["source"] == "judge"
        (cited,) = scores[code]["evidence"]
        assert ANSWERS[cited["step"]][cited["start"] : cited["end"]] == cited["quote"]
        assert cited.keys() == {"kind", "step", "start", "end", "quote"}
    assert scores["G01"]["source"] == "engine"
    assert len(requests) == 2, "one call for each step"
    assert [request["temperature"] for request in requests] == [0, 0]
    assert report["judge"]["model"] == "stub"
    assert report["judge"]["tokens"] == 200


def test_the_answer_is_fenced_and_every_step_sees_all_of_it() -> None:
    with stub(honest) as (address, requests):
        read(address)
    for request in requests:
        words = given_words(request)
        first, last = words.splitlines()[0], words.splitlines()[-1]
        assert first == last
        assert first.startswith("===")
        assert first in request["messages"][0]["content"]
        assert DATA.splitlines()[1] in words
        assert SERVING in words


def test_a_fence_that_stands_in_the_answer_is_not_used() -> None:
    first = fence_for("words")
    assert fence_for(f"words {first}") not in f"words {first}"


def test_an_invented_quote_drops_the_award() -> None:
    def inventive(request: dict[str, Any]) -> dict[str, Any]:
        quotes = {
            "C06": ["we train on payments that are at least sixty days old"],
            "C07": ["We use focal loss with a gamma of two"],
            "C18": ["The score must be there within 150 ms"],
        }
        return chat(reading(dict.fromkeys(asked_codes(request), 4), quotes))

    with stub(inventive) as (address, _):
        report = read(address)
    scores = by_code(report)
    assert scores["C06"]["level"] == 4
    assert scores["C07"]["level"] is None
    assert scores["C07"]["evidence"] == []
    assert "do not stand in the answer" in scores["C07"]["rationale"]
    assert report["judge"]["dropped_quotes"] == 1


def test_a_reader_that_mostly_invents_is_not_believed_at_all() -> None:
    with (
        stub(lambda request: chat(reading(dict.fromkeys(asked_codes(request), 4), {}))) as (address, _),
        pytest.raises(NoAnswerError, match="do not stand in the answer"),
    ):
        read(address)


@pytest.mark.parametrize(
    "quote",
    [
        "Chargebacks arrive up to  sixty days late,\nso we train",  # spaces differ
        "chargebacks arrive up to sixty days late",  # another case of letters
        "sixty days late ... at least sixty days old",  # joined
        "fraud",  # too short to prove anything
        "",
        "sixty days old; we keep all fraud",  # corrected at the seam of two lines
    ],
)
def test_quotes_are_compared_letter_by_letter_but_for_spaces(quote: str) -> None:
    def model(request: dict[str, Any]) -> dict[str, Any]:
        codes = asked_codes(request)
        levels = {code: 2 if code == "C06" else 0 for code in codes}
        return chat(reading(levels, {"C06": [quote, SERVING] if quote.startswith("Charge") else [quote]}))

    if quote.startswith("Chargebacks"):
        with stub(model) as (address, _):
            assert by_code(read(address))["C06"]["level"] == 2
        return
    with stub(model) as (address, _), pytest.raises(NoAnswerError):
        read(address)


def test_curly_quotes_and_dashes_are_the_same_signs() -> None:
    answers = {
        "data": "We call it “late fraud” – it arrives sixty days later, because banks take their time."
    }

    def model(request: dict[str, Any]) -> dict[str, Any]:
        levels = {code: int(code == "C06") for code in asked_codes(request)}
        return chat(reading(levels, {"C06": ['We call it "late fraud" - it arrives']}))

    with stub(model) as (address, _):
        (cited,) = by_code(read(address, answers))["C06"]["evidence"]
    assert cited["quote"] == "We call it “late fraud” – it arrives"


def test_several_runs_give_the_middle_and_their_spread() -> None:
    calls: list[int] = []

    def model(request: dict[str, Any]) -> dict[str, Any]:
        if "C18" in asked_codes(request):
            return honest(request)
        calls.append(1)
        level = (4, 1, 3)[len(calls) - 1]
        quote = ["we train on payments that are at least sixty days old"]
        return chat(reading({"C06": level, "C07": level}, {"C06": quote, "C07": quote}))

    with stub(model) as (address, _):
        report = read(address, runs=3)
    assert by_code(report)["C06"]["level"] == 3
    assert report["judge"]["spread"] == {"C06": [1, 4], "C07": [1, 4]}
    assert by_code(report)["C06"]["confidence"] < by_code(report)["C18"]["confidence"]


def test_two_levels_apart_is_shown_as_a_disagreement() -> None:
    with stub(honest) as (address, _):
        report = read(address)
    engine = by_code(score(Submission({}, ANSWERS, None), Rubric.from_json(BODY)).to_json())
    expected = [
        {"code": code, "engine": engine[code]["level"], "judge": 3}
        for code in ("C06", "C07", "C18")
        if abs(engine[code]["level"] - 3) >= 2
    ]
    assert report["judge"]["disagreements"] == expected


def test_without_it_the_report_is_the_engines_own() -> None:
    report = score(Submission({}, ANSWERS, None), Rubric.from_json(BODY)).to_json()
    assert "judge" not in report
    assert {entry["source"] for entry in report["criteria"]} == {"engine"}

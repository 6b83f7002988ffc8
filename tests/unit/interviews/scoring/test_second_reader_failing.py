"""A second reader that is busy, broken, slow or dear: its failures are said, not covered up."""

import json
from typing import Any

import pytest

from interviews.scoring import Rubric, Submission, score
from interviews.scoring.judge.answer import NoAnswerError
from interviews.scoring.judge.endpoint import Endpoint
from interviews.scoring.judge.reader import Limits, SecondReader
from tests.unit.interviews.scoring.second_reading import ANSWERS, BODY, by_code, honest, read, reading
from tests.unit.interviews.scoring.stub_model import asked_codes, chat, dripping, hanging, stub


def test_busy_is_asked_again_and_a_wait_is_respected() -> None:
    calls: list[int] = []
    waits: list[float] = []

    def model(request: dict[str, Any]) -> Any:
        calls.append(1)
        return (429, {"Retry-After": "7"}, b"slow down") if len(calls) < 3 else honest(request)

    with stub(model) as (address, _):
        endpoint = Endpoint(address, "stub", wait=waits.append)
        score(
            Submission({}, ANSWERS, None),
            Rubric.from_json(BODY),
            judge=SecondReader(endpoint, Limits(runs=1)),
        )
    assert len(calls) == 4
    assert waits == [7, 7]


def oversized(request: dict[str, Any]) -> Any:
    return 200, {}, b" " * 600_000


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda request: (429, {}, b""), "busy"),
        (lambda request: (500, {}, b"oops"), "busy or out of order"),
        (lambda request: (401, {}, b"no key"), "refused the request"),
        (lambda request: (302, {"Location": "http://127.0.0.1:9/"}, b""), "refused the request"),
        (lambda request: hanging, "in time"),
        (lambda request: dripping, "in time"),
        (oversized, "too long"),
        (lambda request: (200, {}, b"<html>"), "no answer"),
        (lambda request: (200, {}, b"[" * 100_000), "no answer"),
        (lambda request: {"choices": []}, "no answer"),
        (lambda request: chat(""), "declined"),
        (lambda request: chat("I am sorry, I cannot help with that."), "not JSON"),
        (
            lambda request: chat('{"criteria": [{"code": "C06", "level": 3, "quo', finish="length"),
            "broke off",
        ),
        (lambda request: chat('{"criteria": [{"code": "C06", "level": 3, "quo'), "not JSON"),
        (lambda request: chat("{" * 5000 + "}" * 5000), "not JSON"),
        (lambda request: chat('{"criteria": "all fine"}'), "no list"),
        (lambda request: chat('{"criteria": [3, null, {"code": 7}]}'), "not answer what it was asked"),
        (lambda request: chat(reading({"C99": 4}, {})), "not answer what it was asked"),
    ],
)
def test_a_failure_is_said_in_words_and_nothing_is_made_up(answer: Any, says: str) -> None:
    with stub(answer) as (address, _), pytest.raises(NoAnswerError, match=says):
        read(address, timeout=0.3 if says == "in time" else 20)


def test_nobody_there_is_said_in_words() -> None:
    with pytest.raises(NoAnswerError, match="could not be reached"):
        read("http://127.0.0.1:9/v1")


def test_a_level_that_is_none_counts_as_no_level() -> None:
    def model(request: dict[str, Any]) -> dict[str, Any]:
        quotes = [["we train on payments that are at least sixty days old"]]
        entries = [
            {"code": "C06", "level": 7, "quotes": quotes[0]},
            {"code": "C07", "level": "4", "quotes": []},
        ]
        entries += [{"code": "C18", "level": 0, "quotes": None, "reason": None}]
        return chat(json.dumps({"criteria": entries}))

    with stub(model) as (address, _):
        scores = by_code(read(address))
    assert [scores[code]["level"] for code in ("C06", "C07", "C18")] == [None, None, 0]


def test_one_step_without_an_answer_leaves_the_others() -> None:
    def model(request: dict[str, Any]) -> Any:
        return (401, {}, b"") if "C18" in asked_codes(request) else honest(request)

    with stub(model) as (address, _):
        report = read(address)
    assert by_code(report)["C06"]["level"] == 3
    assert by_code(report)["C18"]["level"] is None
    assert report["judge"]["unanswered"] == ["Serving"]


def test_a_server_that_knows_no_schemas_is_asked_without() -> None:
    def model(request: dict[str, Any]) -> Any:
        return (400, {}, b"unknown field") if "response_format" in request else honest(request)

    with stub(model) as (address, requests):
        assert by_code(read(address))["C06"]["level"] == 3
    assert len(requests) == 4


def test_it_stops_where_it_would_cost_too_much() -> None:
    with stub(lambda request: {**honest(request), "usage": None}) as (address, requests):
        report = read(address, most_tokens=1600)
    assert len(requests) == 1
    assert report["judge"]["stopped"] == "cost"
    assert by_code(report)["C18"]["level"] is None


def test_the_key_is_sent_and_shown_nowhere() -> None:
    with stub(honest) as (address, requests):
        endpoint = Endpoint(address, "stub", api_key="sk-secret")
        report = score(
            Submission({}, ANSWERS, None),
            Rubric.from_json(BODY),
            judge=SecondReader(endpoint, Limits(runs=1)),
        )
    assert requests[0]["authorization"] == "Bearer sk-secret"
    assert "sk-secret" not in json.dumps(report.to_json())
    assert "sk-secret" not in repr(endpoint)

"""A rubric of two steps, a design for it, and how a second reader that is a stub reads it."""

import json
from typing import Any

from interviews.scoring import Rubric, Submission, score
from interviews.scoring.judge.endpoint import Endpoint
from interviews.scoring.judge.reader import Limits, SecondReader
from tests.unit.interviews.scoring.stub_model import asked_codes, chat

PROMPT = "Design a system that decides for each card payment whether to let it through."
DATA = (
    "Chargebacks arrive up to sixty days late, so we train on payments that are at least sixty days old.\n"
    "We keep all fraud and one in twenty of the others, because fraud is 0.1 % of payments."
)
SERVING = "The score must be there within 150 ms, so features come from an online store."
ANSWERS = {"data": DATA, "serving": SERVING}


def criterion(code: str, dimension: str, source: str = "text") -> dict[str, Any]:
    return {
        "code": code,
        "name": f"Name of {code}",
        "dimension": dimension,
        "source": source,
        "weight": 1,
        "definition": f"Definition of {code}.",
        "anchors": [f"{code} level {level}" for level in range(5)],
        "next": ["say it", "in the case's words", "say why", "weigh it"],
    }


BODY = {
    "schema": 1,
    "framework": {
        "slug": "two",
        "name": "Two steps",
        "version": 1,
        "steps": [
            {"slug": "data", "short": "Data", "title": "Data", "criteria": ["C06", "C07"]},
            {"slug": "serving", "short": "Serve", "title": "Serving", "criteria": ["C18", "G01"]},
        ],
    },
    "case": {"slug": "payment-fraud", "title": "Payment fraud", "prompt": PROMPT},
    "dimensions": {"data": {"name": "Data", "weight": 15}, "serving": {"name": "Serving", "weight": 10}},
    "criteria": [
        criterion("C06", "data"),
        criterion("C07", "data"),
        criterion("C18", "serving"),
        criterion("G01", "serving", "graph"),
    ],
    "expectations": [],
}


def reading(levels: dict[str, int], quotes: dict[str, list[str]]) -> str:
    """Return what a model writes that gives these levels with these quotes."""
    return json.dumps(
        {
            "criteria": [
                {"code": code, "level": level, "quotes": quotes.get(code, []), "reason": "It says so."}
                for code, level in levels.items()
            ]
        }
    )


def honest(request: dict[str, Any]) -> dict[str, Any]:
    """A model that does its work: 3 for what it can quote."""
    quotes = {
        "C06": ["we train on payments that are at least sixty days old"],
        "C07": ["We keep all fraud and one in twenty of the others"],
        "C18": ["The score must be there within 150 ms"],
    }
    return chat(reading(dict.fromkeys(asked_codes(request), 3), quotes))


def read(address: str, answers: dict[str, str] = ANSWERS, timeout: float = 20, **limits: Any) -> Any:
    endpoint = Endpoint(address, "stub", timeout_seconds=timeout, wait=lambda seconds: None)
    second = SecondReader(endpoint, Limits(**({"runs": 1} | limits)))
    report = score(Submission({}, answers, {"nodes": [], "edges": []}), Rubric.from_json(BODY), judge=second)
    return report.to_json()


def by_code(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["code"]: entry for entry in report["criteria"]}

"""Tricks and rearrangements in other words than those of the development set, on answers in other styles."""

import json
import random
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from interviews.scoring.lines import score_line

DATA = Path(__file__).parents[3] / "data" / "scoring"
FOLDED = (0, 1, 1, 2, 2)
TOP = 2 * 22
TERMS = {
    "clarify": "business impact, ROI, QPS, p99, requirements, stakeholders, constraints",
    "frame": "regression, classification, learning to rank, multi-task",
    "data": "ETL, Kafka, Spark, labels, imbalance, SMOTE, feature store, data quality",
    "model": "transformers, XGBoost, two-tower, embeddings, fine-tuning, hyperparameter tuning, ensembling",
    "evaluation": "precision, recall, NDCG, CTR, retention, A/B testing, statistical significance",
    "serving": "Kubernetes, Redis, load balancer, sharding, quantization, caching, Triton",
    "monitoring": "drift, alerting, Prometheus, retraining, fairness, explainability, GDPR",
}
DENIALS = {
    "clarify": "I will not discuss goals here. Latency and scale do not matter. We have no constraints.",
    "frame": "We do not frame this as any ML task. Inputs and outputs will not be specified.",
    "data": "We never collect logs. Labels are not needed. "
    "Features will not be engineered, leakage is ignored.",
    "model": "No baseline. We will not choose a model, nor a loss. "
    "There is no candidate generation and no ranking.",
    "evaluation": "Offline metrics are unnecessary. We would not run A/B tests. "
    "Online metrics are not tracked.",
    "serving": "We are not going to serve predictions in batch or online. Caching is not used.",
    "monitoring": "Monitoring is not required. The model is never retrained. We will not deal with fairness.",
}
MOULDS = (
    "We will leverage {a} and {b} in order to achieve great results.",
    "{a} is a best practice in the industry and so is {b}.",
    "It is crucial to use {a} because it is very effective for {case}.",
    "For {case} we need {b} as it is the most important technique.",
)
TALK = "Before going into details let me take a step back and reflect on what has been said so far."
FAREWELL = "Let me know if you would like me to go deeper into any of these areas."


@cache
def texts() -> list[dict]:
    files = sorted((DATA / "answers").glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


def total(case: dict, answers: dict) -> tuple[int, list[str]]:
    result = score_line({"type": "text", "id": "x", "case": case, "answers": answers})
    return sum(FOLDED[level] for level in result["levels"].values()), result["flags"]


@pytest.fixture(params=range(15), ids=lambda number: texts()[number]["id"])
def text(request) -> dict:
    return texts()[request.param]


def test_terms_appended_or_alone_earn_nothing(text):
    honest, _ = total(text["case"], text["answers"])
    appended = {step: f"{text['answers'].get(step, '')}\n{terms}" for step, terms in TERMS.items()}
    assert total(text["case"], appended)[0] <= honest + 0.05 * TOP
    assert total(text["case"], TERMS)[0] <= 0.05 * TOP


def test_denials_earn_nothing(text):
    assert total(text["case"], DENIALS)[0] <= 0.1 * TOP


def test_sentences_poured_into_moulds_are_told(text):
    choose = random.Random(text["id"]).choice
    filled = {}
    for step, terms in TERMS.items():
        words = terms.split(", ")
        pairs = pairwise(words)
        filled[step] = " ".join(
            choose(MOULDS).format(a=a, b=b, case=text["case"]["title"].lower()) for a, b in pairs
        )
    points, flags = total(text["case"], filled)
    assert "stuffing" in flags or points <= 0.35 * TOP


def test_small_talk_changes_nothing(text):
    honest, _ = total(text["case"], text["answers"])
    padded = {step: f"{TALK}\n{said}\n{FAREWELL}" for step, said in text["answers"].items()}
    assert abs(total(text["case"], padded)[0] - honest) <= 0.03 * TOP


def test_the_order_of_lines_and_of_boxes_changes_little(text):
    honest, _ = total(text["case"], text["answers"])
    mixed, moved = (
        {},
        dict(
            zip(
                text["answers"],
                [*list(text["answers"].values())[3:], *text["answers"].values()],
                strict=False,
            )
        ),
    )
    for step, said in text["answers"].items():
        lines = said.split("\n")
        random.Random(step).shuffle(lines)
        mixed[step] = "\n".join(lines)
    assert abs(total(text["case"], mixed)[0] - honest) <= 0.1 * TOP
    assert abs(total(text["case"], moved)[0] - honest) <= 2


def test_an_answer_under_another_case_is_told(text):
    others = [other["case"] for other in texts() if other["case"]["id"] != text["case"]["id"]]
    honest, _ = total(text["case"], text["answers"])
    told = 0
    for case in others:
        points, flags = total(case, text["answers"])
        told += "off_topic" in flags or points <= 0.6 * honest
    assert told >= 0.7 * len(others)
    assert "off_topic" not in total(text["case"], text["answers"])[1]

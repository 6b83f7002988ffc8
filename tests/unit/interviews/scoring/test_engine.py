"""The engine as a whole: the shape of its report, its evidence, and input nobody would expect."""

import json
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casestudies.rubrics import compile_rubric
from interviews.scoring import ENGINE_VERSION, Rubric, Submission, SubmissionError, score
from interviews.scoring.lines import bank, generic_rubric

CASE = {
    "id": "podcast",
    "title": "Podcast recommendation",
    "prompt": "Design a system that recommends podcast episodes.",
}
ANSWERS = {
    "clarify": "The goal is weekly listening, not clicks, because a clickbait title loses listeners. "
    "8 million listeners a day.",
    "model": "Start with a popularity list since it needs no training. "
    "Then boosted trees rather than a neural ranker, as they "
    "train in minutes.",
    "monitoring": "We retrain daily and roll back when the completion ratio leaves 0.9 to 1.1.",
}
GRAPH = {
    "nodes": [
        {"id": "a", "label": "App", "kind": "client"},
        {"id": "b", "label": "Candidate generation", "kind": "service"},
        {"id": "c", "label": "Ranking model", "kind": "model"},
    ],
    "edges": [
        {"id": "e1", "source": "a", "target": "b", "label": ""},
        {"id": "e2", "source": "b", "target": "c", "label": ""},
    ],
}


def report(answers=None, graph=None, rubric=None) -> dict:
    return score(Submission(CASE, answers, graph), rubric or generic_rubric()).to_json()


def by_code(body: dict) -> dict:
    return {entry["code"]: entry for entry in body["criteria"]}


def test_the_report_has_its_agreed_shape():
    body = report(ANSWERS, GRAPH)
    assert list(body) == [
        "schema", "engine_version", "rubric_hash", "criteria", "dimensions", "steps", "total", "total_low",
        "total_high", "level_estimate", "flags", "expectations", "expectations_share", "checks",
    ]  # fmt: skip
    assert body["engine_version"] == ENGINE_VERSION
    assert list(body["criteria"][0]) == [
        "code", "dimension", "step", "source", "level", "anchor", "weight", "evidence",
        "rationale", "missing", "next_level", "confidence",
    ]  # fmt: skip
    assert [entry["slug"] for entry in body["steps"]] == [
        "clarify", "frame", "data", "model", "evaluation", "serving", "monitoring",
    ]  # fmt: skip
    assert json.loads(json.dumps(body)) == body


def test_words_score_text_criteria_and_a_drawing_those_of_the_graph():
    words, drawing, both = (
        by_code(report(*given)) for given in ((ANSWERS, None), (None, GRAPH), (ANSWERS, GRAPH))
    )
    assert words["C11"]["level"] is not None
    assert words["G01"]["level"] is None
    assert drawing["C11"]["level"] is None
    assert drawing["G01"]["level"] is not None
    assert both["C11"]["level"] is not None
    assert both["G01"]["level"] is not None
    assert both["P01"]["level"] is None


def test_every_level_above_nothing_cites_the_words_that_earned_it():
    body = report(ANSWERS)
    assert any(entry["level"] for entry in body["criteria"])
    for entry in body["criteria"]:
        assert bool(entry["level"]) == bool(entry["evidence"])
        for cited in entry["evidence"]:
            assert ANSWERS[cited["step"]][cited["start"] : cited["end"]] == cited["quote"] != ""


def test_each_level_says_what_it_means_and_what_the_next_one_needs():
    criteria = {criterion.code: criterion for criterion in generic_rubric().criteria}
    for code, entry in by_code(report(ANSWERS)).items():
        if entry["level"] is not None:
            assert entry["anchor"] == criteria[code].anchors[entry["level"]]
            assert (entry["next_level"] is None) == (entry["level"] == 4)
            assert entry["rationale"]


def test_the_same_input_gives_the_same_bytes():
    first = json.dumps(report(ANSWERS, GRAPH))
    assert all(json.dumps(report(dict(reversed(ANSWERS.items())), GRAPH)) == first for _ in range(3))


def test_padding_order_and_box_move_no_total():
    honest = report(ANSWERS)["total"]
    padded = {
        step: f"Thank you for this question.\n\n  {text}\n\nI look forward to more."
        for step, text in ANSWERS.items()
    }
    moved = dict(zip(reversed(list(ANSWERS)), ANSWERS.values(), strict=True))
    one_box = {"all": "\n".join(ANSWERS.values())}
    assert report(padded)["total"] == honest
    assert report(moved)["total"] == honest
    # In one box the notes have no neighbours that tell what they are about.
    assert report(one_box)["total"] == pytest.approx(honest, abs=2)


def test_saying_it_four_times_earns_it_once():
    assert (
        report({step: "\n".join([text] * 4) for step, text in ANSWERS.items()})["total"]
        == report(ANSWERS)["total"]
    )


def test_a_total_lies_within_its_range():
    body = report(ANSWERS)
    assert 0 <= body["total_low"] <= body["total"] <= body["total_high"] <= 100
    assert body["level_estimate"] in ("below", "mid", "senior", "staff")


def test_nothing_handed_in_scores_nothing():
    body = report({})
    assert body["total"] == 0
    assert body["level_estimate"] == "below"
    nothing = score(Submission(CASE, None, None), generic_rubric()).to_json()
    assert nothing["total"] is None
    assert nothing["level_estimate"] is None


def test_level_four_needs_what_the_case_expects():
    body = compile_rubric(bank(), "seven-step")
    answer = {
        "any": "Boosted trees rather than a deep net, because they cope with missing values "
        "and train in minutes."
    }
    plain = by_code(report(answer))["C12"]
    expectation = {
        "id": "x",
        "criterion": "C12",
        "weight": 1,
        "statement": "s",
        "rule": {"words": {"all_of": ["calibrated"]}},
    }
    capped = by_code(report(answer, rubric=Rubric.from_json({**body, "expectations": [expectation]})))["C12"]
    meets = {**expectation, "rule": {"words": {"all_of": ["trees"]}}}
    kept = report(answer, rubric=Rubric.from_json({**body, "expectations": [meets]}))
    assert (plain["level"], capped["level"], by_code(kept)["C12"]["level"]) == (4, 3, 4)
    assert kept["expectations"][0]["met"] is True
    assert kept["expectations_share"] == 1


def test_an_embedding_speaks_up_for_an_answer_that_looks_off_topic():
    answer = {
        "any": "Drivers and riders share routes, trips and traffic. Taxi, car and road map matter "
        "to the dispatch. "
        "Each driver waits for the rider at the pickup, and the gps of the car tells the route of the ride."
    }
    alone = score(Submission(CASE, answer), generic_rubric())
    helped = score(
        Submission(CASE, answer), generic_rubric(), embedder=lambda texts: [[1.0, 0.0] for _ in texts]
    )
    assert "off_topic" in [flag["kind"] for flag in alone.flags]
    assert "off_topic" not in [flag["kind"] for flag in helped.flags]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"answers": {"model": 5}}, "model"),
        ({"answers": {"model": ["a"]}}, "model"),
        ({"answers": "all of it"}, "one text per step"),
        ({"answers": {5: "x"}}, "step"),
        ({"case": "podcast", "answers": {}}, "case"),
        ({"case": {"title": 3}, "answers": {}}, "title"),
        ({"graph": [1]}, "graph"),
    ],
)
def test_a_submission_of_the_wrong_shape_is_refused_in_words(body, says):
    with pytest.raises(SubmissionError, match=says):
        Submission.from_json(body)
    assert issubclass(SubmissionError, ValueError)


def test_unknown_steps_and_empty_texts_are_fine():
    body = score(
        Submission.from_json({"answers": {"步骤": "We retrain weekly.", "x": None}}), generic_rubric()
    ).to_json()
    assert by_code(body)["C21"]["level"] >= 1


@pytest.mark.parametrize(
    "text",
    [
        "candidate retrieval " * 10_000,
        "not because since so as " * 9_000,
        "input " * 34_000,
        "# h\n  - x y\n" * 18_000,
        "- a, b, c, d\n" * 15_000,
        "1" * 200_000,
        "(" * 100_000 + "," * 100_000,
        "e.g. " * 40_000,
        "\u202e\u200b\ufeff" * 60_000,
        " ".join(random.Random(1).choices(["xqz", "trane", "modell", "rankin", "featurez"], k=33_000)),
    ],
    ids=range(10),
)
def test_a_giant_answer_is_read_quickly(text):
    generic_rubric()
    started = time.process_time()
    report({"any": text})
    assert time.process_time() - started < 5


TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            [
                *"-*#:;,.!?()=<>%$\n\t→",
                "model",
                "because",
                "not",
                "1:10",
                "150 ms",
                "retrain",
                "İ",
                "ß",
                "\x00",
                "\ud800",
            ]
        ),
        max_size=60,
    ).map(" ".join),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=8), TEXTS, max_size=4), TEXTS)
def test_any_text_at_all_is_survived_with_its_evidence_verbatim(answers, prompt):
    body = score(Submission({"id": "x", "title": "t", "prompt": prompt}, answers), generic_rubric()).to_json()
    json.dumps(body)
    for entry in body["criteria"]:
        assert entry["level"] in (None, 0, 1, 2, 3, 4)
        assert bool(entry["level"]) == bool(entry["evidence"])
        for cited in entry["evidence"]:
            assert answers[cited["step"]][cited["start"] : cited["end"]] == cited["quote"]

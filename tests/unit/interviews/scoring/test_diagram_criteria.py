"""Levels of the graph criteria on small boards, and agreement with the labelled drawings."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from interviews.scoring.diagram import read, score_criteria

DATA = Path(__file__).parents[3] / "data" / "scoring"
CODES = [f"G{number:02d}" for number in range(1, 11)]


def drawn(words: str, **graph):
    """Return the board that words describe: "App > API; Cache" joins two boxes and leaves one loose."""
    nodes, edges = {}, []
    for chain in filter(None, (part.strip() for part in words.split(";"))):
        labels = [label.strip() for label in chain.split(">")]
        for label in labels:
            nodes.setdefault(label, {"id": label, "label": label})
        edges += [{"source": a, "target": b} for a, b in pairwise(labels)]
    return read({"nodes": list(nodes.values()), "edges": edges, **graph})


def level(code: str, words: str) -> int:
    return score_criteria(drawn(words), [code])[code].level


LEVELS = [
    ("G01", 0, "App > API > Fraud model"),
    ("G01", 1, "App > API > Candidate generation"),
    ("G01", 1, "App > Ranker"),
    ("G01", 2, "API > Candidate generation; API > Ranker"),
    ("G01", 3, "API > Candidate generation > Ranker"),
    ("G01", 3, "API > ANN retrieval > Filter > Scorer"),
    ("G01", 3, "App > Retrieval + ranking"),
    ("G01", 4, "Retrieval 1000 items > Ranker 50 items"),
    ("G02", 0, "App > Ranker"),
    ("G02", 1, "App > Ranker; Feature store"),
    ("G02", 2, "Feature store > Ranker; Lake > Training"),
    ("G02", 2, "Flink > Feature store > Training"),
    ("G02", 3, "Feature store > Ranker; Feature store > Training"),
    ("G02", 3, "Ranker > FS; Training > FS"),
    ("G02", 3, "Feature store > Ranker; Feature store > Label join > Training"),
    ("G02", 4, "Flink > FS > Ranker; FS > Training"),
    ("G02", 4, "Offline FS > Online FS > Ranker; Offline FS > Training; Spark > Offline FS"),
    ("G03", 0, "Warehouse > Training > Model"),
    ("G03", 1, "Click log; App > API > Ranker"),
    ("G03", 1, "Human queue > Labels > Training"),
    ("G03", 2, "App > Click log; Lake > Training"),
    ("G03", 3, "App > Ranker; App > Click log > Training"),
    ("G03", 3, "Service > Kafka > Data lake > Training"),
    ("G03", 3, "User events > Data lake > Training"),
    ("G03", 4, "App > Ranker > Impression log > Training > Registry > Ranker"),
    ("G04", 0, "App > Ranker"),
    ("G04", 1, "App > Ranker; Model registry"),
    ("G04", 2, "Lake > Training > Ranker"),
    ("G04", 3, "Training > Model registry > Ranker"),
    ("G04", 3, "Training > Registry; Model server > Registry"),
    ("G04", 3, "Training > Backtest > Batch scoring"),
    ("G04", 4, "Training > Validation > Registry > Ranker"),
    ("G04", 4, "Training > MLflow > Canary > Model server"),
    ("G05", 0, "App > Ranker"),
    ("G05", 1, "App > Ranker; Monitoring"),
    ("G05", 2, "Grafana > Ranker; App > Ranker"),
    ("G05", 3, "App > Ranker > Monitoring"),
    ("G05", 4, "Ranker > Monitoring; Feature store > Monitoring"),
    ("G05", 4, "Ranker > Drift monitor > Retraining"),
    ("G06", 0, "App > API > Online feature store (Redis)"),
    ("G06", 1, "App > API; Cache"),
    ("G06", 2, "Spark > Redis; App > API"),
    ("G06", 3, "App > API > Cache"),
    ("G06", 3, "Cache > API"),
    ("G06", 4, "App > API > Cache; Batch job > Cache"),
    ("G07", 0, "Spark; Feature store; Recommendation"),
    ("G07", 1, "App > API > Ranker"),
    ("G07", 1, "Warehouse > Feature job > Training > Weekly batch scoring > CRM call list"),
    ("G07", 2, "App > API > Ranker; Training"),
    ("G07", 3, "App > API > Ranker; Warehouse > Training"),
    ("G07", 4, "App > API > Score table; Lake > Batch scoring > Score table"),
    ("G08", 0, "App > Click log"),
    ("G08", 1, "App > Click log; Training > Ranker"),
    ("G08", 2, "Training > Click log"),
    ("G08", 3, "Warehouse > Training"),
    ("G08", 3, "Training > Data lake"),
    ("G08", 4, "Click log > Label join > Training"),
    ("G09", 0, "API > Ranker"),
    ("G09", 1, "App > Click log; API > Ranker"),
    ("G09", 2, "App > API; Ranker > API"),
    ("G09", 3, "App > Gateway > API > Ranker"),
    ("G09", 3, "Payment > Kafka > Flink > Fraud model"),
    ("G09", 3, "App > API > Predictions table; Batch scoring > Predictions table"),
    ("G09", 4, "App > API 5 ms > Ranker 20 ms"),
    ("G10", 0, "App; API; Ranker"),
    ("G10", 0, "App > API; Cache; Monitoring; Training"),
    ("G10", 1, "App > API > Ranker; Cache; Monitoring"),
    ("G10", 2, "App > API > Ranker; Cache"),
    ("G10", 3, "App > API > Ranker"),
]


@pytest.mark.parametrize(("code", "expected", "words"), LEVELS)
def test_a_board_reaches_the_level_its_arrows_earn(code, expected, words):
    assert level(code, words) == expected


def test_words_on_the_arrows_lift_a_well_formed_board_to_level_4():
    board = drawn("App > API > Ranker > Log")
    assert score_criteria(board, ["G10"])["G10"].level == 3
    edges = [
        {"source": a, "target": b, "label": "ids"}
        for a, b in (("App", "API"), ("API", "Ranker"), ("Ranker", "Log"))
    ]
    nodes = [{"id": node.id, "label": node.label} for node in board.nodes]
    assert score_criteria(read({"nodes": nodes, "edges": edges}), ["G10"])["G10"].level == 4


def test_an_arrow_to_a_frame_counts_for_every_part_in_it():
    nodes = [
        {"id": "app", "label": "App"},
        {"id": "r", "label": "Ranker", "frame": "f"},
        {"id": "s", "label": "Scorer", "frame": "f"},
    ]
    graph = {
        "nodes": nodes,
        "frames": [{"id": "f", "label": "Serving"}],
        "edges": [{"id": "e", "source": "app", "target": "f"}],
    }
    scores = score_criteria(read(graph), ["G09", "G10"])
    assert (scores["G09"].level, scores["G10"].level) == (3, 3)
    assert {"kind": "edge", "element": "e", "source": "app", "target": "f"} in scores["G09"].evidence


def test_a_frame_says_what_its_unnamed_boxes_are():
    graph = {
        "nodes": [
            {"id": "g", "label": "Training pipeline", "kind": "group"},
            {"id": "l", "label": "Data lake"},
            {"id": "x", "label": "XGBoost", "parent": "g"},
            {"id": "r", "label": "Registry"},
        ],
        "edges": [{"source": "l", "target": "x"}, {"source": "x", "target": "r"}],
    }
    assert score_criteria(read(graph), ["G08"])["G08"].level == 3


def test_an_arrow_with_two_heads_runs_both_ways():
    nodes = [{"id": "a", "label": "Ranker"}, {"id": "b", "label": "Candidate generation"}]
    one_way = {"nodes": nodes, "edges": [{"source": "a", "target": "b", "heads": "end"}]}
    both = {"nodes": nodes, "edges": [{"source": "a", "target": "b", "heads": "both"}]}
    assert score_criteria(read(one_way), ["G01"])["G01"].level == 2
    assert score_criteria(read(both), ["G01"])["G01"].level == 3


def test_a_request_does_not_run_through_training():
    assert level("G09", "Phone > Open logs > Training > Scorer; Event job > Scorer") == 1


def test_every_level_above_0_cites_elements_and_says_why():
    for path in sorted((DATA / "diagrams").glob("*.json")):
        graph = json.loads(path.read_text(encoding="utf-8"))
        ids = {node["id"] for node in graph["nodes"]}
        pairs = {(edge["source"], edge["target"]) for edge in graph["edges"]}
        for code, score in score_criteria(read(graph), CODES).items():
            assert score.rationale, (path.name, code)
            assert bool(score.evidence) == (score.level > 0), (path.name, code)
            assert score.missing or score.level == 4, (path.name, code)
            for item in score.evidence:
                known = (
                    item["element"] in ids
                    if item["kind"] == "node"
                    else (item["source"], item["target"]) in pairs
                )
                assert known, (path.name, code, item)


def test_where_every_arrow_leads_both_ways_none_says_anything():
    there = (
        "Data > Training; Data > Model; Training > Model; Model > Report; Data > Report; Training > Report"
    )
    back = "; ".join(" > ".join(reversed(pair.split(" > "))) for pair in there.split("; "))
    assert level("G10", f"{there}; {back}") == 0
    assert level("G10", there) > 0


def test_requests_and_answers_are_no_arrows_run_backwards():
    assert (
        level(
            "G10",
            "App > API; API > App; API > Ranker; Ranker > API; Ranker > Feature store",
        )
        >= 3
    )


def test_where_requests_begin_somebody_asks_whatever_the_box_is_called():
    assert level("G09", "Zebra desk > API gateway; API gateway > Ranker") >= 3
    assert level("G09", "Zebra desk > Training; Training > Ranker") == 0


@pytest.mark.parametrize(("kind", "label", "part"), [
    ("client", "User actions", "client"),
    ("training", "Intent scores", "training"),
    ("model", "Intent router", "model"),
])  # fmt: skip
def test_a_kind_picked_on_purpose_helps_where_words_are_said_of_many_boxes(kind, label, part):
    (node,) = read({"nodes": [{"id": "a", "label": label, "kind": kind}], "edges": []}).nodes
    assert part in node.parts


def test_a_kind_does_not_outvote_a_telling_label():
    (node,) = read(
        {"nodes": [{"id": "a", "label": "Feature store", "kind": "monitoring"}], "edges": []}
    ).nodes
    assert node.parts == {"feature_store"}

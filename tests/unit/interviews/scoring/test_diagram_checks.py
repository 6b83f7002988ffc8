"""Design checks: each with a board that passes and one that does not."""

from itertools import pairwise

import pytest

from interviews.scoring.diagram import read, run_checks
from interviews.scoring.diagram.checks import CHECKS
from interviews.scoring.diagram.figures import counts, milliseconds, per_second

MANY_ITEMS = {"requirements": [{"id": "a", "text": "b", "metric": "items", "at_least": 2_000_000_000}]}
FEW_ITEMS = {"requirements": [{"id": "a", "text": "b", "metric": "items", "at_least": 300}]}
IN_100_MS = {"requirements": [{"id": "a", "text": "b", "metric": "latency_ms", "at_most": 100}]}
AT_4000 = {"requirements": [{"id": "a", "text": "b", "metric": "peak_qps", "at_least": 4000}]}
IN_A_MINUTE = {"requirements": [{"id": "a", "text": "b", "metric": "freshness_s", "at_most": 60}]}
IN_A_DAY = {"requirements": [{"id": "a", "text": "b", "metric": "freshness_s", "at_most": 86_400}]}
LONG_WAY = "App > API 20 ms > Retrieval 50 ms > Ranker 70 ms"
SHORT_WAY = "App > API 5 ms > Retrieval 15 ms > Ranker 40 ms"


def drawn(words: str):
    """Return the board that words describe: "App > API; Cache" joins two boxes and leaves one loose."""
    nodes, edges = {}, []
    for chain in filter(None, (part.strip() for part in words.split(";"))):
        labels = [label.strip() for label in chain.split(">")]
        for label in labels:
            nodes.setdefault(label, {"id": label, "label": label})
        for a, b in pairwise(labels):
            edges.append({"id": f"{a}-{b}", "source": a, "target": b})
    return read({"nodes": list(nodes.values()), "edges": edges})


def outcome(check: str, words: str, case=None):
    return next(found for found in run_checks(drawn(words), case or {}) if found["id"] == check)


# check, case, a board that passes, one that does not, one to which it does not apply
BOARDS = [
    ("two-stage", MANY_ITEMS, "App > Retrieval > Ranker", "App > API > Ranker", None),
    ("request-path", {}, "App > API > Ranker", "App > API; Ranker > Monitoring", "Lake > Training"),
    (
        "request-avoids-training",
        {},
        "App > API > Ranker; App > Log > Training",
        "App > API > Training > Model",
        "App > API",
    ),
    ("shared-features", {}, "FS > Ranker; FS > Training", "FS > Ranker; Lake > Training", "App > Ranker"),
    ("features-filled", {}, "Flink > FS > Ranker", "FS > Ranker", "App > Ranker"),
    ("cache-used", {}, "App > API > Cache", "App > API; Spark > Cache", "App > API"),
    (
        "batch-and-online",
        {},
        "App > API > Ranker; Lake > Training",
        "App > API > Ranker",
        "Lake > Batch scoring > Score table",
    ),
    ("data-to-training", {}, "Lake > Training > Ranker", "Training > Ranker; Lake", "App > Ranker"),
    (
        "labels-joined",
        {},
        "App > Click log > Label join > Training",
        "App > Click log > Training",
        "Lake > Training",
    ),
    (
        "feedback-loop",
        {},
        "App > Ranker; App > Click log > Training",
        "App > Click log; Lake > Training",
        "App > Ranker",
    ),
    ("model-gate", {}, "Training > Registry > Ranker", "Training > Ranker", "App > Ranker"),
    ("index-built", {}, "API > ANN index; Embedding job > ANN index", "API > ANN index", "App > API"),
    ("monitoring-attached", {}, "App > Ranker > Monitoring", "App > Ranker; Monitoring", "App > API"),
    (
        "alert-acts",
        {},
        "Ranker > Drift monitor > Retraining",
        "Ranker > Drift monitor",
        "App > Ranker; Monitoring",
    ),
    ("no-loose-boxes", {}, "App > Ranker", "App > Ranker; Cache", ""),
    (
        "no-reversed-arrows",
        {},
        "App > Ranker > Monitoring",
        "App > Ranker; Monitoring > Ranker",
        "App; Ranker",
    ),
    ("latency-budget", IN_100_MS, SHORT_WAY, LONG_WAY, "App > API > Ranker"),
    ("latency-written", IN_100_MS, SHORT_WAY, "App > API > Ranker", "Lake > Training"),
    (
        "peak-load",
        AT_4000,
        "App 4,000 req/s > API > Cache > Ranker 900/s",
        "App > API 1.2k qps > Ranker",
        "App > API > Ranker",
    ),
    (
        "funnel-narrows",
        {},
        "Retrieval 500 items > Ranker 50 items",
        "Retrieval 50 items > Ranker 500 items",
        "Retrieval > Ranker",
    ),
    ("fresh-enough", IN_A_MINUTE, "App > Kafka > Flink > FS > Ranker", "App > Ranker; Lake > Training", None),
]


def test_every_check_has_its_boards():
    assert [board[0] for board in BOARDS] == [check.id for check in CHECKS]


@pytest.mark.parametrize(
    ("check", "case", "good", "bad", "other"), BOARDS, ids=[board[0] for board in BOARDS]
)
def test_a_check_tells_a_good_board_from_a_bad_one(check, case, good, bad, other):
    assert outcome(check, good, case)["passed"] is True
    failed = outcome(check, bad, case)
    assert failed["passed"] is False
    assert len(failed["reason"].split()) >= 8
    if other is not None:
        assert outcome(check, other, case)["passed"] is None


@pytest.mark.parametrize(
    ("check", "case", "good", "bad", "other"), BOARDS, ids=[board[0] for board in BOARDS]
)
def test_a_check_names_elements_that_are_on_the_board(check, case, good, bad, other):
    for words in (good, bad):
        diagram = drawn(words)
        ids = {node.id for node in diagram.nodes} | {edge.id for edge in diagram.edges}
        found = outcome(check, words, case)
        assert set(found["elements"]) <= ids
        assert found["guide"]
        assert found["reason"].endswith(".")


@pytest.mark.parametrize(
    ("says", "acts"), [("pages, holds", True), ("rolls back", True), ("bias", False), ("", False)]
)
def test_an_arrow_may_say_what_an_alert_does(says, acts):
    nodes = [{"id": name, "label": name} for name in ("Ranker", "Drift monitor", "Order service")]
    edges = [
        {"id": "in", "source": "Ranker", "target": "Drift monitor"},
        {"id": "out", "source": "Drift monitor", "target": "Order service", "label": says},
    ]
    found = {check["id"]: check for check in run_checks(read({"nodes": nodes, "edges": edges}), {})}
    assert found["alert-acts"]["passed"] is acts


def test_a_few_items_need_no_first_stage():
    assert outcome("two-stage", "App > API > Ranker", FEW_ITEMS)["passed"] is None
    assert outcome("two-stage", "App > API > Ranker")["passed"] is None


def test_daily_data_needs_no_stream():
    assert outcome("fresh-enough", "App > Ranker", IN_A_DAY)["passed"] is None


def test_milliseconds_add_up_along_the_request_path():
    found = outcome("latency-budget", LONG_WAY, IN_100_MS)
    assert "140 ms drawn against 100 ms asked" in found["reason"]
    assert "Ranker 70 ms" in found["elements"]


def test_what_runs_beside_each_other_does_not_add_up():
    words = "App > API 10 ms > Recall A 30 ms > Merge > Ranker 40 ms; API 10 ms > Recall B 50 ms > Merge"
    assert "100 ms drawn against 100 ms asked" in outcome("latency-budget", words, IN_100_MS)["reason"]


def test_what_a_box_reads_adds_to_it():
    words = "App > Ranker 40 ms > Feature store 10 ms; App > Click log > Training 90 ms"
    assert "50 ms drawn against 100 ms asked" in outcome("latency-budget", words, IN_100_MS)["reason"]


def test_the_figure_on_the_element_counts_before_the_one_in_its_label():
    graph = {
        "nodes": [{"id": "u", "label": "User"}, {"id": "m", "label": "Model 10 ms", "latency_ms": 120}],
        "edges": [{"source": "u", "target": "m"}],
    }
    found = next(one for one in run_checks(read(graph), IN_100_MS) if one["id"] == "latency-budget")
    assert found["passed"] is False


@pytest.mark.parametrize(
    "case",
    [
        None,
        {},
        [],
        {"requirements": "soon"},
        {"requirements": [None, 3, {"metric": "latency_ms", "at_most": "fast"}]},
        {"figures": {"latency_ms": float("nan")}},
        {"figures": [1], "requirements": {}},
    ],
)
def test_an_odd_case_asks_for_nothing(case):
    found = {one["id"]: one["passed"] for one in run_checks(drawn(LONG_WAY), case)}
    assert found["latency-budget"] is None


def test_no_reason_blames():
    for _, case, good, bad, _other in BOARDS:
        for words in (good, bad):
            for found in run_checks(drawn(words), case):
                assert not {"wrong", "failed", "mistake", "invalid"} & set(found["reason"].lower().split())


@pytest.mark.parametrize(("written", "rate"), [
    ("75,000/s at the peak", 75_000),
    ("5k req/s", 5_000),
    ("20 QPS", 20),
    ("1.5 million requests a second", 1_500_000),
    ("Gateway 300 rps, 12 ms", 300),
    ("250,000 new ads/day", None),
    ("60 % hits", None),
    ("12 ms", None),
    ("3 stages", None),
    ("8 GB/s7", None),
])  # fmt: skip
def test_a_load_is_read_from_what_people_write(written, rate):
    assert per_second(written) == rate


def test_a_funnel_may_be_written_as_volumes():
    nodes = [
        {"id": "a", "label": "Retrieval", "volume": "2,000 of 5 million"},
        {"id": "b", "label": "Ranker", "volume": "200 of 2,000"},
    ]
    graph = {"nodes": nodes, "edges": [{"id": "e", "source": "a", "target": "b"}]}
    found = {one["id"]: one for one in run_checks(read(graph), {})}
    assert found["funnel-narrows"]["passed"] is True
    nodes[0]["volume"], nodes[1]["volume"] = "200 of 5 million", "2,000 to 50"
    found = {one["id"]: one for one in run_checks(read(graph), {})}
    assert found["funnel-narrows"]["passed"] is True, "50 of them are handed on"
    nodes[1]["volume"] = "9,000,000 to 6,000,000"
    found = {one["id"]: one for one in run_checks(read(graph), {})}
    assert found["funnel-narrows"]["passed"] is False


def test_commas_group_thousands_and_part_decimals():
    assert counts("1,000 items") == (1000.0,)
    assert counts("1,000,000 posts") == (1_000_000.0,)
    assert milliseconds("1,5 ms") == 1.5
    assert milliseconds("1,200 ms") == 1200.0

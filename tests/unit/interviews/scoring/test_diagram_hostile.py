"""Boards nobody meant to draw: whatever is in them, reading them ends and says something true."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.scoring.diagram import meets, read, run_checks, score_criteria

CODES = [f"G{number:02d}" for number in range(1, 11)]
CASE = {
    "requirements": [
        {"metric": "latency_ms", "at_most": 100},
        {"metric": "items", "at_least": 1e9},
        {"metric": "freshness_s", "at_most": 5},
    ]
}
WORDS = [
    "User",
    "Ranker",
    "Retrieval 500",
    "Feature store",
    "Kafka clicks",
    "Training",
    "Registry",
    "Redis",
    "Monitoring 3 ms",
    "Lake",
    "",
    "x",
    "🙂",
    "Label join / export",
    "\n\n",
    "a" * 500,
]

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.sampled_from(WORDS)
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
ids = st.sampled_from(["a", "b", "c", "d", "e", "f", 1, 2, None, True, "", [1], {"x": 1}])
nodes = st.fixed_dictionaries(
    {},
    optional={
        "id": ids,
        "label": st.one_of(st.sampled_from(WORDS), anything),
        "kind": anything,
        "parent": ids,
        "frame": ids,
        "latency_ms": scalars,
        "volume": scalars,
    },
)
edges = st.fixed_dictionaries(
    {}, optional={"id": ids, "source": ids, "target": ids, "label": anything, "heads": anything}
)
frames = st.fixed_dictionaries({}, optional={"id": ids, "label": anything, "parent": ids})
graphs = st.fixed_dictionaries(
    {},
    optional={
        "nodes": st.one_of(st.lists(st.one_of(nodes, anything), max_size=14), anything),
        "edges": st.one_of(st.lists(st.one_of(edges, anything), max_size=24), anything),
        "frames": st.one_of(st.lists(st.one_of(frames, anything), max_size=4), anything),
        "text": anything,
    },
)


@settings(max_examples=300, deadline=None)
@given(graphs)
def test_any_graph_can_be_read_and_scored(graph):
    diagram = read(graph)
    scores = score_criteria(diagram, CODES)
    assert set(scores) == set(CODES)
    known = {node.id for node in diagram.nodes}
    drawn = {(edge.source, edge.target) for edge in diagram.edges}
    for score in scores.values():
        assert 0 <= score.level <= 4
        assert bool(score.evidence) == (score.level > 0)
        for item in score.evidence:
            assert (
                item["element"] in known
                if item["kind"] == "node"
                else (item["source"], item["target"]) in drawn
            )
    for found in run_checks(diagram, CASE):
        assert found["passed"] in (True, False, None)
    meets({"path": ["ranker", "cache"]}, diagram)
    meets({"both_sides": "feature store", "attached": "monitoring"}, diagram)


@settings(max_examples=60, deadline=None)
@given(graphs)
def test_the_same_graph_gives_the_same_report(graph):
    first, second = read(graph), read(graph)
    assert score_criteria(first, CODES) == score_criteria(second, CODES)
    assert run_checks(first, CASE) == run_checks(second, CASE)


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_label_can_be_read(label):
    assert read({"nodes": [{"id": "a", "label": label}], "edges": []}).nodes[0].label == label


@pytest.mark.parametrize("graph", [None, [], "graph", 7, {}, {"nodes": None}, {"nodes": {}, "edges": 3}])
def test_what_is_no_graph_is_an_empty_board(graph):
    scores = score_criteria(read(graph), CODES)
    assert {score.level for score in scores.values()} == {0}


def test_arrows_that_lead_nowhere_are_left_out():
    graph = {
        "nodes": [{"id": "a", "label": "App"}, {"id": "b", "label": "Ranker"}, {"label": "no id"}],
        "edges": [
            {"source": "a", "target": "b"},
            {"source": "a", "target": "b"},
            {"source": "a", "target": "gone"},
            {"source": "a", "target": "a"},
            {"source": None},
        ],
    }
    diagram = read(graph)
    assert (len(diagram.nodes), len(diagram.arcs)) == (2, 1)


def test_frames_inside_each_other_end():
    graph = {
        "nodes": [{"id": "x", "label": "Ranker", "parent": "a"}, {"id": "y", "label": "App"}],
        "frames": [{"id": "a", "label": "A", "parent": "b"}, {"id": "b", "label": "B", "parent": "a"}],
        "edges": [{"source": "y", "target": "a"}],
    }
    assert score_criteria(read(graph), ["G09"])["G09"].level == 3


def test_a_list_of_words_is_not_a_design():
    words = [
        "Feature store",
        "Monitoring",
        "Cache",
        "Registry",
        "Candidate generation",
        "Click log",
        "Ranker",
        "Training",
        "App",
    ]
    board = read({"nodes": [{"id": str(i), "label": word} for i, word in enumerate(words)], "edges": []})
    assert sum(score.level for score in score_criteria(board, CODES).values()) <= 0.15 * 4 * len(CODES)


@pytest.mark.parametrize(
    "label", ["Feature store", "Kafka click events", "Ranker 500", "Training", "User", "Model registry"]
)
def test_five_thousand_boxes_take_a_moment(label):
    size = 5000
    graph = {
        "nodes": [{"id": i, "label": label} for i in range(size)],
        "edges": [{"source": i, "target": i + 1} for i in range(size - 1)]
        + [{"source": i, "target": i * 7 % size} for i in range(size)],
    }
    started = time.process_time()
    diagram = read(graph)
    score_criteria(diagram, CODES)
    run_checks(diagram, CASE)
    assert time.process_time() - started < 5


def test_an_ordinary_board_takes_five_milliseconds():
    words = [
        "App",
        "Gateway",
        "Feed API",
        "Retrieval",
        "Ranker",
        "Feature store",
        "Kafka",
        "Data lake",
        "Training",
        "Registry",
        "Monitoring",
        "Cache",
    ]
    graph = {
        "nodes": [{"id": i, "label": words[i % len(words)]} for i in range(30)],
        "edges": [{"source": i, "target": (i * 5 + 1) % 30} for i in range(30)],
    }
    score_criteria(read(graph), CODES)
    times = []
    for _ in range(20):
        started = time.process_time()
        score_criteria(read(graph), CODES)
        times.append(time.process_time() - started)
    assert min(times) < 0.005

"""Agreement of the graph criteria with labelled drawings, and what must not change it."""

import copy
import json
import random
from pathlib import Path

import pytest

from interviews.scoring.diagram import read, score_criteria

DATA = Path(__file__).parents[3] / "data" / "scoring"
CODES = [f"G{number:02d}" for number in range(1, 11)]
LABELS = json.loads((DATA / "labels" / "graph.json").read_text(encoding="utf-8"))
DRAWINGS = [
    json.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA / "diagrams").glob("*.json"))
]
# Our five levels on the three of the labels.
FOLDED = [0, 1, 1, 2, 2]
# Drawn backwards on purpose: turning its arrows round rightly improves it.
DRAWN_BACKWARDS = {"ow15"}
BUZZWORDS = [
    "Feature store",
    "Monitoring",
    "Redis cache",
    "Model registry",
    "Candidate generation",
    "Kafka",
    "Ranking model",
    "A/B testing",
]


def levels(graph) -> dict[str, int]:
    return {code: FOLDED[score.level] for code, score in score_criteria(read(graph), CODES).items()}


def total(graph) -> int:
    return sum(levels(graph).values())


def agreement(pairs: list[tuple[int, int]], most: int = 2) -> float:
    """Return the quadratic weighted kappa of label and level."""
    size, count = most + 1, len(pairs)
    rows = [sum(a == k for a, _ in pairs) for k in range(size)]
    columns = [sum(b == k for _, b in pairs) for k in range(size)]
    seen = sum((a - b) ** 2 for a, b in pairs)
    by_chance = sum((i - j) ** 2 * rows[i] * columns[j] / count for i in range(size) for j in range(size))
    return 1 - seen / by_chance


@pytest.mark.parametrize(("split", "floor"), [("dev", 0.92), ("tune", 0.92), ("test", 0.85)])
def test_levels_agree_with_the_labels(split, floor):
    pairs = []
    for graph in DRAWINGS:
        if graph["split"] == split:
            got = levels(graph)
            pairs += [(LABELS[graph["id"]][code], got[code]) for code in CODES]
    assert len(pairs) >= 80
    assert agreement(pairs) >= floor


@pytest.mark.parametrize(("folder", "floor"), [("dev", 0.92), ("test", 0.85)])
def test_levels_agree_with_the_labels_of_other_hands(folder, floor):
    labels = json.loads((DATA / folder / "labels" / "graph.json").read_text(encoding="utf-8"))
    pairs = []
    for path in sorted((DATA / folder / "diagrams").glob("*.json")):
        graph = json.loads(path.read_text(encoding="utf-8"))
        got = levels(graph)
        pairs += [(labels[graph["id"]][code], got[code]) for code in CODES]
    assert len(pairs) >= 150
    assert agreement(pairs) >= floor


def test_a_third_of_our_own_drawings_is_put_aside():
    own = [graph["split"] for graph in DRAWINGS if graph["split"] != "dev"]
    assert len(own) >= 16
    assert own.count("test") * 3 >= len(own)
    assert {graph["id"] for graph in DRAWINGS} == set(LABELS)


@pytest.mark.parametrize("graph", DRAWINGS, ids=lambda graph: graph["id"])
def test_ids_and_order_change_nothing(graph):
    draw = random.Random(7)
    new = {node["id"]: f"x{i}" for i, node in enumerate(draw.sample(graph["nodes"], len(graph["nodes"])))}
    other = copy.deepcopy(graph)
    for node in other["nodes"]:
        node["id"] = new[node["id"]]
        if node.get("parent"):
            node["parent"] = new[node["parent"]]
    other["edges"] = [
        dict(edge, source=new[edge["source"]], target=new[edge["target"]]) for edge in other["edges"]
    ]
    draw.shuffle(other["nodes"])
    draw.shuffle(other["edges"])
    assert [s.level for s in score_criteria(read(other), CODES).values()] == [
        s.level for s in score_criteria(read(graph), CODES).values()
    ]


@pytest.mark.parametrize("graph", DRAWINGS, ids=lambda graph: graph["id"])
def test_capital_letters_change_no_level(graph):
    other = dict(graph, nodes=[dict(node, label=node["label"].upper()) for node in graph["nodes"]])
    assert levels(other) == levels(graph)


@pytest.mark.parametrize("graph", DRAWINGS, ids=lambda graph: graph["id"])
def test_boxes_without_arrows_earn_little(graph):
    bare = total(dict(graph, edges=[]))
    assert bare <= total(graph)
    assert bare <= 0.4 * 2 * len(CODES)


@pytest.mark.parametrize(
    "graph",
    [graph for graph in DRAWINGS if graph["id"] not in DRAWN_BACKWARDS],
    ids=lambda graph: graph["id"],
)
def test_turning_every_arrow_round_never_helps(graph):
    edges = [dict(edge, source=edge["target"], target=edge["source"]) for edge in graph["edges"]]
    assert total(dict(graph, edges=edges)) <= total(graph)


@pytest.mark.parametrize("graph", DRAWINGS, ids=lambda graph: graph["id"])
def test_loose_boxes_with_fine_names_earn_little(graph):
    more = [{"id": f"buzz{i}", "label": word} for i, word in enumerate(BUZZWORDS)]
    assert total(dict(graph, nodes=graph["nodes"] + more)) <= total(graph) + 0.1 * 2 * len(CODES)

"""Graph rules of expectations: path, both sides, attached."""

from itertools import pairwise

import pytest

from interviews.scoring.diagram import meets, read


def drawn(words: str):
    """Return the board that words describe: "App > API; Cache" joins two boxes and leaves one loose."""
    nodes, edges = {}, []
    for chain in filter(None, (part.strip() for part in words.split(";"))):
        labels = [label.strip() for label in chain.split(">")]
        for label in labels:
            nodes.setdefault(label, {"id": label, "label": label})
        edges += [{"source": a, "target": b} for a, b in pairwise(labels)]
    return read({"nodes": list(nodes.values()), "edges": edges})


MET = [
    ({"path": ["retrieval | candidates", "ranker | ranking"]}, "App > Cand gen > LambdaMART"),
    ({"path": ["retrieval", "ranker"]}, "App > Retrieval + ranking"),
    ({"path": ["chargeback", "training | trainer"]}, "Chargeback feed > Label join > Weekly retraining"),
    ({"path": ["stream | kafka", "feature store"]}, "Kafka > Flink > FS"),
    ({"path": ["client", "model"]}, "Phone > API > XGBoost"),
    ({"path": ["ranker", "cache"]}, "API > Ranker > Memcached"),
    ({"both_sides": "feature store"}, "Online FS > Ranker; Online FS > Training"),
    ({"both_sides": "feature store"}, "Offline FS > Online FS > Ranker; Offline FS > Training"),
    ({"both_sides": "velocity"}, "Velocity store > Scorer; Velocity store > Training"),
    ({"attached": "monitoring | drift"}, "Ranker > Grafana"),
    ({"attached": "human review | analysts"}, "Policy > Moderation team"),
    ({"path": ["training", "registry"], "attached": "monitoring"}, "Training > MLflow > Ranker > Grafana"),
]
NOT_MET = [
    ({"path": ["retrieval", "ranker"]}, "Ranker > Retrieval"),
    ({"path": ["chargeback", "training"]}, "Click log > Training"),
    ({"path": ["client", "model"]}, "App > Log > Training > Registry > Model"),
    ({"path": ["retrieval", "ranker"]}, "Retrieval; Ranker"),
    ({"both_sides": "feature store"}, "FS > Ranker; Lake > Training"),
    ({"both_sides": "feature store"}, "FS; Ranker; Training"),
    ({"attached": "monitoring"}, "Monitoring > Ranker"),
    ({"attached": "monitoring"}, "App > Ranker"),
    ({"path": ["training", "registry"], "attached": "monitoring"}, "Training > MLflow > Ranker"),
    ({}, "App > Ranker"),
]


@pytest.mark.parametrize(("rule", "words"), MET)
def test_a_rule_is_met_and_cites_elements(rule, words):
    diagram = drawn(words)
    evidence = meets(rule, diagram)
    assert evidence
    ids = {node.id for node in diagram.nodes}
    for item in evidence:
        assert item["element"] in ids if item["kind"] == "node" else {item["source"], item["target"]} <= ids


@pytest.mark.parametrize(("rule", "words"), NOT_MET)
def test_a_rule_is_not_met(rule, words):
    assert meets(rule, drawn(words)) is None


def test_a_frame_of_that_name_stands_for_the_boxes_in_it():
    graph = {
        "nodes": [
            {"id": "g", "label": "Grey zone", "kind": "group"},
            {"id": "a", "label": "API"},
            {"id": "x", "label": "Deep net", "parent": "g"},
        ],
        "edges": [{"source": "a", "target": "g"}],
    }
    assert meets({"attached": "grey zone"}, read(graph))


@pytest.mark.parametrize(
    "rule",
    [
        None,
        [],
        {"path": "ranker"},
        {"path": ["ranker"]},
        {"path": [1, 2]},
        {"attached": None},
        {"near": "x"},
        {"both_sides": ""},
    ],
)
def test_an_odd_rule_is_not_met(rule):
    assert meets(rule, drawn("App > Ranker > Monitoring")) is None

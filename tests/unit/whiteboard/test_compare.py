"""Two designs side by side: each box and arrow of either is found exactly once, whatever they are."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whiteboard import layout
from whiteboard.compare import Comparison, Found, compare
from whiteboard.graph import KINDS, read_graph


def node(name: str, label: str = "", kind: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": name, "label": label or name.title(), "kind": kind, "parent": None, **more}


def edge(name: str, source: str, target: str, label: str = "", heads: str = "end") -> dict[str, Any]:
    return {"id": name, "source": source, "target": target, "label": label, "heads": heads}


def graph(nodes: list[Any], edges: list[Any] | None = None, text: list[Any] | None = None) -> dict[str, Any]:
    return {"nodes": nodes, "edges": edges or [], "frames": [], "text": text or []}


BEFORE = graph(
    [node("app", kind="client"), node("ranker", kind="model"), node("cache", kind="cache"), node("old")],
    [edge("1", "app", "ranker", "asks"), edge("2", "ranker", "cache"), edge("3", "old", "cache")],
    [{"id": "t", "text": "p99 under 150 ms"}],
)


def test_a_design_is_the_same_as_itself() -> None:
    found = compare(BEFORE, BEFORE)
    assert found.is_same
    assert len(found.nodes.kept) == 4
    assert len(found.edges.kept) == 3


def test_what_has_the_same_id_is_the_same_thing_under_another_name() -> None:
    after = graph([node("app"), node("ranker", "Second  Stage", "model")])
    found = compare(graph([node("app"), node("ranker", kind="model")]), after)
    assert [(one.before["label"], one.after["label"]) for one in found.nodes.renamed] == [
        ("Ranker", "Second  Stage")
    ]


def test_what_was_drawn_again_is_found_by_label_and_kind_then_by_label() -> None:
    before = graph([node("a", "Cache", "cache"), node("b", "Cache", "store"), node("c", "Index", "index")])
    after = graph([node("z", "CACHE ", "store"), node("y", "cache", "cache"), node("x", "Index", "store")])
    found = compare(before, after).nodes
    assert {(one.before["id"], one.after["id"]) for one in found.kept} == {("a", "y"), ("b", "z")}
    assert [(one.before["id"], one.after["id"], one.differs) for one in found.changed] == [
        ("c", "x", ("kind",))
    ]


def test_a_group_is_not_taken_for_a_box_of_the_same_name() -> None:
    found = compare(graph([node("a", "Online", "group")]), graph([node("b", "Online", "service")])).nodes
    assert (len(found.added), len(found.removed)) == (1, 1)


def test_an_arrow_that_goes_elsewhere_is_rewired() -> None:
    after = graph(BEFORE["nodes"], [edge("1", "app", "cache", "asks"), *BEFORE["edges"][1:]])
    [pair] = compare(BEFORE, after).edges.rewired
    assert (pair.before["target"], pair.after["target"], pair.differs) == ("ranker", "cache", ("ends",))


def test_an_arrow_turned_round_or_drawn_again_the_other_way_is_rewired() -> None:
    for name in ("1", "drawn again"):
        after = graph(BEFORE["nodes"], [edge(name, "ranker", "app", "asks"), *BEFORE["edges"][1:]])
        found = compare(BEFORE, after).edges
        assert [(one.before["id"], one.after["id"]) for one in found.rewired] == [("1", name)]
        assert not found.added


def test_arrows_of_a_box_that_went_go_with_it() -> None:
    after = graph(BEFORE["nodes"][:3], BEFORE["edges"][:2])
    found = compare(BEFORE, after)
    assert [one["id"] for one in found.nodes.removed] == ["old"]
    assert [one["id"] for one in found.edges.removed] == ["3"]
    assert found.edges.is_same is False


def test_an_arrow_drawn_again_between_the_same_boxes_is_the_same_arrow() -> None:
    after = graph(BEFORE["nodes"], [edge("9", "app", "ranker", "calls"), *BEFORE["edges"][1:]])
    [pair] = compare(BEFORE, after).edges.renamed
    assert (pair.before["id"], pair.after["id"]) == ("1", "9")


def test_figures_and_the_group_a_box_stands_in_are_part_of_the_design() -> None:
    before = graph([node("g", kind="group"), node("a", latency_ms=20), node("b", volume="1k/s")])
    after = graph([node("g", kind="group"), node("a", latency_ms=40), node("b", parent="g")])
    found = compare(before, after).nodes
    assert [(one.after["id"], one.differs) for one in found.changed] == [
        ("a", ("latency_ms",)),
        ("b", ("volume", "parent")),
    ]


def test_boxes_are_not_called_changed_for_a_group_that_is_new_or_gone() -> None:
    inside, outside = graph([node("g", kind="group"), node("a", parent="g")]), graph([node("a")])
    assert not compare(inside, outside).nodes.changed
    assert not compare(outside, inside).nodes.changed


def test_loose_text_is_compared_by_id_then_by_what_it_says() -> None:
    after = graph(BEFORE["nodes"], BEFORE["edges"], [{"id": "t", "text": "p99 under 90 ms"}])
    [pair] = compare(BEFORE, after).text.renamed
    assert pair.after["text"] == "p99 under 90 ms"
    again = graph(BEFORE["nodes"], BEFORE["edges"], [{"id": "u", "text": "P99 under 150 ms"}])
    assert compare(BEFORE, again).is_same


def test_a_candidates_board_is_held_against_a_reference_with_ids_of_its_own() -> None:
    design = {
        "groups": [{"id": "on", "label": "Online"}],
        "nodes": [
            {"id": "a", "label": "App", "kind": "client", "at": [0, 0]},
            {"id": "b", "label": "Ranker", "kind": "model", "at": [2, 0], "group": "on"},
        ],
        "edges": [{"from": "a", "to": "b"}],
    }
    renamed = {
        "groups": [{"id": "p", "label": "Online"}],
        "nodes": [
            {"id": "q", "label": "app", "kind": "client", "at": [0, 3]},
            {"id": "r", "label": "Ranker", "kind": "model", "at": [4, 3], "group": "p"},
        ],
        "edges": [{"from": "q", "to": "r"}],
    }
    graphs = [read_graph(layout.elements_of(one)) for one in (design, renamed)]
    assert compare(*graphs).is_same


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"nodes": None, "edges": 7, "text": "x"},
        {"nodes": [1, {}, {"id": [], "label": 3, "kind": {}, "parent": []}], "edges": [{}, {"source": {}}]},
        {"nodes": [node("a"), node("a")], "edges": [edge("1", "a", "nowhere"), edge("1", "a", "a")]},
    ],
)
def test_any_graph_can_be_compared_with_any(nonsense: dict[str, Any]) -> None:
    for one, other in ((nonsense, BEFORE), (BEFORE, nonsense), (nonsense, nonsense)):
        found = compare(one, other)
        whole(one, other, found)
        assert found.to_json()


NAMES = st.sampled_from([f"n{number}" for number in range(8)])
LABELS = st.sampled_from(["", "Ranker", "Cache", "Feature store", "cache"])
NODES = st.builds(
    lambda name, label, kind, parent: {"id": name, "label": label, "kind": kind, "parent": parent},
    NAMES,
    LABELS,
    st.sampled_from([None, "group", *sorted(KINDS)[:3]]),
    st.none() | NAMES,
)
EDGES = st.builds(
    edge,
    st.sampled_from("12345"),
    NAMES,
    NAMES,
    st.sampled_from(["", "asks"]),
    st.sampled_from(["end", "both"]),
)
GRAPHS = st.builds(
    graph,
    st.lists(NODES, max_size=8, unique_by=lambda one: one["id"]),
    st.lists(EDGES, max_size=8, unique_by=lambda one: one["id"]),
)


def whole(before: dict[str, Any], after: dict[str, Any], found: Comparison) -> None:
    """Each thing of either side stands in exactly one list."""
    for name in ("nodes", "edges"):
        one: Found = getattr(found, name)
        pairs = [*one.kept, *one.changed, *one.renamed, *one.rewired]
        for graph_, single, side in ((before, one.removed, "before"), (after, one.added, "after")):
            there = (
                [id(thing) for thing in graph_.get(name) or [] if isinstance(thing, dict)]
                if isinstance(graph_.get(name), list)
                else []
            )
            listed = [id(getattr(pair, side)) for pair in pairs] + [id(thing) for thing in single]
            assert sorted(listed) == sorted(there)


@settings(max_examples=200)
@given(GRAPHS, GRAPHS)
def test_every_box_and_arrow_stands_in_one_list_and_backwards_in_its_mirror(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    found, back = compare(before, after), compare(after, before)
    whole(before, after, found)
    assert len(found.nodes.added) == len(back.nodes.removed)
    assert len(found.nodes.kept) == len(back.nodes.kept)
    assert found.is_same == back.is_same


@settings(max_examples=100)
@given(GRAPHS)
def test_a_graph_is_the_same_as_its_copy(one: dict[str, Any]) -> None:
    copied = graph([dict(node) for node in one["nodes"]], [dict(edge) for edge in one["edges"]])
    dangling = {edge["id"] for edge in one["edges"]} - {
        edge["id"]
        for edge in one["edges"]
        if {edge["source"], edge["target"]} <= {node["id"] for node in one["nodes"]}
    }
    found = compare(one, copied)
    assert found.nodes.is_same
    assert {pair.after["id"] for pair in found.edges.rewired} <= dangling


@settings(max_examples=100)
@given(st.lists(st.sampled_from([f"Part {n}" for n in range(12)]), unique=True, max_size=8), st.data())
def test_a_design_drawn_again_with_other_ids_is_the_same(labels: list[str], data: st.DataObject) -> None:
    ends = [(a, b) for a in range(len(labels)) for b in range(len(labels)) if a != b]
    arrows = data.draw(st.lists(st.sampled_from(ends), unique=True, max_size=6)) if ends else []

    def drawn(prefix: str) -> dict[str, Any]:
        return graph(
            [node(f"{prefix}{place}", label) for place, label in enumerate(labels)],
            [edge(f"{prefix}{a}-{b}", f"{prefix}{a}", f"{prefix}{b}") for a, b in arrows],
        )

    assert compare(drawn("x"), drawn("y")).is_same

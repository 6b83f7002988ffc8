"""What is lit on the board, and what the list beside it says."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.whiteboard.test_compare import GRAPHS, edge, graph, node
from whiteboard.changes import lines, marks
from whiteboard.compare import compare


def box(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "type": "rectangle",
        "x": 0.0,
        "y": 0.0,
        "width": 100,
        "height": 60,
        "angle": 0,
        **more,
    }


def label(holder: str, words: str, **more: Any) -> dict[str, Any]:
    return {**box(f"{holder}-t"), "type": "text", "text": words, "containerId": holder, **more}


def arrow(name: str, to: str | None, **more: Any) -> dict[str, Any]:
    ends = {"startBinding": to and {"elementId": "a", "focus": 0}, "endBinding": to and {"elementId": to}}
    return {**box(name), "type": "arrow", "points": [[0, 0], [50, 0]], **ends, **more}


def said(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line.mark, line.text) for line in lines(compare(before, after))]


def test_elements_are_lit_by_how_they_look() -> None:
    before = [box("a"), box("b"), box("c"), box("d"), box("e")]
    after = [
        box("a", index="a9", seed=7, boundElements=[{"id": "x", "type": "arrow"}], x=0.2),
        box("b", x=40.0),
        box("c", strokeColor="#e03131"),
        box("e", width=180),
        box("f"),
    ]
    assert marks(before, after).to_json() == {
        "added": ["f"],
        "changed": ["c", "e"],
        "moved": ["b"],
        "removed": ["d"],
    }


def test_a_label_belongs_to_its_box() -> None:
    before = [box("a"), label("a", "Ranker"), box("b"), label("b", "Cache"), box("c"), label("c", "Index")]
    after = [
        box("a"), label("a", "Second ranker", width=160), box("b", x=9.0), label("b", "Cache", x=9.0),
        box("d"), label("d", "New"),
    ]  # fmt: skip
    found = marks(before, after)
    assert (found.added, found.changed, found.moved, found.removed) == (("d",), ("a",), ("b",), ("c",))


def test_an_arrow_that_follows_its_boxes_is_as_it_was_and_one_bound_elsewhere_has_changed() -> None:
    before = [arrow("1", "a"), arrow("2", "a"), arrow("3", None), arrow("4", None)]
    longer = {"points": [[0, 0], [90, 10]], "width": 90}
    after = [arrow("1", "a", **longer), arrow("2", "b", **longer), arrow("3", None, **longer)]
    found = marks(before, [*after, arrow("4", None, x=30.0)])
    assert (found.changed, found.moved) == (("2", "3"), ("4",))


def test_boxes_are_spoken_of_by_name() -> None:
    before = graph(
        [
            node("a", "App", "client"), node("b", "Ranker", "model", latency_ms=20),
            node("c", "Cache", "cache"), node("d", "Index"), node("g", "Online", "group"),
        ]
    )  # fmt: skip
    after = graph(
        [
            node("a", "Phone", "client"), node("b", "Ranker", "service", latency_ms=40, volume="1k/s"),
            node("e", "Feature store", "store"), node("d", "Index", parent="g"), node("g", "Online", "group"),
            node("h", "Offline", "group"), {"id": "i", "label": "", "kind": None},
        ]
    )  # fmt: skip
    assert said(before, after) == [
        ("added", "Added “Feature store” (store)."),
        ("added", "Added the group “Offline”."),
        ("added", "Added a box without a name."),
        ("removed", "Removed “Cache” (cache)."),
        ("changed", "“App” is now called “Phone”."),
        ("changed", "“Ranker” is a service; it was a model."),
        ("changed", "“Ranker” takes 40 ms; it was 20 ms."),
        ("changed", "“Ranker” handles 1k/s."),
        ("changed", "“Index” is now in “Online”."),
    ]
    assert ("changed", "“Index” is out of “Online”.") in said(after, before)
    assert ("changed", "“Ranker” no longer says a volume; it said 1k/s.") in said(after, before)
    assert all(line.elements for line in lines(compare(before, after)))


def test_arrows_are_spoken_of_by_what_they_join() -> None:
    nodes = [node("a", "App"), node("b", "Ranker"), node("c", "Cache")]
    before = graph(nodes, [edge("1", "a", "b", "asks"), edge("2", "b", "c"), edge("3", "a", "c")])
    after = graph(
        nodes, [edge("1", "a", "c", "reads"), edge("2", "b", "c", heads="both"), edge("4", "c", "b")]
    )
    assert said(before, after) == [
        ("added", "Added an arrow from “Cache” to “Ranker”."),
        ("removed", "Removed an arrow from “App” to “Cache”."),
        ("changed", "The arrow from “App” to “Ranker” now goes from “App” to “Cache”."),
        ("changed", "The arrow from “App” to “Cache” now says “reads”."),
        ("changed", "The arrow from “Ranker” to “Cache” now points both ways."),
    ]


def test_loose_text_is_quoted_and_cut() -> None:
    before = graph([], text=[{"id": "t", "text": "p99 150 ms"}, {"id": "u", "text": "gone"}])
    after = graph([], text=[{"id": "t", "text": "p99 90 ms"}, {"id": "v", "text": "long " * 40}])
    assert said(before, after) == [
        ("added", f"Added the text “{('long ' * 40)[:59].rstrip()}…”."),
        ("removed", "Removed the text “gone”."),
        ("changed", "The text “p99 150 ms” now says “p99 90 ms”."),
    ]


@settings(max_examples=100)
@given(GRAPHS, GRAPHS)
def test_there_is_something_to_say_exactly_when_something_differs(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = compare(before, after)
    assert bool(lines(found)) == (not found.is_same)


@settings(max_examples=100)
@given(st.lists(st.sampled_from("abcdef"), unique=True), st.lists(st.sampled_from("abcdef"), unique=True))
def test_what_is_there_on_one_side_only_is_added_or_removed(before: list[str], after: list[str]) -> None:
    found = marks(map(box, before), map(box, after))
    assert set(found.added) == set(after) - set(before)
    assert set(found.removed) == set(before) - set(after)
    assert not found.changed
    assert not found.moved


def test_a_picture_is_called_one() -> None:
    picture = {"id": "p", "label": "", "kind": None, "parent": None, "shape": "image"}
    named = {**picture, "label": "Sketch"}
    assert said(graph([picture]), graph([])) == [("removed", "Removed a picture without a name.")]
    assert said(graph([picture]), graph([named])) == [
        ("changed", "A picture without a name is now called “Sketch”.")
    ]

"""Groups in groups, frames in frames, and boards that nobody would draw."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whiteboard.graph import latency_in, read_graph


def box(name: str, x: float, y: float, label: str = "", **more: Any) -> list[dict[str, Any]]:
    found = {"id": name, "type": "rectangle", "x": x, "y": y, "width": 100, "height": 60, **more}
    return [found, text(f"{name}-t", x + 5, y + 5, label, containerId=name)] if label else [found]


def text(name: str, x: float, y: float, words: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "text", "x": x, "y": y, "width": 50, "height": 20, "text": words, **more}


def frame(name: str, x: float, y: float, width: float, height: float, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "type": "frame",
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "name": name,
        **more,
    }


def arrow(name: str, start: str | None, end: str | None, **more: Any) -> dict[str, Any]:
    ends = {
        key: {"elementId": of, "focus": 0, "gap": 1}
        for key, of in (("startBinding", start), ("endBinding", end))
        if of
    }
    points = [[0, 0], [50, 0]]
    return (
        {"id": name, "type": "arrow", "x": -900, "y": -900, "width": 50, "height": 0, "points": points}
        | ends
        | more
    )


def parents(elements: list[Any]) -> dict[str, str | None]:
    return {node["id"]: node["parent"] for node in read_graph(elements)["nodes"]}


def test_groups_in_a_group_stand_in_it() -> None:
    elements = [
        *box("a", 0, 0, "A", groupIds=["inner", "outer"]),
        *box("b", 200, 0, "B", groupIds=["inner", "outer"]),
        *box("c", 500, 0, "C", groupIds=["outer"]),
        text("t", 0, -40, "Offline", groupIds=["inner", "outer"]),
    ]
    assert parents(elements) == {"a": "inner", "b": "inner", "c": "outer", "inner": "outer", "outer": None}
    labels = {node["id"]: node["label"] for node in read_graph(elements)["nodes"]}
    assert (labels["inner"], labels["outer"]) == ("Offline", "")  # a title is the title of one


def test_a_group_in_a_frame_stands_in_it() -> None:
    grouped = {"groupIds": ["g"], "frameId": "f"}
    elements = [
        frame("f", -50, -50, 900, 300),
        *box("a", 0, 0, "A", **grouped),
        *box("b", 200, 0, "B", **grouped),
    ]
    assert parents(elements) == {"f": None, "a": "g", "b": "g", "g": "f"}
    assert {node["id"]: node["frame"] for node in read_graph(elements)["nodes"]}["g"] == "f"


def test_a_frame_in_a_frame_stands_in_it() -> None:
    elements = [
        frame("outer", 0, 0, 900, 500),
        frame("inner", 100, 100, 300, 200),
        frame("beside", 800, 100, 300, 200),
        *box("a", 150, 150, "A", frameId="inner"),
    ]
    graph = read_graph(elements)
    assert {one["id"]: one.get("parent") for one in graph["frames"]} == {
        "outer": None,
        "inner": "outer",
        "beside": None,
    }
    assert parents(elements) == {"outer": None, "inner": "outer", "a": "inner"}


def test_a_note_grouped_with_a_box_is_a_note_and_not_lost() -> None:
    elements = [*box("a", 0, 0, "Ranker", groupIds=["g"]), text("n", 0, 90, "p99 100 ms", groupIds=["g"])]
    graph = read_graph(elements)
    assert [node["label"] for node in graph["nodes"]] == ["Ranker"]
    assert graph["text"] == [{"id": "n", "text": "p99 100 ms"}]


@pytest.mark.parametrize("bound_to", ["a", "a-t", "lid", "lying"])
def test_an_arrow_on_a_label_or_on_a_piece_of_a_picture_means_the_part(bound_to: str) -> None:
    elements = [
        *box("a", 0, 0, "Orders", groupIds=["g"], customData={"kind": "store"}),
        *box("lid", 0, -20, groupIds=["g"]),
        *box("b", 400, 0),
        text("lying", 410, 10, "Cache"),
        arrow("e", bound_to, "b" if bound_to != "lying" else "a"),
    ]
    [edge] = read_graph(elements)["edges"]
    assert {edge["source"], edge["target"]} == {"a", "b"}


def test_a_group_named_twice_counts_once() -> None:
    pieces = [*box("a", 0, 0, groupIds=["g", "g"]), *box("b", 0, 20, groupIds=["g", "g"])]
    assert len(read_graph(pieces)["nodes"]) == 1


def test_words_written_a_thousand_times_on_one_box_stay_a_label() -> None:
    labels = [text(f"t{n}", 0, 0, "word " * 50, containerId="a") for n in range(1_000)]
    [node] = read_graph([*box("a", 0, 0), *labels])["nodes"]
    assert len(node["label"]) <= 500


@pytest.mark.parametrize(("said", "ms"), [("250 μs", 0.25), ("250 µs", 0.25), ("3 ſ", None), ("٣ ms", None)])
def test_letters_that_look_like_a_unit_break_nothing(said: str, ms: float | None) -> None:
    assert latency_in(said) == ms
    assert read_graph(box("a", 0, 0, said))["nodes"][0].get("latency_ms") == ms


def test_a_name_from_a_mermaid_text_is_told_if_it_is_one() -> None:
    named = [
        *box("a", 0, 0, customData={"mermaidId": "rk"}),
        *box("b", 200, 0, customData={"mermaidId": "a b"}),
    ]
    assert [node.get("mermaid_id") for node in read_graph(named)["nodes"]] == ["rk", None]


GROUPS = st.lists(st.sampled_from(["g", "h", "k", "a", "f"]), max_size=4)
WORDS = st.sampled_from(["", "App", "Store 5 ms", "250 μs", "\x00", "\ud800", "x" * 3_000, "ſ"])
PLACE = st.floats(-1e7, 1e7) | st.integers(-300, 300) | st.sampled_from([0, -0.0, 0.125])
IDS = st.sampled_from(["a", "b", "c", "f", "g", "h", ""])
DATA = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["store", "god"]) | st.integers(),
        "latencyMs": st.floats() | st.booleans() | WORDS,
        "volume": WORDS | st.integers(),
        "mermaidId": WORDS | IDS | st.none(),
    },
)
BINDING = st.none() | WORDS | st.fixed_dictionaries({"elementId": IDS | st.integers() | st.none()})
POINTS = st.lists(st.lists(PLACE | WORDS, max_size=3), max_size=4) | WORDS
BOARD = st.lists(
    st.fixed_dictionaries(
        {
            "id": IDS,
            "type": st.sampled_from(
                ["rectangle", "diamond", "ellipse", "image", "frame", "text", "arrow", "line", "freedraw"]
            ),
            "x": PLACE,
            "y": PLACE,
            "width": PLACE,
            "height": PLACE,
        },
        optional={
            "groupIds": GROUPS | WORDS,
            "frameId": IDS,
            "containerId": IDS,
            "text": WORDS | st.integers(),
            "name": WORDS | st.none(),
            "angle": st.floats(),
            "points": POINTS,
            "startBinding": BINDING,
            "endBinding": BINDING,
            "startArrowhead": WORDS | st.lists(IDS),
            "endArrowhead": WORDS | st.none(),
            "customData": DATA | WORDS,
            "isDeleted": st.booleans() | st.none(),
        },
    ),
    max_size=14,
)


@settings(max_examples=150, deadline=None)
@given(BOARD)
def test_whatever_is_on_the_board_the_graph_hangs_together(elements: list[Any]) -> None:
    graph = read_graph(elements)
    assert graph == read_graph(elements)
    nodes = {node["id"]: node for node in graph["nodes"]}
    assert len(nodes) == len(graph["nodes"])
    known = nodes.keys() | {one["id"] for one in graph["frames"]}
    for edge in graph["edges"]:
        assert {edge["source"], edge["target"]} <= known
    for node in nodes.values():
        assert node["parent"] in known | {None}
        way, at = set(), node["id"]
        while at is not None and at not in way:
            way.add(at)
            at = nodes[at]["parent"] if at in nodes else None
        assert at is None, "something stands in itself"


def a_board_of_1_000() -> list[dict[str, Any]]:
    elements: list[dict[str, Any]] = []
    for n in range(250):
        x, y = (n % 20) * 180.0, (n // 20) * 140.0
        elements += box(f"b{n}", x, y, f"Service {n} 12 ms", customData={"kind": "service"})
        is_bound = n % 2 == 0
        end = (n * 7 + 3) % 250
        dx, dy = (end % 20) * 180.0 - x, (end // 20) * 140.0 - y
        points = {"x": x + 50, "y": y + 30, "width": dx, "height": dy, "points": [[0, 0], [dx, dy]]}
        elements.append(
            arrow(f"e{n}", f"b{n}" if is_bound else None, f"b{end}" if is_bound else None, **points)
        )
        elements.append(text(f"e{n}-t", x, y, "asks", containerId=f"e{n}"))
    return elements


def test_a_board_of_a_thousand_elements_is_read_in_no_time() -> None:
    # About 6 ms on a machine of 2026, where 20 are allowed; the bound here only catches another order.
    board = a_board_of_1_000()
    assert len(board) == 1_000
    started = time.process_time()
    for _ in range(5):
        assert len(read_graph(board)["edges"]) == 250
    assert time.process_time() - started < 2

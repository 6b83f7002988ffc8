import math
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whiteboard.graph import latency_in, read_graph


def box(name: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "rectangle", "x": x, "y": y, "width": 100, "height": 60, **more}


def label(holder: str, words: str) -> dict[str, Any]:
    return {
        "id": f"{holder}-t",
        "type": "text",
        "x": 0,
        "y": 0,
        "width": 9,
        "height": 9,
        "text": words,
        "containerId": holder,
    }


def arrow(name: str, start: tuple[float, float], end: tuple[float, float], **more: Any) -> dict[str, Any]:
    (x, y), (to_x, to_y) = start, end
    points = [[0, 0], [to_x - x, to_y - y]]
    return {
        "id": name,
        "type": "arrow",
        "x": x,
        "y": y,
        "width": to_x - x,
        "height": to_y - y,
        "points": points,
        **more,
    }


def bound(start: str | None, end: str | None) -> dict[str, Any]:
    return {
        "startBinding": start and {"elementId": start, "focus": 0, "gap": 1},
        "endBinding": end and {"elementId": end, "focus": 0, "gap": 1},
    }


TWO = [box("a", 0, 0), box("b", 300, 0), label("a", "App"), label("b", "Ranker\n12 ms")]


def pairs(elements: list[Any]) -> list[tuple[str, str]]:
    return [(edge["source"], edge["target"]) for edge in read_graph(elements)["edges"]]


def node(elements: list[Any], name: str) -> dict[str, Any]:
    return next(node for node in read_graph(elements)["nodes"] if node["id"] == name)


def test_boxes_with_their_labels_are_nodes() -> None:
    assert [(one["id"], one["label"], one["shape"]) for one in read_graph(TWO)["nodes"]] == [
        ("a", "App", "rectangle"),
        ("b", "Ranker 12 ms", "rectangle"),
    ]


def test_bound_arrows_are_edges_with_their_label() -> None:
    graph = read_graph([*TWO, arrow("e", (100, 30), (300, 30), **bound("a", "b")), label("e", "asks")])
    assert graph["edges"] == [{"id": "e", "source": "a", "target": "b", "label": "asks", "heads": "end"}]


@pytest.mark.parametrize(
    ("start", "end"),
    [((101, 30), (299, 30)), ((120, 30), (275, 30)), ((50, 30), (350, 30)), ((99, 59), (310, 1))],
    ids=["touching", "short of it", "inside", "corners"],
)
def test_loose_ends_belong_to_the_box_they_touch_or_lie_in(start: Any, end: Any) -> None:
    assert pairs([*TWO, arrow("e", start, end)]) == [("a", "b")]


def test_an_end_far_from_everything_makes_no_edge() -> None:
    assert pairs([*TWO, arrow("e", (100, 30), (220, 200))]) == []


@pytest.mark.parametrize(
    ("heads", "source", "said"),
    [
        ({"startArrowhead": None, "endArrowhead": "arrow"}, "a", "end"),
        ({"startArrowhead": "arrow", "endArrowhead": None}, "b", "end"),
        ({"startArrowhead": "arrow", "endArrowhead": "dot"}, "a", "both"),
        ({"startArrowhead": None, "endArrowhead": None}, "a", "none"),
        ({}, "a", "end"),
    ],
)
def test_an_arrow_points_where_its_head_is(heads: Any, source: str, said: str) -> None:
    [edge] = read_graph([*TWO, arrow("e", (100, 30), (300, 30), **bound("a", "b"), **heads)])["edges"]
    assert (edge["source"], edge["heads"]) == (source, said)


def test_frames_are_groups_and_hold_what_is_in_them() -> None:
    frame = {"id": "f", "type": "frame", "x": -50, "y": -50, "width": 600, "height": 200, "name": "Online"}
    elements = [box("a", 0, 0, frameId="f"), box("b", 300, 0, frameId="f"), box("c", 900, 0), frame]
    graph = read_graph(elements)
    assert graph["frames"] == [{"id": "f", "label": "Online"}]
    assert node(elements, "f")["kind"] == "group"
    assert [(one["id"], one["parent"], one["frame"]) for one in graph["nodes"][1:]] == [
        ("a", "f", "f"),
        ("b", "f", "f"),
        ("c", None, None),
    ]


def test_a_box_around_boxes_is_their_parent_and_not_what_loose_arrows_mean() -> None:
    around = {**box("zone", -50, -50), "width": 600, "height": 200}
    elements = [
        around,
        *TWO,
        arrow("e", (100, 30), (300, 30)),
        box("far", 900, 0),
        arrow("g", (560, 20), (890, 20)),
    ]
    assert node(elements, "a")["parent"] == "zone"
    assert node(elements, "far")["parent"] is None
    assert pairs(elements) == [("a", "b"), ("zone", "far")]


def test_parts_grouped_with_a_title_are_a_group() -> None:
    grouped = [{**one, "groupIds": ["g"]} if one["type"] == "rectangle" else one for one in TWO]
    title = {
        "id": "t",
        "type": "text",
        "x": 0,
        "y": -40,
        "width": 50,
        "height": 20,
        "text": "Serving",
        "groupIds": ["g"],
    }
    elements = [*grouped, title]
    assert node(elements, "g")["label"] == "Serving"
    assert node(elements, "a")["parent"] == "g"
    assert read_graph(elements)["text"] == []


def test_shapes_grouped_into_a_picture_are_one_part() -> None:
    picture = [
        {**box("top", 0, 0, groupIds=["g"]), "type": "ellipse", "height": 20},
        box("body", 0, 10, groupIds=["g"], customData={"kind": "store"}),
        {
            "id": "t",
            "type": "text",
            "x": 10,
            "y": 80,
            "width": 60,
            "height": 20,
            "text": "Orders",
            "groupIds": ["g"],
        },
    ]
    elements = [*picture, box("b", 300, 0), arrow("e", (50, 0), (300, 20), **bound("top", "b"))]
    graph = read_graph(elements)
    assert [(one["id"], one["label"], one["kind"]) for one in graph["nodes"]] == [
        ("body", "Orders", "store"),
        ("b", "", None),
    ]
    assert pairs(elements) == [("body", "b")]


def test_text_lying_in_an_empty_box_is_its_label_and_other_text_is_free() -> None:
    inside = {"id": "in", "type": "text", "x": 10, "y": 10, "width": 50, "height": 20, "text": "Cache"}
    outside = {
        "id": "out",
        "type": "text",
        "x": 10,
        "y": 400,
        "width": 50,
        "height": 20,
        "text": "p99  under\n100 ms",
    }
    graph = read_graph([box("a", 0, 0), inside, outside])
    assert graph["nodes"][0]["label"] == "Cache"
    assert graph["text"] == [{"id": "out", "text": "p99 under 100 ms"}]


def test_text_with_arrows_is_a_node() -> None:
    user = {"id": "u", "type": "text", "x": -200, "y": 20, "width": 50, "height": 20, "text": "Users"}
    elements = [*TWO, user, arrow("e", (-150, 30), (0, 30), **bound("u", "a"))]
    assert node(elements, "u")["shape"] == "text"
    assert pairs(elements) == [("u", "a")]


def test_custom_data_says_kind_latency_and_volume() -> None:
    told = box("a", 0, 0, customData={"kind": "model", "latencyMs": 40, "volume": " 4,000/s "})
    assert node([told], "a") | {"x": 0} == {
        "id": "a",
        "label": "",
        "kind": "model",
        "shape": "rectangle",
        "frame": None,
        "parent": None,
        "x": 0,
        "y": 0,
        "latency_ms": 40,
        "volume": "4,000/s",
    }
    assert "latency_ms" not in node([box("a", 0, 0, customData={"kind": "god", "latencyMs": math.nan})], "a")
    assert node([box("a", 0, 0, customData={"kind": "god"})], "a")["kind"] is None


@pytest.mark.parametrize(
    ("words", "ms"),
    [
        ("Ranker 12 ms", 12),
        ("ANN ≤ 8ms", 8),
        ("takes 1.5 s", 1500),
        ("250µs", 0.25),
        ("p99: 99,5 ms", 99.5),
        ("5 models", None),
        ("v12ms3", None),
        ("", None),
    ],
)
def test_a_latency_in_a_label_is_read(words: str, ms: float | None) -> None:
    assert latency_in(words) == ms


def test_deleted_things_are_not_there() -> None:
    gone = [{**one, "isDeleted": True} for one in TWO]
    assert read_graph([*gone, arrow("e", (100, 30), (300, 30), **bound("a", "b"))]) == {
        "nodes": [],
        "edges": [],
        "frames": [],
        "text": [],
    }


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["a", "b", "f"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [
    "id",
    "type",
    "x",
    "y",
    "width",
    "height",
    "angle",
    "points",
    "text",
    "containerId",
    "startBinding",
    "endBinding",
    "groupIds",
    "frameId",
    "customData",
    "name",
    "isDeleted",
    "startArrowhead",
    "endArrowhead",
    "polygon",
]
SOUND = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["a", "b", "c", "f", "g"]),
        "type": st.sampled_from(
            ["rectangle", "arrow", "text", "frame", "line", "freedraw", "image", "iframe"]
        ),
        **{name: st.floats(-1e7, 1e7) | st.integers(-500, 500) for name in ("x", "y", "width", "height")},
    },
    optional=dict.fromkeys(FIELDS[6:], JUNK),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(SOUND | st.dictionaries(st.sampled_from(FIELDS), JUNK) | JUNK, max_size=12))
def test_any_board_gives_a_graph_that_hangs_together(elements: list[Any]) -> None:
    graph = read_graph(elements)
    names = {one["id"] for one in graph["nodes"]} | {frame["id"] for frame in graph["frames"]}
    for edge in graph["edges"]:
        assert {edge["source"], edge["target"]} <= names
        assert edge["heads"] in ("end", "both", "none")
    assert all(one["parent"] in names | {None} for one in graph["nodes"])


def test_a_full_board_is_read_in_a_moment() -> None:
    boxes = [box(f"b{n}", (n % 60) * 150, (n // 60) * 100) for n in range(2500)]
    arrows = [
        arrow(
            f"e{n}",
            ((n % 60) * 150 + 100, (n // 60) * 100 + 30),
            ((n % 60) * 150 + 150, (n // 60) * 100 + 30),
        )
        for n in range(2400)
    ]
    started = time.process_time()
    assert len(read_graph([*boxes, *arrows])["edges"]) > 2000
    read_graph([box(f"b{n}", 0, 0) for n in range(5000)])
    assert time.process_time() - started < 4

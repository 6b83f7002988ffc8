"""A design given as a table becomes elements, and elements become a picture."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.whiteboard.test_graph import FIELDS, JUNK, SOUND
from whiteboard import drawing, layout
from whiteboard.gate_rules import check_element
from whiteboard.graph import read_graph
from whiteboard.scene import element_of, fields_by_id

DESIGN = {
    "groups": [{"id": "online", "label": "Online"}],
    "nodes": [
        {"id": "app", "label": "Shopping app", "kind": "client", "at": [0, 0]},
        {
            "id": "api",
            "label": "Gateway",
            "kind": "service",
            "at": [1, 0],
            "group": "online",
            "latency_ms": 20,
        },
        {"id": "mid", "label": "In the way", "kind": "cache", "at": [2, 0], "group": "online"},
        {
            "id": "rank",
            "label": "Ranker",
            "kind": "model",
            "at": [3, 0],
            "group": "online",
            "volume": "4,000/s",
        },
        {"id": "log", "label": "Event log", "kind": "store", "at": [1, 2]},
    ],
    "edges": [
        {"from": "app", "to": "api", "label": "asks & waits"},
        {"from": "api", "to": "rank"},
        {"from": "rank", "to": "log"},
        {"from": "app", "to": "log"},
    ],
}


def test_a_design_reads_back_as_the_graph_it_was() -> None:
    graph = read_graph(layout.elements_of(DESIGN))
    nodes = {node["id"]: node for node in graph["nodes"]}
    assert nodes["api"] | {"x": 0, "y": 0} == {
        "id": "api",
        "label": "Gateway",
        "kind": "service",
        "shape": "rectangle",
        "frame": "online",
        "parent": "online",
        "x": 0,
        "y": 0,
        "latency_ms": 20,
    }
    assert nodes["rank"]["volume"] == "4,000/s"
    assert nodes["online"]["kind"] == "group"
    assert [(edge["source"], edge["target"]) for edge in graph["edges"]] == [
        ("app", "api"),
        ("api", "rank"),
        ("rank", "log"),
        ("app", "log"),
    ]
    assert graph["edges"][0]["label"] == "asks & waits"


def test_arrows_go_round_boxes_that_stand_in_the_way() -> None:
    arrow = next(one for one in layout.elements_of(DESIGN) if one["id"] == "arrow-1")
    assert len(arrow["points"]) > 2


def test_every_element_may_stand_on_a_board_and_keeps_its_form_there() -> None:
    elements = layout.elements_of(DESIGN)
    for name, fields in fields_by_id(elements).items():
        check_element(fields)
        again = element_of(name, fields)
        before = next(one for one in elements if one["id"] == name)
        by_id = sorted(before["boundElements"], key=lambda one: one["id"])
        assert again == {**before, "boundElements": by_id}


def test_order_keys_are_those_of_fractional_indexing() -> None:
    keys = layout.indexes()
    first = [next(keys) for _ in range(64)]
    assert (first[0], first[61], first[62], first[63]) == ("a0", "az", "b00", "b01")
    assert first == sorted(first)


def test_a_picture_names_every_element_and_is_the_same_every_time() -> None:
    elements = layout.elements_of(DESIGN)
    picture = drawing.svg(elements, title="Shop & rank", earned={"api": ["C01", "G02"]})
    assert picture == drawing.svg(elements, title="Shop & rank", earned={"api": ["C01", "G02"]})
    root = ElementTree.fromstring(picture)
    named = {part.get("data-element") for part in root.iter() if part.get("data-element")}
    assert named == {"app", "api", "mid", "rank", "log", "online", *(f"arrow-{n}" for n in range(4))}
    assert "Shop &amp; rank</title>" in picture
    assert 'data-earned="C01 G02"' in picture
    assert "asks &amp;" in picture
    assert "20 ms" in picture


def test_a_picture_needs_no_style_and_runs_no_script() -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    elements = [
        {
            "id": evil,
            "type": "rectangle",
            "x": 0,
            "y": 0,
            "width": 9,
            "height": 9,
            "backgroundColor": 'red" onload="x',
            "customData": {"kind": evil, "volume": evil},
        },
        {
            "id": "t",
            "type": "text",
            "x": 0,
            "y": 0,
            "width": 9,
            "height": 9,
            "text": evil,
            "containerId": evil,
        },
        {"id": "f", "type": "frame", "x": 0, "y": 0, "width": 9, "height": 9, "name": evil},
        {"id": "i", "type": "iframe", "x": 0, "y": 0, "width": 9, "height": 9, "link": "javascript:alert(1)"},
    ]
    picture = drawing.svg(elements, title=evil, description=evil, earned={evil: [evil]})
    root = ElementTree.fromstring(picture)
    tags = {part.tag.rsplit("}")[-1] for part in root.iter()}
    assert tags <= {"svg", "g", "rect", "path", "text", "tspan", "title", "desc", "ellipse"}
    assert not any(
        name.startswith("on") or name in ("style", "href") for part in root.iter() for name in part.attrib
    )
    assert "iframe" not in picture


def test_an_empty_board_is_an_empty_picture_with_its_title() -> None:
    assert re.search(
        r'viewBox="0 0 640 360".*<title[^>]*>Nothing yet</title></svg>', drawing.svg([], title="Nothing yet")
    )


@pytest.mark.parametrize(
    "kind", ["diamond", "ellipse", "freedraw", "line", "image", "arrow", "text", "frame"]
)
def test_every_type_can_be_drawn(kind: str) -> None:
    element = {
        "id": "a",
        "type": kind,
        "x": 5,
        "y": 5,
        "width": 90,
        "height": 40,
        "points": [[0, 0], [40, 30], [90, 10]],
        "text": "Two\nlines",
        "fontSize": 20,
        "strokeStyle": "dashed",
        "roundness": {"type": 2},
        "angle": 0.4,
        "opacity": 50,
        "startArrowhead": "arrow",
        "backgroundColor": "#ffc9c9",
        "name": "Frame",
    }
    root = ElementTree.fromstring(drawing.svg([element], title="One"))
    assert len([part for part in root.iter() if part.get("data-element") == "a"]) == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(SOUND | st.dictionaries(st.sampled_from(FIELDS), JUNK) | JUNK, max_size=10))
def test_any_board_can_be_drawn(elements: list[Any]) -> None:
    drawing.svg(elements, title="Any")


def test_the_name_of_a_frame_lies_over_the_paper_under_the_words_of_an_arrow() -> None:
    place = {"x": 0, "y": 0, "width": 90, "height": 20}
    elements = [
        {"id": "f", "type": "frame", "name": "Serving", **place},
        {"id": "a", "type": "arrow", "points": [[0, 0], [90, 0]], **place},
        {"id": "w", "type": "text", "text": "asks", "containerId": "a", **place},
        {"id": "nameless", "type": "frame", "name": " ", **place},
    ]
    picture = drawing.svg(elements, title="Board")
    assert picture.index('class="paper"') < picture.index("Serving</tspan>")
    assert picture.index('class="frame"') < picture.index('class="paper"')
    assert picture.count("frame-name") == 1

"""The text of a graph, on boards that frontend/tests/mermaid.test.ts reads, too.

Mermaid's own parser reads the same texts there. A change of what is written is made in both languages and
in tests/data/mermaid.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whiteboard.graph import KINDS, read_graph
from whiteboard.mermaid import flowchart, names_of

DATA = Path(__file__).parents[2] / "data" / "mermaid"


def fixtures() -> list[Any]:
    """Return each board of the files with the graph and the text it gives."""
    found = []
    for path in sorted(DATA.glob("*.json")):
        boards = json.loads(path.read_text())
        for place, board in enumerate(boards if isinstance(boards, list) else [boards]):
            found.append(pytest.param(board, id=f"{path.stem} {place}"))
    return found


LABEL = r'"((?:[^"#<&\x00-\x1f\x7f-\x9f]|#(?:quot|lt|gt|amp|[0-9]+);)+)"'
NAME = r"[A-Za-z][A-Za-z0-9_-]*"
BOX = re.compile(rf"(?:  )+({NAME})[\[({{/]+{LABEL}[\])}}/]+(?::::(\w+))?")
GROUP = re.compile(rf"(?:  )+subgraph ({NAME})\[{LABEL}\]")
ARROW = re.compile(rf"  ({NAME}) (?:-->|---|<-->)(?:\|{LABEL}\|)? ({NAME})")
END = re.compile(rf"(?:  )+end|(?:  )+class {NAME} (?:{'|'.join(sorted(KINDS))})")
ENTITIES = {"quot": '"', "lt": "<", "gt": ">", "amp": "&"}


def shown(label: str) -> str:
    """Return what Mermaid shows for a label."""
    return re.sub("#(\\w+);", lambda found: ENTITIES.get(found[1]) or chr(int(found[1])), label).strip()


def node(label: Any, **more: Any) -> dict[str, Any]:
    return {"id": f"id of {label}", "label": label, "kind": None, "shape": "rectangle", **more}


def one_box(label: Any, **more: Any) -> str:
    return flowchart({"nodes": [node(label, **more)], "edges": [], "frames": []}).splitlines()[1].strip()


@pytest.mark.parametrize("fixture", fixtures())
def test_boards_give_the_graph_and_the_text_that_the_browser_gives(fixture: dict[str, Any]) -> None:
    graph = read_graph(fixture["elements"])
    assert graph == fixture["graph"]
    assert flowchart(graph) == fixture["text"]


def test_a_design_is_written_with_groups_kinds_figures_and_arrows() -> None:
    graph = {
        "nodes": [
            {"id": "f", "label": "Online", "kind": "group", "shape": "frame", "parent": None},
            node("API gateway", id="a", kind="service", parent="f", latency_ms=3),
            node("Orders", id="b", kind="store", volume="2 TB"),
        ],
        "edges": [
            {"id": "1", "source": "a", "target": "b", "label": 'asks "why"', "heads": "end"},
            {"id": "2", "source": "a", "target": "b", "label": "", "heads": "both"},
            {"id": "3", "source": "b", "target": "f", "label": "", "heads": "none"},
            {"id": "4", "source": "b", "target": "nowhere", "label": "", "heads": "end"},
        ],
        "frames": [{"id": "f", "label": "Online"}, {"id": "g", "label": "Later"}],
    }
    assert flowchart(graph, direction="TD") == (
        "flowchart TD\n"
        '  subgraph online["Online"]\n'
        '    api_gateway("API gateway · 3 ms"):::service\n'
        "  end\n"
        '  orders[("Orders · 2 TB")]\n'
        '  subgraph later["Later"]\n'
        "  end\n"
        '  api_gateway -->|"asks #quot;why#quot;"| orders\n'
        "  api_gateway <--> orders\n"
        "  orders --- online\n"
    )


@pytest.mark.parametrize(
    ("more", "written"),
    [
        ({"latency_ms": 12.5}, "Ranker · 12.5 ms"),
        ({"latency_ms": 0}, "Ranker · 0 ms"),
        ({"latency_ms": -1}, "Ranker"),
        ({"latency_ms": True}, "Ranker"),
        ({"latency_ms": float("nan"), "volume": 3}, "Ranker"),
        ({"volume": "~4,000/s"}, "Ranker · ~4,000/s"),
        ({"volume": "a lot"}, "Ranker · volume a lot"),
        ({"volume": "5 ms", "latency_ms": 5}, "Ranker · 5 ms · volume 5 ms"),
    ],
)
def test_latency_and_volume_stand_behind_the_label(more: dict[str, Any], written: str) -> None:
    assert shown(one_box("Ranker", **more).split('"')[1]) == written


def test_names_are_readable_unlike_each_other_and_never_words_of_mermaid() -> None:
    labels = ["Feature store", "Feature store", "End", "3 models", "Größe", "特征", "", "x" * 80]
    names = names_of([node(label, id=str(place)) for place, label in enumerate(labels)])
    assert list(names.values()) == [
        "feature_store",
        "feature_store_2",
        "end_",
        "n3_models",
        "gro_e",
        "box",
        "box_2",
        "x" * 32,
    ]


def test_a_name_somebody_gave_is_kept_unless_it_would_break_the_text() -> None:
    given = ["rk", "rk", "end", "a b", 'x"]', "class-a", "fs-online", 7]
    names = names_of([node("Ranker", id=str(place), mermaid_id=name) for place, name in enumerate(given)])
    assert [name for name in names.values() if not name.startswith("ranker")] == ["rk", "fs-online"]


def test_who_stands_in_himself_stands_free() -> None:
    circle = [node(name, id=name, parent=parent) for name, parent in (("a", "b"), ("b", "c"), ("c", "a"))]
    text = flowchart({"nodes": [*circle, node("d", id="d", parent="d")], "edges": [], "frames": []})
    assert sorted(re.findall(r"\b[abcd]\b(?=\[)", text)) == ["a", "b", "c", "d"]
    assert text.count("subgraph") == text.count("  end")


def test_a_thousand_boxes_in_each_other_are_written() -> None:
    nodes = [node(str(place), id=str(place), parent=str(place - 1)) for place in range(1_000)]
    text = flowchart({"nodes": nodes, "edges": [], "frames": []})
    assert max(len(line) - len(line.lstrip()) for line in text.splitlines()) < 40


NASTY = st.sampled_from(
    [
        *('"', "#", "end", "-->", "subgraph a", "direction TB", "%%{init}%%", "%%", "style:#", "`", "\n"),
        *("<br>", "&quot;", "[(", ")]", "|", ";", ":::", "ﬂ°°", "¶ß", "\x00", "\u2028", "\ud800"),
        *("~~", "$$", "1. ", "https://a"),
    ]
)
WORDS = st.lists(NASTY | st.text(max_size=4), max_size=6).map(" ".join) | st.lists(NASTY).map("".join)
JUNK = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.lists(WORDS, max_size=2)
IDS = st.sampled_from(["a", "b", "c", "end", "", "__proto__", 'x"y'])
NODES = st.fixed_dictionaries(
    {},
    optional={
        "id": IDS | JUNK,
        "label": WORDS | JUNK,
        "kind": st.sampled_from([*sorted(KINDS), "group"]) | JUNK,
        "shape": st.sampled_from(["diamond", "ellipse", "frame", "text"]) | JUNK,
        "parent": IDS | JUNK,
        "latency_ms": st.floats() | st.integers() | JUNK,
        "volume": WORDS | JUNK,
        "mermaid_id": IDS | JUNK,
    },
)
EDGES = st.fixed_dictionaries(
    {}, optional={"source": IDS | JUNK, "target": IDS | JUNK, "label": WORDS | JUNK, "heads": JUNK}
)


def a_few(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(of | JUNK, max_size=6) | JUNK


GRAPHS = st.fixed_dictionaries(
    {}, optional={"nodes": a_few(NODES), "edges": a_few(EDGES), "frames": a_few(NODES)}
)


@settings(max_examples=200, deadline=None)
@given(GRAPHS)
def test_no_graph_breaks_the_text(graph: dict[str, Any]) -> None:
    text = flowchart(graph)
    assert text == flowchart(graph)
    text.encode()
    lines = text.split("\n")
    assert lines[0] == "flowchart LR"
    assert lines[-1] == ""
    names, depth = [], 0
    for line in lines[1:-1]:
        box, group, arrow = BOX.fullmatch(line), GROUP.fullmatch(line), ARROW.fullmatch(line)
        assert box or group or arrow or END.fullmatch(line), line
        depth += (group is not None) - (line.strip() == "end")
        if box or group:
            names.append((box or group)[1])  # type: ignore[index]
        if arrow:
            assert {arrow[1], arrow[3]} <= set(names)
    assert depth == 0
    assert len(names) == len(set(names))


@settings(max_examples=200, deadline=None)
@given(WORDS)
def test_every_label_is_shown_as_it_is(label: str) -> None:
    found = BOX.fullmatch("  " + one_box(label))
    assert found is not None
    unseen = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
    plain = unseen.sub(" ", label.replace("\ud800", "\ufffd"))
    assert shown(found[2]) == " ".join(plain.split()).replace("ﬂ", "fl").replace("¶ß", "¶ ß")

"""A drawing beside the reference: paired by what boxes do, each at most once, whatever is drawn."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casestudies.pack import DEFAULT_CONTENT, load
from interviews.against_reference import against
from whiteboard import layout
from whiteboard.graph import read_graph


def node(name: str, label: str, kind: str | None = None) -> dict:
    return {"id": name, "label": label, "kind": kind}


def graph(nodes: list[dict], *arrows: tuple[str, str]) -> dict:
    edges = [{"id": f"{a}-{b}", "source": a, "target": b, "label": "", "heads": "end"} for a, b in arrows]
    return {"nodes": nodes, "edges": edges, "frames": [], "text": []}


REFERENCE = graph(
    [
        node("app", "App", "client"),
        node("cand", "Two-tower retrieval", "service"),
        node("rank", "Ranking model", "model"),
        node("fs", "Feature store", "store"),
        node("mon", "Monitoring", "monitoring"),
    ],
    ("app", "cand"),
    ("cand", "rank"),
    ("fs", "rank"),
    ("rank", "mon"),
)


def test_boxes_are_paired_by_what_they_do():
    own = graph(
        [node("a", "Website"), node("b", "Candidate generation"), node("c", "FS"), node("d", "Ranker")],
        ("a", "b"),
        ("b", "d"),
        ("d", "c"),
    )
    found = against(REFERENCE, own)
    assert sorted(found.shared) == [
        ("Candidate generation", "Two-tower retrieval"),
        ("FS", "Feature store"),
        ("Ranker", "Ranking model"),
        ("Website", "App"),
    ]
    assert found.reference.boxes == ["Monitoring"]
    assert found.own.boxes == []
    assert found.shared_arrows == 2
    assert found.own.arrows == ["Ranker → FS"], "drawn the other way round"
    assert found.reference.arrows == ["Feature store → Ranking model", "Ranking model → Monitoring"]
    assert found.own.marks.keys() == {"a", "b", "c", "d", "a-b", "b-d"}
    assert found.reference.marks.keys() == {"app", "cand", "fs", "rank", "app-cand", "cand-rank"}


def test_equal_ids_are_no_reason_to_pair_boxes():
    own = graph([node("app", "Monitoring"), node("mon", "Payroll of the moon")], ("app", "mon"))
    found = against(REFERENCE, own)
    assert found.shared == [("Monitoring", "Monitoring")]
    assert found.own.boxes == ["Payroll of the moon"]
    assert found.own.arrows == ["Monitoring → Payroll of the moon"]


def test_equal_ids_of_arrows_mean_nothing():
    own = graph(
        [node("x", "App"), node("y", "Candidate generation"), node("z", "Ranker")], ("y", "z"), ("x", "y")
    )
    own["edges"][0]["id"], own["edges"][1]["id"] = "app-cand", "cand-rank"
    found = against(REFERENCE, own)
    assert (found.own.arrows, found.shared_arrows) == ([], 2)
    assert found.own.marks["app-cand"] == ["both"]


def test_an_empty_board_has_nothing_of_the_reference():
    found = against(REFERENCE, graph([]))
    assert (found.shared, found.own.boxes, len(found.reference.boxes)) == ([], [], 5)


CASES = load(DEFAULT_CONTENT).cases


@pytest.mark.parametrize("slug", sorted(CASES))
def test_every_reference_is_all_of_itself(slug):
    board = CASES[slug]["reference"]["board"]
    drawn = read_graph(layout.elements_of(board))
    found = against(drawn, drawn)
    assert (found.own.boxes, found.own.arrows, found.reference.boxes, found.reference.arrows) == (
        [],
        [],
        [],
        [],
    )


LABELS = st.sampled_from(["App", "Ranker", "ranker", "", "Feature store", "FS", "Kafka", "x", "Cache", "LLM"])


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_two_drawings_can_be_compared(data):
    def drawn() -> dict:
        count = data.draw(st.integers(0, 7))
        names = [f"n{i}" for i in range(count)]
        ends = st.tuples(st.sampled_from(names), st.sampled_from(names)) if names else st.nothing()
        nodes = [node(name, data.draw(LABELS)) for name in names]
        return graph(nodes, *dict.fromkeys(data.draw(st.lists(ends, max_size=8)) if names else []))

    reference, own = drawn(), drawn()
    found = against(reference, own)
    assert len(found.shared) + len(found.own.boxes) == len(own["nodes"])
    assert len(found.shared) + len(found.reference.boxes) == len(reference["nodes"])
    assert found.own.marks.keys() <= {one["id"] for part in ("nodes", "edges") for one in own[part]}

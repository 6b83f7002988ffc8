"""Every way in which a sample interview can be wrong beyond its shape."""

import copy
from typing import Any

import pytest

from casestudies import sample_checks, shapes
from casestudies.source import Source

CASES = {
    "toy-case": {
        "facts": [{"id": "volume"}],
        "follow_ups": [{"id": "why"}],
        "hints": {"data": ["a", "b", "c"]},
    }
}
FRAMEWORKS = {"two-step": {"steps": [{"slug": "ask"}, {"slug": "build"}]}}
BANK = {"C01": {}, "P01": {}}
SAMPLE: dict[str, Any] = {
    "slug": "toy",
    "title": "A toy",
    "position": 1,
    "case": "toy-case",
    "framework": "two-step",
    "level": "mid",
    "minutes": 45,
    "mode": "peer",
    "candidate": "Ana",
    "interviewer": "Ben",
    "seconds_per_step": {"ask": 100, "build": 100},
    "board": {
        "nodes": [
            {"id": "app", "label": "App", "kind": "client", "at": [0, 0]},
            {"id": "model", "label": "Model", "kind": "model", "at": [1, 0]},
        ],
        "edges": [{"from": "app", "to": "model"}],
    },
    "dropped": {
        "nodes": [{"id": "rules", "label": "Rules", "kind": "service", "at": [0, 1]}],
        "edges": [{"from": "app", "to": "rules"}],
    },
    "scores": {"self": {"C01": {"level": 3}}, "interviewer": {"P01": {"level": None, "why": "No time."}}},
    "events": [
        {"at": 1, "kind": "asked", "step": "ask", "fact": "volume", "text": "How many?"},
        {"at": 5, "kind": "drawn", "node": "app"},
        {"at": 9, "kind": "drawn", "node": "rules"},
        {"at": 20, "kind": "hint", "step": "ask", "dimension": "data", "rung": 1},
        {"at": 30, "kind": "follow_up", "step": "ask", "follow_up": "why"},
        {"at": 40, "kind": "removed", "node": "rules"},
        {"at": 50, "kind": "drawn", "node": "model"},
        {"at": 60, "kind": "moved", "node": "model", "was_at": [2, 0]},
        {"at": 70, "kind": "renamed", "node": "model", "was": "Trees"},
        {"at": 80, "kind": "private", "step": "ask", "text": "Quiet."},
        {"at": 120, "kind": "curveball", "step": "build"},
        {"at": 190, "kind": "note", "step": "build", "text": "Done."},
    ],
}


def found(change: Any = None) -> list[tuple[Any, str]]:
    document = copy.deepcopy(SAMPLE)
    if change is not None:
        change(document)
    return [(where, says) for where, says in sample_checks.sample(document, CASES, FRAMEWORKS, BANK)]


def test_a_sample_with_everything_in_it_is_right():
    assert found() == []
    assert shapes.problems(Source("toy.yaml", copy.deepcopy(SAMPLE), {}), "sample") == []


def setting(*path: Any) -> Any:
    """Return a change that sets the last of `path` at the place the others name."""
    *place, key, value = path

    def change(document: dict[str, Any]) -> None:
        inner: Any = document
        for part in place:
            inner = inner[part]
        inner[key] = value

    return change


def adding(**event: Any) -> Any:
    return lambda document: document["events"].append({"at": 195, **event})


def without(key: str) -> Any:
    return lambda document: document.pop(key)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (setting("case", "none"), "no case `none`"),
        (setting("framework", "none"), "no framework `none`"),
        (setting("seconds_per_step", {"ask": 300}), "`build` has no seconds"),
        (setting("seconds_per_step", "dream", 5), "no step `dream`"),
        (without("interviewer"), "needs an `interviewer`"),
        (setting("interviewer", "Ana"), "Nobody interviews themselves"),
        (setting("mode", "solo"), "has no interviewer"),
        (setting("mode", "solo"), "Private notes are an interviewer's"),
        (setting("mode", "solo"), "Nobody scored a solo interview"),
        (setting("events", 0, "at", 7), "earlier than the one above"),
        (setting("events", -1, "at", 201), "ends at 200 seconds"),
        (adding(kind="moved", node="model"), "`moved` needs `was_at`"),
        (adding(kind="asked", step="ask"), "`asked` needs `fact` and `text`"),
        (adding(kind="note", step="dream", text="x"), "A note needs a `step`"),
        (adding(kind="private", step="dream", text="x"), "no step `dream`"),
        (adding(kind="hint", dimension="data", rung=3), "given in order"),
        (adding(kind="hint", dimension="serving", rung=1), "no ladder of hints `serving`"),
        (adding(kind="curveball", step="build"), "one curveball"),
        (adding(kind="asked", step="ask", fact="none", text="x"), "no fact `none`"),
        (adding(kind="follow_up", step="ask", follow_up="none"), "no follow-up `none`"),
        (adding(kind="drawn", node="none"), "no box of the board `none`"),
        (adding(kind="drawn", node="app"), "has been drawn before"),
        (adding(kind="renamed", node="rules", was="x"), "does not stand on the board then"),
        (adding(kind="removed", node="model"), "stands on the finished board"),
        (adding(kind="moved", node="model", was_at=[0, 1]), "belongs to `rules`"),
        (lambda document: document["events"].pop(6), "`model` is never drawn"),
        (lambda document: document["events"].pop(5), "`rules` is not drawn and removed"),
        (setting("dropped", "nodes", 0, "id", "app"), "stands on the finished board as well"),
        (setting("dropped", "nodes", 0, "at", [0, 0]), "belongs to `app`"),
        (setting("dropped", "nodes", 0, "group", "x"), "stands in no group"),
        (setting("dropped", "edges", 0, "to", "none"), "no box of the board `none`"),
        (setting("dropped", "edges", 0, "to", "model"), "so this arrow stays too"),
        (setting("board", "nodes", 1, "at", [0, 0]), "already holds `app`"),
        (setting("scores", "self", "C99", {"level": 1}), "no criterion `C99`"),
    ],
)
def test_each_mistake_is_told_with_what_to_do(change, says):
    told = [text for _, text in found(change)]
    assert any(says in text for text in told), told


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (setting("scores", "self", "C01", "level", 5), "level"),
        (setting("mode", "duel"), "mode"),
        (setting("events", 0, "kind", "sung"), "kind"),
        (setting("scores", "observer", {"C01": {"level": 1}}), "observer"),
    ],
)
def test_the_shape_is_told_as_well(change, place):
    document = copy.deepcopy(SAMPLE)
    change(document)
    assert any(place in str(one) for one in shapes.problems(Source("toy.yaml", document, {}), "sample"))

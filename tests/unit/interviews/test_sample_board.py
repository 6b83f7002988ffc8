"""A sample's script turned into what changed on its board, second by second."""

from typing import Any

from casestudies.pack import SAMPLE_DEFAULTS
from interviews import sample_board
from whiteboard import layout, scene


def script(*events: dict[str, Any], dropped: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        **SAMPLE_DEFAULTS,
        "board": {
            "groups": [{"id": "online", "label": "Online"}],
            "nodes": [
                {"id": "app", "label": "App", "kind": "client", "at": [0, 0]},
                {"id": "ranker", "label": "Ranker", "kind": "model", "at": [2, 0], "group": "online"},
                {"id": "log", "label": "Log", "kind": "store", "at": [0, 1]},
            ],
            "edges": [{"from": "app", "to": "ranker", "label": "asks"}, {"from": "app", "to": "log"}],
        },
        "dropped": dropped or {"nodes": [], "edges": []},
        "events": [
            {"at": 10, "kind": "drawn", "node": "app"},
            {"at": 20, "kind": "drawn", "node": "ranker"},
            {"at": 30, "kind": "drawn", "node": "log"},
            *events,
        ],
    }


def board_at(sample: dict[str, Any], second: int) -> dict[str, dict[str, Any]]:
    """Return the elements that stand on the board after a second, by id."""
    fields: dict[str, dict[str, Any]] = {}
    for change in sample_board.changes(sample):
        if change.second <= second:
            for name, found in change.elements.items():
                fields.setdefault(name, {}).update(found)
    return {element["id"]: element for element in scene.elements_of(fields)}


def finished(sample: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in layout.elements_of(sample["board"])}


def place(element: dict[str, Any]) -> tuple[float, float]:
    return element["x"], element["y"]


def test_an_arrow_follows_the_later_of_its_boxes_and_then_both_boxes_know_it():
    sample = script()
    before, after = board_at(sample, 25), board_at(sample, 26)
    assert "arrow-0" not in before
    assert {"arrow-0", "arrow-0-label"} <= after.keys()
    bound = {name: {one["id"] for one in after[name]["boundElements"]} for name in ("app", "ranker")}
    assert bound == {"app": {"app-label", "arrow-0"}, "ranker": {"ranker-label", "arrow-0"}}
    assert {one["id"] for one in before["app"]["boundElements"]} == {"app-label"}


def test_a_moved_box_stands_elsewhere_before_with_its_label_its_arrows_and_its_frame():
    sample = script({"at": 60, "kind": "moved", "node": "ranker", "was_at": [2, 2]})
    before, after, end = board_at(sample, 59), board_at(sample, 60), finished(sample)
    for name in ("ranker", "ranker-label", "online", "arrow-0-label"):
        assert place(before[name]) != place(after[name]), name
    assert before["arrow-0"]["points"] != after["arrow-0"]["points"]
    for name in ("app", "log", "arrow-1"):
        assert place(before[name]) == place(after[name]), name
    assert {name: place(one) for name, one in after.items()} == {
        name: place(one) for name, one in end.items()
    }


def test_what_is_drawn_after_a_move_comes_where_it_ends():
    sample = script({"at": 22, "kind": "moved", "node": "ranker", "was_at": [2, 2]})
    assert board_at(sample, 26)["arrow-0"]["points"] == finished(sample)["arrow-0"]["points"]


def test_a_renamed_box_carries_its_old_name_before_and_nothing_else_changes():
    sample = script({"at": 60, "kind": "renamed", "node": "ranker", "was": "Trees"})
    before, after = board_at(sample, 59), board_at(sample, 60)
    assert (before["ranker-label"]["text"], after["ranker-label"]["text"]) == ("Trees", "Ranker")
    changed = [change for change in sample_board.changes(sample) if change.second == 60]
    assert [set(change.elements) for change in changed] == [{"ranker-label"}]


DROPPED = {
    "nodes": [{"id": "rules", "label": "Rules", "kind": "service", "at": [1, 1]}],
    "edges": [{"from": "app", "to": "rules", "label": "first"}],
}


def test_a_removed_box_goes_with_its_arrows_and_the_rest_keeps_its_names():
    sample = script(
        {"at": 40, "kind": "drawn", "node": "rules"},
        {"at": 60, "kind": "removed", "node": "rules"},
        dropped=DROPPED,
    )
    gone = {"rules", "rules-label", "arrow-2", "arrow-2-label"}
    before, after = board_at(sample, 59), board_at(sample, 60)
    assert gone <= before.keys()
    assert after.keys() == before.keys() - gone == finished(sample).keys()
    orders = [one["index"] for one in before.values()]
    assert len(set(orders)) == len(orders)


def test_an_arrow_to_a_box_that_is_gone_again_is_never_drawn():
    sample = script(
        {"at": 40, "kind": "drawn", "node": "rules"},
        {"at": 43, "kind": "removed", "node": "rules"},
        dropped=DROPPED,
    )
    assert not any("arrow-2" in change.elements for change in sample_board.changes(sample))


def test_passages_of_a_step_are_set_apart_by_an_empty_line():
    sample = script(
        {"at": 40, "kind": "note", "step": "data", "text": "One."},
        {"at": 50, "kind": "note", "step": "model", "text": "Two."},
        {"at": 60, "kind": "note", "step": "data", "text": "Three."},
    )
    written = [change.notes for change in sample_board.changes(sample) if change.notes]
    assert written == [{"data": "One."}, {"model": "Two."}, {"data": "\n\nThree."}]

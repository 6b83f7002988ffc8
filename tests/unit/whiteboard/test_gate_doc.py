import json
import random

import pytest
from pycrdt import Doc, Map, Text, merge_updates

from tests.factories.whiteboard import strokes
from whiteboard import gate_doc
from whiteboard.gate_doc import BoardDoc, written
from whiteboard.gate_reader import outline, trusted_outline
from whiteboard.gate_rules import RefusedError
from whiteboard.protocol import BadMessageError, write_varint


def plain(updates: list[bytes]) -> list[tuple[bytes, str]]:
    return [(update, "") for update in updates]


def test_who_only_draws_may_draw_and_may_not_touch_the_notes() -> None:
    board = BoardDoc(None, [written({}, {"scope": "mine"})])
    [drawn] = board.try_all([(strokes(1)[0], "d")])
    assert drawn.store is not None
    doc: Doc = Doc()
    doc.apply_update(board.doc.get_update())
    before = doc.get_state()
    text = doc.get("notes", type=Map)["scope"]
    text += " and yours"
    for mark in ("d", "rd"):
        [refused] = board.try_all([(doc.get_update(before), mark)])
        assert refused.reason == "Only the candidate writes the notes."
        assert board.view()["notes"] == {"scope": "mine"}
    [taken] = board.try_all([(doc.get_update(before), "")])
    assert taken.store is not None


def test_an_accepted_edit_is_stored_byte_for_byte() -> None:
    board = BoardDoc(None, [])
    edits = strokes(4)
    assert [verdict.store for verdict in board.try_all(plain(edits))] == edits
    assert board.view()["elements"]["a"]["geom"]["x"] == 3


def test_what_was_seen_before_is_not_stored_again() -> None:
    edits = strokes(4)
    board = BoardDoc(None, edits)
    assert [verdict.store for verdict in board.try_all(plain(edits[:2]))] == [None, None]


def test_of_step_2_only_what_is_new_is_stored() -> None:
    doc: Doc = Doc()
    notes = doc.get("notes", type=Map)
    notes["scope"] = Text("hello")
    board = BoardDoc(None, [doc.get_update()])
    del notes["scope"][0:2]
    step_2 = doc.get_update(board.state_vector())
    [first] = board.try_all([(step_2, "r")])
    assert first.store is not None
    [again] = board.try_all([(step_2, "r")])
    assert again.store is None
    assert not again.reason
    assert board.view()["notes"] == {"scope": "llo"}


def test_of_edits_sent_again_in_one_frame_only_the_new_ones_are_stored() -> None:
    edits = strokes(6)
    board = BoardDoc(None, [])
    board.try_all(plain(edits[:4]))
    [verdict] = board.try_all(plain([merge_updates(*edits)]))
    [(_, start, _)] = trusted_outline(edits[4]).adds
    assert verdict.store is not None
    assert [start for _, start, _ in trusted_outline(verdict.store).adds] == [start]
    assert board.view()["elements"]["a"]["geom"]["x"] == 5


def test_an_edit_behind_a_gap_waits_and_changes_nothing() -> None:
    first, second, third = strokes(3)
    board = BoardDoc(None, [])
    assert [verdict.waits for verdict in board.try_all(plain([third, second]))] == [True, True]
    assert board.view()["elements"] == {}
    assert [verdict.waits for verdict in board.try_all(plain([first, second, third]))] == [False] * 3
    assert board.view()["elements"]["a"]["geom"]["x"] == 2


def test_a_refused_edit_leaves_nothing_behind() -> None:
    edits = strokes(3)
    bad: Doc = Doc()
    bad.get("elements", type=Map)["z"] = Map({"type": "iframe"})
    board = BoardDoc(None, [])
    verdicts = board.try_all(plain([edits[0], bad.get_update(), edits[1]]))
    assert [bool(verdict.reason) for verdict in verdicts] == [False, True, False]
    assert verdicts[1].reason == "A board cannot hold “iframe”."
    assert set(board.view()["elements"]) == {"a"}
    assert [verdict.store for verdict in board.try_all(plain(edits[2:]))] == edits[2:]


def test_rows_of_the_log_behind_a_gap_are_given_to_who_joins_and_not_compacted() -> None:
    edits = strokes(3)
    board = BoardDoc(None, [edits[0], edits[2]])
    assert board.whole() is None
    diff, parked = board.beyond(b"\x00")
    assert parked == edits[2]
    joined: Doc = Doc()
    joined.apply_update(diff)
    board.feed(edits[1])
    assert board.whole() is not None
    assert board.beyond(b"\x00")[1:] == []
    assert board.view()["elements"]["a"]["geom"]["x"] == 2


def test_a_row_that_cannot_be_read_is_left_out() -> None:
    edits = strokes(2)
    board = BoardDoc(None, [edits[0], b"\xff\xff", b"", edits[1]])
    assert board.view()["elements"]["a"]["geom"]["x"] == 1


def test_a_long_history_is_rebased_and_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_doc, "REBASE_AFTER", 200)
    edits = strokes(450)
    board = BoardDoc(None, [])
    for edit in edits:
        board.try_all(plain([edit]))
    assert len(board.since) <= 201
    assert board.view() == BoardDoc(board.whole(), []).view() == BoardDoc(None, edits).view()


def test_a_new_document_holds_what_it_was_given() -> None:
    update = written(
        {"a": {"type": "text", "text": {"text": "hé"}, "geom": {"x": 1}}}, {"scope": "Ten million."}
    )
    view = BoardDoc(None, [update]).view()
    assert view["elements"]["a"]["text"] == {"text": "hé"}
    assert view["notes"] == {"scope": "Ten million."}
    with pytest.raises(RefusedError):
        written({"a": {"type": "iframe"}}, {})


def test_full_boards_take_no_more() -> None:
    many = written({f"e{number}": {"type": "rectangle"} for number in range(5000)}, {})
    board = BoardDoc(None, [many])
    one: Doc = Doc()
    one.get("elements", type=Map)["more"] = Map({"type": "rectangle"})
    assert "full" in board.try_all(plain([one.get_update()]))[0].reason


def test_the_reader_agrees_with_yrs_on_what_an_update_adds() -> None:
    dice = random.Random(3)
    doc: Doc = Doc()
    board = BoardDoc(None, [])
    edits: list[bytes] = []
    subscription = doc.observe(lambda event: edits.append(event.update))
    elements, notes = doc.get("elements", type=Map), doc.get("notes", type=Map)
    notes["scope"] = Text("")
    for step in range(200):
        if dice.random() < 0.5:
            notes["scope"].insert(0, dice.choice(["a", "é", "😀", "日本"]))
        elif dice.random() < 0.8:
            elements[dice.choice("abc")] = Map(
                {"geom": {"points": [[step * 0.1, float(dice.randint(-9, 9))]] * 7}}
            )
        else:
            elements.pop(dice.choice("abc"), None)
    doc.unobserve(subscription)
    assert all(verdict.store for verdict in board.try_all(plain(edits)))
    assert json.dumps(board.view()["notes"]) == json.dumps({"scope": str(notes["scope"])})


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x94\xeb\xdc\x03",
        b"\x01\x80\x94\xeb\xdc\x03\x05\x00",
        b"\x00\x80\x94\xeb\xdc\x03",
        b"\x01\x01\x05\x00\x00" + write_varint(2**40) + b"\x00",
        b"\x01\x01\x05\x00\x00\x00\x00",
        b"\x00\x00\x00",
        b"\x01\x01\x05\x00\x29\x01\x08elements\x01a\x02\x01\x00",
        b"\x01\x01\x05\x00\x27\x01\x08elements\x01a\x03\x01x\x00",
        b"\x01\x01\x05\x00\x30\x01\x08elements\x01a\x01\x7e\x00",
        b"\x01\x01\x05\x00\x28\x01\x04evil\x01a\x01\x7e\x00",
    ],
    ids=[
        "clients",
        "steps",
        "deletions",
        "a clock",
        "an empty step",
        "a tail",
        "JSON",
        "XML",
        "flags",
        "a root",
    ],
)
def test_counts_are_checked_before_anything_is_made_of_them(data: bytes) -> None:
    with pytest.raises(BadMessageError):
        outline(data)


def test_an_edit_that_cuts_an_emoji_in_two_is_refused_before_it_poisons_the_board() -> None:
    # As Yjs 13.6 writes them: a note "héllo 😀", then the space and one half of the emoji deleted.
    note = bytes.fromhex("010205002701056e6f7465730573636f706502040005000b68c3a96c6c6f20f09f988000")
    cut = bytes.fromhex("000105010602")
    more = bytes.fromhex("01010509840508036162" + "2000")
    board = BoardDoc(None, [])
    [kept, refused, after] = board.try_all(plain([note, cut, more]))
    assert kept.store == note
    assert refused.reason == "This edit cuts a character in two."
    assert after.store == more
    assert board.view()["notes"] == {"scope": "héllo 😀ab "}
    assert BoardDoc(board.whole(), []).view() == board.view()


def test_who_only_draws_has_edits_stored_as_sent_and_one_that_writes_refused_alone() -> None:
    board = BoardDoc(None, [written({}, {"scope": "mine"})])
    doc: Doc = Doc()
    doc.apply_update(board.doc.get_update())
    before = doc.get_state()
    text = doc.get("notes", type=Map)["scope"]
    text += " and yours"
    writes = doc.get_update(before)
    drawn, mine = strokes(3), strokes(1, name="b")
    given = [(drawn[0], "d"), (drawn[1], "d"), (writes, "d"), (mine[0], ""), (drawn[2], "d")]
    found = board.try_all(given)
    assert [verdict.store for verdict in found] == [drawn[0], drawn[1], None, mine[0], drawn[2]]
    assert found[2].reason == "Only the candidate writes the notes."
    assert board.view()["notes"] == {"scope": "mine"}
    assert set(board.view()["elements"]) == {"a", "b"}

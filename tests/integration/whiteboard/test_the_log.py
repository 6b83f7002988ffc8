"""The log numbers every row once, and any moment of a board can be built again from it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from tests.factories.accounts import UserFactory
from tests.factories.whiteboard import BoardFactory, strokes
from whiteboard import layout, log, reading
from whiteboard.gate import GateRefusedError
from whiteboard.log import Entry
from whiteboard.models import Board, Snapshot, Update

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_rows_of_several_boards_go_in_with_one_statement(django_assert_num_queries) -> None:
    first, second = BoardFactory(), BoardFactory()
    ana = UserFactory()
    entries = {first.pk: [Entry(b"a", ana.pk), Entry(b"b")], second.pk: [Entry(b"c", 999_999)]}
    with django_assert_num_queries(1):
        numbers = log.append_all(entries, epochs={first.pk: 1, second.pk: 1})
    assert numbers == {first.pk: 1, second.pk: 1}
    assert log.append(first, b"d") == 3
    assert [bytes(row.data) for row in Update.objects.filter(board=first).order_by("seq")] == [
        b"a",
        b"b",
        b"d",
    ]
    assert Update.objects.get(board=first, seq=1).author == ana
    assert Update.objects.get(board=second).author is None  # that account is gone
    assert log.heads([first.pk, second.pk]) == {first.pk: (3, 1), second.pk: (1, 1)}


def test_nothing_is_appended_to_a_board_that_was_replaced(board: Board) -> None:
    Board.objects.filter(pk=board.pk).update(epoch=2)
    with pytest.raises(Board.DoesNotExist):
        log.append(board, b"a")
    assert Update.objects.count() == 0


def test_writers_side_by_side_leave_no_gap_and_do_not_block_each_other() -> None:
    boards = [BoardFactory() for _ in range(3)]

    def write(writer: int) -> None:
        ordered = boards if writer % 2 else boards[::-1]
        for _ in range(15):
            log.append_all(
                {one.pk: [Entry(b"x"), Entry(b"y")] for one in ordered}, epochs={one.pk: 1 for one in boards}
            )
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    for one in boards:
        numbers = list(Update.objects.filter(board=one).order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, 121))


def test_a_number_is_given_once(board: Board) -> None:
    log.append(board, b"a")
    with pytest.raises(IntegrityError):
        Update.objects.create(board=board, seq=1, at=NOON, data=b"b")


def test_the_board_can_be_seen_as_it_was_at_any_row_or_moment(board: Board) -> None:
    for step, edit in enumerate(strokes(10)):
        log.append(board, edit, now=NOON + timedelta(seconds=step))
    assert log.scene_and_notes(board)[0]["elements"][0]["x"] == 9
    assert log.scene_and_notes(board, upto_seq=4)[0]["elements"][0]["x"] == 3
    assert log.scene_and_notes(board, at=NOON + timedelta(seconds=6.5))[0]["elements"][0]["x"] == 6
    assert log.scene_and_notes(board, at=NOON - timedelta(seconds=1))[0]["elements"] == []


def test_snapshots_change_nothing_and_can_be_made_again(board: Board) -> None:
    edits = strokes(1030)
    log.append_all({board.pk: [Entry(edit) for edit in edits]}, epochs={board.pk: 1})
    moments = (1, 499, 500, 501, 999, 1000, 1001, 1030)
    before = [json.dumps(log.scene_and_notes(board, upto_seq=seq), sort_keys=True) for seq in moments]
    assert log.rebuild_snapshots(board) == 2
    assert log.history(board.pk).upto_seq == 1000
    assert len(log.history(board.pk).rows) == 30
    assert [json.dumps(log.scene_and_notes(board, upto_seq=seq), sort_keys=True) for seq in moments] == before
    Snapshot.objects.all().delete()
    assert log.rebuild_snapshots(board) == 2


def test_nothing_is_compacted_while_a_row_waits_behind_a_gap(board: Board) -> None:
    edits = strokes(600)
    missing = edits.pop(100)
    log.append_all({board.pk: [Entry(edit) for edit in edits]}, epochs={board.pk: 1})
    assert log.rebuild_snapshots(board) == 0
    log.append(board, missing)
    assert log.scene_and_notes(board)[0]["elements"][0]["x"] == 599


def test_a_seeded_board_reads_back_as_it_was_given(board: Board) -> None:
    design = {
        "groups": [{"id": "online", "label": "Online"}],
        "nodes": [
            {"id": "app", "label": "App", "kind": "client", "at": [0, 0]},
            {
                "id": "ranker",
                "label": "Ranker",
                "kind": "model",
                "at": [1, 0],
                "group": "online",
                "latency_ms": 40,
            },
        ],
        "edges": [{"from": "app", "to": "ranker", "label": "asks"}],
    }
    assert log.seed(board, layout.elements_of(design), {"scope": "Ten million people."}) == 1
    found = reading.read(board)
    assert found.seq == 1
    assert found.notes == {"scope": "Ten million people."}
    assert {node["id"]: node["parent"] for node in found.graph["nodes"]} == {
        "online": None, "app": None, "ranker": "online",
    }  # fmt: skip
    assert [(edge["source"], edge["target"], edge["label"]) for edge in found.graph["edges"]] == [
        ("app", "ranker", "asks")
    ]


def test_what_may_not_stand_on_a_board_cannot_be_seeded(board: Board) -> None:
    with pytest.raises(GateRefusedError, match="iframe"):
        log.seed(board, [{"id": "a", "type": "iframe", "x": 0, "y": 0, "width": 1, "height": 1}])
    assert Update.objects.count() == 0

"""The board at any row or moment of its past, from snapshots and from the log alone."""

import json
import random
from typing import Any

import pytest

from tests.factories.whiteboard import BoardFactory, strokes
from tests.unit.whiteboard.random_drawing import history, page_of
from whiteboard import gate, log, reading, recording, replay
from whiteboard.models import Board, Snapshot, Update
from whiteboard.recording import Page

pytestmark = pytest.mark.django_db(transaction=True)


def kept(page: Page) -> Board:
    """Put a recorded history on a board of its own."""
    board = BoardFactory(seq=page.head)
    Update.objects.bulk_create(
        Update(board=board, seq=row.seq, at=row.at, data=row.data) for row in page.rows
    )
    return board


def plain(design: reading.Design) -> str:
    return json.dumps([design.seq, design.scene, design.graph, design.notes], sort_keys=True)


def snapshots_every(board: Board, step: int) -> None:
    for seq in range(step, board.seq + 1, step):
        rows = [row.data for row in log.rows_after(board.pk, 0, upto_seq=seq)]
        _, [whole] = gate.ask("whole_log", [b"", *rows])
        log.keep_snapshot(board.pk, seq, whole)


def test_any_row_and_moment_is_the_same_from_snapshots_and_from_the_log() -> None:
    page = page_of(history(7, 240), random.Random(7))
    board = kept(page)
    snapshots_every(board, 60)
    dice = random.Random(2)
    for seq in [0, 60, 61, 240, *(dice.randrange(241) for _ in range(8))]:
        assert plain(replay.scene_at(board, seq)) == plain(replay.scene_at(board, seq, from_log=True))
    times = [recording.milliseconds(row.at) for row in page.rows]
    for row in dice.sample(list(page.rows), 8):
        design = replay.scene_at(board, at=row.at)
        assert design.seq == recording.last_in_time([came.at for came in page.rows], row.at)
        assert plain(design) == plain(replay.scene_at(board, design.seq, from_log=True))
    assert replay.scene_at(board).seq == len(times)
    assert replay.scene_at(board, 10**9).seq == 240


def test_what_is_handed_in_is_what_the_replay_shows() -> None:
    board = kept(page_of(history(8, 60), random.Random(8)))
    design, shown = reading.read(board), replay.scene_at(board)
    assert plain(design) == plain(shown)


def test_looking_back_costs_the_same_number_of_queries_however_long_the_log(
    django_assert_num_queries,
) -> None:
    for rows in (10, 200):
        page = page_of(history(9, rows), random.Random(9))
        board = kept(page)
        with django_assert_num_queries(2):
            replay.scene_at(board, rows - 1)
        with django_assert_num_queries(3):
            replay.scene_at(board, at=page.rows[-2].at)


def test_the_log_comes_in_pages_of_rows_and_of_bytes(monkeypatch: Any) -> None:
    board = kept(page_of(history(10, 50), random.Random(3)))
    first = replay.page_from(board, 0, limit=30)
    assert (first.start, first.base, len(first.rows), first.next) == (0, None, 30, 30)
    rest = replay.page_after(board, 30)
    assert ([row.seq for row in rest.rows], rest.next) == (list(range(31, 51)), None)
    monkeypatch.setattr(replay, "MOST_BYTES", 600)
    pages, after = [], 0
    while after is not None:
        pages.append(replay.page_after(board, after))
        after = pages[-1].next
    assert [row.seq for page in pages for row in page.rows] == list(range(1, 51))
    assert all(len(page.rows) == 1 or sum(len(row.data) for row in page.rows) <= 600 for page in pages)
    assert len(pages) > 3


def test_a_page_can_start_from_the_snapshot_before_a_row(board: Board) -> None:
    edits = strokes(40)
    log.append_all({board.pk: [log.Entry(edit) for edit in edits]}, epochs={board.pk: 1})
    board.refresh_from_db()
    snapshots_every(board, 15)
    page = replay.page_from(board, 29)
    assert page.base == bytes(Snapshot.objects.get(board=board, upto_seq=15).data)
    assert [page.rows[0].seq, page.rows[-1].seq] == [16, 40]
    assert replay.page_from(board, 14).base is None
    assert replay.page_from(BoardFactory(), 14).rows == []

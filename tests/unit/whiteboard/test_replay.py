"""What the past is read from: the fast reading equals the careful one, and a recording reads back."""

import base64
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.whiteboard import strokes
from tests.unit.whiteboard.random_drawing import history, page_of
from whiteboard import gate_history, recording, scene
from whiteboard.gate_doc import BoardDoc
from whiteboard.recording import Page, Recorded

RECORDED = Path(__file__).parents[2] / "data" / "replay" / "recorded.json"


def careful(base: bytes | None, rows: list[bytes]) -> Any:
    return BoardDoc(base, rows).view()


def fast(base: bytes | None, rows: list[bytes]) -> Any:
    elements, notes = gate_history.seen(base, rows)
    return {"elements": json.loads(elements), "notes": notes}


@pytest.mark.parametrize("seed", range(1, 9))
def test_any_row_of_a_random_history_reads_the_same_fast_carefully_and_from_a_snapshot(seed: int) -> None:
    rows = [update for _, update in history(seed, 120)]
    dice = random.Random(seed)
    for upto in sorted(dice.sample(range(121), 5)):
        expected = careful(None, rows[:upto])
        assert fast(None, rows[:upto]) == expected
        half = dice.randrange(upto + 1)
        assert fast(BoardDoc(None, rows[:half]).whole(), rows[half:upto]) == expected


def test_a_row_behind_a_gap_is_left_out_until_the_missing_one_comes() -> None:
    first, second, third = strokes(3)
    assert fast(None, [first, third]) == careful(None, [first, third]) == careful(None, [first])
    assert fast(None, [first, third, second]) == careful(None, [first, second, third])


def test_a_row_that_cannot_be_read_is_left_out() -> None:
    first, second = strokes(2)
    for bad in (b"", b"\x01", b"\xff" * 12, b"\x00\x00\x00"):
        assert fast(None, [first, bad, second]) == careful(None, [first, second])


def test_a_deletion_of_what_never_came_leaves_its_row_out_as_the_careful_reading_does() -> None:
    first, second, third = strokes(3)  # the third replaces, so deletes, what the second wrote
    assert fast(None, [third]) == careful(None, [third]) == {"elements": {}, "notes": {}}
    assert fast(None, [second, third, first]) == careful(None, [first, second, third])


def test_an_empty_log_is_an_empty_board() -> None:
    assert fast(None, []) == {"elements": {}, "notes": {}}


def test_the_recorded_history_reads_as_it_was_recorded() -> None:
    """The browser's player is held against the same file (frontend/tests/player.test.ts)."""
    told = json.loads(RECORDED.read_text())
    head, base, rows = recording.read(base64.b64decode(told["recording"]))
    assert (head["epoch"], head["head"], head["from"], head["next"], base) == (1, 600, 0, None, b"")
    times = [at for _, at, _, _ in rows]
    for moment in told["moments"]:
        count = recording.last_in_time(times, moment["at"])
        assert count == moment["seq"]
        found = fast(None, [data for _, _, _, data in rows[:count]])
        assert scene.elements_of(found["elements"]) == moment["elements"]
        assert found["notes"] == moment["notes"]


def test_a_recording_says_who_drew_and_leaves_out_whom_it_may_not_name() -> None:
    page = page_of(history(3, 40), random.Random(1))
    head, _, rows = recording.read(recording.written(page, {2: {"name": "Ben", "role": "interviewer"}}))
    assert head["people"] == [{"name": "Ben", "role": "interviewer"}]
    assert {person for _, _, person, _ in rows} == {0, 1}
    assert [data for _, _, _, data in rows] == [row.data for row in page.rows]


def test_a_page_says_where_to_go_on() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    rows = [Recorded(seq, at, None, b"x") for seq in (4, 5)]
    assert Page(1, 9, 3, b"base", rows).next == 5
    assert Page(1, 5, 3, None, rows).next is None
    assert Page(1, 0, 0, None, []).next is None
    head, base, read = recording.read(recording.written(Page(1, 9, 3, b"base", rows), {}))
    assert (head["from"], head["next"], base, [seq for seq, *_ in read]) == (3, 5, b"base", [4, 5])


@given(st.integers(-(10**9), 10**15))
def test_a_row_has_come_at_a_whole_millisecond_exactly_when_it_has_come(microseconds: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    whole = recording.milliseconds(at)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=whole)
    assert at <= moment < at + timedelta(milliseconds=1)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 50), max_size=30), st.integers(-1, 51))
def test_what_has_come_by_a_moment_ends_with_the_last_row_that_came_no_later(
    times: list[int], at: int
) -> None:
    count = recording.last_in_time(times, at)
    assert all(came > at for came in times[count:])
    assert count == 0 or times[count - 1] <= at

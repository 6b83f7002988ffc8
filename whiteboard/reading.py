"""The design on a board, now or at any row or moment: what is handed in, compared, and read by scoring."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from whiteboard import gate, log
from whiteboard.graph import read_graph
from whiteboard.log import History
from whiteboard.models import Board
from whiteboard.scene import scene_of


@dataclass(frozen=True, slots=True)
class Fields:
    """What lay in a board's document at row `seq`: fields by element id (see `scene`), notes by step."""

    seq: int
    elements: dict[str, Any]
    notes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Design:
    """A board at row `seq`: Excalidraw scene, graph (see `graph`), notes by step."""

    seq: int
    scene: dict[str, Any]
    graph: dict[str, Any]
    notes: dict[str, str]


def fields_at(
    board: Board, *, upto_seq: int | None = None, at: datetime | None = None, from_log: bool = False
) -> Fields:
    """Return what the document held now, or at a row or moment of the past.

    `from_log` leaves the snapshots aside and reads every row. GateDiedError when it cannot be read.
    """
    if at is not None:
        upto_seq = log.seq_at(board.pk, at)
    if from_log:
        past = History(0, None, log.rows_after(board.pk, 0, upto_seq=upto_seq))
    else:
        past = log.history(board.pk, upto_seq=upto_seq)
    answer, [elements] = gate.ask("seen", past.blobs)
    with without_collecting():
        return Fields(past.head, json.loads(elements), answer["notes"])


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep the collector of cycles away meanwhile.

    A board is tens of thousands of lists and none in a cycle; as they come into being, Python would look
    through everything else that the process holds, which takes several times as long as reading them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def design_of(fields: Fields) -> Design:
    """Return fields as the design that they draw."""
    with without_collecting():
        scene = scene_of(fields.elements)
        return Design(fields.seq, scene, read_graph(scene["elements"]), fields.notes)


def read(board: Board, *, upto_seq: int | None = None, at: datetime | None = None) -> Design:
    """Return the design now or in the past as it can be stored. GateDiedError when it cannot be read."""
    found = fields_at(board, upto_seq=upto_seq, at=at)
    scene, notes = storable((scene_of(found.elements), found.notes))
    return Design(found.seq, scene, read_graph(scene["elements"]), notes)


def storable(value: Any) -> Any:
    """Return JSON without the NUL character, which Yjs carries and PostgreSQL's jsonb cannot hold."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    return value

"""The design on a board as it stands: what is handed in, and what the scoring engine reads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from whiteboard import log
from whiteboard.graph import read_graph
from whiteboard.models import Board


@dataclass(frozen=True, slots=True)
class Design:
    """A board at row `seq`: Excalidraw scene, graph (see `graph`), notes by step."""

    seq: int
    scene: dict[str, Any]
    graph: dict[str, Any]
    notes: dict[str, str]


def read(board: Board, *, upto_seq: int | None = None, at: datetime | None = None) -> Design:
    """Return the design now, or at a row or moment of the past. GateDiedError when it cannot be read."""
    if at is not None:
        upto_seq = log.seq_at(board.pk, at)
    if upto_seq is None:
        upto_seq = log.heads([board.pk])[board.pk][0]
    scene, notes = storable(log.scene_and_notes(board, upto_seq=upto_seq))
    return Design(upto_seq, scene, read_graph(scene["elements"]), notes)


def storable(value: Any) -> Any:
    """Return JSON without the NUL character, which Yjs carries and PostgreSQL's jsonb cannot hold."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    return value

"""A board's past: drawn again from a script, or read back as what came when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from whiteboard import gate, log
from whiteboard.models import Board, Update


@dataclass(frozen=True)
class Moment:
    """What is added to a board at one time: fields by element id, words by step."""

    at: datetime
    elements: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Arrivals:
    """When each element was first drawn, and what was written when: (time, step, words)."""

    elements: dict[str, datetime]
    notes: list[tuple[datetime, str, str]]


def draw(board: Board, moments: Sequence[Moment], *, author_id: int | None = None) -> int:
    """Append one row for each moment, at its own time, and return the number of the last."""
    script = [{"elements": dict(one.elements), "notes": dict(one.notes)} for one in moments]
    _, updates = gate.ask("write_moments", moments=script)
    seq = board.seq
    for moment, update in zip(moments, updates, strict=True):
        seq = log.append(board, update, author_id=author_id, now=moment.at)
    return seq


def arrivals(board: Board) -> Arrivals:
    """Return when everything on a board came, read from its whole log."""
    rows = list(Update.objects.filter(board=board).order_by("seq").values_list("at", "data"))
    times = [at for at, _ in rows]
    found, _ = gate.ask("arrivals", [bytes(data) for _, data in rows])
    return Arrivals(
        {name: times[row] for name, row in found["elements"].items()},
        [(times[row], step, words) for row, step, words in found["notes"]],
    )

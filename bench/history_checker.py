"""Holds what people were told against what is in the log: nothing acknowledged is missing, nothing twice.

The log is read here without the gate and without the engine's reading of it: rows as they lie in
PostgreSQL, their order by number, and a document of pycrdt that is fed with them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from pycrdt import Doc, Map

from bench.board_page import Edit, content_of
from whiteboard.gate_reader import trusted_outline
from whiteboard.protocol import read_state_vector

Row = tuple[int, bytes]


@dataclass
class Findings:
    """What was looked at, and everything that must not be."""

    rows: int = 0
    edits: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    divergent: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)  # steps that are in the log twice, and count once
    stale: int = 0  # times a process did not know what another had acknowledged

    @property
    def wrong(self) -> list[str]:
        """Everything that breaks a promise. Steps stored twice do not: a document takes them once."""
        return [*self.lost, *self.doubled, *self.gaps, *self.divergent, *self.pending]

    def add(self, other: "Findings") -> None:
        """Count another board's in."""
        self.rows += other.rows
        self.edits += other.edits
        self.acknowledged += other.acknowledged
        self.stale += other.stale
        for name in ("lost", "doubled", "gaps", "divergent", "pending", "repeated"):
            getattr(self, name).extend(getattr(other, name))


def rows_of(connection: "psycopg.Connection[Any]", board_id: str, after: int = 0) -> list[Row]:
    """Return the rows of a board's log behind number `after`, straight from the table."""
    query = "SELECT seq, data FROM whiteboard_update WHERE board_id = %s AND seq > %s ORDER BY seq"
    return [(seq, bytes(data)) for seq, data in connection.execute(query, [board_id, after]).fetchall()]


def head_of(connection: "psycopg.Connection[Any]", board_id: str) -> int:
    """Return the number that the board says its newest row has."""
    found = connection.execute("SELECT seq FROM whiteboard_board WHERE id = %s", [board_id]).fetchone()
    return int(found[0]) if found else -1


class Log:
    """What the rows of one board hold, counted as they are read."""

    def __init__(self, board: str = "") -> None:
        self.board = board
        self.head = 0
        self.clocks: dict[int, int] = {}
        self.doc: Doc[Any] = Doc()
        self.findings = Findings()

    def read(self, rows: Iterable[Row]) -> None:
        """Take the next rows: numbered without a hole, each step once, none before what it builds on."""
        for seq, data in rows:
            where = f"board {self.board} row {seq}"
            if seq != self.head + 1:
                self.findings.gaps.append(f"{where} follows {self.head}")
            self.head = seq
            self.findings.rows += 1
            shape = trusted_outline(data)
            if not shape.follows(self.clocks):
                self.findings.gaps.append(f"{where} builds on steps that are not in the log before it")
            for client, start, end in shape.adds:
                known = self.clocks.get(client, 0)
                if start < known:
                    self.findings.repeated.append(
                        f"{where} repeats steps {start} to {min(end, known)} of {client}"
                    )
                self.clocks[client] = max(end, known)
            self.doc.apply_update(data)
        state = read_state_vector(self.doc.get_state())
        if state != self.clocks:
            self.findings.pending.append(f"board {self.board}: steps of the log that no document takes up")

    def hold_against(self, edits: Iterable[Edit], who: str = "") -> None:
        """Look for each acknowledged edit of somebody."""
        for edit in edits:
            self.findings.edits += 1
            if edit.acked_at is None:
                continue
            self.findings.acknowledged += 1
            for client, _, end in edit.adds:
                if self.clocks.get(client, 0) < end:
                    self.findings.lost.append(f"board {self.board}: step {end} of {client} ({who})")

    def hold_tokens(self, written: Sequence[str], *, never: Sequence[str] = ()) -> None:
        """Look for words that were written once: each stands in the notes once."""
        notes = "\n".join(str(text) for text in self.doc.get("notes", type=Map).values())
        for token in written:
            count = notes.count(token)
            if count == 0:
                self.findings.lost.append(f"board {self.board}: the word {token}")
            elif count > 1:
                self.findings.doubled.append(f"board {self.board}: the word {token}, {count} times")
        self.findings.doubled += [f"board {self.board}: the erased word {t}" for t in never if t in notes]

    def hold_scene(self, content: list[Any], clocks: dict[int, int], who: str) -> None:
        """Hold somebody's page against the log: same picture, same steps, nothing that waits."""
        if content != content_of(self.doc):
            self.findings.divergent.append(
                f"board {self.board}: {who} sees something else than the log holds"
            )
        if clocks != self.clocks:
            behind = any(clocks.get(client, 0) < clock for client, clock in self.clocks.items())
            word = "waits for steps" if behind else "has steps that the log has not"
            self.findings.pending.append(f"board {self.board}: {who} {word}")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of the values lies; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

"""One open board in this process: who sits at it, what they have sent and not yet been told.

A room decides nothing and waits for nothing; the hub takes what is pending, has it checked and
committed, and only then lets the room tell everybody.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from whiteboard import protocol
from whiteboard.outlet import Outlet, Parcel, Send, outlet
from whiteboard.presence import Person, Presence, read_states, stamped, write_states
from whiteboard.protocol import BadMessageError, Close

POINTERS_PER_SECOND = 15.0
POINTER_BURST = 4.0
SECONDS_TO_SETTLE = 0.1  # a pointer that came too soon is shown after this, unless a newer one replaced it
SECONDS_BEHIND_GAP = 20.0
MOST_BEHIND_GAP = 64
MOST_PENDING = 2 * 1024 * 1024


class Right(StrEnum):
    """What somebody may do to a board."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer of the app above to "who is this, and what may they do here?"."""

    board_id: UUID
    epoch: int
    right: Right
    person: Person
    author_id: int | None = None  # primary key of the user, for the log
    writes_notes: bool = True  # False: draws, and only reads the notes


class Seat:
    """One socket at a board."""

    def __init__(
        self, admission: Admission, send: Send, end: Callable[[Close, str], Coroutine[Any, Any, None]]
    ) -> None:
        self.admission = admission
        self.outlet: Outlet = outlet(
            send, on_slow=lambda: self.end(Close.SLOW_READER, "The connection is too slow.")
        )
        self.synced = False  # has been given the document; only then does an update make sense
        self.client: int | None = None
        self.pointing: bytes | None = None
        self.pointed_at = 0.0
        self.pointer_tokens = POINTER_BURST
        self.pointer_counted_at = 0.0
        self.ending: asyncio.Task[None] | None = None
        self.accepted = 0  # frames that are in the log now and not yet acknowledged
        self._end = end
        self.handle: Any = None  # the consumer, for asking again about rights

    @property
    def may_write(self) -> bool:
        """Whether edits from here are taken."""
        return self.admission.right is Right.WRITE and self.ending is None

    def put(self, *messages: bytes) -> None:
        """Send messages to this browser."""
        if self.ending is None:
            self.outlet.put(Parcel(messages))

    def end(self, code: Close, reason: str = "") -> None:
        """Close this socket; the consumer leaves the room when it is done."""
        if self.ending is None:
            self.ending = asyncio.get_running_loop().create_task(self._end(code, reason))

    def spend_pointer(self, now: float) -> bool:
        """Return whether this browser may show a pointer now: 15 a second, four at once."""
        elapsed = now - self.pointer_counted_at
        self.pointer_tokens = min(POINTER_BURST, self.pointer_tokens + elapsed * POINTERS_PER_SECOND)
        self.pointer_counted_at = now
        if self.pointer_tokens >= 1:
            self.pointer_tokens -= 1
            return True
        return False


@dataclass(slots=True)
class Edit:
    """An edit on its way into the log."""

    seat: Seat
    data: bytes
    repeats: bool
    since: float

    @property
    def mark(self) -> str:
        """What the gate has to know of an edit: "" plain, r may repeat what is known, d draws only."""
        return ("r" if self.repeats else "") + ("" if self.seat.admission.writes_notes else "d")


class Room:
    """An open board."""

    def __init__(self, board_id: UUID, epoch: int) -> None:
        self.board_id = board_id
        self.epoch = epoch
        self.name = board_id.hex
        self.head = 0  # every row up to here has been fed to the gate and told to everybody
        self.generation = 0  # of the gate child that holds the document; 0: must be loaded
        self.loaded_before = False
        self.snapshot_seq = 0
        self.lock = asyncio.Lock()
        self.seats: set[Seat] = set()
        self.pending: list[Edit] = []
        self.pending_size = 0
        self.behind_gap: list[Edit] = []
        self.presence = Presence()
        self.pointing: set[Seat] = set()
        self.answers: dict[bytes, tuple[bytes, ...]] = {}  # state vector → answer, until the next row
        self.told_head = 0

    # -- what comes in -------------------------------------------------------------------------

    def take_edit(self, seat: Seat, data: bytes, *, repeats: bool) -> None:
        """Note an edit for the next flush; one person cannot pile up more than two megabytes."""
        self.pending.append(Edit(seat, data, repeats, time.monotonic()))
        self.pending_size += len(data)
        if self.pending_size > MOST_PENDING:
            seat.end(Close.TOO_FAST, "Too much at once.")

    def take_pending(self, most: int) -> list[Edit]:
        """Return what is to be tried now, in the order it came."""
        edits, self.pending = self.pending[:most], self.pending[most:]
        self.pending_size = sum(len(edit.data) for edit in self.pending)
        return edits

    def keep_behind_gap(self, edit: Edit) -> None:
        """Keep an edit that builds on steps which have not come; not for ever, and not too many."""
        if edit.seat not in self.seats:
            return  # its sender has it still, and will send it again
        self.behind_gap.append(edit)
        if len(self.behind_gap) > MOST_BEHIND_GAP or time.monotonic() - edit.since > SECONDS_BEHIND_GAP:
            self.refuse(edit.seat, "This edit builds on others that never arrived.")

    def retry(self) -> None:
        """Try again what waits behind a gap, with the next flush."""
        self.pending, self.behind_gap = self.behind_gap + self.pending, []

    def refuse(self, seat: Seat, reason: str) -> None:
        """Tell a browser that its edit may not stand, and close: it must start from the log again."""
        self.behind_gap = [edit for edit in self.behind_gap if edit.seat is not seat]
        seat.put(protocol.reject(reason))
        seat.end(Close.BAD_UPDATE, reason[:100])

    def take_pointer(self, seat: Seat, body: bytes) -> bool:
        """Replace what this browser shows of itself; return whether that can go out at once."""
        now = time.monotonic()
        seat.pointing = body
        seat.pointed_at = now
        at_once = seat.spend_pointer(now)
        if at_once:
            self.pointing.add(seat)
        return at_once

    def settle_pointers(self) -> bool:
        """Return whether a pointer that came too soon has to be shown now."""
        late = time.monotonic() - SECONDS_TO_SETTLE
        waiting = [seat for seat in self.seats if seat.pointing is not None and seat.pointed_at <= late]
        self.pointing.update(waiting)
        return bool(waiting)

    # -- who is here ---------------------------------------------------------------------------

    def enter(self, seat: Seat) -> None:
        """Seat somebody."""
        self.seats.add(seat)

    def leave(self, seat: Seat) -> None:
        """Take somebody's seat away and say so; what they sent before still counts."""
        self.seats.discard(seat)
        self.pointing.discard(seat)
        self.behind_gap = [edit for edit in self.behind_gap if edit.seat is not seat]
        self.presence.leave(seat)

    def everyone(self) -> tuple[bytes, ...]:
        """Return the message with all who are here; none when nobody shows anything."""
        states = self.presence.everyone()
        return (protocol.awareness(write_states(states)),) if states else ()

    def read_pointers(self) -> None:
        """Take the newest state of each browser that has sent one; others' ids and nonsense are dropped."""
        for seat in self.pointing:
            body, seat.pointing = seat.pointing, None
            if body is None or seat not in self.seats:
                continue
            try:
                self._read_pointer(seat, body)
            except BadMessageError:
                continue
        self.pointing.clear()

    def _read_pointer(self, seat: Seat, body: bytes) -> None:
        for client, clock, text in read_states(body):
            if seat.client is None and self._may_be(seat, client):
                seat.client = client
            if client == seat.client:
                self.presence.put(client, clock, stamped(text, seat.admission.person), seat)

    def _may_be(self, seat: Seat, client: int) -> bool:
        """Return whether a browser may speak as `client`: nobody's yet, or the same person's, come back."""
        owner = self.presence.owner_of(client)
        if owner is None:
            return True
        if isinstance(owner, Seat) and owner.admission.person.id == seat.admission.person.id:
            owner.client = None
            return True
        return False

    # -- what goes out -------------------------------------------------------------------------

    def tell(self, rows: Iterable[tuple[Seat | None, bytes]], states: bytes | None) -> None:
        """Send rows of the log (with who sent each), receipts, and who points where."""
        updates = [(seat, protocol.update(data)) for seat, data in rows]
        senders = {seat for seat, _ in updates if seat is not None}
        pointers = (protocol.awareness(states),) if states else ()
        everything = [message for _, message in updates]
        for_all = Parcel((*everything, *pointers))
        without_pointers = Parcel(everything)
        for seat in self.seats:
            if seat.ending is not None:
                continue
            if not seat.synced:
                if seat.accepted:
                    self._acknowledge(seat, ())
                continue
            behind = pointers and seat.outlet.is_behind
            if seat.accepted or seat in senders:
                own = tuple(message for sender, message in updates if sender is not seat)
                self._acknowledge(seat, own if behind else (*own, *pointers))
            elif behind:
                if everything:
                    seat.outlet.put(without_pointers)
            elif for_all.messages:
                seat.outlet.put(for_all)

    def _acknowledge(self, seat: Seat, messages: tuple[bytes, ...]) -> None:
        if seat.accepted:
            messages = (*messages, protocol.ack(seat.accepted))
            seat.accepted = 0
        if messages:
            seat.outlet.put(Parcel(messages))

    def end_all(self, code: Close, reason: str = "") -> None:
        """Close every socket at this board."""
        for seat in list(self.seats):
            seat.end(code, reason)

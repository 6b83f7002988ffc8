"""One open board in this process: who sits at it, what they have sent and not yet been told.

A room decides nothing and waits for nothing; the hub takes what is pending, has it checked and
committed, and only then lets the room tell everybody.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from whiteboard import protocol
from whiteboard.outlet import Outlet, Send, framed, outlet
from whiteboard.presence import Person, Presence, stamped, states_in, write_states
from whiteboard.protocol import BadMessageError, Close
from whiteboard.wire import Wire

SECONDS_PER_POINTER = 1 / 25
SECONDS_OF_POINTERS = 0.16  # how far ahead of that one may be: four at once
SECONDS_TO_SETTLE = 0.1  # a pointer that came too soon is shown after this, unless a newer one replaced it
SECONDS_BEHIND_GAP = 20.0
MOST_BEHIND_GAP = 64
MOST_PENDING_OF_SEAT = 2 * 1024 * 1024
# A browser has at most twelve frames on the way; after a break those come again, before all others.
EDITS_SENT_AGAIN = 16
MOST_PENDING = 16 * 1024 * 1024
MOST_PENDING_OF_GONE = 1024 * 1024  # of a room in which what people have sent before they went still counts
# What one person has tried in one flush when there is more: the others' edits do not wait for all of it.
MOST_OF_SEAT_PER_FLUSH = 64 * 1024
_ACKS = [b"", *(framed(protocol.ack(count)) for count in range(1, 64))]


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
    head: int = 0  # the newest row in the log as this was found out


class Seat:
    """One socket at a board."""

    def __init__(
        self,
        admission: Admission,
        send: Send,
        end: Callable[[Close, str], Coroutine[Any, Any, None]],
        wire: Wire | None = None,
    ) -> None:
        self.admission = admission
        self.outlet: Outlet = outlet(
            send, lambda: self.end(Close.SLOW_READER, "The connection is too slow."), wire
        )
        self.synced = False  # has been given the document; only then does an update make sense
        self.client: int | None = None
        self.pointing: bytes | None = None  # the newest awareness message, not yet looked at
        self.pointed_at = 0.0
        self.pointers_paid_until = 0.0
        self.edits = 0  # that have come from here
        self.pending_size = 0  # of the edits that wait for a flush
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
        if messages:
            self.put_framed(b"".join([framed(message) for message in messages]))

    def put_framed(self, frames: bytes) -> None:
        """Send messages that were made into frames for several browsers."""
        if self.ending is None:
            self.outlet.put(frames)

    def end(self, code: Close, reason: str = "") -> None:
        """Close this socket; the consumer leaves the room when it is done."""
        if self.ending is None:
            self.ending = asyncio.get_running_loop().create_task(self._end(code, reason))


@dataclass(slots=True)
class Edit:
    """An edit on its way into the log."""

    seat: Seat
    data: bytes
    message: bytes  # the same as it came, with kind and size
    repeats: bool
    may_be_stored: bool  # it may have been sent before, to a process that stored it and went
    since: float

    @property
    def mark(self) -> str:
        """What the gate has to know of an edit: "" plain, r may repeat what is known, d draws only."""
        return ("r" if self.repeats else "") + ("" if self.seat.admission.writes_notes else "d")


class Kept(NamedTuple):
    """A row of the log, about to be told: who sent it (None: somebody elsewhere), and as a message."""

    seat: Seat | None
    data: bytes
    message: bytes


def elsewhere(data: bytes) -> Kept:
    """Return a row that nobody here has sent."""
    return Kept(None, data, protocol.update(data))


class Room:
    """An open board."""

    def __init__(self, board_id: UUID, epoch: int) -> None:
        self.board_id = board_id
        self.epoch = epoch
        self.name = board_id.hex
        self.key = f"{board_id.hex}.{epoch}"  # what the gate knows the document by
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
        self.answers: dict[bytes, bytes] = {}  # state vector → answer in frames, until the next row
        # Rows by number that are known before one that is missing, and those the gate has not been fed.
        self.heard: dict[int, Kept] = {}
        self.unfed: list[bytes] = []
        self.gap_since = 0.0

    # -- what comes in -------------------------------------------------------------------------

    def take_edit(self, seat: Seat, data: bytes, message: bytes, *, repeats: bool) -> None:
        """Note an edit for the next flush; one person cannot pile up more than two megabytes."""
        size = len(data)
        seat.edits += 1
        known = repeats or seat.edits <= EDITS_SENT_AGAIN
        self.pending.append(Edit(seat, data, message, repeats, known, time.monotonic()))
        self.pending_size += size
        seat.pending_size += size
        if seat.pending_size > MOST_PENDING_OF_SEAT:
            self.turn_away(seat)
        elif self.pending_size > MOST_PENDING:
            self.turn_away(max(self.seats, key=lambda each: each.pending_size))

    def turn_away(self, seat: Seat) -> None:
        """Close a socket that sends too much; what still waits of it stays with its sender."""
        self._forget(seat)
        seat.end(Close.TOO_FAST, "Too much at once.")

    def _forget(self, seat: Seat) -> None:
        """Drop what waits of a socket; its sender has it still."""
        if seat.pending_size:
            self.pending = [edit for edit in self.pending if edit.seat is not seat]
            self.pending_size -= seat.pending_size
            seat.pending_size = 0

    def take_pending(self, most: int) -> list[Edit]:
        """Return what is to be tried now, in the order it came; of somebody who sent a lot, not all."""
        if len(self.pending) <= most and self.pending_size <= MOST_OF_SEAT_PER_FLUSH:
            taken, self.pending = self.pending, []
        else:
            taken, later, sizes = [], [], dict.fromkeys(self.seats, 0)
            for edit in self.pending:
                before = sizes.get(edit.seat, 0)
                if len(taken) < most and (not before or before + len(edit.data) <= MOST_OF_SEAT_PER_FLUSH):
                    sizes[edit.seat] = before + len(edit.data)
                    taken.append(edit)
                else:
                    sizes[edit.seat] = MOST_OF_SEAT_PER_FLUSH  # nothing of theirs overtakes this
                    later.append(edit)
            self.pending = later
        for edit in taken:
            edit.seat.pending_size -= len(edit.data)
            self.pending_size -= len(edit.data)
        return taken

    def may_be_twice(self, edit: Edit) -> bool:
        """Return whether another process may be storing an edit in this very moment, or have done so.

        Its sender may have come here from there, or have gone there with what still waited here.
        """
        return edit.may_be_stored or edit.seat not in self.seats

    def judge_again(self, edits: list[Edit]) -> None:
        """Put edits back: another process has stored some of them, and the gate did not know."""
        self.generation = 0  # the document has steps that are not in the log
        self.answers.clear()
        for edit in edits:
            edit.seat.pending_size += len(edit.data)
            self.pending_size += len(edit.data)
        self.pending = edits + self.pending

    def keep_behind_gap(self, edit: Edit) -> None:
        """Keep an edit that builds on steps which have not come; not for ever, and not too many."""
        if edit.seat not in self.seats:
            return  # its sender has it still, and will send it again
        self.behind_gap.append(edit)
        if len(self.behind_gap) > MOST_BEHIND_GAP or time.monotonic() - edit.since > SECONDS_BEHIND_GAP:
            self.refuse(edit.seat, "This edit builds on others that never arrived.")

    def retry(self) -> None:
        """Try again what waits behind a gap, with the next flush."""
        for edit in self.behind_gap:
            edit.seat.pending_size += len(edit.data)
            self.pending_size += len(edit.data)
        self.pending, self.behind_gap = self.behind_gap + self.pending, []

    def refuse(self, seat: Seat, reason: str) -> None:
        """Tell a browser that its edit may not stand, and close: it must start from the log again."""
        self.behind_gap = [edit for edit in self.behind_gap if edit.seat is not seat]
        self._forget(seat)
        seat.put(protocol.reject(reason))
        seat.end(Close.BAD_UPDATE, reason[:100])

    def take_pointer(self, seat: Seat, message: bytes) -> bool:
        """Replace what this browser shows of itself; return whether that can go out at once."""
        now = time.monotonic()
        seat.pointing = message
        seat.pointed_at = now
        paid_until = seat.pointers_paid_until
        if paid_until < now:
            paid_until = now
        elif paid_until > now + SECONDS_OF_POINTERS - SECONDS_PER_POINTER:
            return False
        seat.pointers_paid_until = paid_until + SECONDS_PER_POINTER
        self.pointing.add(seat)
        return True

    def settle_pointers(self) -> bool:
        """Return whether a pointer that came too soon has to be shown now."""
        late = time.monotonic() - SECONDS_TO_SETTLE
        waiting = [seat for seat in self.seats if seat.pointing is not None and seat.pointed_at <= late]
        self.pointing.update(waiting)
        return bool(waiting)

    def hear(self, first: int, rows: Sequence[Kept]) -> None:
        """Note rows of the log, the first of them numbered `first`; those told already are left out."""
        for number, row in enumerate(rows, start=first):
            if number > self.head:
                self.heard.setdefault(number, row)

    def take_heard(self) -> list[Kept]:
        """Return the rows that follow what was told, in order; head moves on."""
        told: list[Kept] = []
        while (row := self.heard.pop(self.head + 1, None)) is not None:
            self.head += 1
            told.append(row)
            if row.seat is None:
                self.unfed.append(row.data)
        if told:
            self.answers.clear()
            self.gap_since = 0.0
        if self.heard and not self.gap_since:
            self.gap_since = time.monotonic()
        return told

    # -- who is here ---------------------------------------------------------------------------

    def enter(self, seat: Seat) -> None:
        """Seat somebody."""
        self.seats.add(seat)

    def leave(self, seat: Seat) -> None:
        """Take somebody's seat away and say so; what they sent before still counts, unless a lot waits."""
        self.seats.discard(seat)
        if self.pending_size > MOST_PENDING_OF_GONE:
            self._forget(seat)
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
            message, seat.pointing = seat.pointing, None
            if message is None or seat not in self.seats:
                continue
            try:
                self._read_pointer(seat, message)
            except BadMessageError:
                continue
        self.pointing.clear()

    def _read_pointer(self, seat: Seat, message: bytes) -> None:
        for client, clock, text in states_in(message):
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

    def tell(self, rows: Sequence[Kept], states: bytes | None) -> None:
        """Send rows of the log, receipts, and who points where; the bytes are made once for all."""
        frames = [framed(row.message) for row in rows]
        edits = b"".join(frames)
        pointers = framed(protocol.awareness(states)) if states else b""
        everything = edits + pointers
        senders = {row.seat for row in rows}
        for seat in self.seats:
            if seat.ending is not None:
                continue
            if not seat.synced:
                if seat.accepted:
                    seat.outlet.put(self._receipt(seat))
            elif seat.accepted or seat in senders:
                pairs = zip(frames, rows, strict=True)
                own = b"".join([frame for frame, row in pairs if row.seat is not seat])
                own += self._receipt(seat)
                seat.outlet.put(own + pointers, own)
            elif everything:
                seat.outlet.put(everything, edits)

    def _receipt(self, seat: Seat) -> bytes:
        count, seat.accepted = seat.accepted, 0
        return _ACKS[count] if count < len(_ACKS) else framed(protocol.ack(count))

    def end_all(self, code: Close, reason: str = "") -> None:
        """Close every socket at this board."""
        for seat in list(self.seats):
            seat.end(code, reason)

"""The document of one board inside the gate: edits tried, held against the rules, kept or undone.

What is stored. An edit that adds steps is stored as
it was sent, byte for byte, because it has passed our own strict reader (so it means the same to Yjs and
to yrs), has been integrated whole (nothing of it is parked) and has been re-encoded by yrs as a trial;
the raw bytes cannot lose what a re-encoding drops. What came as step 2 repeats every deletion ever made,
so of that only what was new is stored, as re-encoded by yrs from the integration itself.

Edits behind a gap (they build on steps that have not arrived) are neither stored nor acknowledged: they
are handed back to be tried again, and stay with their sender until they can be seen by all. So the log
never contains a gap. Should a row of it have one nevertheless, the row is kept aside, given to those
who join, and the document is not compacted until the missing step has come (get_update would drop it).
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc, Map, Text
from pycrdt import get_state as state_of_update

from whiteboard import gate_rules as rules
from whiteboard.gate_reader import Outline, outline, trusted_outline
from whiteboard.gate_rules import RefusedError
from whiteboard.gate_touch import Touch, check_touched, touch_of
from whiteboard.protocol import (
    BadMessageError,
    read_state_vector,
    read_varint,
    write_state_vector,
    write_varint,
)

REBASE_AFTER = 1000  # rows, or
REBASE_AFTER_BYTES = 512 * 1024
# Yjs lets an edit take an emoji apart (half a surrogate pair); yrs 0.28 then loses a step and every later
# edit of that person with it. Our page never sends one, and no other gets one past this.
CUTS_A_CHARACTER = "This edit cuts a character in two."
SEES_NOTHING = b"\x00\x00"
_leaked: list[Any] = []  # documents that panicked: even dropping one can end the process
_STATE = re.compile(rb"([\x00-\x7f]|[\x80-\xff]+[\x01-\x7f])([\x00-\x7f]|[\x80-\xff]+[\x01-\x7f])")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one edit: `store` are the bytes for the log, None when it held nothing new."""

    store: bytes | None = None
    waits: bool = False
    reason: str = ""


class BoardDoc:
    """A board's Doc, fed in the order of the log, with what it needs to get back to a sound state."""

    def __init__(self, base: bytes | None, rows: list[bytes]) -> None:
        self.base = base or SEES_NOTHING
        self.since: list[bytes] = []
        self.since_size = 0
        self.parked: list[bytes] = []
        self._halves: set[tuple[int, int]] = set()  # of characters in the notes, see Outline.halves
        self._touched: list[Touch] = []
        self._written: list[bytes] = []
        self._is_trial = False  # only then does it matter what was touched, and is it worth the time
        self._start()
        if any(max(str(text), default="") > "\uffff" for _, text in self._notes()):
            self._halves = trusted_outline(self.base).halves
        self.feed_all(rows)

    # -- building ------------------------------------------------------------------------------

    def _start(self) -> None:
        """Build the Doc from `base` and `since`."""
        self.doc: Doc[Any] = Doc()
        self.elements: Map[Any] = self.doc.get("elements", type=Map)
        self.meta: Map[Any] = self.doc.get("meta", type=Map)
        self.notes: Map[Any] = self.doc.get("notes", type=Map)
        if self.base != SEES_NOTHING:
            self.doc.apply_update(self.base)
        for update in self.since:
            self.doc.apply_update(update)
        # The native observers: pycrdt's own wrap every number of every point of old and new values.
        self._watched = [
            self.elements.integrated.observe_deep(lambda events: self._note("elements", events)),
            self.meta.integrated.observe_deep(lambda events: self._note("meta", events)),
            self.notes.integrated.observe_deep(lambda events: self._note("notes", events)),
            self.doc._doc.observe(self._note_written),
        ]
        self.clocks = read_state_vector(self.doc.get_state())

    def _apply(self, updates: list[bytes]) -> bytes:
        """Integrate updates in one transaction and return the state vector then.

        By way of the native document: pycrdt's own transactions cost as much as a small edit. What
        raises in here leaves the transaction open: the document must not be used again.
        """
        native = self.doc._doc
        transaction = native.create_transaction()
        try:
            for update in updates:
                native.apply_update(transaction, update)
            state: bytes = native.get_state(transaction)
            transaction.commit()
        except Exception:
            transaction.drop()
            raise
        except BaseException:
            _leaked.append(transaction)
            raise
        transaction.drop()
        return state

    def _note(self, root: str, events: list[Any]) -> None:
        """Keep what an event says; it can be asked only while its transaction is open."""
        if self._is_trial:
            self._touched += [touch_of(root, event) for event in events]

    def _note_written(self, event: Any) -> None:
        if self._is_trial:
            self._written.append(event.update)

    def _rebuild(self, *, panicked: bool) -> None:
        if panicked:
            _leaked.append((self.doc, self.elements, self.meta, self.notes))
        self._start()

    def feed_all(self, rows: list[bytes]) -> None:
        """Take rows of the log in order, all in one transaction if they are sound, as they always are."""
        ahead = dict(self.clocks)
        adds: list[tuple[int, int, int]] = []
        halves: set[tuple[int, int]] = set()
        try:
            for row in rows:
                shape = trusted_outline(row)
                if self.parked or not shape.follows(ahead):
                    raise BadMessageError("a row behind a gap")
                for client, _, end in shape.adds:
                    ahead[client] = max(end, ahead.get(client, 0))
                adds += shape.adds
                halves |= shape.halves
            if rows:
                self._apply(rows)
        except BadMessageError:
            pass
        except BaseException as error:
            self._rebuild(panicked=not isinstance(error, Exception))
        else:
            self._halves |= halves
            self._keep(rows, adds)
            return
        for row in rows:
            self.feed(row)

    def feed(self, row: bytes) -> None:
        """Take a row of the log. A row that cannot be read is left out; one behind a gap waits."""
        try:
            shape = trusted_outline(row)
        except BadMessageError:
            return
        self._halves |= shape.halves
        if not shape.follows(self.clocks):
            self.parked.append(row)
            return
        if self._take(row, shape) and self.parked:
            waiting, self.parked = self.parked, []
            for earlier in waiting:
                self.feed(earlier)

    def _take(self, row: bytes, shape: Outline) -> bool:
        try:
            self._apply([row])
        except BaseException as error:
            self._rebuild(panicked=not isinstance(error, Exception))
            return False
        self._keep([row], shape.adds)
        return True

    def _keep(self, updates: list[bytes], adds: list[tuple[int, int, int]]) -> None:
        for client, _, end in adds:
            if end > self.clocks.get(client, 0):
                self.clocks[client] = end
        self.since += updates
        self.since_size += sum(map(len, updates))
        if (len(self.since) > REBASE_AFTER or self.since_size > REBASE_AFTER_BYTES) and not self.parked:
            self.rebase()

    def rebase(self) -> None:
        """Replace what was kept since the last time by one re-encoding, once that is known to load."""
        whole = self.doc.get_update()
        sample: Doc[Any] = Doc()
        sample.apply_update(whole)
        if read_state_vector(sample.get_state()) == self.clocks:
            self.base, self.since, self.since_size = whole, [], 0

    # -- trying --------------------------------------------------------------------------------

    def try_all(self, updates: list[tuple[bytes, str]]) -> list[Verdict]:
        """Return a verdict for each (bytes, mark) in order.

        A mark holds `r` for what came as step 2 and may repeat what is known, which is tried alone, as is
        whatever else repeats a step, and `d` for what comes from somebody who draws and may not touch the
        notes.

        Edits in a row that may do the same go into one transaction, which is undone and taken apart
        when something in it is refused. After a refusal nothing of the refused edit is left.
        """
        verdicts: list[Verdict | None] = [None] * len(updates)
        group: list[tuple[int, bytes, Outline]] = []
        only_draws = False  # all of the group
        ahead = dict(self.clocks)
        for place, (data, mark) in enumerate(updates):
            try:
                shape = outline(data)
            except BadMessageError as error:
                verdicts[place] = Verdict(reason=f"This edit could not be read: {error}.")
                continue
            if (self._halves or shape.halves) and shape.cuts_a_character(self._halves):
                verdicts[place] = Verdict(reason=CUTS_A_CHARACTER)
                continue
            self._halves |= shape.halves
            if not shape.follows(ahead):
                verdicts[place] = Verdict(waits=True)
            elif not shape.deletes and not shape.adds_to(ahead):
                verdicts[place] = Verdict()
            elif "r" in mark or shape.repeats(ahead) or not shape.adds_to(ahead):
                # Only what is new goes into the log. Whether a deletion is new shows when it is done.
                self._try_group(group, verdicts, draws_only=only_draws)
                group = []
                verdicts[place] = self._try_repeat(data, shape, draws_only="d" in mark)
                ahead = dict(self.clocks)
            else:
                if group and only_draws != ("d" in mark):
                    self._try_group(group, verdicts, draws_only=only_draws)
                    group = []
                    ahead = dict(self.clocks)
                    if not shape.follows(ahead):  # it leaned on one that was refused
                        verdicts[place] = Verdict(waits=True)
                        continue
                only_draws = "d" in mark
                group.append((place, data, shape))
                for client, _, end in shape.adds:
                    ahead[client] = max(ahead.get(client, 0), end)
        self._try_group(group, verdicts, draws_only=only_draws)
        return [verdict or Verdict(waits=True) for verdict in verdicts]

    def _try_repeat(self, data: bytes, shape: Outline, *, draws_only: bool) -> Verdict:
        reason = self._attempt([data], shape.adds, draws_only=draws_only)
        if reason is not None:
            return Verdict(reason=reason)
        written = self._written[-1] if self._written else None
        if written is None:
            return Verdict()
        self._keep([written], shape.adds)
        return Verdict(store=written)

    def _try_group(
        self, group: list[tuple[int, bytes, Outline]], verdicts: list[Verdict | None], *, draws_only: bool
    ) -> None:
        if not group:
            return
        adds = [add for _, _, shape in group for add in shape.adds]
        sound = not any(shape.wild for _, _, shape in group)
        updates = [data for _, data, _ in group]
        reason = self._attempt(updates, adds, draws_only=draws_only, points_are_sound=sound)
        if reason is None:
            self._keep(updates, adds)
            for place, data, _ in group:
                verdicts[place] = Verdict(store=data)
        elif len(group) == 1:
            verdicts[group[0][0]] = Verdict(reason=reason)
        else:
            for place, data, shape in group:
                # An edit that leaned on a refused one is now behind a gap: it goes with it.
                if shape.follows(self.clocks):
                    self._try_group([(place, data, shape)], verdicts, draws_only=draws_only)
                else:
                    verdicts[place] = Verdict(waits=True)

    def _attempt(
        self,
        updates: list[bytes],
        adds: list[tuple[int, int, int]],
        *,
        draws_only: bool = False,
        points_are_sound: bool = False,
    ) -> str | None:
        """Return None when the edits were integrated and may stand, else the reason, with them undone.

        `points_are_sound` says that the reader has found no list in them but points within bounds.
        """
        self._touched.clear()
        self._written.clear()
        expected: dict[int, int] = {}
        for client, _, end in adds:
            if end > self.clocks.get(client, 0):
                expected[client] = max(end, expected.get(client, 0))
        try:
            self._is_trial = True
            try:
                state = self._apply(updates)
            finally:
                self._is_trial = False
            check_touched(self._touched, self.doc, points_are_sound=points_are_sound)
            if draws_only and any(touch.root == "notes" for touch in self._touched):
                raise RefusedError("Only the candidate writes the notes.")
            for written in self._written:
                state_of_update(written)
            reached = dict(_STATE.findall(state, read_varint(state, 0)[1]))
            for client, end in expected.items():
                if reached.get(write_varint(client)) != write_varint(end):
                    raise RefusedError("This edit contradicts itself.")
        except RefusedError as refusal:
            self._rebuild(panicked=False)
            return str(refusal)
        except BaseException as error:
            self._rebuild(panicked=not isinstance(error, Exception))
            return "This edit could not be applied."
        return None

    # -- reading -------------------------------------------------------------------------------

    def state_vector(self) -> bytes:
        """Return what this document has."""
        return write_state_vector(self.clocks)

    def beyond(self, state_vector: bytes) -> list[bytes]:
        """Return the updates that bring a client with `state_vector` up to date."""
        read_state_vector(state_vector)
        return [self.doc.get_update(state_vector), *self.parked]

    def whole(self) -> bytes | None:
        """Return the document as one update, or None while rows wait behind a gap."""
        if self.parked:
            return None
        self.rebase()
        return self.base if not self.since else self.doc.get_update()

    def view(self) -> dict[str, Any]:
        """Return {"elements": {id: fields}, "notes": {step: text}} as plain values."""
        elements = json.loads(str(self.elements)) if len(self.elements) else {}
        return {"elements": elements, "notes": {step: str(text) for step, text in self._notes()}}

    def _notes(self) -> list[tuple[str, Text]]:
        return [(step, text) for step, text in dict(self.notes).items() if isinstance(text, Text)]


def written(elements: dict[str, dict[str, Any]], notes: dict[str, str]) -> bytes:
    """Return a new document as one update: `elements` as fields by id, `notes` by step."""
    doc: Doc[Any] = Doc()
    with doc.transaction():
        on_board = doc.get("elements", type=Map)
        doc.get("meta", type=Map)["schema"] = 1
        in_notes = doc.get("notes", type=Map)
        for name, fields in elements.items():
            rules.check_element_id(name)
            rules.check_element(fields)
            on_board[name] = Map(fields)
        for step, text in notes.items():
            rules.check_step(step)
            in_notes[step] = Text(text)
    return doc.get_update()

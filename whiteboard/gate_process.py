"""The gate's own process: answers requests about board documents until its parent is gone.

Whatever a hostile edit does to pycrdt happens here: memory is limited, each request has a deadline
after which the kernel ends the process, and the end of the pipe is the end of the process.
Run as `python -m whiteboard.gate_process <file descriptor>`; see `gate` for the other side.
"""

import gc
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from whiteboard import gate_excerpt, gate_history
from whiteboard.gate_doc import BoardDoc, Verdict, _leaked, written
from whiteboard.gate_rules import RefusedError
from whiteboard.protocol import BadMessageError

MEMORY_LIMIT = 1024 * 1024 * 1024
SECONDS_PER_REQUEST = 8.0
MOST_DOCUMENTS = 200
MOST_LEAKED = 50
_size = struct.Struct("<II")
_encode = json.JSONEncoder(separators=(",", ":")).encode

Answer = tuple[dict[str, Any], list[bytes]]


def pack(head: dict[str, Any], blobs: list[bytes]) -> bytes:
    """Return one request or answer as bytes: sizes, JSON, then the blobs as they are."""
    head["sizes"] = [len(blob) for blob in blobs]
    text = _encode(head).encode()
    return b"".join((_size.pack(len(text), sum(head["sizes"])), text, *blobs))


def unpack(text: bytes, body: bytes) -> Answer:
    """Return the request or answer that `pack` packed, given its two parts."""
    head = json.loads(text)
    blobs, at = [], 0
    for size in head.pop("sizes"):
        blobs.append(body[at : at + size])
        at += size
    return head, blobs


class UnknownBoardError(KeyError):
    """The board has not been opened here, or its document was dropped."""


class Documents:
    """The board documents of this process, the least used one making room."""

    def __init__(self) -> None:
        self.held: OrderedDict[str, BoardDoc] = OrderedDict()

    def get(self, board: str) -> BoardDoc:
        document = self.held.get(board)
        if document is None:
            raise UnknownBoardError(board)
        self.held.move_to_end(board)
        return document

    def open(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Take a board from its snapshot (first blob, may be empty) and the rows after it."""
        document = BoardDoc(blobs[0] or None, blobs[1:])
        self.held[head["board"]] = document
        self.held.move_to_end(head["board"])
        while len(self.held) > MOST_DOCUMENTS:
            self.held.popitem(last=False)
        return {"parked": len(document.parked)}, [document.state_vector()]

    def drop(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Forget boards."""
        for board in head["boards"]:
            self.held.pop(board, None)
        return {}, []

    def feed(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Take rows of the log that other processes wrote."""
        document = self.get(head["board"])
        document.feed_all(blobs)
        return {"parked": len(document.parked)}, []

    def check(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Try the edits of several boards: [{board, feed, marks}], their bytes in order as blobs.

        `marks` has one string an edit (see room.Edit.mark). Before the edits come as many rows of the log
        as `feed` says, which other processes wrote.
        The answer has per board a list of [state, …]: 0 nothing new, 1 store as sent, 2 store the
        next blob of the answer, 3 waits, or a sentence; None for a board that is not open here.
        """
        out: list[bytes] = []
        rooms: list[list[int | str] | None] = []
        at = 0
        for room in head["rooms"]:
            marks, fed = room["marks"], blobs[at : at + room.get("feed", 0)]
            at += len(fed)
            updates = list(zip(blobs[at : at + len(marks)], marks, strict=True))
            at += len(marks)
            document = self.held.get(room["board"])
            if document is None:
                rooms.append(None)
                continue
            self.held.move_to_end(room["board"])
            if fed:
                document.feed_all(fed)
            verdicts = document.try_all(updates)
            rooms.append(
                [_brief(verdict, sent, out) for verdict, (sent, _) in zip(verdicts, updates, strict=True)]
            )
        return {"rooms": rooms}, out

    def join(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Answer a state vector with what its owner lacks, and with our own state vector first."""
        document = self.get(head["board"])
        return {}, [document.state_vector(), *document.beyond(blobs[0])]

    def view(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Return the fields of all elements and the notes of an open board."""
        return self.get(head["board"]).view(), []

    def view_log(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Return the same of a document made from a snapshot and rows, and forgotten at once."""
        return BoardDoc(blobs[0] or None, blobs[1:]).view(), []

    def seen(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Return the same as `view_log`, faster: the notes, and the elements' fields as a blob of JSON."""
        elements, notes = gate_history.seen(blobs[0] or None, blobs[1:])
        return {"notes": notes}, [elements]

    def whole(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Return an open board as one update; no blob while something waits behind a gap."""
        whole = self.get(head["board"]).whole()
        return {}, [] if whole is None else [whole]

    def whole_log(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Return a snapshot and rows as one update; no blob while something waits behind a gap."""
        whole = BoardDoc(blobs[0] or None, blobs[1:]).whole()
        return {}, [] if whole is None else [whole]

    def write(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Return a new document holding elements and notes as one update."""
        return {}, [written(head["elements"], head["notes"])]

    def write_moments(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Return a new document's updates, one for each moment given."""
        return {}, gate_history.written_in_moments(head["moments"])

    def arrivals(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Return when the elements and words of a log came; the blobs are all its rows."""
        return gate_history.arrivals(blobs), []

    def excerpt(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Return a log of one person's part alone, an update for each row, and what was left out."""
        updates, foreign = gate_excerpt.excerpt(
            blobs, head["own"], elements=head["elements"], notes=head["notes"]
        )
        return {"foreign": foreign}, updates

    def ping(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Answer."""
        return {"boards": len(self.held), "leaked": len(_leaked)}, []


def _brief(verdict: Verdict, sent: bytes, out: list[bytes]) -> int | str:
    if verdict.reason:
        return verdict.reason
    if verdict.waits:
        return 3
    if verdict.store is None:
        return 0
    if verdict.store is sent:
        return 1
    out.append(verdict.store)
    return 2


def answer(documents: Documents, head: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Return the answer to one request; what goes wrong in it becomes a sentence."""
    act: Callable[[dict[str, Any], list[bytes]], Answer] = getattr(documents, head["do"])
    try:
        return act(head, blobs)
    except UnknownBoardError:
        return {"unknown": True}, []
    except (BadMessageError, RefusedError) as refusal:
        return {"refused": str(refusal)}, []
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}, []


def serve(link: socket.socket) -> None:
    """Answer requests in order until the other side is gone."""
    documents = Documents()
    stream = link.makefile("rb", buffering=1 << 16)
    while True:
        sizes = stream.read(_size.size)
        if len(sizes) < _size.size:
            return
        text_size, body_size = _size.unpack(sizes)
        text, body = stream.read(text_size), stream.read(body_size)
        if len(text) < text_size or len(body) < body_size:
            return
        head, blobs = unpack(text, body)
        number = head["n"]
        # The default action of this signal ends the process even inside native code.
        signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_REQUEST)
        reply, out = answer(documents, head, blobs)
        signal.setitimer(signal.ITIMER_REAL, 0)
        reply["n"] = number
        link.sendall(pack(reply, out))
        if len(_leaked) > MOST_LEAKED:
            return  # the parent starts a fresh one


def main() -> None:
    """Serve the socket whose number is the first argument, within limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is ours
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.freeze()  # modules are no garbage
    gc.set_threshold(20_000, 20, 20)
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 2)  # panics print a page each; the reason is in the answer
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
    os._exit(0)  # dropping a document that panicked could end in a crash report

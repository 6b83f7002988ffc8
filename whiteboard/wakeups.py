"""What server processes tell each other about boards, by way of `bus`.

Nothing depends on a message arriving. `news` says "there is something new in the log" and carries
pointers, to those processes that have the board open; `here` says which boards a process has open (so
that a process alone tells nobody), `rights` says that somebody's rights may have changed.
"""

import asyncio
import contextlib
import json
import logging
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from whiteboard import bus
from whiteboard.protocol import read_bytes, write_bytes

EVERYBODY = "whiteboard"
SECONDS_BETWEEN_HERE = 2.0
SECONDS_UNTIL_GONE = 7.0
MOST_UNHEARD = 6
_NEWS, _WORDS = b"N", b"W"
_ROOM = struct.Struct("<16sqI")  # board, head, how many rows end there
log = logging.getLogger(__name__)


def _tell_all(message: dict[str, Any]) -> None:
    try:
        bus.tell(EVERYBODY, _WORDS + json.dumps(message).encode())
    except Exception:
        log.warning("no wake-up sent; rights and heads are looked at every second anyway", exc_info=True)


def rights_changed(*board_ids: UUID) -> None:
    """Have every process look again at who may do what on boards, at once and not a second later.

    From ordinary code; call it on commit.
    """
    _tell_all({"type": "boards.rights", "boards": [board_id.hex for board_id in board_ids]})


def boards_replaced() -> None:
    """Have every process look whether a board has another epoch; call it on commit."""
    _tell_all({"type": "boards.replaced"})


@dataclass
class News:
    """What a flush has to tell other processes, by room: how far the log is, its rows, pointers."""

    heads: dict[str, int] = field(default_factory=dict)
    rows: dict[str, tuple[int, list[bytes]]] = field(default_factory=dict)  # number of the first; the edits
    states: dict[str, bytes] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.heads or self.states)

    def packed(self, sender: str, rooms: set[str]) -> bytes:
        """Return what there is about `rooms` as bytes."""
        parts = [_NEWS, bytes.fromhex(sender)]
        for room in self.heads.keys() | self.states.keys():
            if room in rooms:
                _, rows = self.rows.get(room, (0, []))
                parts.append(_ROOM.pack(bytes.fromhex(room), self.heads.get(room, 0), len(rows)))
                parts += [write_bytes(row) for row in rows]
                parts.append(write_bytes(self.states.get(room, b"")))
        return b"".join(parts)


def _unpacked_news(packed: bytes) -> dict[str, Any]:
    """Return the message that `News.packed` made bytes of."""
    news = News()
    at = 17
    while at < len(packed):
        board, head, count = _ROOM.unpack_from(packed, at)
        at += _ROOM.size
        room, rows = board.hex(), []
        for _ in range(count):
            row, at = read_bytes(packed, at)
            rows.append(row)
        states, at = read_bytes(packed, at)
        if head:
            news.heads[room] = head
        if rows:
            news.rows[room] = (head - count + 1, rows)
        if states:
            news.states[room] = states
    return {
        "type": "boards.news", "from": packed[1:17].hex(),
        "heads": news.heads, "rows": news.rows, "states": news.states,
    }  # fmt: skip


class Wakeups:
    """One process's ear and mouth; `hear` is called with each message of another process."""

    def __init__(self, hear: Callable[[dict[str, Any]], None], rooms: Callable[[], list[str]]) -> None:
        self.name = uuid4().hex
        self.sharing: dict[str, list[str]] = {}  # room → the other processes that have it open
        self._hear = hear
        self._rooms = rooms
        self._bus = bus.bus()
        self._repeating: asyncio.Task[None] | None = None
        self._others: dict[str, tuple[set[str], float]] = {}
        self._unheard = 0  # how often we have said what is open here and not heard it ourselves

    async def start(self) -> None:
        """Begin to listen."""
        await self._bus.start([EVERYBODY, _channel(self.name)], self.heard)
        self._repeating = asyncio.create_task(self._repeat())

    async def close(self) -> None:
        """Stop listening and say so."""
        if self._repeating is not None:
            self._repeating.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self._repeating
            self._say({"type": "boards.here", "rooms": []})
        await self._bus.close()

    def shared(self, room: str) -> bool:
        """Return whether another process has this board open."""
        return room in self.sharing

    def here(self, *, asks: bool = False) -> None:
        """Say which boards are open here; `asks` makes the others say it too."""
        self._unheard += 1
        self._say({"type": "boards.here", "rooms": self._rooms(), "asks": asks})

    def news(self, news: News) -> None:
        """Say what is new on boards to those who have them open, too."""
        rooms = news.heads.keys() | news.states.keys()
        for name in {name for room in rooms for name in self.sharing.get(room, ())}:
            self._bus.tell(_channel(name), news.packed(self.name, self._others[name][0]))

    def _say(self, message: dict[str, Any]) -> None:
        message["from"] = self.name
        self._bus.tell(EVERYBODY, _WORDS + json.dumps(message).encode())

    def heard(self, packed: bytes) -> None:
        """Take a message of any process."""
        if packed[:1] == _NEWS:
            self._hear(_unpacked_news(packed))
            return
        message = json.loads(packed[1:])
        if message.get("from") == self.name:
            self._unheard = 0
            return
        if message["type"] == "boards.here":
            self._note_others(message)
        self._hear(message)

    def _note_others(self, message: dict[str, Any]) -> None:
        rooms = set(message["rooms"])
        if rooms:
            self._others[message["from"]] = (rooms, time.monotonic())
        else:
            self._others.pop(message["from"], None)
        self._note_sharing()
        if message.get("asks"):
            self.here()

    def _note_sharing(self) -> None:
        self.sharing = {}
        for name, (rooms, _) in self._others.items():
            for room in rooms:
                self.sharing.setdefault(room, []).append(name)

    async def _repeat(self) -> None:
        """Say every two seconds what is open here, and forget who has fallen silent."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_HERE)
            if self._rooms():
                self.here()
                if self._unheard > MOST_UNHEARD:  # a connection can be dead and look open
                    self._unheard = 0
                    self._bus.again()
            late = time.monotonic() - SECONDS_UNTIL_GONE
            for name, (_, heard_at) in list(self._others.items()):
                if heard_at < late:
                    del self._others[name]
                    self._note_sharing()
                    self._hear({"type": "boards.gone", "from": name})


def _channel(name: str) -> str:
    return f"{EVERYBODY}.{name}"

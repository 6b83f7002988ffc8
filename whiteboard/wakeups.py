"""What server processes tell each other about boards, through the channel layer.

Nothing depends on a message arriving: a layer delivers at most once. `news` says "there is something
new in the log" and carries pointers, `here` says which boards a process has open (so that a process
alone tells nobody), `rights` says that somebody's rights may have changed.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

GROUP = "whiteboard"
SECONDS_BETWEEN_HERE = 2.0
SECONDS_UNTIL_GONE = 7.0
log = logging.getLogger(__name__)


async def _tell_all(message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is not None:
        try:
            await layer.group_send(GROUP, message)
        except Exception:
            log.warning("no wake-up sent; rights and heads are looked at every second anyway", exc_info=True)


async def arights_changed(*board_ids: UUID) -> None:
    """Have every process look again at who may do what on boards, at once instead of within 2 s."""
    await _tell_all({"type": "boards.rights", "boards": [board_id.hex for board_id in board_ids]})


def rights_changed(*board_ids: UUID) -> None:
    """Do the same from ordinary code; call it on commit."""
    async_to_sync(arights_changed)(*board_ids)


def boards_replaced() -> None:
    """Have every process look whether a board has another epoch; call it on commit."""
    async_to_sync(_tell_all)({"type": "boards.replaced"})


@dataclass
class News:
    """What a flush has to tell other processes, by room: how far the log is, its rows, pointers."""

    heads: dict[str, int] = field(default_factory=dict)
    rows: dict[str, tuple[int, list[bytes]]] = field(default_factory=dict)  # number of the first; the edits
    states: dict[str, bytes] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.heads or self.states)


class Wakeups:
    """One process's ear and mouth; `hear` is called with each message of another process."""

    def __init__(self, hear: Callable[[dict[str, Any]], None], rooms: Callable[[], list[str]]) -> None:
        self.name = uuid4().hex
        self._hear = hear
        self._rooms = rooms
        self._layer = get_channel_layer()
        self._channel = ""
        self._tasks: list[asyncio.Task[None]] = []
        self._others: dict[str, tuple[set[str], float]] = {}

    async def start(self) -> None:
        """Begin to listen; without a channel layer there is nobody to listen to."""
        if self._layer is None:
            return
        try:
            self._channel = await self._layer.new_channel("whiteboard")
            await self._layer.group_add(GROUP, self._channel)
        except Exception:
            log.warning("the channel layer does not answer; trying again", exc_info=True)
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._repeat())]

    async def close(self) -> None:
        """Stop listening and say so."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
        if self._layer is not None and self._channel:
            await self._tell({"type": "boards.here", "rooms": []})
            with contextlib.suppress(Exception):
                await self._layer.group_discard(GROUP, self._channel)

    def shared(self, room: str) -> bool:
        """Return whether another process has this board open."""
        return any(room in rooms for rooms, _ in self._others.values())

    async def here(self, *, asks: bool = False) -> None:
        """Say which boards are open here; `asks` makes the others say it too."""
        await self._tell({"type": "boards.here", "rooms": self._rooms(), "asks": asks})

    async def news(self, news: News) -> None:
        """Say what is new on boards that others have open, too."""
        await self._tell(
            {"type": "boards.news", "heads": news.heads, "rows": news.rows, "states": news.states}
        )

    async def _tell(self, message: dict[str, Any]) -> None:
        if self._layer is None:
            return
        message["from"] = self.name
        try:
            await self._layer.group_send(GROUP, message)
        except Exception:
            log.debug("no wake-up sent; the heads are compared anyway", exc_info=True)

    async def _listen(self) -> None:
        while True:
            try:
                if not self._channel:
                    self._channel = await self._layer.new_channel("whiteboard")
                    await self._layer.group_add(GROUP, self._channel)
                message = await self._layer.receive(self._channel)
            except asyncio.CancelledError:
                raise
            except Exception:
                log.debug("the channel layer does not answer", exc_info=True)
                self._channel = ""
                await asyncio.sleep(1.0)
                continue
            if message.get("from") == self.name:
                continue
            try:
                if message["type"] == "boards.here":
                    await self._note_others(message)
                self._hear(message)
            except Exception:
                log.exception("a wake-up could not be understood")

    async def _note_others(self, message: dict[str, Any]) -> None:
        rooms = set(message["rooms"])
        if rooms:
            self._others[message["from"]] = (rooms, time.monotonic())
        else:
            self._others.pop(message["from"], None)
        if message.get("asks"):
            await self.here()

    async def _repeat(self) -> None:
        """Say every two seconds what is open here, and forget who has fallen silent."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_HERE)
            if self._rooms():
                await self.here()
            late = time.monotonic() - SECONDS_UNTIL_GONE
            for name, (_, heard_at) in list(self._others.items()):
                if heard_at < late:
                    del self._others[name]
                    self._hear({"type": "boards.gone", "from": name})

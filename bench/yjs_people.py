"""People with the real Yjs and the stock y-websocket client, in a Node beside us."""

import asyncio
import base64
import contextlib
import itertools
import json
import os
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devstack import node
from whiteboard.protocol import read_state_vector

SCRIPT = Path(__file__).with_suffix(".mjs")
LARGEST_LINE = 64 * 1024 * 1024


class YjsPeople:
    """A Node with pages in it. Make it with `yjs_people`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.create_task(self._read())

    async def ask(self, do: str, **line: Any) -> dict[str, Any]:
        """Have something done and return the answer."""
        number = next(self._numbers)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"n": number, "do": do, **line}).encode() + b"\n")
        await self._process.stdin.drain()
        found = await asyncio.wait_for(answer, 60)
        if "error" in found:
            raise RuntimeError(found["error"])
        return found

    async def read(self, updates: Iterable[bytes]) -> tuple[list[Any], bool]:
        """Return what Yjs makes of updates applied in order, and whether something is left waiting."""
        found = await self.ask("read", updates=[base64.b64encode(one).decode() for one in updates])
        return found["scene"], found["waits"]

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            answer = json.loads(line)
            future = self._waiting.pop(answer.pop("n"), None)
            if future is not None and not future.done():
                future.set_result(answer)
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(RuntimeError("Node ended"))

    async def close(self) -> None:
        """End Node."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), 5)
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)


@dataclass
class YjsPage:
    """One person in that Node."""

    people: YjsPeople
    name: str
    client: int
    notes: bool = False
    opened: bool = field(default=False, init=False)

    async def reach(self, url: str, board_id: str, headers: dict[str, str]) -> None:
        """Say where the board is; `url` without the board's id. Not connected yet."""
        line = {"page": self.name, "url": url, "room": board_id, "headers": headers}
        if self.opened:
            await self.people.ask("reach", **line)
        else:
            self.opened = True
            await self.people.ask("open", client=self.client, notes=self.notes, **line)

    async def tell(self, do: str, **line: Any) -> dict[str, Any]:
        """Have the page do something: connect, disconnect, tear, draw, point, close."""
        return await self.people.ask(do, page=self.name, **line)

    async def state(self) -> dict[str, Any]:
        """Return what the page has: scene, clocks, synced, waits, others."""
        found = await self.tell("state")
        found["clocks"] = read_state_vector(base64.b64decode(found.pop("vector")))
        return found


@contextlib.asynccontextmanager
async def yjs_people() -> AsyncIterator[YjsPeople]:
    """Give a Node with Yjs and y-websocket from the packages of the front end."""
    found = node.on_path() or node.from_wheel()
    if found is None or not (node.MODULES / "y-websocket").is_dir():
        raise RuntimeError("Node or the packages of frontend/ are not installed: ./run assets")
    process = await asyncio.create_subprocess_exec(
        str(found.node),
        str(SCRIPT),
        str(node.FRONTEND),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.environ.get("PATH", os.defpath)},
        limit=LARGEST_LINE,
    )
    people = YjsPeople(process)
    try:
        yield people
    finally:
        await people.close()

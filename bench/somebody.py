"""The people of a random history: pages of ours in Python, and the stock client with the real Yjs."""

import random
from collections.abc import Sequence
from typing import Any, Protocol

from pycrdt import Map, Text

from bench.acts import place
from bench.board_page import Door, Page
from bench.history_checker import Log
from bench.seating import Place
from bench.server import Web
from bench.yjs_people import YjsPage, YjsPeople

COLORS = ("#111111", "#222222", "#333333")
SOUNDS = ("a", "bé", "😀", " word ", "日本", "👩‍👩‍👧")


class Somebody(Protocol):
    """One person of a history, whatever their page is made of."""

    name: str
    may_write: bool

    async def come(self) -> None: ...
    async def leave(self) -> None: ...
    async def tear(self) -> None: ...
    async def move(self, at: int) -> None: ...
    async def edit(self, dice: random.Random, count: int) -> None: ...
    async def is_done(self) -> bool: ...
    async def sees(self, scene: list[Any], clocks: dict[int, int]) -> bool: ...
    async def hold_against(self, log: Log) -> None: ...
    async def close(self) -> None: ...


class OurPage:
    """A page in this process, which knows what was acknowledged."""

    def __init__(
        self, webs: Sequence[Web], board: Place, seat: int, at: int, *, name: str, client: int
    ) -> None:
        self.at = at
        self.name = name
        person = board.people[seat]
        self.may_write = person.role != "observer"
        self.notes = person.role == "candidate"
        door = Door(lambda: webs[self.at].url(board), lambda: webs[self.at].headers(board, seat))
        door.open.set()
        self.page = Page(door, name=name, client=client, seed=client)

    async def come(self) -> None:
        """Connect, now and after every break."""
        self.page.start()

    async def leave(self) -> None:
        """Go offline."""
        await self.page.stop()

    async def tear(self) -> None:
        """Lose the connection with whatever is on the way, and connect again."""
        await self.page.stop()
        self.page.start()

    async def move(self, at: int) -> None:
        """Connect to another process from now on."""
        self.at = at

    async def edit(self, dice: random.Random, count: int) -> None:
        """Make that many edits."""
        for _ in range(count):
            act(self.page, dice, notes=self.notes)

    async def is_done(self) -> bool:
        """Say whether everything is acknowledged."""
        return self.page.synced and not self.page.pending

    async def sees(self, scene: list[Any], clocks: dict[int, int]) -> bool:
        """Say whether this page shows a board, and has every step of it."""
        return self.page.synced and self.page.clocks() == clocks and self.page.content() == scene

    async def hold_against(self, log: Log) -> None:
        """Note what differs from the log, and what did not get there."""
        page = self.page
        log.hold_scene(page.content(), page.clocks(), self.name)
        log.hold_against(page.edits, self.name)
        if page.gone is not None:
            log.findings.lost.append(f"{self.name} was sent away: {page.gone} {page.rejected}")
        if page.pending:
            log.findings.pending.append(f"{self.name}: {len(page.pending)} edits are not saved")
        log.findings.stale += page.healed

    async def close(self) -> None:
        """Leave for good."""
        await self.page.stop()


class StockPage:
    """A page with Yjs and y-websocket, which is told nothing of acknowledgements."""

    may_write = True

    def __init__(
        self,
        people: YjsPeople,
        webs: Sequence[Web],
        board: Place,
        seat: int,
        at: int,
        *,
        name: str,
        client: int,
    ) -> None:
        self.webs, self.board, self.seat, self.at = webs, board, seat, at
        self.name = name
        self.page = YjsPage(people, name, client, board.people[seat].role == "candidate")
        self.online = False

    async def move(self, at: int) -> None:
        """Connect to another process from now on."""
        self.at = at
        web = self.webs[at]
        headers = web.headers(self.board, self.seat)
        await self.page.reach(f"ws://127.0.0.1:{web.port}/ws/boards", self.board.board_id, headers)
        if self.online:
            await self.page.tell("connect")

    async def come(self) -> None:
        """Connect, now and after every break."""
        if not self.page.opened:
            await self.move(self.at)
        if not self.online:
            self.online = True
            await self.page.tell("connect")

    async def leave(self) -> None:
        """Go offline."""
        self.online = False
        await self.page.tell("disconnect")

    async def tear(self) -> None:
        """Lose the connection; the stock client comes back by itself."""
        await self.page.tell("tear")

    async def edit(self, dice: random.Random, count: int) -> None:
        """Make that many edits, undo among them."""
        await self.page.tell("draw", seed=dice.randrange(2**32), count=count)

    async def is_done(self) -> bool:
        """Say whether this page is connected; it does not know what is stored."""
        return bool((await self.page.state())["synced"])

    async def sees(self, scene: list[Any], clocks: dict[int, int]) -> bool:
        """Say whether this page shows a board, and has every step of it."""
        state = await self.page.state()
        return bool(state["synced"]) and state["clocks"] == clocks and state["scene"] == scene

    async def hold_against(self, log: Log) -> None:
        """Note what differs from the log."""
        state = await self.page.state()
        log.hold_scene(state["scene"], state["clocks"], self.name)
        if state["waits"]:
            log.findings.pending.append(f"{self.name} has steps that wait")
        refused = {(code, reason) for code, reason in state["closes"] if code > 4000}
        if refused:
            log.findings.lost.append(f"{self.name} was refused: {refused}")

    async def close(self) -> None:
        """Leave for good."""
        await self.page.tell("close")


def act(page: Page, dice: random.Random, *, notes: bool) -> None:
    """Make one edit: draw, move, recolour, erase, bring back, bind, unbind, write, delete words.

    Whole elements are replaced and removed only by the stock client: pycrdt 0.14 reads freed memory
    when it removes a map itself and then hears of an edit inside it.
    """
    names = sorted(page.elements.keys())
    chance = dice.random() * (1.0 if notes else 0.7)
    name = dice.choice("abcdefgh") if not names or chance < 0.3 else dice.choice(names)
    with page.drawing():
        if chance < 0.3:
            if name in page.elements:
                page.elements[name]["geom"] = place(dice, dice.randrange(1000))
            else:
                page.elements[name] = Map({"type": "rectangle", "geom": place(dice, 0), "isDeleted": False})
        elif not names:
            return
        elif chance < 0.45:
            page.elements[name]["strokeColor"] = dice.choice(COLORS)
        elif chance < 0.55:
            page.elements[name]["isDeleted"] = dice.random() < 0.5
        elif chance < 0.63:
            page.elements[name][f"b/{dice.choice('xyz')}"] = "arrow"
        elif chance < 0.7:
            bound = sorted(key for key in page.elements[name] if key.startswith("b/"))
            if bound:
                del page.elements[name][dice.choice(bound)]
        else:
            write(page, dice)


def write(page: Page, dice: random.Random) -> None:
    """Put something into a note, or take something out."""
    step = dice.choice(("scope", "data"))
    if step not in page.notes:
        page.notes[step] = Text("Notes: ")
        return
    note = page.notes[step]
    text = str(note)
    at = dice.randint(0, len(text))
    start = len(text[:at].encode())  # pycrdt counts bytes, and takes a letter apart when told to
    if dice.random() < 0.65 or at == len(text):
        note.insert(start, dice.choice(SOUNDS))
    else:
        end = min(len(text), at + dice.randint(1, 6))
        del note[start : start + len(text[at:end].encode())]

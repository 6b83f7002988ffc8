"""A backup put back under open tabs: what must not happen to the board, or to what the tabs hold."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from bench.acts import Person
from bench.board_page import Door, Page, until
from bench.history_checker import Log
from bench.mortal import start_again
from bench.seating import Place
from bench.server import Web
from whiteboard.gate_reader import trusted_outline

STALE = (500, 501, 502)  # Yjs clients of the tabs that are open when the backup is put back
FRESH = (600, 601)


def door(web: Web, place: Place, seat: int) -> Door:
    """Return the way of somebody to their board."""
    way = Door(lambda: web.url(place), lambda: web.headers(place, seat))
    way.open.set()
    return way


@dataclass
class Tabs:
    """Open pages of one board, one of them offline, and what they held when the backup was put back."""

    pages: list[Page]
    held: list[list[Any]]


class Restore:
    """A board whose rows are put back to an earlier copy while its pages are open."""

    def __init__(self, web: Web, place: Place, *, seed: int) -> None:
        self.web, self.place = web, place
        self.dice = random.Random(seed)
        self.wrong: list[str] = []
        self.copy_seq = 0
        self.copy: list[Any] = []

    async def before(self) -> Tabs:
        """Draw, note where the copy is taken, draw on, and let one page go offline with edits in hand."""
        people = [
            Person(
                Page(door(self.web, self.place, seat), name=f"t{seat}", client=STALE[seat]),
                self.dice,
                seat == 0,
            )
            for seat in (0, 1, 2)
        ]
        pages = [person.page for person in people]
        for page in pages:
            page.start()
        await until(lambda: all(page.synced for page in pages), 30, "nobody can join")
        await self._act(people, 20)
        self.copy, self.copy_seq = pages[0].content(), await asyncio.to_thread(self._head)
        await self._act(people, 20)
        await pages[2].stop()
        for _ in range(5):
            people[2].act()
        return Tabs(pages, [page.content() for page in pages])

    async def _act(self, people: list[Person], count: int) -> None:
        for _ in range(count):
            for person in people:
                person.act()
            await asyncio.sleep(0.005)
        pages = [person.page for person in people]
        await until(lambda: all(page.saved for page in pages), 30, "not saved")
        await until(lambda: all(page.content() == pages[0].content() for page in pages), 30, "pages differ")

    def _head(self) -> int:
        from whiteboard import log

        return log.heads([self._board_id()])[self._board_id()][0]

    def _board_id(self) -> UUID:
        return UUID(self.place.board_id)

    def put_back(self, *, by_command: bool) -> None:
        """Make the tables what they were, and say so: by the command, or in the same transaction."""
        from django.core.management import call_command
        from django.db import connection, transaction
        from django.db.models import F

        from whiteboard.models import Board, Snapshot, Update

        try:
            with transaction.atomic():
                board = Board.objects.select_for_update().filter(pk=self._board_id())
                board.update(seq=self.copy_seq)
                Update.objects.filter(board_id=self._board_id(), seq__gt=self.copy_seq).delete()
                Snapshot.objects.filter(board_id=self._board_id(), upto_seq__gt=self.copy_seq).delete()
                if not by_command:
                    board.update(epoch=F("epoch") + 1)
            if by_command:
                call_command("new_epoch", self.place.board_id, verbosity=0)
        finally:
            connection.close()

    async def after(self, tabs: Tabs) -> None:
        """Look at the open tabs, at the one that comes back, and at who opens the board anew."""
        tabs.pages[2].start()
        try:
            await until(
                lambda: all(page.gone is not None for page in tabs.pages), 30, "a stale tab was not told"
            )
        except AssertionError as error:
            self.wrong.append(str(error))
        for page, held in zip(tabs.pages, tabs.held, strict=True):
            if page.gone != 4409:
                self.wrong.append(f"stale tab {page.name} was closed with {page.gone}, not 4409")
            if page.content() != held:
                self.wrong.append(f"stale tab {page.name} no longer has what it had")
            await page.stop()
        fresh = replace(self.place, epoch=self.place.epoch + 1)
        people = [
            Person(
                Page(door(self.web, fresh, seat), name=f"f{seat}", client=FRESH[seat]), self.dice, seat == 0
            )
            for seat in (0, 1)
        ]
        pages = [person.page for person in people]
        for page in pages:
            page.start()
        await until(lambda: all(page.synced for page in pages), 30, "nobody can join after the restore")
        if any(page.content() != self.copy for page in pages):
            self.wrong.append("the board is not what the backup held")
        await self._act(people, 5)
        rows = await asyncio.to_thread(self._rows)
        log = Log(self.place.board_id)
        log.read(rows)
        for page in pages:
            log.hold_scene(page.content(), page.clocks(), page.name)
            await page.stop()
        # The copy's own rows come from the same pages; behind it there may be nothing of theirs.
        later = [trusted_outline(data).adds for seq, data in rows if seq > self.copy_seq]
        if {client for adds in later for client, _, _ in adds} & set(STALE):
            self.wrong.append("a stale tab wrote into the other history")
        self.wrong += log.findings.wrong + log.findings.repeated

    def _rows(self) -> list[tuple[int, bytes]]:
        from django.db import connection

        from whiteboard import log

        try:
            return [(row.seq, row.data) for row in log.rows_after(self._board_id(), 0)]
        finally:
            connection.close()


def restores(
    web: Web, places: Sequence[Place], *, seed: int, stopped: Sequence[bool] = (True, False)
) -> list[str]:
    """Put a backup back under open tabs of each place, with the site stopped meanwhile or running."""
    wrong: list[str] = []
    for place, is_stopped in zip(places, stopped, strict=True):
        case = Restore(web, place, seed=seed)

        async def story(case: Restore = case, stopped: bool = is_stopped) -> None:
            tabs = await case.before()
            if stopped:
                web.stop()
            await asyncio.to_thread(case.put_back, by_command=stopped)
            if stopped:
                await start_again(web)
            await case.after(tabs)

        asyncio.run(story())
        wrong += [f"{'stopped' if is_stopped else 'running'} site: {line}" for line in case.wrong]
    return wrong

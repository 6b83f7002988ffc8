"""`./run bench replay`: the board at any row, from snapshots and from the log: the same, and soon there.

Then a backup is put back under open tabs: nothing is blanked, doubled or written into the other history;
the tabs are told (4409) and still hold all they had.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.acts import Person
from bench.board_page import Page, content_of, until
from bench.history_checker import Log, percentile
from bench.restored import door, restores
from bench.seating import Place
from bench.server import Web, house
from bench.yjs_people import yjs_people

MILLISECONDS_TO_READ = 50.0
EDITS_AHEAD = 40


@dataclass
class Found:
    """What was compared, and what differs."""

    rows: int = 0
    compared: int = 0
    snapshots: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


async def draw(web: Web, place: Place, *, rows: int, seed: int) -> None:
    """Have three people draw until the log of a board has about that many rows."""
    people = []
    for seat in (0, 1, 2):
        page = Page(door(web, place, seat), name=f"{seed}-{seat}", client=seed * 10 + seat + 1)
        people.append(Person(page, random.Random(seed * 10 + seat), writes_notes=seat == 0))
        page.start()
    pages = [person.page for person in people]
    await until(lambda: all(page.synced for page in pages), 60, "nobody can join")
    while sum(len(page.edits) for page in pages) < rows:
        for person in people:
            if len(person.page.pending) < EDITS_AHEAD:
                person.act()
        await asyncio.sleep(0.005)
    await until(lambda: all(page.saved for page in pages), 60, "not saved")
    for page in pages:
        await page.stop()


def rows_to_look_at(head: int, snapshots: Sequence[int], *, every: int, dice: random.Random) -> list[int]:
    """Return row numbers: every so many, around each snapshot, some by chance, the first and the last."""
    wanted = {0, 1, head, *range(0, head, every), *(dice.randint(0, head) for _ in range(20))}
    wanted.update(seq + near for seq in snapshots for near in (-1, 0, 1))
    return sorted(seq for seq in wanted if 0 <= seq <= head)


def compare(board_id: str, *, every: int, seed: int) -> Found:
    """Read a board at many rows with snapshots, without, and by a document of our own; needs Django."""
    from whiteboard import log, replay, scene
    from whiteboard.models import Board, Snapshot

    board = Board.objects.get(pk=board_id)
    snapshots = list(
        Snapshot.objects.filter(board=board).order_by("upto_seq").values_list("upto_seq", flat=True)
    )
    found = Found(rows=board.seq, snapshots=len(snapshots))
    rows = [(row.seq, row.data) for row in log.rows_after(board.pk, 0)]
    ours = Log(board_id)
    for seq in rows_to_look_at(board.seq, snapshots, every=every, dice=random.Random(seed)):
        begun = time.perf_counter()
        short = replay.scene_at(board, seq)
        found.seconds.append(time.perf_counter() - begun)
        whole = replay.scene_at(board, seq, from_log=True)
        found.compared += 1
        if short != whole:
            found.wrong.append(f"board {board_id} row {seq}: from snapshots and from the log it differs")
        ours.read(rows[ours.head : seq])
        elements, notes = content_of(ours.doc)
        if short.scene != scene.scene_of(elements) or short.notes != notes:
            found.wrong.append(f"board {board_id} row {seq}: another reader of the log sees something else")
    before = {seq: replay.scene_at(board, seq) for seq in snapshots}
    log.rebuild_snapshots(board)
    found.wrong += [
        f"board {board_id} row {seq}: after its snapshots were made anew it differs"
        for seq, design in before.items()
        if replay.scene_at(board, seq) != design
    ]
    found.wrong += ours.findings.wrong
    return found


async def yjs_agrees(board_id: str, rows: Sequence[bytes]) -> list[str]:
    """Return what the real Yjs reads otherwise in a log than the reader of the comparisons."""
    log = Log(board_id)
    log.read(enumerate(rows, start=1))
    async with yjs_people() as people:
        scene, waits = await people.read(rows)
    if waits or scene != content_of(log.doc):
        return [f"board {board_id}: Yjs reads the log otherwise"]
    return []


def main(arguments: list[str]) -> int:
    """Draw, compare, restore; 1 when anything differs or reading the past takes too long."""
    parser = argparse.ArgumentParser(prog="./run bench replay", description=__doc__)
    parser.add_argument("--boards", type=int, default=4)
    parser.add_argument("--rows", type=int, default=3_000, help="edits on each board")
    parser.add_argument("--every", type=int, default=40, help="compare at every so manieth row")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    whole, wrong = Found(), list[str]()
    with house() as home:
        *places, first, second = home.rooms(given.boards + 2, 4)
        web = home.web()

        async def all_draw() -> None:
            await asyncio.gather(
                *(draw(web, place, rows=given.rows, seed=given.seed + n) for n, place in enumerate(places))
            )

        asyncio.run(all_draw())
        from whiteboard import log

        for number, place in enumerate(places):
            one = compare(place.board_id, every=given.every, seed=given.seed + number)
            wrong += one.wrong
            whole.rows += one.rows
            whole.compared += one.compared
            whole.snapshots += one.snapshots
            whole.seconds += one.seconds
            rows = [row.data for row in log.rows_after(places[number].board_id, 0)]  # type: ignore[arg-type]
            wrong += asyncio.run(yjs_agrees(place.board_id, rows))
        wrong += restores(web, (first, second), seed=given.seed)
    p95 = percentile(whole.seconds, 0.95) * 1000
    differences = len(wrong)
    if p95 > MILLISECONDS_TO_READ:
        wrong.append(f"a moment of the past takes {p95:.0f} ms, promised {MILLISECONDS_TO_READ:.0f}")
    p50, most = percentile(whole.seconds, 0.5) * 1000, max(whole.seconds, default=0) * 1000
    boards = f"{len(places)} boards, {whole.rows:,} rows, {whole.snapshots} snapshots"
    print(f"  {whole.compared} moments of {boards}: {differences} differences")
    print(f"  reading a moment p50 / p95 / longest {p50:.0f} / {p95:.0f} / {most:.0f} ms")
    print("  backup put back under open tabs: twice, with the site stopped and running")
    for line in wrong[:20]:
        print(f"  BROKEN: {line}")
    return 1 if wrong else 0

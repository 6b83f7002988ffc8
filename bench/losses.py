"""What is gone after kill -9: edits that others had seen, and edits the server had said it has."""

import asyncio
from bisect import bisect_right
from dataclasses import dataclass

import uvloop

from bench import visits
from bench.callers import Callers
from bench.crowd import Crowd, Room
from bench.subjects import Subject

PEOPLE = 4
LOOKS, SECONDS_BETWEEN_LOOKS = 40, 0.2


@dataclass(frozen=True)
class Losses:
    """Counted over all kills; `acknowledged` is None for a server that acknowledges nothing."""

    kills: int
    seen: int
    seen_lost: int
    acknowledged: int | None
    acknowledged_lost: int


def losses(subject: Subject, *, kills: int = 1, rooms: int = 4, seconds: float = 14.0) -> Losses:
    """Kill a running server while people draw, start it again, and count what is no longer there."""
    found = [uvloop.run(_kill_once(subject, subject.rooms(rooms, PEOPLE), seconds)) for _ in range(kills)]
    acknowledged = [each.acknowledged for each in found if each.acknowledged is not None]
    return Losses(
        kills,
        sum(each.seen for each in found),
        sum(each.seen_lost for each in found),
        sum(acknowledged) if acknowledged else None,
        sum(each.acknowledged_lost for each in found),
    )


async def _kill_once(subject: Subject, rooms: list[Callers], seconds: float) -> Losses:
    plan = [[caller.plan() for caller in room] for room in rooms]
    crowd = Crowd({"rooms": plan, "seconds": seconds + 4, "measured": 0})
    await crowd.come()
    crowd.schedule()
    drawing = asyncio.create_task(crowd.draw())
    await asyncio.sleep(seconds)
    subject.kill()
    await asyncio.sleep(0.3)  # what was on its way to people arrives: they have seen it
    crowd.drawing = False
    await drawing
    subject.start()
    lost = await asyncio.gather(*(_compare(room) for room in crowd.rooms))
    can_acknowledge = any(member.caller.ack >= 0 for room in crowd.rooms for member in room.members)
    return Losses(
        1,
        sum(seen for seen, _, _, _ in lost),
        sum(gone for _, gone, _, _ in lost),
        sum(taken for _, _, taken, _ in lost) if can_acknowledge else None,
        sum(gone for _, _, _, gone in lost),
    )


async def _compare(room: Room) -> tuple[int, int, int, int]:
    """Return of one room: edits others had seen, how many of them are lost; edits acknowledged, and lost."""
    kept = await _kept(room)
    seen = seen_lost = acknowledged = acknowledged_lost = 0
    for writer in room.members:
        if writer.client not in room.edits_sent:
            continue
        # An edit is there when all steps up to its end are.
        there = bisect_right(writer.crowd.book.tapes[writer.client].ends, kept.get(writer.client, 0))
        reached = max(
            other.newest.get(writer.client, -1) + 1 for other in room.members if other is not writer
        )
        seen += reached
        seen_lost += max(0, reached - there)
        acknowledged += writer.acknowledged
        acknowledged_lost += max(0, writer.acknowledged - there)
    return seen, seen_lost, acknowledged, acknowledged_lost


async def _kept(room: Room) -> dict[int, int]:
    """Return how many steps of each client the server still has; it may take a while to say so."""
    caller = room.members[0].caller
    staying = await visits.stay(caller)  # so that the server goes on reading the board from its disk
    newest: dict[int, int] = {}
    for _ in range(LOOKS):
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        found = (await visits.visit(caller)).steps
        if found == newest and newest:
            break
        newest = found
    staying.wire.close()
    return newest

"""The y-websocket of npm in a Node, with a session cookie: it joins, sees, edits, points and comes back."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pycrdt import Map

from bench.acts import place as somewhere
from bench.board_page import Door, Page, until
from bench.mortal import start_again
from bench.seating import Place
from bench.server import House, Web
from bench.yjs_people import YjsPage, YjsPeople, yjs_people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(home: House, transactional_db: None) -> Place:
    return home.rooms(1, 4)[0]


async def stock(people: YjsPeople, web: Web, place: Place, seat: int, **more: Any) -> YjsPage:
    """Open the board with the stock client; its address has neither a slash at the end nor an epoch."""
    page = YjsPage(people, f"stock{seat}", 100 + seat, notes=place.people[seat].role == "candidate")
    headers = more.get("headers", web.headers(place, seat))
    await page.reach(f"ws://127.0.0.1:{web.port}/ws/boards", place.board_id, headers)
    await page.tell("connect")
    return page


def ours(web: Web, place: Place, seat: int) -> Page:
    door = Door(lambda: web.url(place), lambda: web.headers(place, seat))
    door.open.set()
    page = Page(door, name=f"ours{seat}")
    page.start()
    return page


async def wait(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    deadline = time.monotonic() + 30
    while not await holds():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.05)


async def test_a_stock_client_draws_with_the_others_and_comes_back_after_a_restart(web: Web, place: Place):
    async with yjs_people() as people:
        ana = await stock(people, web, place, 0)
        ben = await stock(people, web, place, 1)
        carla = ours(web, place, 2)

        async def agree() -> bool:
            scenes = [(await one.state())["scene"] for one in (ana, ben)]
            return scenes == [carla.content()] * 2 and carla.saved

        await until(lambda: carla.synced, 30, "our page cannot join")
        carla.elements["c"] = Map({"type": "rectangle", "geom": somewhere(carla.dice, 1), "isDeleted": False})
        await ana.tell("draw", seed=1, count=12)
        await ben.tell("draw", seed=2, count=12)
        await wait(agree, "they do not see the same board")
        assert set(carla.content()[0]) > {"c"}

        await ana.tell("point", pointer={"x": 7, "y": 8})
        await until(
            lambda: carla.others.get(100, {}).get("pointer") == {"x": 7, "y": 8},
            30,
            "our page does not see the stock client's pointer",
        )
        assert carla.others[100]["user"]["role"] == "candidate"
        assert carla.others[100]["user"]["id"] == str(place.people[0].user_id)
        carla.point(pointer={"x": 1, "y": 2})

        async def seen_by_ben() -> bool:
            others = dict((await ben.state())["others"])
            return {100, carla.doc.client_id} <= set(others) and others[100]["role"] == "candidate"

        await wait(seen_by_ben, "the stock client does not see the others' pointers")

        await asyncio.to_thread(web.stop)
        await ana.tell("draw", seed=3, count=8)
        carla.elements["d"] = Map({"type": "ellipse", "geom": somewhere(carla.dice, 2), "isDeleted": False})
        await start_again(web)
        await wait(agree, "they do not agree after the restart")
        late = ours(web, place, 0)
        await until(
            lambda: late.synced and late.content() == carla.content(), 30, "the server lost something"
        )
        assert "d" in late.elements
        for page in (carla, late):
            await page.stop()


async def test_a_stock_client_that_may_only_watch_changes_nothing_and_a_stranger_is_sent_away(
    web: Web, place: Place
):
    async with yjs_people() as people:
        olga = await stock(people, web, place, 3)
        sam = await stock(people, web, place, 1, headers={"Origin": web.origin})
        ana = ours(web, place, 0)
        await until(lambda: ana.synced, 30, "our page cannot join")
        await olga.tell("draw", seed=4, count=5)
        ana.elements["a"] = Map({"type": "rectangle", "geom": somewhere(ana.dice, 1), "isDeleted": False})

        async def watches() -> bool:
            return "a" in (await olga.state())["scene"][0]

        await wait(watches, "the observer does not see the board")
        assert set(ana.content()[0]) == {"a"}

        async def sent_away() -> bool:
            return 4403 in {code for code, _ in (await sam.state())["closes"]}

        await wait(sent_away, "somebody without a session is let in")
        await ana.stop()

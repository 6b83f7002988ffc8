"""`./run bench rights`: how soon an open board closes or becomes read-only once a right has ended.

Each way to lose a right is done as people do it, on the real site, several times, with and without the
wake-up that makes it quick. Then: sockets from forged origins, and 198 scripts put into every field of
elements, notes and pointers: refused, or kept as plain words where words belong.
"""

import argparse
import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import websockets

from bench.board_page import Door, Page, until
from bench.injection import Injected, inject
from bench.seating import Place
from bench.server import Web, house
from bench.visitor import Visitor

SECONDS_TO_END = 2.0
AT_ONCE = 11
FORGED = (
    "https://evil.example", "http://evil.example:{port}", "http://127.0.0.1", "http://127.0.0.1:1",
    "https://127.0.0.1:{port}", "http://127.0.0.1:{port}.evil.example", "http://127.0.0.1.evil.example:{port}",
    "http://evil.example/127.0.0.1:{port}", "http://user@127.0.0.1:{port}@evil.example", "null", "", "file://",
    "chrome-extension://abc", "http://[::2]:{port}", "//127.0.0.1:{port}", "127.0.0.1:{port}",
)  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """One way to lose a right: who loses it (seat), how, and what becomes of the open board."""

    name: str
    seat: int
    act: Callable[[Web, Place], None]
    closed: bool  # else only reading is left


def _participant(place: Place, seat: int) -> Any:
    from interviews.models import Participant

    return Participant.objects.filter(interview_id=place.interview_id, user_id=place.people[seat].user_id)


def _wake(place: Place) -> None:
    from uuid import UUID

    from whiteboard import wakeups

    wakeups.rights_changed(UUID(place.board_id))


def log_out(web: Web, place: Place) -> None:
    """The person signs out in another tab."""
    status, _ = Visitor.of(web, place.people[1].cookie).post("/accounts/logout/")
    assert status in (200, 302), status


def remove(web: Web, place: Place) -> None:
    """Somebody takes the person out of the interview."""
    from django.utils import timezone

    _participant(place, 1).update(removed_at=timezone.now())


def remove_and_say_so(web: Web, place: Place) -> None:
    """The same with the wake-up that acts send."""
    remove(web, place)
    _wake(place)


def make_observer(web: Web, place: Place) -> None:
    """The person may only watch from now on."""
    _participant(place, 1).update(role="observer")


def delete_account(web: Web, place: Place) -> None:
    """The account is deleted."""
    from accounts.models import User

    User.objects.get(pk=place.people[1].user_id).delete()


def lock_account(web: Web, place: Place) -> None:
    """The account is switched off."""
    from accounts.models import User

    User.objects.filter(pk=place.people[1].user_id).update(is_active=False)


def flush_session(web: Web, place: Place) -> None:
    """The session is thrown away by the server."""
    from django.contrib.sessions.models import Session

    Session.objects.filter(session_key=place.people[1].cookie.partition("=")[2]).delete()


def let_session_expire(web: Web, place: Place) -> None:
    """The session's time is over."""
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    key = place.people[1].cookie.partition("=")[2]
    Session.objects.filter(session_key=key).update(expire_date=timezone.now())


def end_visit(web: Web, place: Place) -> None:
    """The days of a guest are over."""
    from django.utils import timezone

    from accounts.models import User

    User.objects.filter(pk=place.people[1].user_id).update(is_guest=True, guest_until=timezone.now())


def submit(web: Web, place: Place) -> None:
    """The candidate hands the design in."""
    from casestudies.models import Rubric
    from interviews.models import Interview

    interview = Interview.objects.get(pk=place.interview_id)
    of_case = {"case_id": interview.case_id, "framework_id": interview.framework_id, "is_current": True}
    Rubric.objects.get_or_create(**of_case, defaults={"hash": "bench", "body": {}})
    visitor = Visitor.of(web, place.people[0].cookie)
    room = f"/interviews/{place.interview_id}/"
    status, body = visitor.post(f"{room}submit/", page=room)
    assert status in (200, 302), (status, body[:300])


def change_password(web: Web, place: Place) -> None:
    """The password is changed elsewhere, which ends all other sessions."""
    from accounts.models import User

    user = User.objects.get(pk=place.people[1].user_id)
    user.set_password("another long password 83")
    user.save(update_fields=["password"])


ENDINGS = (
    Ending("signed out", 1, log_out, True),
    Ending("removed", 1, remove, True),
    Ending("removed, with a wake-up", 1, remove_and_say_so, True),
    Ending("role changed", 1, make_observer, False),
    Ending("account deleted", 1, delete_account, True),
    Ending("account switched off", 1, lock_account, True),
    Ending("session flushed", 1, flush_session, True),
    Ending("session over", 1, let_session_expire, True),
    Ending("guest's visit over", 1, end_visit, True),
    Ending("password changed elsewhere", 1, change_password, True),
    Ending("submitted", 0, submit, False),
)


@dataclass
class Report:
    """What a run found."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    origins: int = 0
    injected: Injected = field(default_factory=Injected)


def door(web: Web, place: Place, seat: int) -> Door:
    """Return the way of somebody to their board."""
    way = Door(lambda: web.url(place), lambda: web.headers(place, seat))
    way.open.set()
    return way


async def time_ending(web: Web, place: Place, ending: Ending, dice: random.Random) -> tuple[float, list[str]]:
    """Return the seconds until the open page was told, and what is wrong afterwards."""
    page, mate = Page(door(web, place, ending.seat), name="loses"), Page(door(web, place, 2), name="stays")
    for one in (page, mate):
        one.start()
    await until(lambda: page.synced and mate.synced, 30, f"{ending.name}: nobody can join")
    _draw(page, "before")
    await until(lambda: page.saved, 30, f"{ending.name}: not saved")
    await asyncio.sleep(dice.uniform(0, 1.5))  # anywhere between two looks at the rights
    await asyncio.to_thread(_in_thread, ending.act, web, place)
    done = time.monotonic()

    def told() -> bool:
        return page.gone is not None if ending.closed else page.hello.get("right") == "read"

    wrong: list[str] = []
    try:
        await until(told, 10, "")
    except AssertionError:
        wrong.append(f"{ending.name}: ten seconds later the board is still open to them")
    seconds = time.monotonic() - done
    if ending.closed and not wrong and page.gone != 4403:
        wrong.append(f"{ending.name}: closed with {page.gone}")
    wrong += await _tries_again(web, place, ending, page, mate)
    for one in (page, mate):
        await one.stop()
    return seconds, wrong


async def _tries_again(web: Web, place: Place, ending: Ending, page: Page, mate: Page) -> list[str]:
    """Draw all the same, by the old socket and by a new one; return what came through."""
    wrong: list[str] = []
    if ending.closed:
        again = Page(door(web, place, ending.seat), name="again")
        again.start()
        try:
            await until(lambda: again.gone is not None, 10, "")
        except AssertionError:
            wrong.append(f"{ending.name}: a new socket is let in")
        await again.stop()
    else:
        page.hello["right"] = "write"  # a page that does not believe it
        _draw(page, "after")
        await asyncio.sleep(0.5)
    if "after" in mate.elements:
        wrong.append(f"{ending.name}: an edit from afterwards is on the board")
    return wrong


def _draw(page: Page, name: str) -> None:
    from pycrdt import Map

    from bench.acts import place

    with page.drawing():
        page.elements[name] = Map(
            {"type": "rectangle", "geom": place(random.Random(1), 5), "isDeleted": False}
        )


def _in_thread(act: Callable[[Web, Place], None], web: Web, place: Place) -> None:
    from django.db import connection

    try:
        act(web, place)
    finally:
        connection.close()


async def forged_origins(web: Web, place: Place) -> tuple[int, list[str]]:
    """Return how many origins were tried, and those that were let in."""
    let_in = []
    origins: list[str | None] = [*(one.format(port=web.port) for one in FORGED), None]
    for origin in origins:
        headers = {"Cookie": place.people[0].cookie} | ({} if origin is None else {"Origin": origin})
        try:
            async with websockets.connect(web.url(place), additional_headers=headers, user_agent_header=None):
                let_in.append(f"the origin {origin!r} is let in")
        except (websockets.InvalidStatus, websockets.InvalidMessage):
            continue
    return len(origins), let_in


async def run(web: Web, places: Sequence[Place], *, times: int, seed: int, share: float = 1.0) -> Report:
    """Try everything; `places` has a room for each ending and time, and two more."""
    report, dice, left = Report(), random.Random(seed), list(places)
    turn = asyncio.Semaphore(AT_ONCE)

    async def attempt(ending: Ending, place: Place) -> None:
        async with turn:
            seconds, wrong = await time_ending(web, place, ending, dice)
        report.seconds.setdefault(ending.name, []).append(seconds)
        report.wrong += wrong

    await asyncio.gather(*(attempt(ending, left.pop()) for _ in range(times) for ending in ENDINGS))
    report.origins, let_in = await forged_origins(web, left.pop())
    report.wrong += let_in
    report.injected = await inject(web, left.pop(), dice, share=share)
    report.wrong += report.injected.wrong
    return report


def main(arguments: list[str]) -> int:
    """Try everything; 1 when a right outlives its end by two seconds, or anything forged comes through."""
    parser = argparse.ArgumentParser(prog="./run bench rights", description=__doc__)
    parser.add_argument("--times", type=int, default=10, help="how often each ending is tried")
    parser.add_argument("--share", type=float, default=1.0, help="of the 8,000 scripts in fields")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with house() as home:
        places = home.rooms(len(ENDINGS) * given.times + 2, 3)
        web = home.web(start=False)
        assert web.service.env is not None
        web.service.env["DJANGO_SETTINGS_MODULE"] = "bench.page_settings"
        web.start()
        report = asyncio.run(run(web, places, times=given.times, seed=given.seed, share=given.share))
    wrong = Counter(report.wrong)
    for name, seconds in report.seconds.items():
        print(f"  {name:28} told after {max(seconds):.2f} s at most, of {len(seconds)}")
        if max(seconds) > SECONDS_TO_END:
            wrong[f"{name}: {max(seconds):.2f} s, promised {SECONDS_TO_END:.0f}"] += 1
    print(f"  forged origins               {report.origins} tried")
    print(f"  scripts                      {report.injected.summary()}")
    for line, count in wrong.items():
        print(f"  BROKEN: {line}" + (f" ({count} times)" if count > 1 else ""))
    return 1 if wrong else 0

"""A request that carries too much is answered before it is read."""

import json
from collections.abc import Iterable

import pytest

from config.bodies import MOST_BYTES, LimitedBodies


async def pages(scope, receive, send):
    """Read the whole body as Django does, and answer with its length."""
    taken = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        taken += len(message["body"])
        if not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(taken).encode()})


async def ask(parts: Iterable[bytes], headers: list[tuple[bytes, bytes]] = ()) -> tuple[int, bytes, int]:
    """Return status, body and how many parts were read."""
    waiting, sent, read = list(parts), [], 0

    async def receive():
        nonlocal read
        read += 1
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    await LimitedBodies(pages)({"type": "http", "headers": list(headers)}, receive, send)
    start, body = sent
    return start["status"], body["body"], read


async def test_what_fits_goes_through() -> None:
    assert await ask([b"ab", b"c"], [(b"content-length", b"3")]) == (200, b"3", 2)
    status, body, _ = await ask([bytes(MOST_BYTES)])
    assert (status, int(body)) == (200, MOST_BYTES)


async def test_what_announces_too_much_is_refused_unread() -> None:
    status, body, read = await ask([b"x"], [(b"content-length", str(MOST_BYTES + 1).encode())])
    assert (status, read) == (413, 0)
    assert "5 MB" in json.loads(body)["error"]


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"10")]], ids=["chunked", "lying"])
async def test_what_sends_too_much_is_refused_on_the_way(headers) -> None:
    status, body, read = await ask([bytes(1 << 20)] * 40, headers)
    assert (status, read) == (413, 6)
    assert "5 MB" in json.loads(body)["error"]

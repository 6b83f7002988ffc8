"""The websocket client of the load runs, against the library the server is made with."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import websockets

from bench.wire import Address, RefusedError, Wire, connect


async def echo(socket: Any) -> None:
    async for message in socket:
        await socket.send(message)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with websockets.serve(echo, "127.0.0.1", 0, max_size=None) as server:
        yield next(iter(server.sockets)).getsockname()[1]


async def say(wire: Wire, *messages: bytes) -> list[bytes]:
    """Send messages and return what comes back."""
    heard: list[bytes] = []
    all_heard = asyncio.get_running_loop().create_future()

    def hear(message: bytes) -> None:
        heard.append(message)
        if len(heard) == len(messages):
            all_heard.set_result(None)

    wire.on_message = hear
    for message in messages:
        wire.send(message)
    await asyncio.wait_for(all_heard, 10)
    return heard


async def test_messages_of_every_size_come_back_as_they_were_sent(port: int):
    wire = await connect(Address(port, "/"))
    messages = [bytes(size) for size in (0, 1, 125, 126, 65535, 65536, 300_000)]
    assert await say(wire, *messages) == messages
    assert wire.received_frames == len(messages)
    wire.close()


async def test_frames_cut_anywhere_are_put_together(port: int):
    wire = await connect(Address(port, "/"))
    heard: list[bytes] = []
    wire.on_message = heard.append
    frames = b"\x82\x03abc" + b"\x82\x7e\x01\x00" + bytes(256) + b"\x02\x01x\x80\x01y"
    for at in range(len(frames)):
        wire.data_received(frames[at : at + 1])
    assert heard == [b"abc", bytes(256), b"xy"]
    wire.close()


async def test_a_refusal_is_an_error():
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        with pytest.raises(RefusedError, match="403 Forbidden"):
            await connect(Address(server.sockets[0].getsockname()[1], "/"))

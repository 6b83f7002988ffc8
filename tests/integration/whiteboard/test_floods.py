"""Who floods, and who does not read, is closed; the others in the room draw on. Through a real server."""

import asyncio
import base64
import os

import pytest
from pycrdt import Doc, Map, Text

from tests.integration.whiteboard.conftest import Server
from tests.integration.whiteboard.people import Drawer, agree
from whiteboard import protocol
from whiteboard.models import Board
from whiteboard.protocol import Close

pytestmark = pytest.mark.django_db(transaction=True)


class Rude:
    """Somebody who sends frames over a bare connection and reads only when asked to."""

    async def come(self, server: Server, board: Board, name: str) -> "Rude":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", server.port, limit=4096)
        key = base64.b64encode(os.urandom(16)).decode()
        self.writer.write(
            f"GET /?board={board.pk}&as={name} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        await self.reader.readuntil(b"\r\n\r\n")
        return self

    async def send(self, message: bytes) -> None:
        size = len(message)
        head = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
        self.writer.write(b"\x82" + head + bytes(4) + message)
        await self.writer.drain()

    async def insist(self, *messages: bytes) -> None:
        """Send the same again and again until the connection is gone."""
        async with asyncio.timeout(25):
            try:
                while not self.writer.is_closing():
                    for message in messages:
                        await self.send(message)
                    await asyncio.sleep(0)
            except OSError:
                return

    async def code(self) -> int:
        """Read to the end and return the code of the close frame."""
        read = b""
        try:
            while data := await self.reader.read(65536):
                read = (read + data)[-1000:]
        except OSError:
            pass
        at = read.rfind(b"\x88")
        return int.from_bytes(read[at + 2 : at + 4], "big")


def pointer(number: int) -> bytes:
    state = protocol.write_string('{"pointer":{"x":1,"y":2}}')
    return protocol.awareness(b"\x01" + protocol.write_varint(77) + protocol.write_varint(number) + state)


async def draw_on(*people: Drawer) -> None:
    for step in range(5):
        for number, one in enumerate(people):
            one.draw(f"after-{number}", step)
    for one in people:
        await one.saved()
    await agree(*people)


def large_edit() -> bytes:
    doc: Doc = Doc()
    doc.get("notes", type=Map)["scope"] = Text("what is there to be read " * 1600)
    return protocol.update(doc.get_update())


FLOODS = {
    "pointers": pointer(1),
    "edits": protocol.step_2(b"\x00\x00"),
    "bytes": large_edit(),
    "nothing known": b"\x63",
}


async def test_floods_are_closed_and_the_others_draw_on(server: Server, board: Board) -> None:
    ana, ben = await server.visit(board, "ana"), await server.visit(board, "ben")
    for name, message in FLOODS.items():
        rude = await Rude().come(server, board, "rude")
        sending = asyncio.create_task(rude.insist(message))
        assert await asyncio.wait_for(rude.code(), 20) == Close.TOO_FAST, name
        rude.writer.close()
        await sending
        await draw_on(ana, ben)
    rude = await Rude().come(server, board, "rude")
    rude.writer.write(b"\x89\x80\0\0\0\0" * 3000)  # pings
    assert await asyncio.wait_for(rude.code(), 20) == Close.TOO_FAST
    await draw_on(ana, ben)
    for one in (ana, ben):
        await one.leave()


async def test_who_does_not_read_is_closed_and_holds_up_nobody(server: Server, board: Board) -> None:
    ana, ben = await server.visit(board, "ana"), await server.visit(board, "ben")
    for step in ("scope", "data", "model"):
        ana.write(step, "what is there to be read " * 1500)
    await ana.saved()
    rude = await Rude().come(server, board, "rude")
    asked = asyncio.create_task(rude.insist(protocol.step_1(b"\x00")))
    await draw_on(ana, ben)
    await asked
    await draw_on(ana, ben)
    # Nor is the server kept from stopping.
    rude = await Rude().come(server, board, "rude")
    for _ in range(60):
        await rude.send(protocol.step_1(b"\x00"))
    await draw_on(ana, ben)
    process = server.process
    assert process is not None
    process.terminate()
    assert await asyncio.wait_for(asyncio.to_thread(process.wait), 20) is not None
    for one in (ana, ben):
        await one.leave()

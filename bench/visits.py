"""Opening a board: from the first byte of the connection until all of the board is there."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc

from bench.callers import Caller
from bench.tapes import Tape
from bench.wire import connect
from whiteboard import protocol

NOTHING_YET = b"\x00"  # the state vector of somebody who has nothing


@dataclass(frozen=True)
class Visit:
    """How one person got a board."""

    seconds: float  # since they began to connect
    answer_seconds: float  # since they asked for the board on the open socket
    size: int  # bytes that came
    updates: tuple[bytes, ...]

    @property
    def steps(self) -> dict[int, int]:
        """How many steps of each client are there."""
        doc: Doc[Any] = Doc()
        for update in self.updates:
            doc.apply_update(update)
        return protocol.read_state_vector(doc.get_state())


async def visit(caller: Caller, size: int = 0, patience: float = 30.0) -> Visit:
    """Open a board and return how that went, once the answer and at least `size` bytes of edits are there.

    A server that keeps boards in LevelDB answers with an empty board at first and sends the rest later,
    so the answer alone does not say that the board is there.
    """
    updates: list[bytes] = []
    done = asyncio.get_running_loop().create_future()
    answered = False
    start = len(caller.prefix)

    def take(message: bytes) -> None:
        nonlocal answered
        if message[start] == 0 and message[start + 1] > 0 and not done.done():
            answered = answered or message[start + 1] == 1
            updates.append(protocol.read_bytes(message, start + 2)[0])
            if answered and sum(map(len, updates)) >= size:
                done.set_result(time.perf_counter())

    begun = time.perf_counter()
    try:
        async with asyncio.timeout(patience):
            wire = await connect(caller.address)
            wire.on_message = take
            asked = time.perf_counter()
            for message in caller.greeting:
                wire.send(message)
            wire.send(caller.prefix + protocol.step_1(NOTHING_YET))
            await asyncio.wait([done, wire.closed], return_when=asyncio.FIRST_COMPLETED)
            if not done.done():
                raise ConnectionError(f"closed with {wire.close_code} before the board was there")
            ended = done.result()
    except TimeoutError:
        got = f"{'answered' if answered else 'not answered'}, {sum(map(len, updates))} bytes of {size}"
        raise TimeoutError(f"The board did not come in {patience:.0f} s: {got}.") from None
    received = wire.received_bytes
    wire.close()
    return Visit(ended - begun, ended - asked, received, tuple(updates))


async def whole(caller: Caller, tape: Tape) -> Visit:
    """Return a visit at which all edits of a tape were there; TimeoutError when they do not come."""
    for _ in range(100):
        found = await visit(caller)
        if found.steps.get(tape.client) == tape.ends[-1]:
            return found
        await asyncio.sleep(0.3)
    raise TimeoutError("The server does not hold all that it was sent.")


async def stay(caller: Caller) -> "Stay":
    """Open a board and remain at it."""
    staying = Stay(caller)
    await staying.come()
    return staying


class Stay:
    """Somebody who is at a board and lets messages pass."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    async def come(self) -> None:
        """Connect and ask for the board."""
        self.wire = await connect(self.caller.address)
        for message in self.caller.greeting:
            self.wire.send(message)
        self.wire.send(self.caller.prefix + protocol.step_1(NOTHING_YET))
        await asyncio.sleep(0.1)

    async def send(self, updates: tuple[bytes, ...]) -> None:
        """Send edits, as fast as they are taken."""
        for at in range(0, len(updates), 100):
            for update in updates[at : at + 100]:
                self.wire.send(self.caller.prefix + protocol.update(update))
            while self.wire.transport.get_write_buffer_size():  # noqa: ASYNC110 (there is no event)
                await asyncio.sleep(0.001)

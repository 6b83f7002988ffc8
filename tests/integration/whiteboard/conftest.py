import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets
from channels.testing import WebsocketCommunicator
from django.db import connection

from tests.factories.whiteboard import BoardFactory
from tests.integration.whiteboard.open_board import OpenBoardConsumer
from tests.integration.whiteboard.people import Drawer, Local, Remote
from whiteboard.hub import Hub
from whiteboard.models import Board

ROOT = Path(__file__).resolve().parents[3]
Visit = Callable[..., Awaitable[Drawer]]


@pytest.fixture
def board(transactional_db: None) -> Board:
    return BoardFactory()


@pytest.fixture
async def visit(transactional_db: None) -> AsyncIterator[Visit]:
    """Open the board as somebody: `await visit(board, "ana", right="write")`."""
    OpenBoardConsumer.revoked.clear()
    OpenBoardConsumer.read_only.clear()
    people: list[Drawer] = []

    async def open_board(
        board: Any, name: str = "ana", *, join: bool = True, doc: Any = None, **asked: Any
    ) -> Drawer:
        communicator = WebsocketCommunicator(OpenBoardConsumer.as_asgi(), _address(board, name, asked))
        connected, _ = await communicator.connect(timeout=10)
        assert connected
        drawer = Drawer(Local(communicator), doc)
        people.append(drawer)
        return await drawer.join() if join else drawer

    yield open_board
    await asyncio.gather(*(drawer.leave() for drawer in people), return_exceptions=True)
    await (await Hub.here()).close()


def _address(board: Any, name: str, asked: dict[str, Any]) -> str:
    return "/?" + "&".join(
        f"{key}={value}" for key, value in {"board": board.pk, "as": name, **asked}.items()
    )


class Server:
    """A real uvicorn with the open board, on the test database."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, on the same port as before."""
        at = connection.settings_dict
        database = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
        app = "tests.integration.whiteboard.open_board:application"
        options = ["--app", app, "--port", str(self.port), "--log-level", "error"]
        command = [sys.executable, "-m", "config.web"]
        environment = {**os.environ, "DATABASE_URL": database, "SECRET_KEY": "only for tests"}
        self.process = subprocess.Popen([*command, *options], cwd=ROOT, env=environment)

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=20)
            self.process = None

    async def visit(self, board: Any, name: str = "ana", *, doc: Any = None, **asked: Any) -> Drawer:
        """Open the board over the network, waiting for the server to be up."""
        url = f"ws://127.0.0.1:{self.port}{_address(board, name, asked)}"
        for _ in range(400):
            with contextlib.suppress(OSError, websockets.InvalidMessage):
                return await Drawer(Remote(await websockets.connect(url, max_size=None)), doc).join()
            await asyncio.sleep(0.05)
        raise AssertionError("the server does not answer")


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    running = Server()
    running.start()
    yield running
    running.end()


@pytest.fixture
def second_server(transactional_db: None) -> Iterator[Server]:
    running = Server()
    running.start()
    yield running
    running.end()

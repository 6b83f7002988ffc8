"""Sockets opened as a browser would: through the site itself, with a session cookie and an origin."""

from typing import Any

from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

PATIENCE = 20  # seconds; the one that Channels waits by itself is too short for a busy machine


class PatientSocket(WebsocketCommunicator):
    """A browser's socket on a machine that may be busy with other things."""

    async def receive_output(self, timeout: float = PATIENCE) -> Any:  # noqa: ASYNC109
        return await super().receive_output(max(timeout, PATIENCE))

    async def wait(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        await super().wait(max(timeout, PATIENCE))


def open_socket(path: str, browser: Client | None = None, origin: str | None = None) -> PatientSocket:
    from config.asgi import application

    headers = [(b"origin", (origin or settings.PUBLIC_ORIGINS[0]).encode()), (b"host", b"127.0.0.1:8000")]
    if browser is not None:
        cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    return PatientSocket(application, path, headers=headers)


async def refusal_code(socket: WebsocketCommunicator) -> int:
    """Return the code a socket is refused with: accepted first, so that a browser can read it."""
    accepted, _ = await socket.connect(timeout=10)
    assert accepted
    message = await socket.receive_output(timeout=20)
    await socket.disconnect()  # which a server says once the socket is closed
    return int(message["code"])

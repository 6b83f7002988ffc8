"""Sockets opened as a browser would: through the site itself, with a session cookie and an origin."""

from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client


def open_socket(path: str, browser: Client | None = None, origin: str | None = None) -> WebsocketCommunicator:
    from config.asgi import application

    headers = [(b"origin", (origin or settings.PUBLIC_ORIGINS[0]).encode()), (b"host", b"127.0.0.1:8000")]
    if browser is not None:
        cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    return WebsocketCommunicator(application, path, headers=headers)


async def refusal_code(socket: WebsocketCommunicator) -> int:
    """Return the code a socket is refused with: accepted first, so that a browser can read it."""
    accepted, _ = await socket.connect(timeout=10)
    assert accepted
    message = await socket.receive_output(timeout=20)
    await socket.wait()
    return int(message["code"])

"""How much a request may carry. Django under ASGI puts a whole body on disk before any view is asked."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# A picture of 5 MB (whiteboard.images) and what a form wraps around it; nothing else comes near.
MOST_BYTES = 5 * 1024 * 1024 + 64 * 1024
TOO_LARGE = b'{"error": "This is larger than the 5 MB that can be sent here. Make it smaller."}'


class LimitedBodies:
    """Answer 413 to a request that announces or sends too much, and let all others through."""

    def __init__(self, pages: Callable[..., Awaitable[None]]) -> None:
        self.pages = pages

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if _announced(scope) > MOST_BYTES:
            await _refuse(send)
            return
        taken = 0
        refused = False

        async def take() -> Message:
            nonlocal taken, refused
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > MOST_BYTES:
                    refused = True
                    return {"type": "http.disconnect"}  # Django then gives up without a word
            return message

        async def answer(message: Message) -> None:
            if not refused:
                await send(message)

        await self.pages(scope, take, answer)
        if refused:
            await _refuse(send)


def _announced(scope: Message) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(TOO_LARGE)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})

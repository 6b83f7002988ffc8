"""What boards need, started before the first person comes and ended with the server (ASGI's "lifespan")."""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from whiteboard import log
from whiteboard.hub import Hub

SECONDS_TO_WARM_UP = 5.0
# Most of what a web process holds is there for good. Looking through it again and again for garbage
# takes tens of milliseconds at a time, in which nobody's stroke moves.
GARBAGE_AFTER = (20_000, 20, 20)
logger = logging.getLogger(__name__)


def lifespan(warm_up: Callable[[], Awaitable[Any]] | None = None) -> Callable[..., Awaitable[None]]:
    """Return the ASGI application for "lifespan"; `warm_up` has the app above ready for who comes."""

    async def live(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()  # lifespan.startup
        try:
            async with asyncio.timeout(SECONDS_TO_WARM_UP):
                await _start(warm_up)
        except Exception:
            # The site can answer, and says what is wrong; each part tries again when it is needed.
            logger.warning("not all that boards need was ready when the server started", exc_info=True)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GARBAGE_AFTER)
        await send({"type": "lifespan.startup.complete"})
        await receive()  # lifespan.shutdown
        await (await Hub.here()).close()
        await send({"type": "lifespan.shutdown.complete"})

    return live


async def _start(warm_up: Callable[[], Awaitable[Any]] | None) -> None:
    hub = await Hub.here()
    await asyncio.gather(
        hub.ledger.start(), hub.ledger.read(log.heads, []), *([warm_up()] if warm_up is not None else [])
    )

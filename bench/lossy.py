"""A channel layer that loses and delays what processes tell each other, as the real one may.

Used by the histories through `bench.lossy_settings`; the chances come from the environment.
"""

import asyncio
import os
import random
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer

from whiteboard import log

LONGEST_DELAY = 0.3


class LossyLayer(RedisPubSubChannelLayer):
    """Loses BENCH_LOSS of the messages between processes and delivers the others in any order."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.loss = float(os.environ.get("BENCH_LOSS", "0.3"))
        self.dice = random.Random(os.environ.get("BENCH_SEED", "1"))
        # A short history is to pass some snapshots, too.
        log.SNAPSHOT_EVERY = int(os.environ.get("BENCH_SNAPSHOT_EVERY", "40"))

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Send, perhaps later, perhaps never."""
        if self.dice.random() < self.loss:
            return
        if self.dice.random() < 0.5:
            await asyncio.sleep(self.dice.uniform(0, LONGEST_DELAY))
        await super().group_send(group, message)

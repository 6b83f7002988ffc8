"""A bus that loses and delays what processes tell each other, as the real one may.

Used by the histories through `bench.lossy_settings`; the chances come from the environment.
"""

import asyncio
import os
import random

from whiteboard import log
from whiteboard.bus import RedisBus

LONGEST_DELAY = 0.3


class LossyBus(RedisBus):
    """Loses BENCH_LOSS of the messages between processes and delivers the others in any order."""

    def __init__(self, url: str | None = None) -> None:
        super().__init__(url)
        self.loss = float(os.environ.get("BENCH_LOSS", "0.3"))
        self.dice = random.Random(os.environ.get("BENCH_SEED", "1"))
        # A short history is to pass some snapshots, too.
        log.SNAPSHOT_EVERY = int(os.environ.get("BENCH_SNAPSHOT_EVERY", "40"))

    def tell(self, channel: str, message: bytes) -> None:
        """Send, perhaps later, perhaps never."""
        if self.dice.random() < self.loss:
            return
        if self.dice.random() < 0.5:
            delay = self.dice.uniform(0, LONGEST_DELAY)
            asyncio.get_running_loop().call_later(delay, super().tell, channel, message)
        else:
            super().tell(channel, message)

"""The site's settings with a bus that loses messages: for `./run bench histories`."""

from config.settings import *  # noqa: F403

BOARD_BUS = "bench.lossy.LossyBus"

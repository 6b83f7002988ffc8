"""The site's settings with a channel layer that loses messages: for `./run bench histories`."""

from config.settings import *  # noqa: F403
from config.settings import CHANNEL_LAYERS

CHANNEL_LAYERS["default"]["BACKEND"] = "bench.lossy.LossyLayer"

"""The web server: `python -m config.web --port 8000` runs one process with the options that boards need.

Everything that serves Mockboard starts it this way: `./run`, the bench, the tests with a real server.
"""

import argparse
import sys
from collections.abc import Sequence

import uvicorn

LARGEST_FRAME = 262_144
SECONDS_BETWEEN_PINGS = 20.0
SECONDS_TO_STOP = 5


def main(arguments: Sequence[str]) -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="config.web", description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--app", default="config.asgi:application", help="another application, for tests")
    parser.add_argument("--log-level", default="info")
    asked = parser.parse_args(arguments)
    uvicorn.run(
        asked.app,
        host=asked.host,
        port=asked.port,
        log_level=asked.log_level,
        ws="whiteboard.wire:Wire",
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,  # strokes are small, and squeezing each costs more than it saves
        ws_ping_interval=SECONDS_BETWEEN_PINGS,
        ws_ping_timeout=SECONDS_BETWEEN_PINGS,
        timeout_graceful_shutdown=SECONDS_TO_STOP,
    )


if __name__ == "__main__":
    main(sys.argv[1:])

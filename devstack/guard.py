"""Outlives the supervisor by a moment, to end what it left behind.

Run as a script by the supervisor, which writes a line to us for each process group it starts
(`+GROUP SIGNAL`) and each that ended (`-GROUP`). When the pipe closes, because the supervisor ended or was
killed, every group still there gets its signal, and SIGKILL if it does not listen. The death signal of
devstack.launch reaches only direct children and only on Linux; this reaches theirs, and works elsewhere too.
"""

import contextlib
import os
import signal
import sys
import time

PATIENCE_SECONDS = 3.0


def is_there(group: int) -> bool:
    """Say whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def send(group: int, number: int) -> None:
    """Signal a group that may have just ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def end(groups: dict[int, int]) -> None:
    """Signal every group, wait a little, and kill what is left."""
    for group, number in groups.items():
        send(group, number)
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and any(is_there(group) for group in groups):
        time.sleep(0.02)
    for group in groups:
        send(group, signal.SIGKILL)


def main() -> None:
    """Note groups until the pipe closes, then end those still noted."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, int] = {}
    for line in sys.stdin:
        words = line.split()
        if words[0].startswith("+"):
            groups[int(words[0])] = int(words[1])
        else:
            groups.pop(-int(words[0]), None)
    end(groups)


if __name__ == "__main__":
    main()

"""Stands in for `./run` in tests: the real supervisor and servers, and a small program in place of the site.

Run as a script: `stack.py STATE SITE_PACKAGES [COMMAND …]`. Prints a line of JSON once everything runs.
"""

import json
import os
import signal
import sys
from pathlib import Path

from devstack import servers
from devstack.processes import Interrupted
from devstack.say import Trouble, trouble
from devstack.serve import supervised
from devstack.services import Service
from devstack.state import State


def site(state: State, command: list[str]) -> Service:
    """Return a service that is ready at once."""
    return Service(
        name="Site",
        command=tuple(command),
        cwd=state.path,
        log=state.logs / "site.log",
        ready=lambda pid: True,
        death_signal=signal.SIGKILL,
    )


def main() -> int:
    """Serve until told to stop, as `./run` does."""
    state = State.open(Path(sys.argv[1]))
    state.lock("a test")
    orphans = state.end_orphans()
    with (
        supervised(state) as (supervisor, pool),
        servers.running(supervisor, Path(sys.argv[2]), pool) as running,
    ):
        try:
            started = [supervisor.start(site(state, sys.argv[3:]))] if sys.argv[3:] else []
            pids = {each.service.name: each.process.pid for each in [*running.running, *started]}
            words = {"pids": pids, "orphans": orphans, "versions": running.versions, **running.addresses}
            print(json.dumps({**words, "way": running.running[0].service.way.spec}), flush=True)
            supervisor.watch()
        except Interrupted:
            supervisor.stop(started)
    return 0


if __name__ == "__main__":
    os.umask(0o022)
    try:
        sys.exit(main())
    except Trouble as problem:
        trouble(problem)
        sys.exit(1)

"""The commands of `./run`."""

import os
import signal
import sys
from collections.abc import Sequence

from devstack import machine
from devstack.processes import Interrupted
from devstack.say import Trouble, trouble

USAGE = """\
./run                          set everything up and serve Mockboard on http://127.0.0.1:8000
./run test [PART] [ARGUMENTS]  run the tests, or a part: unit, integration, browser; arguments go to pytest
./run check                    format, lint, types, imports, migrations, lock files, content
./run manage COMMAND …         any management command, in the right environment
./run assets                   build the board
./run bench [NAME] [OPTIONS]   measure the board beside other servers, or try it hard: ./run bench help
./run help                     this text

Environment (all optional):
  PORT                       the port to serve on (8000)
  DATABASE_URL, REDIS_URL    servers of your own, instead of the embedded ones
  MOCKBOARD_STATE            where data, secrets and logs are kept (.mockboard beside this script)
  MOCKBOARD_POSTGRES_BIN     a folder with the programs of a PostgreSQL to embed (14 or newer)
  MOCKBOARD_VALKEY           the Valkey or Redis server program to embed
The README names the settings of the site itself."""


def main(arguments: Sequence[str]) -> int:
    """Carry out what `./run` was asked, and return its exit code."""
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("serve", [])
    if command in ("help", "-h", "--help"):
        print(USAGE)
        return 0
    # Imported here, so that what a command does not need cannot keep it from running.
    try:
        machine.check_platform()
        os.umask(0o022)  # a stricter one would hide the programs we install from the user servers run as
        match command:
            case "serve":
                from devstack import serve

                return serve.serve()
            case "test":
                from devstack import suite

                return suite.test(rest)
            case "check":
                from devstack import checks

                return checks.check()
            case "manage":
                from devstack import manage

                return manage.manage(rest)
            case "assets":
                from devstack import serve

                return serve.assets()
            case "bench":
                from devstack import bench

                return bench.bench(rest)
        print(f"./run knows no command “{command}”.\n\n{USAGE}", file=sys.stderr)
        return 2
    except Trouble as problem:
        trouble(problem)
        return 1
    except (Interrupted, KeyboardInterrupt):
        print("Stopped.", file=sys.stderr)
        return 128 + signal.SIGINT

"""What must be done to the database and the assets before the site may serve."""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

from devstack import stamps, venv
from devstack.processes import Guarded
from devstack.say import Trouble, last_lines
from devstack.state import ROOT, State

# Several management commands in one process: starting Django takes longer than most of them.
PROGRAM = """
import json, sys, time
import django
from django.core.management import CommandError, call_command
django.setup()
for name, *arguments in json.loads(sys.argv[1]):
    begun = time.monotonic()
    print(f"@@ {name} begins", flush=True)
    try:
        call_command(name, *arguments)
    except CommandError as problem:
        sys.exit(str(problem))
    print(f"@@ {name} took {time.monotonic() - begun:.1f}", flush=True)
"""
PACKS = ROOT / "casestudies"
# After these the database is what it was, so a stamp that says what is loaded stays true.
HARMLESS = {
    "check",
    "showmigrations",
    "sqlmigrate",
    "makemigrations",
    "score",
    "collectstatic",
    "diffsettings",
}


def commands(env: dict[str, str], guarded: Guarded, wanted: Sequence[Sequence[str]]) -> dict[str, float]:
    """Run management commands one after the other in one process, and return their seconds."""
    finished = guarded.run(
        [venv.PYTHON, "-c", PROGRAM, json.dumps([list(each) for each in wanted])], env=env, cwd=ROOT
    )
    took = {
        name: float(seconds) for name, seconds in re.findall(r"^@@ (\w+) took (.+)$", finished.output, re.M)
    }
    if finished.code != 0:
        failed = next((each[0] for each in wanted if each[0] not in took), wanted[-1][0])
        said = re.sub(r"^@@ .*\n", "", finished.output, flags=re.M)
        raise Trouble(f"`manage.py {failed}` failed. {reason(said)}".rstrip(), last_lines(said, 25))
    return took


def reason(output: str) -> str:
    """Return what to do about a usual failure; empty if it is another."""
    if "OperationalError" in output or "PoolTimeout" in output:
        return "The database does not answer, or does not let us in: look at DATABASE_URL."
    if "No space left on device" in output:
        return "The disk is full: free some space and start again."
    return ""


class Database:
    """What the database of a state directory holds, as far as stamps can tell."""

    def __init__(self, state: State, *, ours: bool, fresh: bool) -> None:
        self.stamp = state.path / "stamps" / "content"
        self.schema_stamp = state.path / "stamps" / "schema"
        self.ours = ours  # of somebody else's we know nothing
        if fresh or not ours:
            forget(state)

    def content(self) -> str:
        """Return what load_content reads: the packs and the code that reads them."""
        return stamps.digest([PACKS, venv.LOCK])

    def schema(self) -> str:
        """Return what migrate reads."""
        return stamps.digest([*sorted(ROOT.glob("*/migrations")), venv.LOCK, ROOT / "config" / "settings.py"])

    def was_migrated(self) -> bool:
        """Say whether migrations are as at the last start, so that the site may start meanwhile."""
        return self.ours and stamps.is_fresh(self.schema_stamp, self.schema())

    def prepare(self, env: dict[str, str], guarded: Guarded) -> dict[str, float]:
        """Migrate, load the library if it has changed, and fill an empty database with the demonstration."""
        schema, content = self.schema(), self.content()
        wanted = [["migrate", "--noinput", "--verbosity=0"]]
        if not (self.ours and stamps.is_fresh(self.stamp, content)):
            wanted.append(["load_content"])
        wanted.append(["seed_demo", "--if-empty"])
        took = commands(env, guarded, wanted)
        if self.ours:
            stamps.put(self.stamp, content)
            stamps.put(self.schema_stamp, schema)
        return took


def forget(state: State) -> None:
    """Take nothing for granted about the database at the next start."""
    for name in ("content", "schema"):
        (state.path / "stamps" / name).unlink(missing_ok=True)


def assets_stamp(env: dict[str, str]) -> str:
    """Return what the gathered assets are made from, and where they are."""
    return stamps.digest([ROOT / "static", ROOT / "config", venv.LOCK], env["STATIC_ROOT"])


def is_collected(state: State, env: dict[str, str]) -> bool:
    """Say whether the assets are gathered as they are now."""
    return Path(env["STATIC_ROOT"]).is_dir() and stamps.is_fresh(
        state.path / "stamps" / "static", assets_stamp(env)
    )


def collect(state: State, env: dict[str, str], guarded: Guarded) -> None:
    """Gather the assets for serving."""
    stamp, value = state.path / "stamps" / "static", assets_stamp(env)
    stamp.unlink(missing_ok=True)
    # A folder that somebody named may hold more than what we put there.
    clear = [] if os.environ.get("STATIC_ROOT") else ["--clear"]
    commands(env, guarded, [["collectstatic", "--noinput", "--verbosity=0", *clear]])
    stamps.put(stamp, value)

"""The Python packages: a `.venv` beside the code, filled from requirements/lock.txt."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from devstack import machine, stamps
from devstack.processes import Finished, Guarded
from devstack.say import Trouble, last_lines
from devstack.state import ROOT

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements" / "lock.txt"
STAMP = VENV / "mockboard-stamp"
UNFINISHED = VENV / "mockboard-unfinished"
PIPS = 3
# Settings of a person's own that would send packages elsewhere, or build them from source.
PIP_LEFT_OUT = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_NO_BINARY"}


def environment() -> dict[str, str]:
    """Return our environment without what would lead a Python or pip astray."""
    left_out = PIP_LEFT_OUT | {
        "PYTHONPATH",
        "PYTHONHOME",
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "__PYVENV_LAUNCHER__",
    }
    return {key: value for key, value in os.environ.items() if key not in left_out}


def site_packages() -> Path | None:
    """Return where the packages are, or None before there are any."""
    return next(iter(sorted(VENV.glob("lib/python*/site-packages"))), None)


def python_inside() -> str | None:
    """Return the version (as "3.11") of a `.venv` that works, else None.

    It need not be that of the Python we run on. One whose system Python has moved on has no packages.
    """
    try:
        command = [str(PYTHON), "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return None
    new_enough = tuple(map(int, said.split("."))) >= machine.MIN_PYTHON if said else False
    return said if new_enough and (VENV / "lib" / f"python{said}" / "site-packages").is_dir() else None


def stamp_value(version: str) -> str:
    """Return what a finished `.venv` was made from: the lock, its Python, this kind of machine."""
    return stamps.digest([LOCK], version, sysconfig.get_platform(), str(VENV))


def is_ready() -> bool:
    """Say whether nothing has to be installed."""
    version = python_inside()
    return version is not None and stamps.is_fresh(STAMP, stamp_value(version))


def prepare(guarded: Guarded) -> bool:
    """Install what the lock file names, and return whether anything had to be done."""
    if is_ready():
        return False
    try:
        ensure_venv(guarded)
        UNFINISHED.touch()
        STAMP.unlink(missing_ok=True)
        install(guarded, LOCK)
        stamps.put(STAMP, stamp_value(python_inside() or ""))
        UNFINISHED.unlink()
    except OSError as problem:
        raise Trouble(f"{VENV} could not be written: {problem.strerror}.") from None
    return True


def ensure_venv(guarded: Guarded) -> None:
    """Have an environment, without pip in it; one that does not work or was cut off is made anew."""
    if python_inside() and not UNFINISHED.exists():
        return
    if VENV.is_symlink():
        VENV.unlink()
    shutil.rmtree(VENV, ignore_errors=True)
    if importlib.util.find_spec("venv") is None:
        raise Trouble("This Python has no venv module. Install your system's python3-venv package.")
    # Without pip, because Debian keeps the pip for it in a package of its own; ours comes from outside.
    made = guarded.run([sys.executable, "-m", "venv", "--without-pip", VENV], env=environment())
    if made.code != 0:
        raise Trouble(f"{VENV} could not be made.{reason(made.output)}", last_lines(made.output))


def install(guarded: Guarded, lock: Path, target: Path | None = None) -> None:
    """Install exactly what a lock file names, as ready-made wheels only."""
    where = [] if target is None else ["--target", target]
    options = ["--quiet", "--only-binary", ":all:", "--require-hashes", "--no-deps", *where]
    uv, finished = shutil.which("uv"), Finished(1, "")
    if uv:
        command = [uv, "pip", "install", "--python", PYTHON, "--compile-bytecode", *options]
        finished = guarded.run([*command, "--requirement", lock], env=environment(), cwd=ROOT)
    if finished.code != 0 and (pip := pip_command(guarded)):
        options += ["--no-input", "--disable-pip-version-check", "--no-warn-script-location"]
        finished = several(guarded, [*pip, "install", "--progress-bar", "off", *options], lock)
    elif not uv:
        raise Trouble(
            f"Python at {sys.executable} has no pip, and there is no uv. "
            "Install your system's python3-pip package (or uv), then run this again."
        )
    if finished.code != 0:
        sentence = f"The Python packages could not be installed.{reason(finished.output)}"
        raise Trouble(sentence, last_lines(finished.output))


def several(guarded: Guarded, command: list[object], lock: Path) -> Finished:
    """Run pip on shares of a lock file at once, and return how it went: one pip waits most of the time.

    The shares have no package in common, and what each needs is in the lock: no pip looks beyond its own.
    """
    with ThreadPoolExecutor(PIPS) as pool, tempfile.TemporaryDirectory(prefix="mockboard-") as folder:
        runs = []
        for number, share in enumerate(shares(lock.read_text(), PIPS)):
            part = Path(folder, f"{number}.txt")
            part.write_text(share)
            whole = [*command, "--requirement", part]
            runs.append(pool.submit(guarded.run, whole, env=environment(), cwd=ROOT))
        ended = [run.result() for run in runs]
    return max(ended, key=lambda finished: finished.code != 0)


def shares(text: str, count: int) -> list[str]:
    """Return the entries of a lock file dealt into at most `count` lock files."""
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    return ["".join(entries[start::count]) for start in range(min(count, len(entries)))]


def pip_command(guarded: Guarded) -> list[object] | None:
    """Return the command that installs into `.venv`: a pip outside it, or one made for it; else None."""
    asked = guarded.run([sys.executable, "-m", "pip", "--version"], env=environment(), cwd=Path("/"))
    version = re.match(r"pip (\d+)\.(\d+)", asked.output)
    known = (int(version[1]), int(version[2])) if asked.code == 0 and version else (0, 0)
    if known >= (22, 3):  # the first with --python
        return [sys.executable, "-m", "pip", "--python", PYTHON]
    made = guarded.run([PYTHON, "-m", "ensurepip", "--default-pip"], env=environment(), cwd=Path("/"))
    if made.code == 0:
        return [PYTHON, "-m", "pip"]
    return None


def reason(output: str) -> str:
    """Return what to do about an installer's usual failures, to follow a sentence; else nothing."""
    known = (
        (
            r"No space left on device|ENOSPC|os error 28",
            "The disk is full: free some space and run this again.",
        ),
        (
            r"name resolution|NewConnectionError|ConnectTimeout|Read timed out|Connection refused|"
            r"ProxyError|Max retries|dns error|error sending request|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMED",
            "The package registry could not be reached: check the network or the proxy, then run this again.",
        ),
        (
            r"DO NOT MATCH THE HASHES|Hash mismatch|EINTEGRITY",
            "A package is not the one the lock file names, so it was not installed.",
        ),
        (
            r"\(from versions: none\)",
            "Either the package registry could not be reached (check the network or the proxy), or it has no "
            f"wheel for this platform ({sysconfig.get_platform()}, Python {platform.python_version()}).",
        ),
        (
            r"No matching distribution|Could not find a version|no wheels with a matching|No solution found",
            f"A package has no ready-made wheel for this platform ({sysconfig.get_platform()}, "
            f"Python {platform.python_version()}).",
        ),
    )
    for pattern, sentence in known:
        if re.search(pattern, output):
            return " " + sentence
    return ""

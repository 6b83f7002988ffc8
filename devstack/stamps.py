"""Stamps: what a finished step was made from, so that it is left out while that is unchanged."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

LEFT_OUT = {"node_modules", "__pycache__", ".venv", ".git"}


def files_in(path: Path) -> Iterator[Path]:
    """Yield the files below `path`, or `path` itself if it is one, in a fixed order."""
    if path.is_file():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        yield from (Path(folder, name) for name in sorted(names) if not name.endswith(".pyc"))


def digest(paths: Iterable[Path], *words: str) -> str:
    """Return a hash over names and contents of all files in `paths`, and over `words`."""
    total = hashlib.sha256()
    for word in words:
        total.update(word.encode() + b"\0")
    for path in paths:
        for file in files_in(path):
            content = hashlib.sha256(file.read_bytes()).digest()
            total.update(str(file.relative_to(path.parent)).encode() + b"\0" + content)
    return total.hexdigest()


def is_fresh(stamp: Path, value: str) -> bool:
    """Say whether the step last finished with this value."""
    try:
        return stamp.read_text() == value
    except OSError:
        return False


def put(stamp: Path, value: str) -> None:
    """Note that the step has finished with this value."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)

"""Whether the lock files still say what the projects ask for; read without network."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ENTRY = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;]+)")
REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^]]*\])?\s*([^;]*)")


@dataclass(frozen=True)
class Locked:
    """One pinned package of a lock file."""

    name: str
    version: str
    hashes: int
    asked_by_us: bool


def canonical(name: str) -> str:
    """Return a package's name as all its spellings have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def release(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, without what marks a pre- or post-release."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def same_length(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return both with zeros added to the shorter: 5.2 is 5.2.0."""
    length = max(len(first), len(second))
    return first + (0,) * (length - len(first)), second + (0,) * (length - len(second))


def satisfies(version: str, specifiers: str) -> bool:
    """Say whether a version lies in a range such as `>=5.2.19,<5.3`."""
    for specifier in filter(None, (part.strip() for part in specifiers.split(","))):
        match = re.match(r"(===|==|~=|!=|<=|>=|<|>)\s*([^\s]+)$", specifier)
        if match is None:
            return False
        operator, wanted = match.groups()
        if operator in ("==", "!=") and wanted.endswith(".*"):
            stem = release(wanted)
            equal = release(version)[: len(stem)] == stem
        elif operator in ("==", "===", "!="):
            equal = (
                version == wanted or same_length(release(version), release(wanted)) == (release(wanted),) * 2
            )
        if operator in ("==", "===", "!="):
            if equal == (operator == "!="):
                return False
            continue
        ours, theirs = same_length(release(version), release(wanted))
        if operator == "~=":
            stem = release(wanted)[:-1]
            if ours < theirs or ours[: len(stem)] != stem:
                return False
        elif not {"<": ours < theirs, "<=": ours <= theirs, ">": ours > theirs, ">=": ours >= theirs}[
            operator
        ]:
            return False
    return True


def read(text: str) -> list[Locked]:
    """Return the entries of a lock file as `uv pip compile --generate-hashes` writes them."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if ENTRY.match(line):
            blocks.append([line])
        elif blocks:
            blocks[-1].append(line)
    entries = []
    for block in blocks:
        match = ENTRY.match(block[0])
        assert match is not None
        hashes = sum("--hash=sha256:" in line for line in block)
        asked = any("(pyproject.toml" in line for line in block)
        entries.append(Locked(canonical(match[1]), match[2], hashes, asked))
    return entries


def python_problems(pyproject: Path, lock: Path) -> list[str]:
    """Return what is wrong with a lock file of Python packages, as sentences."""
    text = lock.read_text()
    entries = read(text)
    problems = [f"{entry.name} has no hash." for entry in entries if not entry.hashes]
    problems += [f"“{line.strip()}” names an address." for line in text.splitlines() if "://" in line]
    problems += [
        f"“{line}” is not a pinned package."
        for line in text.splitlines()
        if re.match(r"[^\s#]", line) and not ENTRY.match(line)
    ]
    project = tomllib.loads(pyproject.read_text())
    asked = list(project["project"]["dependencies"])
    for group in project.get("dependency-groups", {}).values():
        asked += [requirement for requirement in group if isinstance(requirement, str)]
    names = set()
    for requirement in asked:
        match = REQUIREMENT.match(requirement)
        if match is None:
            problems.append(f"“{requirement}” in {pyproject.name} cannot be read.")
            continue
        name, specifiers = canonical(match[1]), match[2]
        names.add(name)
        versions = [entry.version for entry in entries if entry.name == name]
        if not versions:
            problems.append(f"{name} is not locked.")
        problems += [
            f"{name} is locked at {version}, and {pyproject.name} asks for {specifiers.strip()}."
            for version in versions
            if not satisfies(version, specifiers)
        ]
    gone = [entry.name for entry in entries if entry.asked_by_us and entry.name not in names]
    problems += [f"{name} is locked, but {pyproject.name} no longer asks for it." for name in gone]
    return problems


def node_problems(package: Path, lock: Path) -> list[str]:
    """Return what is wrong with npm's lock file, as sentences."""
    asked, locked = json.loads(package.read_text()), json.loads(lock.read_text())["packages"]
    problems = [
        f"The {kind} of {package.name} and {lock.name} differ."
        for kind in ("dependencies", "devDependencies")
        if asked.get(kind, {}) != locked.get("", {}).get(kind, {})
    ]
    packages = {path: entry for path, entry in locked.items() if path}
    problems += [f"{path} names an address." for path, entry in packages.items() if "resolved" in entry]
    problems += [f"{path} has no hash." for path, entry in packages.items() if "integrity" not in entry]
    return problems

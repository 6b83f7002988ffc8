"""What `./run check` says of lock files."""

import json
from pathlib import Path

import pytest

from devstack import lockfile

PYPROJECT = """
[project]
name = "example"
version = "1"
dependencies = ["django>=5.2.19,<5.3", "psycopg[binary,pool]>=3.3", "uvloop>=0.21; sys_platform != 'win32'"]
[dependency-groups]
dev = ["types-pyyaml"]
"""
LOCK = """\
django==5.2.19 \\
    --hash=sha256:aa
    # via example (pyproject.toml)
psycopg==3.3.9 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via example (pyproject.toml)
types-pyyaml==6.0.12.20261113 \\
    --hash=sha256:dd
    # via example (pyproject.toml:dev)
uvloop==0.23.0 ; sys_platform != 'win32' \\
    --hash=sha256:ee
    # via example (pyproject.toml)
"""


@pytest.mark.parametrize(
    ("version", "range_", "inside"),
    [
        ("5.2.19", ">=5.2.19,<5.3", True),
        ("5.3", ">=5.2.19,<5.3", False),
        ("5.2", "==5.2.0", True),
        ("0.14.13", "==0.14.13", True),
        ("9.1.2.post2", "==9.1.2.post2", True),
        ("1.4.7", "==1.4.*", True),
        ("1.5.0", "~=1.4.2", False),
        ("1.4.9", "~=1.4.2", True),
        ("2.0", "!=2.0", False),
        ("2.1", ">2.0", True),
        ("3", "", True),
        ("3", "whatever", False),
    ],
)
def test_a_version_lies_in_a_range_or_not(version: str, range_: str, inside: bool):
    assert lockfile.satisfies(version, range_) is inside


def problems(folder: Path, lock: str, pyproject: str = PYPROJECT) -> list[str]:
    (folder / "pyproject.toml").write_text(pyproject)
    (folder / "lock.txt").write_text(lock)
    return lockfile.python_problems(folder / "pyproject.toml", folder / "lock.txt")


def test_a_lock_that_fits_has_no_problems(tmp_path: Path):
    assert problems(tmp_path, LOCK) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "django==5.2.19",
            "django==5.1.1",
            "django is locked at 5.1.1, and pyproject.toml asks for >=5.2.19,<5.3.",
        ),
        ("types-pyyaml==", "types-yaml==", "types-pyyaml is not locked."),
        ("    --hash=sha256:ee\n", "", "uvloop has no hash."),
        (
            "    # via example (pyproject.toml)\npsycopg",
            "--index-url https://a.example/\npsycopg",
            "names an address.",
        ),
        ("uvloop==0.23.0", "uvloop", "is not a pinned package."),
        ("uvloop==", "winloop==", "winloop is locked, but pyproject.toml no longer asks for it."),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, old: str, new: str, sentence: str):
    assert any(sentence in problem for problem in problems(tmp_path, LOCK.replace(old, new)))


def test_npms_lock_must_have_the_same_ranges_hashes_and_no_addresses(tmp_path: Path):
    package, lock = tmp_path / "package.json", tmp_path / "package-lock.json"
    package.write_text(json.dumps({"dependencies": {"yjs": "13.6.33"}}))
    locked = {
        "": {"dependencies": {"yjs": "13.6.33"}},
        "node_modules/yjs": {"version": "13.6.33", "integrity": "x"},
    }
    lock.write_text(json.dumps({"packages": locked}))
    assert lockfile.node_problems(package, lock) == []
    locked[""] = {"dependencies": {"yjs": "13.6.1"}}
    locked["node_modules/yjs"] = {"version": "13.6.33", "resolved": "https://a.example/yjs.tgz"}
    lock.write_text(json.dumps({"packages": locked}))
    assert lockfile.node_problems(package, lock) == [
        "The dependencies of package.json and package-lock.json differ.",
        "node_modules/yjs names an address.",
        "node_modules/yjs has no hash.",
    ]

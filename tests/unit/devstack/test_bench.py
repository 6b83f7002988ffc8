"""The part of `./run bench` that needs no server."""

from pathlib import Path

import pytest

from devstack import bench
from devstack.commands import USAGE
from devstack.state import State


def test_only_what_is_measured_needs_servers():
    assert bench.needs_servers([])
    assert bench.needs_servers(["load", "--rooms", "8"])
    assert not any(map(bench.needs_servers, (["help"], ["--help"], ["load", "--help"])))


def test_what_a_person_has_set_changes_nothing_that_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.setenv("PORT", "80")
    env = bench.environment(State.open(tmp_path / "bench"), {})
    assert not {"DEBUG", "PORT"} & set(env)
    assert env["MOCKBOARD_STATE"] == str(tmp_path / "bench")


def test_the_commands_are_told_of():
    assert "./run bench" in USAGE

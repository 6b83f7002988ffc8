"""The small parts of `./run` that need no server."""

import ast
import os
import stat
from pathlib import Path

import pytest

from devstack import launch, manage, node, postgres, stamps, state, suite, venv, ways


def test_the_script_can_be_read_by_old_pythons_and_carried_out():
    script = state.ROOT / "run"
    ast.parse(script.read_text(), feature_version=(3, 4))
    assert script.stat().st_mode & stat.S_IXUSR


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("v18.19.0", False),
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.19.0", True),
        ("", False),
    ],
)
def test_a_node_is_new_enough_for_vite_or_not(version: str, enough: bool):
    assert node.new_enough(version) is enough


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "The disk is full",
        ),
        ("npm error code ENOSPC", "The disk is full"),
        ("NewConnectionError: Failed to establish a new connection", "could not be reached"),
        ("npm error code EAI_AGAIN", "could not be reached"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
            "not the one the lock file names",
        ),
        ("ERROR: Could not find a version that satisfies x==1 (from versions: none)", "check the network"),
        ("ERROR: Could not find a version that satisfies x==1 (from versions: 0.9)", "no ready-made wheel"),
    ],
)
def test_an_installers_failure_is_put_in_a_sentence(said: str, sentence: str):
    assert sentence in venv.reason(said)


def test_a_lock_file_is_dealt_into_shares_that_lose_nothing():
    a, b, c = (f"{name}==1 \\\n    --hash=sha256:{name}\n" for name in "abc")
    text = f"# made by a tool\n{a}{b}{c}"
    assert venv.shares(text, 2) == [a + c, b]
    assert venv.shares(text, 9) == [a, b, c]


def test_a_stamp_changes_with_names_and_contents_but_not_with_what_is_made(tmp_path: Path):
    (tmp_path / "a").write_text("1")
    before = stamps.digest([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("made")
    assert stamps.digest([tmp_path]) == before
    (tmp_path / "a").rename(tmp_path / "b")
    assert stamps.digest([tmp_path]) != before


def test_only_commands_that_need_servers_get_them(monkeypatch: pytest.MonkeyPatch):
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    assert manage.needs_servers(["migrate"])
    assert not any(map(manage.needs_servers, ([], ["score"], ["help"], ["migrate", "--help"], ["check"])))
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere")
    assert manage.needs_servers(["migrate"])  # for the queue
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    assert not manage.needs_servers(["migrate"])


def test_a_part_or_a_file_of_the_tests_can_be_asked_for():
    assert suite.pytest_runs("unit", ["-x"]) == [("unit", [str(suite.TESTS / "unit"), *suite.WORKERS, "-x"])]
    browser = str(suite.TESTS / "browser")
    assert suite.pytest_runs("browser", []) == [("browser", [browser])]
    assert suite.pytest_runs("browser", ["-s"]) == [("browser", [browser, "-s"])]
    assert suite.pytest_runs("unit", ["--pdb"]) == [("unit", [str(suite.TESTS / "unit"), "--pdb"])]
    assert suite.pytest_runs(None, ["tests/unit/devstack"]) == [("the tests named", ["tests/unit/devstack"])]


def test_a_database_program_named_by_hand_is_the_only_one_considered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOCKBOARD_POSTGRES_BIN", "/opt/pg/bin")
    assert list(postgres.candidates(Path("/packages"))) == [Path("/opt/pg/bin")]


def test_sorting_in_the_database_is_the_same_on_old_and_new_versions():
    assert "--locale=C" in postgres.locale_options(14)
    assert "--locale-provider=builtin" in postgres.locale_options(18)


def test_a_probe_leaves_nothing_behind_and_says_what_cannot_be_read(tmp_path: Path):
    launch.probe([__file__], str(tmp_path))
    assert os.listdir(tmp_path) == []
    with pytest.raises(FileNotFoundError):
        launch.probe([str(tmp_path / "missing")], str(tmp_path))


def test_the_plain_way_reaches_what_we_reach(tmp_path: Path):
    assert ways.plain().reaches([Path(__file__)], tmp_path)
    assert not ways.plain().reaches([tmp_path / "missing"], tmp_path)


def test_secrets_stay_the_same_and_are_ours_alone(tmp_path: Path):
    kept = state.State.open(tmp_path / "state")
    first = kept.secret("secret_key")
    assert len(first) >= 48
    assert kept.secret("secret_key") == first != kept.secret("postgres")
    assert stat.S_IMODE((tmp_path / "state" / "secrets.json").stat().st_mode) == 0o600


def test_a_state_directory_has_one_holder(tmp_path: Path):
    first, second = state.State.open(tmp_path), state.State.open(tmp_path)
    first.lock("the first")
    assert not second.is_free()
    with pytest.raises(state.InUse, match="the first, process"):
        second.lock("the second")
    first.unlock()
    second.lock("the second")
    second.unlock()

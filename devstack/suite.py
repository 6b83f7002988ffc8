"""`./run test`: the tests, on servers of a moment."""

import os
from pathlib import Path

from devstack import apps, checkout, foreground, node, throwaway
from devstack.say import teller
from devstack.serve import supervised
from devstack.state import ROOT
from devstack.supervisor import Supervisor

TESTS = ROOT / "tests"
PARTS = ("unit", "integration", "browser")
WORKERS = ("-n", "2", "--dist", "loadscope")
# With these somebody wants to watch one process.
ONE_PROCESS = ("-n", "--numprocesses", "--pdb", "-s", "--capture=no", "--trace")


def has_tests(folder: Path) -> bool:
    """Say whether pytest would find a file of tests below `folder`."""
    return next(folder.rglob("test_*.py"), None) is not None


def pytest_runs(part: str | None, arguments: list[str]) -> list[tuple[str, list[str]]]:
    """Return the runs of pytest that were asked for, each as its name and its arguments."""
    one_process = any(argument.startswith(ONE_PROCESS) for argument in arguments)
    if part is None and any((ROOT / argument.split("::")[0]).exists() for argument in arguments):
        return [("the tests named", arguments)]
    runs = []
    # Browser stories have the machine to themselves: a server, a worker and up to four pages take both
    # cores, and two stories at once are done no sooner.
    for names, workers in ((("unit", "integration"), WORKERS), (("browser",), ())):
        folders = [str(TESTS / name) for name in names if part in (None, name) and has_tests(TESTS / name)]
        if folders:
            called = " and ".join(name for name in names if str(TESTS / name) in folders)
            runs.append((called, [*folders, *(() if one_process else workers), *arguments]))
    return runs


def test(arguments: list[str]) -> int:
    """Set up, run the tests asked for, and return the exit code."""
    part = arguments.pop(0) if arguments and arguments[0] in PARTS else None
    results: dict[str, int] = {}
    with throwaway.state() as kept:
        with supervised(kept) as (supervisor, pool), checkout.alone(supervisor):
            packages, board = checkout.everything(supervisor, pool)
            _, found = supervisor.outcomes(packages, board)
            runs = pytest_runs(part, arguments)
            if found and part in (None, "unit") and runs[0][0] != "the tests named":
                supervisor.outcomes(pool.submit(node.install_modules, supervisor.guarded, found))
                results["board"] = -1  # still to come
        with supervised(kept, forward_interrupt=False) as (supervisor, pool):
            if found and "board" in results:
                results["board"] = board_tests(supervisor, found)
            with throwaway.environment(supervisor, pool) as env:
                if os.environ.get("CI"):
                    env |= {"MOCKBOARD_REQUIRE_BROWSER": "1"}
                for name, options in runs:
                    teller.line(f"\nTests: {name}")
                    results[name] = foreground.run(supervisor, apps.python("pytest", *options), env, ROOT)
    teller.line()
    for name, code in results.items():
        teller.line(f"{name}: {'passed' if code == 0 else f'FAILED (exit code {code})'}")
    return max(results.values(), default=1) and 1


def board_tests(supervisor: Supervisor, found: node.Node) -> int:
    """Run the tests of frontend/ and return their exit code."""
    teller.line("\nTests: board")
    return foreground.run(supervisor, [*found.npm, "test"], found.environment(), node.FRONTEND)

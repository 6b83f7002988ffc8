"""`./run check`: everything that reads code and content without serving it. All of it, whatever fails."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from devstack import apps, checkout, lockfile, node, throwaway, venv
from devstack.processes import Finished, Guarded
from devstack.say import teller
from devstack.serve import supervised
from devstack.state import ROOT


@dataclass(frozen=True)
class Check:
    """One check: its name and what carries it out, in any thread."""

    name: str
    run: Callable[[], Finished]


def lock_files() -> Finished:
    """Compare what is locked with what is asked for."""
    problems = lockfile.python_problems(ROOT / "pyproject.toml", venv.LOCK)
    problems += [
        f"requirements/node.txt: {entry.name} has no hash."
        for entry in lockfile.read(node.LOCK.read_text())
        if not entry.hashes
    ]
    problems += lockfile.node_problems(node.FRONTEND / "package.json", node.FRONTEND / "package-lock.json")
    return Finished(1 if problems else 0, "\n".join(problems))


def all_checks(guarded: Guarded, env: dict[str, str], found: node.Node | None) -> list[Check]:
    """Return the checks, the longest first."""

    def tool(*arguments: str) -> Callable[[], Finished]:
        return lambda: guarded.run(apps.python(*arguments), env=env, cwd=ROOT)

    def imports() -> Finished:
        return guarded.run([venv.VENV / "bin" / "lint-imports"], env=env, cwd=ROOT)

    def typescript() -> Finished:
        if found is None:
            return Finished(1, "There is no Node to check it with.")
        return node.npm(guarded, found, "run", "typecheck")

    def migrations() -> Finished:
        command = [venv.PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]
        return guarded.run(command, env=env, cwd=ROOT)

    def content() -> Finished:
        command = [venv.PYTHON, "manage.py", "check_content"]
        return guarded.run(command, env=env, cwd=ROOT)

    return [
        Check("content", content),
        Check("types", tool("mypy")),
        Check("types of the board", typescript),
        Check("migrations", migrations),
        Check("imports", imports),
        Check("lint", tool("ruff", "check")),
        Check("format", tool("ruff", "format", "--check")),
        Check("lock files", lock_files),
    ]


def check() -> int:
    """Set up, run all checks, and return the exit code."""
    failed: list[str] = []
    with throwaway.state() as kept, supervised(kept) as (supervisor, pool):
        with checkout.alone(supervisor):
            packages = checkout.everything(supervisor, pool, build=False)
            _, found = supervisor.outcomes(*packages)
        with throwaway.environment(supervisor, pool) as env, ThreadPoolExecutor(2) as two:
            results: list[tuple[Check, Future[Finished]]] = [
                (each, two.submit(each.run)) for each in all_checks(supervisor.guarded, env, found)
            ]
            for each, future in results:
                (finished,) = supervisor.outcomes(future)
                teller.line(f"  {each.name:<22}{'ok' if finished.code == 0 else 'FAILED'}")
                if finished.code != 0:
                    failed.append(each.name)
                    teller.line(finished.output.rstrip() + "\n")
    teller.line(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0

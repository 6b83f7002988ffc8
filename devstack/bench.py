"""`./run bench`: measurements and trials of the board, on servers and a database of their own."""

from devstack import apps, checkout, foreground, servers, throwaway, venv
from devstack.serve import supervised
from devstack.state import ROOT, State, default_path


def needs_servers(arguments: list[str]) -> bool:
    """Say whether something is to be measured, and not only explained."""
    return not {"help", "-h", "--help"} & set(arguments)


def bench(arguments: list[str]) -> int:
    """Set up, run a command of bench/ and return its exit code.

    The servers keep what they are told as those of `./run` do: what it costs to be durable is part of what
    is measured. They live in a folder of their own below the state, as do the servers we are compared with.
    """
    kept = State.open(default_path() / "bench")
    kept.lock("./run bench")
    kept.end_orphans()
    with supervised(kept) as (supervisor, pool), checkout.alone(supervisor):
        supervisor.outcomes(pool.submit(checkout.install_packages, supervisor.guarded))
    with supervised(kept, forward_interrupt=False) as (supervisor, pool):
        command = apps.python("bench", *arguments)
        if not needs_servers(arguments):
            return foreground.run(supervisor, command, environment(kept, {}), ROOT)
        with servers.running(supervisor, venv.site_packages(), pool) as running:
            return foreground.run(supervisor, command, environment(kept, running.addresses), ROOT)


def environment(kept: State, addresses: dict[str, str]) -> dict[str, str]:
    """Return what bench/ is started with: nothing of a person's own that would change what is measured."""
    env = apps.environment(kept, addresses)
    ours = {key: value for key, value in env.items() if key not in throwaway.PERSONS_OWN}
    return ours | {"MOCKBOARD_STATE": str(kept.path)}

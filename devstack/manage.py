"""`./run manage`: any management command, in the right environment."""

from devstack import apps, checkout, foreground, prepare, servers, venv
from devstack.say import Trouble
from devstack.serve import supervised
from devstack.state import ROOT, InUse, State, default_path

# These work without a database or a queue.
NEED_NO_SERVERS = {"help", "version", "score", "check", "collectstatic", "diffsettings", "findstatic"}
NEED_NO_SERVERS |= {"startapp", "startproject", "makemessages", "compilemessages"}
NEED_NO_SERVERS |= {"check_content", "new_case"}


def needs_servers(arguments: list[str]) -> bool:
    """Say whether a command may ask the database or the queue."""
    return bool(servers.wanted() and arguments) and not (
        arguments[0] in NEED_NO_SERVERS or {"-h", "--help", "--version"} & set(arguments)
    )


def manage(arguments: list[str]) -> int:
    """Run a management command and return its exit code; its input and output are ours, untouched."""
    kept = State.open(default_path())
    if not venv.is_ready():
        with supervised(kept) as (supervisor, pool), checkout.alone(supervisor):
            supervisor.outcomes(pool.submit(checkout.install_packages, supervisor.guarded))
    command = [str(venv.PYTHON), str(ROOT / "manage.py"), *arguments]
    if not needs_servers(arguments):
        foreground.become(command, apps.environment(kept, {}), ROOT)
    if arguments[0] not in prepare.HARMLESS:
        prepare.forget(kept)
    while True:
        try:
            kept.lock(f"./run manage {arguments[0]}")
        except InUse:
            kept.share(across_exec=True)
            if addresses := published(kept):
                foreground.become(command, apps.environment(kept, addresses), ROOT)
            kept.unshare()  # they ended in between; now it may be our turn
        else:
            break
    kept.end_orphans()
    with (
        supervised(kept, forward_interrupt=False) as (supervisor, pool),
        servers.running(supervisor, venv.site_packages(), pool) as running,
    ):
        code = foreground.run(supervisor, command, apps.environment(kept, running.addresses), ROOT)
        kept.wait_for_users()  # another command may have found our servers
    return code


def published(kept: State) -> dict[str, str]:
    """Return how to reach the servers another copy runs, or is starting; empty if it ended instead."""
    try:
        return kept.await_published()
    except Trouble:
        if kept.is_free():
            return {}
        raise

"""What PostgreSQL and Redis use while our server works: shown beside it, not hidden in it."""

import contextlib
import os
from typing import Any, cast

import psycopg
import redis

from bench import proc

Used = dict[str, dict[int, float]]  # name → process → seconds of processor time since it began


class Helpers:
    """The servers behind ours. One that runs elsewhere, or lets nobody look, is left out."""

    def __init__(self) -> None:
        self.postmaster = self._postmaster()

    def _postmaster(self) -> int | None:
        """Return the process all others of PostgreSQL come from, if it is on this machine."""
        with (
            contextlib.suppress(psycopg.Error, OSError, ValueError, IndexError),
            psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection,
        ):
            row = connection.execute("SELECT pg_backend_pid()").fetchone()
            found = proc.parent(row[0]) if row else 0
            if "postgres" in proc.name(found):
                return found
        return None

    def look(self) -> Used:
        """Return what has been used so far."""
        seen: Used = {}
        if self.postmaster:
            seen["PostgreSQL"] = {pid: proc.cpu_seconds([pid]) for pid in proc.family(self.postmaster)}
        with contextlib.suppress(redis.RedisError):
            client = redis.Redis.from_url(os.environ["REDIS_URL"])
            info = cast(dict[str, Any], client.info("cpu"))
            client.close()
            seen["Redis"] = {0: float(info["used_cpu_sys"]) + float(info["used_cpu_user"])}
        return seen


def between(before: Used, after: Used) -> dict[str, float]:
    """Return what was used from one look to the next; of processes that ended in between nothing is known."""
    return {
        name: sum(used - before.get(name, {}).get(pid, 0.0) for pid, used in processes.items())
        for name, processes in after.items()
    }

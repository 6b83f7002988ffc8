"""The machine and the programs figures were made with: figures without them mean little."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import psycopg
import redis


def processor() -> str:
    """Return the processor's name and how many of its cores there are."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{len(os.sched_getaffinity(0))} × {names[0] if names else platform.machine()}"


def memory_gb() -> float:
    """Return the machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def busy() -> float:
    """Return how many processes wanted a core in the last minute."""
    return os.getloadavg()[0]


def database() -> tuple[str, str]:
    """Return PostgreSQL's version, and whether it waits for its disk."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:

        def shown(name: str) -> str:
            row = connection.execute(f"SHOW {name}").fetchone()
            return str(row[0]) if row else ""

        durable = shown("fsync") == "on" and shown("synchronous_commit") == "on"
        return shown("server_version"), "waits for its disk" if durable else "does NOT wait for its disk"


def queue() -> str:
    """Return the name and version of the server behind REDIS_URL."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    info = cast(dict[str, Any], client.info("server"))
    client.close()
    name = "Valkey" if "valkey_version" in info else "Redis"
    return f"{name} {info.get('valkey_version') or info['redis_version']}"


def facts(*, node: str = "", peers: dict[str, str] | None = None) -> list[str]:
    """Return the lines that stand below the table."""
    postgres, durable = database()
    ours = ", ".join(
        f"{name} {version(name)}" for name in ("django", "channels", "uvicorn", "uvloop", "pycrdt")
    )
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}; {processor()}, {memory_gb():.0f} GB, Linux {platform.release()}; "
        f"{busy():.1f} processes wanted a core in the minute before",
        f"Mockboard: Python {platform.python_version()}, {ours}; PostgreSQL {postgres}, which {durable}; "
        f"{queue()}",
    ]
    if peers:
        lines.append(
            f"The others: Node {node.lstrip('v')}, " + ", ".join(f"{n} {v}" for n, v in peers.items())
        )
    return lines

"""A database of the bench's own, beside the one DATABASE_URL names, and gone afterwards.

Nobody's data is touched: the database is made new, migrated and dropped. One that a killed run left
behind is dropped by the next.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

PREFIX = "mockboard_bench_"


def _other(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def _drop(connection: "psycopg.Connection[tuple[str, ...]]", name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _drop_left_behind(connection: "psycopg.Connection[tuple[str, ...]]") -> None:
    """Drop what runs left behind whose process is gone and to which nobody is connected."""
    unused = """SELECT datname FROM pg_database WHERE datname LIKE %s
                AND datname NOT IN (SELECT datname FROM pg_stat_activity WHERE datname IS NOT NULL)"""
    for (name,) in connection.execute(unused, [PREFIX.replace("_", r"\_") + "%"]).fetchall():
        match = re.fullmatch(PREFIX + r"(\d+)_\w+", name)
        if match and not os.path.exists(f"/proc/{match[1]}"):
            with contextlib.suppress(psycopg.Error):
                _drop(connection, name)


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Give the address of an empty database; for as long as the body lasts DATABASE_URL names it."""
    server = os.environ["DATABASE_URL"]
    name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        _drop_left_behind(connection)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    os.environ["DATABASE_URL"] = url = _other(server, name)
    try:
        yield url
    finally:
        os.environ["DATABASE_URL"] = server
        with psycopg.connect(server, autocommit=True) as connection:
            _drop(connection, name)

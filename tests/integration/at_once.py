"""Several people, or workers, at the same moment: threads with a connection to the database each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
PATIENCE = 30  # seconds


def at_once(acts: list[Callable[[], T]]) -> list[T]:
    """Begin all of these at the same moment and return what each gave; what one raises is raised."""
    start = Barrier(len(acts))

    def begin(act: Callable[[], T]) -> T:
        start.wait(PATIENCE)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(begin, acts, timeout=2 * PATIENCE))

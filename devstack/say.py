"""What `./run` tells a person: a line a step with its seconds, and troubles as sentences."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

NAME_WIDTH = 22


class Trouble(Exception):
    """Something a person can act on; its text is the sentence they read, `details` what a program said."""

    def __init__(self, sentence: str, details: str = "") -> None:
        super().__init__(sentence)
        self.details = details


class Teller:
    """Prints whole lines from any thread; on a terminal the last line shows what is being done."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.doing: dict[str, float] = {}
        self.live = sys.stdout.isatty()

    def line(self, text: str = "") -> None:
        """Print one line."""
        with self.lock:
            self.wipe()
            print(text, flush=True)
            self.draw()

    def wipe(self) -> None:
        """Take the line of what is being done off the terminal."""
        if self.live and self.doing:
            print("\r\x1b[K", end="")

    def draw(self) -> None:
        """Show what is being done, if anything and if there is a terminal."""
        if self.live and self.doing:
            print(f"  … {', '.join(self.doing)}"[:78], end="", flush=True)

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """Print `name` and its seconds once the body is through; gives a function that adds a note to it."""
        notes: list[str] = []
        begun = time.monotonic()
        with self.lock:
            self.wipe()
            self.doing[name] = begun
            self.draw()
        try:
            yield notes.append
        except BaseException:
            self.ended(name)
            raise
        self.ended(name)
        note = f"  {'; '.join(notes)}" if notes else ""
        self.line(f"  {name:<{NAME_WIDTH}}{time.monotonic() - begun:6.1f} s{note}")

    def ended(self, name: str) -> None:
        """Stop showing `name` as being done."""
        with self.lock:
            self.wipe()
            self.doing.pop(name, None)
            self.draw()


teller = Teller()


def trouble(problem: Trouble) -> None:
    """Print a trouble on standard error: what a program said, then our sentence."""
    if problem.details:
        print("\n" + problem.details.rstrip() + "\n", file=sys.stderr)
    print(f"Mockboard: {problem}", file=sys.stderr, flush=True)


def last_lines(text: str, count: int = 15) -> str:
    """Return the last lines of a log, indented."""
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines()[-count:])

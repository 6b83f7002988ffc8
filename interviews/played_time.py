"""The time that a replay shows: that of the interview's clock, which stands still in pauses. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class PlayedTime:
    """When an interview began and ended, and its pauses in order; all in milliseconds since 1970.

    A moment is told as milliseconds on the clock, from 0. All of a pause is one moment there.
    """

    start: int
    end: int
    pauses: tuple[tuple[int, int], ...] = ()

    @property
    def length(self) -> int:
        return self.on_clock(self.end)

    def on_clock(self, at: int) -> int:
        """Return what the clock had run by a moment; what came before it started is shown at 0."""
        at = min(max(at, self.start), self.end)
        stood = sum(max(0, min(at, until) - since) for since, until in self.pauses)
        return at - self.start - stood

    def moment(self, on_clock: int) -> int:
        """Return the last moment at which the clock showed this much; the end when it never showed more."""
        left = max(on_clock, 0)
        at = self.start
        for since, until in self.pauses:
            if left < since - at:
                return at + left
            left -= since - at
            at = until
        return min(at + left, self.end)


def pauses_of(changes: Iterable[tuple[int, bool]], end: int) -> tuple[tuple[int, int], ...]:
    """Return the pauses in changes of the clock, (moment, whether it stands still from then), up to `end`."""
    found: list[tuple[int, int]] = []
    since: int | None = None
    for at, stands in changes:
        if stands and since is None:
            since = at
        elif not stands and since is not None:
            found.append((since, min(at, end)))
            since = None
    if since is not None and since < end:
        found.append((since, end))
    return tuple((start, stop) for start, stop in found if stop > start)

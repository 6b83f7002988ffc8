"""How often somebody's edits may be refused before they are kept out for a while.

A refused edit costs the gate far more than a sound one, and the socket it came over is closed; whoever
comes back at once with the next one would have everybody else wait.
"""

import time
from uuid import UUID

SECONDS_PER_REFUSAL = 0.1
SECONDS_OF_REFUSALS = 30.0  # three hundred at once
MOST_KNOWN = 10_000


class Patience:
    """Counts refusals by person; it forgets what has been paid for."""

    def __init__(self) -> None:
        self._paid_until: dict[tuple[UUID, str], float] = {}

    def lose(self, board: UUID, person: str) -> None:
        """Note that an edit of somebody was refused."""
        now = time.monotonic()
        if len(self._paid_until) >= MOST_KNOWN:
            self._paid_until = {who: until for who, until in self._paid_until.items() if until > now}
        before = self._paid_until.get((board, person), now)
        self._paid_until[(board, person)] = max(before, now) + SECONDS_PER_REFUSAL

    def has_ended(self, board: UUID, person: str) -> bool:
        """Return whether somebody has to wait before they may come to a board again."""
        return self._paid_until.get((board, person), 0.0) > time.monotonic() + SECONDS_OF_REFUSALS

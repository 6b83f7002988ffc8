"""When a card comes back: one, three, seven and fourteen days, then it is learned. Plain Python.

Why this and no memory model: docs/decisions/0007-review-ladder.md.
"""

from datetime import date, timedelta

WAITS_DAYS = (1, 3, 7, 14)
LEARNED = len(WAITS_DAYS)
GRADES = ("again", "hard", "good", "easy")


def after(rung: int, grade: str) -> tuple[int, int | None]:
    """Return the rung after a grade and the days until the card comes back; None: it is learned.

    `rung` counts the waits that are done. *Again* starts anew, *hard* repeats the wait that just ended,
    *good* goes on to the next, *easy* leaves one out.
    """
    if grade not in GRADES:
        raise ValueError(f"unknown grade {grade!r}")
    steps = {"again": -rung, "hard": 0, "good": 1, "easy": 2}[grade]
    reached = min(LEARNED, max(0, rung + steps))
    return reached, WAITS_DAYS[reached] if reached < LEARNED else None


def due(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def words(days: int | None) -> str:
    """Return a wait in words, as its button says it."""
    if days is None:
        return "learned"
    return "tomorrow" if days == 1 else f"in {days} days"

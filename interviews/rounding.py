"""Numbers as pages, charts and papers write them: alike everywhere, so that no two of them differ by one."""

from math import floor

# A number such as 2.65 is kept as a little less than it says; so little is no reason to round it down.
GRAIN = 1e-9


def written(number: float, digits: int = 0) -> str:
    """Return a number with so many places; halves go up, as templates have it (`floatformat`)."""
    scale = 10**digits
    rounded = floor(abs(number) * scale + 0.5 + GRAIN) / scale
    return f"{'−' if number < 0 and rounded else ''}{rounded:.{digits}f}"

"""Numbers as pages, charts and papers write them: alike everywhere, so that no two of them differ by one."""

# A half, and a number such as 2.65, which is kept as a little less than it says, go up by so little.
GRAIN = 1e-9


def written(number: float, digits: int = 0) -> str:
    """Return a number with so many places; halves go up, as templates have it (`floatformat`)."""
    said = f"{abs(number) + GRAIN:.{digits}f}"
    return f"−{said}" if number < 0 and float(said) else said

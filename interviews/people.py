"""How people look to each other in a room. Plain Python."""

# Readable as a cursor on white and on dark paper; the ninth person shares the first one's colour.
CURSOR_COLORS = ("#2456D6", "#A45A00", "#0A7F5A", "#B3376B", "#7A4FC2", "#0B6E99", "#5E7D0F", "#B23A2E")


def color_of(user_id: int) -> str:
    """Return the cursor colour of a person, the same in every room."""
    return CURSOR_COLORS[user_id % len(CURSOR_COLORS)]

"""Pictures of boards for pages: drawn on the server, so they need no script and can be printed."""

from typing import Any

from whiteboard import drawing, layout


def reference_svg(case: Any) -> str:
    """Return the reference design of a case as an SVG, or nothing when it has no drawing."""
    board = case.reference.get("board")
    if not board:
        return ""
    return drawing.svg(layout.elements_of(board), title=f"{case.title}: a reference design")

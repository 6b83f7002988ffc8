"""Pictures of boards for pages: drawn on the server, so they need no script and can be printed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from interviews.models import Interview
from whiteboard import drawing, images, layout
from whiteboard.graph import read_graph


def reference_svg(case: Any, marks: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return the reference design of a case as an SVG, or nothing when it has no drawing."""
    board = case.reference.get("board")
    if not board:
        return ""
    title = f"{case.title}: a reference design"
    return drawing.svg(layout.elements_of(board), title=title, earned=marks, name="reference")


def guide_svg(page: Any) -> str:
    """Return the drawing of a page of the guide as an SVG."""
    return drawing.svg(layout.elements_of(page.board), title=f"{page.title}: a drawing", name="guide")


def reference_graph(case: Any) -> dict[str, Any] | None:
    """Return the graph of the reference design as it is drawn, None when it has no drawing."""
    board = case.reference.get("board")
    return read_graph(layout.elements_of(board)) if board else None


def addresses(interview: Interview, elements: list[dict[str, Any]]) -> dict[str, str]:
    """Return where who is in an interview finds the uploaded pictures of its scene, by file id."""
    shown = {element.get("fileId") for element in elements if element.get("type") == "image"}
    if not shown:
        return {}
    return {
        file_id: reverse("interviews:board_image", args=[interview.pk, file_id])
        for file_id in images.file_ids(interview.board_id) & shown
    }

"""What the owner of a link may choose to show. Plain Python."""

SCORECARD = {
    "total": "The total with its range, and the levels by dimension",
    "criteria": "Every criterion with its level",
    "quotes": "The words of my notes that are cited, under their criteria",
    "board": "A picture of my board",
    "people": "My own levels and my interviewers’, by dimension and without words",
    "name": "My name",
}
REPLAY = {
    "board": "The board as it was drawn",
    "notes": "My notes",
    "questions": "The questions I asked, without the answers",
    "hints": "That there were hints and follow-up questions, without their words",
    "name": "My name",
}
BY_KIND = {"scorecard": SCORECARD, "replay": REPLAY}
FIRST = {"scorecard": ["total", "criteria", "board"], "replay": ["board", "questions", "hints"]}


def chosen(kind: str, given: list[str]) -> list[str]:
    """Return the known choices among those given, in their own order; quotes need their criteria."""
    known = [one for one in BY_KIND[kind] if one in given]
    if "quotes" in known and "criteria" not in known:
        known.remove("quotes")
    return known

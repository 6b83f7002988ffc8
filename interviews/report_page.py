"""A report, arranged for people: criteria by step, words with their marks, elements with what they earned.

Plain Python: takes a report, its rubric and the submission's copy; knows nothing of requests or tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

CONTEXT = 90


@dataclass(frozen=True)
class Quote:
    """Cited words with a little of what stands around them; `step` is the title of their notes."""

    step: str
    before: str
    words: str
    after: str


@dataclass(frozen=True)
class Element:
    """A cited box or arrow, by the id of its board element and by what people call it."""

    id: str
    label: str


@dataclass(frozen=True)
class CriterionCard:
    code: str
    name: str
    dimension: str
    level: int | None
    anchor: str
    definition: str
    rationale: str
    next_level: str
    missing: list[str]
    quotes: list[Quote]
    elements: list[Element]
    source: str
    guide: str = ""

    @property
    def kind(self) -> str:
        """Which of the page's three filters shows this card."""
        if self.level is None:
            return "unassessed"
        return "earned" if self.level >= 3 else "improve"

    @property
    def pips(self) -> list[bool]:
        return [self.level is not None and pip < self.level for pip in range(4)]

    @property
    def element_ids(self) -> str:
        return " ".join(element.id for element in self.elements)


@dataclass(frozen=True)
class StepSection:
    slug: str
    title: str
    dimension: str
    level: float | None
    spent_seconds: int | None
    cards: list[CriterionCard]


@dataclass(frozen=True)
class Piece:
    """A stretch of somebody's notes, and the criteria that cite it (none: plain text)."""

    text: str
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotesSection:
    title: str
    pieces: list[Piece] = field(default_factory=list)


def quote_of(cited: dict[str, Any], answers: dict[str, str], titles: dict[str, str]) -> Quote:
    """Return cited words with up to CONTEXT characters of their line on either side."""
    text, start, end = answers[cited["step"]], cited["start"], cited["end"]
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    left, right = max(line_start, start - CONTEXT), min(line_end, end + CONTEXT)
    if left > line_start:
        left = text.find(" ", left, start) + 1 or left
    if right < line_end:
        right = text.rfind(" ", end, right)
        right = end if right < 0 else right
    before = ("… " if left > line_start else "") + text[left:start].lstrip("-*# ")
    after = text[end:right] + (" …" if right < line_end else "")
    return Quote(titles.get(cited["step"], cited["step"]), before, text[start:end], after)


def labels_of(graph: dict[str, Any]) -> dict[str, str]:
    """Return what people call each node and edge of a graph."""
    names = {
        node["id"]: " ".join(str(node.get("label") or "a box without a name").split())
        for node in graph["nodes"]
    }
    for frame in graph.get("frames", []):
        names.setdefault(frame["id"], frame.get("label") or "a frame")
    for edge in graph["edges"]:
        if edge.get("id"):
            names[edge["id"]] = f"{names.get(edge['source'], '?')} → {names.get(edge['target'], '?')}"
    return names


def criterion_card(
    entry: dict[str, Any],
    known: dict[str, Any],
    answers: dict[str, str],
    titles: dict[str, str],
    labels: dict[str, str],
) -> CriterionCard:
    quotes = [quote_of(cited, answers, titles) for cited in entry["evidence"] if cited["kind"] == "text"]
    ids = dict.fromkeys(
        cited["element"] for cited in entry["evidence"] if cited["kind"] != "text" and cited.get("element")
    )
    return CriterionCard(
        code=entry["code"],
        name=known["name"],
        dimension=entry["dimension"],
        level=entry["level"],
        anchor=entry.get("anchor") or "",
        definition=known["definition"],
        rationale=entry["rationale"],
        next_level=entry["next_level"] or "",
        missing=entry["missing"],
        quotes=quotes,
        elements=[Element(id, labels.get(id, "a removed element")) for id in ids],
        source=known["source"],
        guide=known.get("guide", ""),
    )


def sections(
    report: dict[str, Any],
    rubric: dict[str, Any],
    answers: dict[str, str],
    graph: dict[str, Any],
    titles: dict[str, str],
    seconds: dict[str, int],
) -> list[StepSection]:
    """Return the report's criteria under the steps of the rubric's framework, and people's criteria last.

    `titles` names the steps the notes were written in, which may be another framework's.
    """
    known = {criterion["code"]: criterion for criterion in rubric["criteria"]}
    labels = labels_of(graph)
    cards = {
        entry["code"]: criterion_card(entry, known[entry["code"]], answers, titles, labels)
        for entry in report["criteria"]
    }
    levels = {step["slug"]: step["level"] for step in report["steps"]}
    found = []
    for step in rubric["framework"]["steps"]:
        own = [cards.pop(code) for code in step["criteria"] if code in cards]
        found.append(
            StepSection(
                step["slug"],
                step["title"],
                step["dimensions"][0],
                levels.get(step["slug"]),
                seconds.get(step["slug"]),
                own,
            )
        )
    if cards:
        found.append(
            StepSection("people", "Scored by people", "communication", None, None, list(cards.values()))
        )
    return found


def marked_notes(
    report: dict[str, Any], answers: dict[str, str], titles: dict[str, str]
) -> list[NotesSection]:
    """Return every step's notes cut into pieces, each piece with the criteria that cite it."""
    spans: dict[str, list[tuple[int, int, str]]] = {}
    for entry in report["criteria"]:
        for cited in entry["evidence"]:
            if cited["kind"] == "text":
                spans.setdefault(cited["step"], []).append((cited["start"], cited["end"], entry["code"]))
    return [
        NotesSection(titles.get(step, step), pieces(text, spans.get(step, [])))
        for step, text in answers.items()
        if text.strip()
    ]


def pieces(text: str, spans: Iterable[tuple[int, int, str]]) -> list[Piece]:
    """Cut `text` at every start and end of a span; the pieces put together are the text again."""
    spans = list(spans)
    cuts = sorted({0, len(text), *(cut for start, end, _ in spans for cut in (start, end))})
    cut_out = []
    for left, right in pairwise(cuts):
        codes = tuple(dict.fromkeys(code for start, end, code in spans if start <= left and right <= end))
        cut_out.append(Piece(text[left:right], codes))
    return cut_out


def earned_by_element(report: dict[str, Any]) -> dict[str, list[str]]:
    """Return, for every cited element, the codes of the criteria that cite it."""
    earned: dict[str, list[str]] = {}
    for entry in report["criteria"]:
        for cited in entry["evidence"]:
            if cited["kind"] != "text" and cited.get("element"):
                codes = earned.setdefault(cited["element"], [])
                if entry["code"] not in codes:
                    codes.append(entry["code"])
    return earned

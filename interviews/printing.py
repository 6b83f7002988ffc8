"""A scorecard on paper: the page's own content, set by typst, which reaches neither files nor the network."""

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import timezone

from interviews import clock
from interviews.rounding import written

LONGEST_NOTE = 20_000


@cache
def template() -> bytes:
    return (Path(settings.BASE_DIR) / "templates" / "print" / "scorecard.typ").read_bytes()


def pdf(context: Mapping[str, Any]) -> bytes:
    """Return the PDF of a scorecard; `context` is what its page is rendered from."""
    with tempfile.TemporaryDirectory() as nothing:  # the root of what a template may read
        printed: bytes = typst.compile(  # type: ignore[type-var]  # its stubs know no bytes as input
            template(),
            root=nothing,
            ignore_system_fonts=False,
            sys_inputs={"card": json.dumps(content(context))},
        )
    return printed


def content(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands on paper, as the template reads it."""
    card, interview, submission = context["card"], context["interview"], context["submission"]
    lead = [card.framework.name, interview.get_level_display().lower()]
    lead.append(f"{context['minutes_spent']} of {interview.minutes_given} min")
    if hints := context["hint_count"]:
        lead.append(f"{hints} hint{'' if hints == 1 else 's'}")
    if interview.imported_at is not None:
        lead.append("imported")
    return {
        "title": interview.case.title,
        "kicker": f"Scorecard · {timezone.localtime(submission.at):%d %B %Y, %H:%M %Z}",
        "lead": " · ".join(lead),
        "total": "–" if card.total is None else written(card.total),
        "range": "nothing could be assessed"
        if card.total is None
        else f"of 100 ({written(card.total_low)}–{written(card.total_high)})",
        "scorer": (
            f"Second reader: {card.report['judge']['model']}. Drawing: engine {card.engine_version}."
            if context["by_judge"]
            else f"Automatic, engine {card.engine_version}."
        )
        + (f" Level estimate: {card.level_estimate}." if card.level_estimate else ""),
        "flags": [flag["text"] for flag in context["flags"]],
        "bars": [
            {
                "slug": bar.slug,
                "name": bar.name,
                "share": None if bar.level is None else bar.share,
                "level": "–" if bar.level is None else written(bar.level, 1),
            }
            for bar, _ in context["bars"]
        ],
        "board": context["board_svg"] if context["has_board"] else None,
        "people": printed_people(context.get("between_people")),
        "curveball": printed_curveball(context.get("curveball")),
        "sections": [printed_section(section) for section in context["sections"]],
        "checks": [
            {"title": check["title"], "passed": check["passed"], "reason": check["reason"]}
            for check in context["checks"]
            if check["passed"] is not None
        ],
        "notes": [
            {"title": section.title, "text": "".join(piece.text for piece in section.pieces)[:LONGEST_NOTE]}
            for section in context["notes"]
        ],
    }


def printed_curveball(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what became of the design after its curveball, None without one."""
    if not found:
        return None
    change = found["difference"]
    lists = [
        ("New", change.added),
        ("Rewired or renamed", change.rewired),
        ("Gone", change.removed),
        ("This case expects", found["expects"]),
        ("And would keep", found["keeps"]),
    ]
    boxes = f"{change.kept_boxes} box{'' if change.kept_boxes == 1 else 'es'}"
    arrows = f"{change.kept_arrows} arrow{'' if change.kept_arrows == 1 else 's'}"
    return {
        "text": found["text"],
        "kept": f"{boxes} and {arrows} kept",
        "same": change.is_same,
        "lists": [{"title": title, "lines": list(lines)} for title, lines in lists if lines],
    }


def printed_people(found: Any) -> dict[str, Any] | None:
    """Return what everybody saw side by side, with the gap of each dimension; None for a card alone."""
    if found is None:
        return None
    return {
        "readings": [
            {"name": one.name, "total": shown_level(one.total, 0), "note": one.note} for one in found.readings
        ],
        "rows": [
            {
                "slug": row.slug,
                "name": row.name,
                "levels": [shown_level(level) for _, level in row.cells],
                "gap": row.gap_words,
                "lesson": row.lesson,
                "criteria": [printed_criterion(one) for one in row.criteria if one.was_scored],
            }
            for row in found.rows
        ],
        "candidate": found.ending.candidate.user.name if found.ending.candidate else "the candidate",
        "late": " and ".join(found.late),
    }


def printed_criterion(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "levels": [shown_level(level, 0) for _, level, _ in one.cells],
        # What the program says of a criterion stands with its evidence, further down.
        "reasons": [
            {"name": reading.name, "words": why}
            for reading, _, why in one.cells
            if why and reading.kind != "automatic"
        ],
    }


def shown_level(level: float | None, places: int = 1) -> str:
    return "–" if level is None else f"{level:.{places}f}"


def printed_section(section: Any) -> dict[str, Any]:
    tag = [] if section.level is None else [f"{written(section.level, 1)} of 4"]
    if section.spent_seconds is not None:
        tag.append(f"{clock.shown(section.spent_seconds)} min")
    return {
        "title": section.title,
        "dimension": section.dimension,
        "tag": " · ".join(tag),
        "cards": [
            {
                "name": one.name,
                "dimension": one.dimension,
                "level": "not assessed" if one.level is None else f"level {one.level} of 4",
                "quotes": [{"words": quote.words, "step": quote.step} for quote in one.quotes],
                "elements": ", ".join(element.label for element in one.elements),
                "rationale": one.rationale,
                "next": one.next_level,
            }
            for one in section.cards
        ],
    }

"""What the page of a scorecard shows, for the page itself, for paper and for what people take with them."""

from typing import Any

from django.db.models import QuerySet

from casestudies.models import Framework, GuidePage
from interviews import asked, curveballs, history, pictures, report_page
from interviews.models import Scorecard, Source, Submission
from whiteboard import drawing


def by_programs(submission: Submission) -> QuerySet[Scorecard]:
    return submission.scorecards.filter(source__in=[Source.ENGINE, Source.JUDGE])


def other_cards(submission: Submission, shown: Scorecard) -> list[Scorecard]:
    """Return all other readings of the design by a program, newest first."""
    cards = by_programs(submission).exclude(pk=shown.pk)
    return list(cards.defer("report", "rubric").select_related("framework").order_by("-created_at"))


def expectation_lines(report: dict[str, Any], rubric: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the case asks for, in its own words, and whether the design has it."""
    statements = {entry["id"]: entry["statement"] for entry in rubric["expectations"]}
    return [{"met": entry["met"], "statement": statements[entry["id"]]} for entry in report["expectations"]]


def curveball_context(submission: Submission, *, is_open: bool) -> dict[str, Any] | None:
    """Return how the design took its curveball, None without one; the case's own view when it `is_open`."""
    before = submission.before_curveball
    if before is None:
        return None
    case = submission.interview.case.curveball if is_open else {}
    return {
        "text": before["text"],
        "difference": curveballs.difference(before["graph"], submission.graph),
        "expects": case.get("expects", []),
        "keeps": case.get("keeps", []),
    }


def card_context(submission: Submission, card: Scorecard, *, is_open: bool) -> dict[str, Any]:
    """Return what the page of a card shows; what the case asks for only when the case `is_open`."""
    report, rubric, interview = card.report, card.rubric, submission.interview
    titles = {phase.step: phase.short for phase in interview.phases.order_by("position")}
    titles[asked.STEP] = "Questions you asked"
    weights = {slug: entry["weight"] for slug, entry in rubric["dimensions"].items()}
    seconds = submission.seconds_per_step if card.framework_id == interview.framework_id else {}
    return {
        "submission": submission,
        "interview": interview,
        "card": card,
        "bars": [(bar, weights.get(bar.slug, 0)) for bar in history.bars_of(card.dimensions)],
        "sections": report_page.sections(report, rubric, submission.words, submission.graph, titles, seconds),
        "notes": report_page.marked_notes(report, submission.words, titles),
        "board_svg": drawing.svg(
            submission.scene["elements"],
            title=f"{interview.case.title}: the submitted board",
            earned=report_page.earned_by_element(report),
            pictures=pictures.addresses(interview, submission.scene["elements"]),
        ),
        "has_board": bool(submission.scene["elements"]),
        "checks": report["checks"],
        "expectation_lines": expectation_lines(report, rubric) if is_open else [],
        "is_open": is_open,
        "by_judge": card.source == Source.JUDGE,
        "others": other_cards(submission, card),
        "flags": report["flags"],
        "guide": GuidePage.objects.titles(),
        "frameworks": Framework.objects.offered().order_by("position"),
        "curveball": curveball_context(submission, is_open=is_open),
        "minutes_spent": round(sum(submission.seconds_per_step.values()) / 60),
        "hint_count": sum(hint["rung"] for hint in submission.hints),
    }

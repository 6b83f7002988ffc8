"""A person's progress on paper: levels over their attempts, the last five, and what to practise next."""

import json
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from casestudies.models import Criterion, GuidePage
from interviews import access, history
from interviews.models import Scorecard, Source
from interviews.practice import reviewing
from interviews.rounding import written

if TYPE_CHECKING:
    from accounts.models import User

OVER = 20  # attempts that the lines of a dimension run over
LAST = 5
WEAKEST = 2
FEWEST_FOR_A_MEAN = 3


def cards_of(user: "User") -> list[Scorecard]:
    """Return the newest automatic card of each of the latest attempts, the oldest first; one query."""
    found = (
        Scorecard.objects.filter(
            submission__interview__in=access.scores_open_to(user),
            source=Source.ENGINE,
            framework=F("submission__interview__framework"),
        )
        .select_related("submission__interview__case", "framework")
        .only(
            "dimensions", "total", "total_low", "total_high", "created_at", "engine_version",
            "submission__at", "submission__seconds_per_step", "submission__hints",
            "submission__interview__minutes", "submission__interview__extra_seconds",
            "submission__interview__level", "submission__interview__seen",
            "submission__interview__imported_at",
            "submission__interview__case__title", "framework__name",
        )
        .order_by("-submission__at", "-created_at")
    )  # fmt: skip
    newest: dict[int, Scorecard] = {}
    for card in found[: OVER * 3]:  # a design may have been read by several engines
        newest.setdefault(card.submission_id, card)
    return list(newest.values())[:OVER][::-1]


def content(user: "User", now: datetime) -> dict[str, Any]:
    """Return what stands on paper, as its template reads it; the same few queries for any history."""
    cards = cards_of(user)
    lines = dimension_lines(cards)
    due = reviewing.due_for(user, now)
    return {
        "title": f"Progress of {user.name}",
        "kicker": f"{timezone.localtime(now):%d %B %Y}",
        "lead": f"The last {len(cards)} scored attempts, automatic scores with their ranges."
        if cards
        else "No attempt has been scored yet.",
        "dimensions": lines,
        "attempts": [attempt_line(card) for card in reversed(cards[-LAST:])],
        "practise": practise(user, lines),
        "cards": f"Review cards: {len(due.cards)} due today, {due.total} in all.",
    }


def dimension_lines(cards: list[Scorecard]) -> list[dict[str, Any]]:
    """Return for each dimension its levels over the attempts, and what the last five make of them."""
    found = []
    columns = [history.bars_of(card.dimensions) for card in cards]
    for same in zip(*columns, strict=True):
        levels = [bar.level for bar in same]
        known = [level for level in levels if level is not None]
        recent = [level for level in levels[-LAST:] if level is not None]
        mean = sum(recent) / len(recent) if len(recent) >= FEWEST_FOR_A_MEAN else None
        found.append(
            {
                "slug": same[0].slug,
                "name": same[0].name,
                "levels": levels,
                "last": "–" if not known else written(known[-1], 1),
                # Fewer than three attempts are dots, not a trend.
                "mean": "–" if mean is None else written(mean, 1),
                "range": f"{written(min(recent), 1)}–{written(max(recent), 1)}" if recent else "–",
                "over": "in the last attempt" if len(recent) == 1 else f"over the last {len(recent)}",
                "order": (sum(recent) / len(recent)) if recent else None,
            }
        )
    return found


def attempt_line(card: Scorecard) -> dict[str, Any]:
    submission, interview = card.submission, card.submission.interview
    spent = round(sum(submission.seconds_per_step.values()) / 60)
    said = [card.framework.name, interview.get_level_display().lower()]
    said.append(f"{spent} of {interview.minutes_given} min")
    if submission.hints:
        said.append(f"{len(submission.hints)} hint{'' if len(submission.hints) == 1 else 's'}")
    if interview.seen:
        said.append("seen before")
    if interview.imported_at is not None:
        said.append("imported")
    return {
        "title": interview.case.title,
        "day": f"{timezone.localtime(submission.at):%d %b %Y}",
        "said": " · ".join(said),
        "total": "–" if card.total is None else written(card.total),
        "range": ""
        if card.total_low is None or card.total_high is None
        else f"{written(card.total_low)}–{written(card.total_high)}",
    }


def practise(user: "User", lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the two weakest dimensions with the criteria missed most, and the page that teaches each."""
    ranked = sorted((one for one in lines if one["order"] is not None), key=lambda one: one["order"])
    weakest = ranked[:WEAKEST]
    missed = Counter(
        reviewing.cards_of(user)
        .filter(due_on__isnull=False, dimension__in=[one["slug"] for one in weakest])
        .values_list("criterion", flat=True)
    )
    known = {one.code: one for one in Criterion.objects.filter(code__in=missed)}
    titles = GuidePage.objects.titles()
    return [
        {
            "slug": line["slug"],
            "name": line["name"],
            "level": written(line["order"], 1),
            "over": line["over"],
            "criteria": [
                {
                    "name": known[code].name,
                    "definition": known[code].definition,
                    "guide": titles.get(known[code].guide, ""),
                }
                for code, _ in missed.most_common()
                if code in known and known[code].dimension == line["slug"]
            ][:3],
        }
        for line in weakest
    ]


def pdf(said: dict[str, Any]) -> bytes:
    """Return the report as a PDF; its template can read nothing but what is handed to it."""
    template = (Path(settings.BASE_DIR) / "templates" / "print" / "progress.typ").read_bytes()
    with tempfile.TemporaryDirectory() as nothing:
        printed: bytes = typst.compile(  # type: ignore[type-var]  # its stubs know no bytes as input
            template, root=nothing, ignore_system_fonts=False, sys_inputs={"report": json.dumps(said)}
        )
    return printed

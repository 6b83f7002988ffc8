"""A sealed copy of a scorecard or a replay: built from what its owner chose, and from nothing else.

The page of a link is rendered from this copy alone, so what was not chosen cannot be on it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from interviews import asked, clock, history, own_drawing, replaying, report_page
from interviews.access import Watcher
from interviews.models import Event, EventKind, Interview, Scorecard, ShareKind, Source, Submission
from interviews.replaying import Entry
from whiteboard import drawing
from whiteboard.excerpt import Excerpt
from whiteboard.gate import GateDiedError, GateFailedError
from whiteboard.graph import read_graph
from whiteboard.models import Image

if TYPE_CHECKING:
    from accounts.models import User

UNREADABLE = "The board could not be read just now. Nothing is lost; try again in a minute."
NO_CARD = "There is no scorecard yet. Its page shows how far the scoring is."
ALWAYS = {
    EventKind.STARTED, EventKind.PHASE_ENTERED, EventKind.PAUSED, EventKind.RESUMED, EventKind.EXTENDED,
    EventKind.SUBMITTED,
}  # fmt: skip
OF_HINTS = {EventKind.HINT_GIVEN, EventKind.FOLLOW_UP, EventKind.CURVEBALL}

Addresses = Callable[[str], str]


@dataclass(frozen=True)
class Sealed:
    """What a link shows: its content as JSON, and for a replay with a board its recording."""

    content: dict[str, Any]
    recording: bytes = b""


@dataclass(frozen=True)
class Wanted:
    """Whose interview is shown, and what of it."""

    owner: "User"
    interview: Interview
    shown: list[str]
    picture: Addresses = field(default=lambda file_id: f"images/{file_id}/")

    def has(self, choice: str) -> bool:
        return choice in self.shown


def sealed(kind: str, wanted: Wanted) -> Sealed:
    """Return the copy for a kind of link; ValidationError says why it cannot be made just now."""
    copy = of_replay(wanted) if kind == ShareKind.REPLAY else Sealed(of_scorecard(wanted))
    # As it comes back from the table, so that a preview is rendered from the very same.
    return Sealed(json.loads(json.dumps(copy.content)), copy.recording)


def head_of(wanted: Wanted, submission: Submission) -> dict[str, Any]:
    """Return what every link shows: the case by name, the frame of the interview, and its day."""
    interview = wanted.interview
    return {
        "case": {"title": interview.case.title, "slug": interview.case.slug},
        "framework": interview.framework.name,
        "level": interview.get_level_display(),
        "minutes": interview.minutes_given,
        "spent": round(sum(submission.seconds_per_step.values()) / 60),
        "on": submission.at.astimezone(ZoneInfo(wanted.owner.time_zone)).date().isoformat(),
        "name": wanted.owner.name if wanted.has("name") else "",
        # Where it was held nobody here can tell, so who reads it is told that.
        "imported": interview.imported_at is not None,
    }


def own_part(wanted: Wanted, *, elements: bool = True, notes: bool = False) -> Excerpt:
    """Return the owner's part of the board’s log: what others drew or named is left out."""
    try:
        return own_drawing.part_of(wanted.interview, wanted.owner, elements=elements, notes=notes)
    except (GateDiedError, GateFailedError):
        raise ValidationError(UNREADABLE) from None


def own_pictures(wanted: Wanted, elements: Iterable[dict[str, Any]]) -> list[str]:
    """Return the pictures on these elements that the owner put there, by file id."""
    shown = {str(element.get("fileId")) for element in elements if element.get("type") == "image"}
    found = Image.objects.filter(board=wanted.interview.board_id, author=wanted.owner)
    return sorted(shown & set(found.values_list("file_id", flat=True)))


# -- a scorecard --------------------------------------------------------------------------------------


def of_scorecard(wanted: Wanted) -> dict[str, Any]:
    """Return what a shared scorecard says, key by key as it was chosen."""
    interview = wanted.interview
    card = (
        Scorecard.objects.filter(
            submission__interview=interview, source=Source.ENGINE, framework=interview.framework_id
        )
        .select_related("submission", "framework")
        .order_by("-created_at")
        .first()
    )
    if card is None:
        raise ValidationError(NO_CARD)
    submission, report = card.submission, card.report
    content = head_of(wanted, submission) | {"scorer": f"Automatic, engine {card.engine_version}"}
    if wanted.has("total"):
        content["total"] = [card.total, card.total_low, card.total_high]
        content["estimate"] = card.level_estimate
        content["dimensions"] = levels_of(card)
    if wanted.has("people"):
        content["people"] = people_of(submission)
    elements: list[dict[str, Any]] = []
    if wanted.has("board"):
        foreign = own_part(wanted, elements=False).foreign
        elements = [one for one in submission.scene["elements"] if one.get("id") not in foreign]
    if wanted.has("criteria"):
        content["sections"] = sections_of(wanted, card, elements)
    if wanted.has("board"):
        content["pictures"] = own_pictures(wanted, elements)
        content["board"] = drawing.svg(
            elements,
            title=f"{interview.case.title}: the submitted board",
            earned=report_page.earned_by_element(report) if wanted.has("criteria") else None,
            pictures={one: wanted.picture(one) for one in content["pictures"]},
        )
        content["drawn"] = bool(elements)
        content["left_out"] = len(elements) < len(submission.scene["elements"])
    return content


def levels_of(card: Scorecard) -> list[dict[str, Any]]:
    return [
        {"slug": bar.slug, "name": bar.name, "level": bar.level, "share": bar.share}
        for bar in history.bars_of(card.dimensions)
    ]


def people_of(submission: Submission) -> list[dict[str, Any]]:
    """Return the levels that people gave, by dimension: no words of theirs, and nobody's name."""
    cards = submission.scorecards.filter(source__in=[Source.SELF, Source.PERSON]).order_by("created_at")
    return [
        {
            "who": "Own levels" if card.source == Source.SELF else "Interviewer",
            "total": card.total,
            "dimensions": levels_of(card),
        }
        for card in cards.defer("report", "rubric")
    ]


def sections_of(wanted: Wanted, card: Scorecard, elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the criteria under the steps of the card, with cited words and boxes as far as chosen.

    Boxes are called what the owner wrote on them, so they are read from the `elements` that are shown.
    Rationale and next level stay with the owner: they speak of what the case looks for.
    """
    submission = card.submission
    titles = {phase.step: phase.short for phase in wanted.interview.phases.order_by("position")}
    titles[asked.STEP] = "Questions asked"
    graph = read_graph(elements)
    known = report_page.labels_of(graph)
    found = report_page.sections(card.report, card.rubric, submission.words, graph, titles, {})
    return [
        {
            "title": section.title,
            "dimension": section.dimension,
            "level": section.level,
            "criteria": [
                {
                    "code": one.code,
                    "name": one.name,
                    "dimension": one.dimension,
                    "level": one.level,
                    "quotes": [{"words": quote.words, "step": quote.step} for quote in one.quotes]
                    if wanted.has("quotes")
                    else [],
                    "elements": [element.label for element in one.elements if element.id in known],
                }
                for one in section.cards
            ],
        }
        for section in found
    ]


# -- a replay -----------------------------------------------------------------------------------------


def of_replay(wanted: Wanted) -> Sealed:
    """Return what a shared replay plays and lists."""
    interview = wanted.interview
    submission = Submission.objects.get(interview=interview)
    watcher = Watcher(interview, None, knows_case=False)
    whole = replaying.timeline(watcher)
    stretches = {one.step: one for one in whole.stretches}
    content = head_of(wanted, submission) | {
        "time": {"start": whole.time.start, "end": whole.time.end, "pauses": whole.time.pauses},
        "length": clock.shown(whole.time.length // 1000),
        "steps": [
            {
                "slug": one.step, "position": one.position, "short": one.short, "dimension": one.dimension,
                "from": one.start, "to": one.end,
            }
            for one in whole.stretches
        ],
        "entries": [said(entry) for entry in entries_of(wanted, watcher)],
    }  # fmt: skip
    if wanted.has("notes"):
        content["notes"] = [
            {"slug": step, "position": one.position, "short": one.short, "dimension": one.dimension,
             "text": submission.answers.get(step, "")}
            for step, one in stretches.items()
        ]  # fmt: skip
    if not wanted.has("board"):
        return Sealed(content)
    part = own_part(wanted, notes=wanted.has("notes"))
    content["board"] = True
    content["epoch"] = interview.board.epoch
    content["left_out"] = bool(part.foreign)
    drawn = Image.objects.filter(board=interview.board_id, author=wanted.owner)
    content["pictures"] = list(drawn.values_list("file_id", flat=True))
    return Sealed(content, part.data)


def entries_of(wanted: Wanted, watcher: Watcher) -> list[Entry]:
    """Return the events that are shown; of questions only the owner's own, of hints never the words."""
    interview = wanted.interview
    kinds = set(ALWAYS)
    if wanted.has("hints"):
        kinds |= OF_HINTS
    if wanted.has("questions"):
        kinds.add(EventKind.ASKED)

    def is_shown(event: Event) -> bool:
        return event.kind in kinds and (event.kind != EventKind.ASKED or event.actor_id == wanted.owner.pk)

    log = replaying.log_of(interview)
    events = [event for event in log if is_shown(event)]
    phases = list(interview.phases.order_by("position"))
    time = replaying.played_time(interview, log)
    found = replaying.Timeline(time, [replaying.stretch(one, time) for one in phases if one.started_at])
    words = replaying.Words(watcher, {phase.step: phase for phase in phases})
    shown = list(words.entries(events, found))
    if wanted.has("board"):
        own = set(interview_versions(wanted))
        shown += [one for one in replaying.version_entries(interview, log, found) if one.label in own]
    return replaying.in_order(shown)


def interview_versions(wanted: Wanted) -> Iterable[str]:
    """Yield how the list of events calls the moments that the owner named, and nobody else so."""
    versions = list(replaying.versions.versions_of(wanted.interview.board_id))
    others = {one.name for one in versions if one.author_id != wanted.owner.pk}
    return (f"Version “{one.name}”" for one in versions if one.name not in others)


def said(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "time": entry.time,
        "kind": entry.kind,
        "icon": entry.icon,
        "label": entry.label,
        "dimension": entry.dimension,
    }

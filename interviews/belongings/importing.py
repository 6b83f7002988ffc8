"""Bringing an exported interview back in: checked like all a stranger sends, and read anew by our engine.

What comes in is closed: a drawing, notes, minutes, questions. Scores are not taken over; the engine of this
place reads the design, and the interview is marked as imported wherever it is shown.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jsonschema
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_datetime

from casestudies.models import CaseStudy, Dimension, Framework
from casestudies.models.case import Status
from interviews import card_requests, events, making, opened, submitting
from interviews.belongings.record import FORMAT, VERSION
from interviews.models import EventKind, Interview, Level, Mode, Participant, Role, Submission
from whiteboard import log, reading
from whiteboard.gate import GateDiedError, GateFailedError, GateRefusedError

if TYPE_CHECKING:
    from accounts.models import User

MOST_BYTES = 4 * 1024 * 1024
DEEPEST = 30
LONGEST_NOTE = 50_000
HALF = re.compile("[\ud800-\udfff]")  # JSON may escape one half of a pair alone; UTF-8 cannot hold it
LONGEST_INTERVIEW = timedelta(days=60)
# Nobody held an interview here before there was a board to draw on.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# Handing in says these otherwise: there somebody sits at the board, and a clock goes on.
REFUSED = {
    "empty": "This interview has nothing on its board and no notes, so there is nothing to read.",
    "too large": "This design is larger than what can be read here, so it cannot be brought in.",
}
TEXT = {"type": "string", "maxLength": 4_000}
MOMENT = {"type": ["string", "null"], "maxLength": 40}
SLUG = {"type": "string", "maxLength": 60, "pattern": "^[a-z0-9-]+$"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["format", "version", "interview", "notes", "scene"],
    "properties": {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "interview": {
            "type": "object",
            "required": ["case", "framework", "started_at", "ended_at"],
            "properties": {
                "id": {"type": "string", "maxLength": 40},
                "case": {"type": "object", "required": ["slug"], "properties": {"slug": SLUG}},
                "framework": SLUG,
                "level": {"enum": list(Level.values)},
                "minutes": {"type": "integer", "minimum": 5, "maximum": 180},
                "started_at": MOMENT,
                "ended_at": MOMENT,
                "mode": {"type": "string"},
                "seen": {"type": "boolean"},
            },
        },
        "notes": {"type": "object", "maxProperties": 40, "additionalProperties": {"type": "string"}},
        "scene": {
            "type": "object",
            "required": ["elements"],
            "properties": {
                "elements": {
                    "type": "array",
                    "maxItems": submitting.MOST_ELEMENTS,
                    "items": {
                        "type": "object",
                        "required": ["id", "type"],
                        "properties": {"id": {"type": "string", "maxLength": 64}, "type": {"type": "string"}},
                    },
                }
            },
        },
        "drawn_by_others": {
            "type": "array",
            "maxItems": submitting.MOST_ELEMENTS,
            "items": {"type": "string", "maxLength": 64},
        },
        "submission": {
            "type": ["object", "null"],
            "properties": {
                "seconds_per_step": {
                    "type": "object",
                    "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 86_400},
                },
                "hints": {
                    "type": "array",
                    "maxItems": 16,
                    "items": {
                        "type": "object",
                        "required": ["dimension", "rung"],
                        "properties": {
                            "dimension": {"enum": list(Dimension.values)},
                            "rung": {"type": "integer", "minimum": 1, "maximum": 3},
                        },
                    },
                },
                "asked": {
                    "type": "array",
                    "maxItems": 200,
                    "items": {
                        "type": "object",
                        "properties": {
                            "text": TEXT,
                            "answer": TEXT,
                            "step": TEXT,
                            "fact": {"type": "string"},
                        },
                    },
                },
            },
        },
    },
}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@dataclass(frozen=True)
class Brought:
    """A record that holds together, as our own values."""

    case: CaseStudy
    framework: Framework
    level: str
    minutes: int
    started_at: datetime
    ended_at: datetime
    seen: bool
    notes: Mapping[str, str]
    elements: list[dict[str, Any]]
    of_others: frozenset[str]
    submission: Mapping[str, Any]


def parsed(body: bytes) -> dict[str, Any]:
    """Return the JSON of a record; ValidationError says in a sentence why it is none."""
    if len(body) > MOST_BYTES:
        raise ValidationError("This file is larger than 4 MB. No interview that was exported here is.")
    try:
        found = json.loads(body, parse_constant=_refuse_constant)
    except ValidationError:
        raise
    except (ValueError, RecursionError) as error:
        raise ValidationError("This is not JSON. Send the interview.json of an export as it is.") from error
    _refuse_unstorable(found)
    failure = jsonschema.exceptions.best_match(VALIDATOR.iter_errors(found))
    if failure is not None:
        where = ".".join(str(part) for part in failure.absolute_path) or "the file"
        raise ValidationError(f"This is no exported interview: {where[:80]} is not as it was written.")
    return dict(found)


def _refuse_constant(name: str) -> None:
    raise ValidationError(f"This file has {name} where a number belongs.")


def _refuse_unstorable(value: Any) -> None:
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            raise ValidationError(f"This file is nested more than {DEEPEST} levels deep.")
        if isinstance(one, float) and not math.isfinite(one):
            raise ValidationError("This file has a number that is too large.")
        if isinstance(one, str) and HALF.search(one):
            raise ValidationError("This file has half a character in it, which cannot be written down.")
        if isinstance(one, dict):
            waiting.extend((inner, depth + 1) for pair in one.items() for inner in pair)
        elif isinstance(one, list):
            waiting.extend((inner, depth + 1) for inner in one)


def brought(body: bytes, now: datetime) -> Brought:
    """Return a record as our own values; ValidationError when something in it is not there or not so."""
    record = reading.storable(parsed(body))
    head = record["interview"]
    case = CaseStudy.objects.filter(slug=head["case"]["slug"]).exclude(status=Status.DRAFT).first()
    framework = Framework.objects.filter(slug=head["framework"]).first()
    if case is None or framework is None:
        raise ValidationError("Its case or framework is not in this library, so it cannot be read here.")
    started, ended = _moment(head["started_at"]), _moment(head["ended_at"])
    if started is None or ended is None or not started <= ended <= now or ended - started > LONGEST_INTERVIEW:
        raise ValidationError("Only an interview that has ended can be brought in, with its true times.")
    steps = set(framework.steps.values_list("slug", flat=True))
    notes = {step: text for step, text in record["notes"].items() if text}
    if set(notes) - steps:
        raise ValidationError("Its notes belong to other steps than this framework has.")
    if any(len(text) > LONGEST_NOTE for text in notes.values()):
        raise ValidationError("One of its notes is longer than a note can be.")
    # Pictures are not in the file; what names one would stay empty.
    elements = [one for one in record["scene"]["elements"] if one["type"] != "image"]
    return Brought(
        case=case,
        framework=framework,
        level=head.get("level", Level.SENIOR),
        minutes=head.get("minutes", 45),
        started_at=started,
        ended_at=ended,
        seen=bool(head.get("seen", False)),
        notes=notes,
        elements=elements,
        of_others=frozenset(of_others(record, elements)),
        submission=record.get("submission") or {},
    )


def of_others(record: Mapping[str, Any], elements: list[dict[str, Any]]) -> list[str]:
    """Return the elements that are not the candidate's; of a file between people that is silent, all."""
    silent = [one["id"] for one in elements] if record["interview"].get("mode") == Mode.PEER else []
    return list(record.get("drawn_by_others", silent))


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parse_datetime(text or "")
        if moment is None or moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)  # at both ends of the calendar there is no such moment in UTC
    except (ValueError, OverflowError):
        return None
    return moment if moment >= EARLIEST else None


def bring_in(person: "User", body: bytes, *, now: datetime) -> tuple[Interview, bool]:
    """Store an exported interview as a closed one of this person's, and ask for its scorecard.

    Return it, and whether it is new: the same record a second time finds the first. ValidationError says
    why it is refused; then nothing is kept.
    """
    given = brought(body, now)
    try:
        with transaction.atomic():
            # The person's row is the lock: two at once would both find nothing from before.
            get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
            interview, submission = _store(person, given, now)
            same = Submission.objects.filter(
                interview__in=Interview.objects.of_candidate(person),
                interview__case=given.case,
                hash=submission.hash,
            ).exclude(pk=submission.pk)
            before = same.select_related("interview").first()
            if before is not None:
                transaction.set_rollback(True)
                return before.interview, False
    except GateRefusedError as refusal:
        raise ValidationError(f"Something on its board cannot stand here. {refusal}") from refusal
    except (GateDiedError, GateFailedError, AttributeError, KeyError, TypeError) as error:
        raise ValidationError("Its board cannot be read.") from error
    return interview, True


def _store(person: "User", given: Brought, now: datetime) -> tuple[Interview, Submission]:
    interview = making.room(
        given.case, given.framework, mode=Mode.SOLO, level=given.level, minutes=given.minutes, strict=False,
        host=person, now=given.started_at,
    )  # fmt: skip
    Participant.objects.create(
        interview=interview, user=person, role=Role.CANDIDATE, joined_at=given.started_at
    )
    board = interview.board
    theirs = [one for one in given.elements if one["id"] in given.of_others]
    own = [one for one in given.elements if one["id"] not in given.of_others]
    if theirs:  # nobody here drew them
        log.seed(board, theirs, author_id=None, now=given.ended_at)
        board.refresh_from_db()
    log.seed(board, own, given.notes, author_id=person.pk, now=given.ended_at)
    board.refresh_from_db()
    design = reading.read(board)
    phases = list(interview.phases.order_by("position"))
    answers = submitting.answers_of(design.notes, phases)
    try:
        submitting.refuse_unreadable(answers, design.scene)
    except ValidationError as refusal:
        raise ValidationError(REFUSED[str(refusal.code)]) from refusal
    seen = given.seen or opened.has_seen(person, given.case.pk)
    making.close_imported(
        interview, started=given.started_at, ended=given.ended_at, seen=seen, actor=person, now=now
    )
    seconds = given.submission.get("seconds_per_step", {})
    asked = _asked(given)
    submission = Submission.objects.create(
        interview=interview,
        at=given.ended_at,
        scene=design.scene,
        graph=design.graph,
        answers=answers,
        seconds_per_step={phase.step: seconds.get(phase.step, 0) for phase in phases},
        hints=[
            {key: hint[key] for key in ("dimension", "rung")} for hint in given.submission.get("hints", [])
        ],
        asked=asked,
        board_seq=design.seq,
        hash=submitting.content_hash(design.scene, design.graph, answers, *([asked] if asked else [])),
    )
    payload = {"hash": submission.hash, "by": "import"}
    events.record(interview, EventKind.SUBMITTED, actor=person, now=now, payload=payload)
    opened.mark_seen(person, given.case.pk, now=now)
    card_requests.ask_for_card(submission, given.framework, now=now)
    return interview, submission


def _asked(given: Brought) -> list[dict[str, str]]:
    """Return the questions with only such facts as the case has: they count for a score."""
    facts = set(given.case.facts.values_list("key", flat=True))
    return [
        {
            "fact": one.get("fact", "") if one.get("fact") in facts else "",
            "text": one.get("text", ""),
            "answer": one.get("answer", ""),
            "step": one.get("step", ""),
        }
        for one in given.submission.get("asked", [])
    ]

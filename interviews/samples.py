"""Sample interviews: held from their script through the same acts as real ones, scored by the engine."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.text import slugify
from redis.exceptions import RedisError

from accounts.models import User
from casestudies.documents import Sample
from casestudies.models import CaseStudy, Framework
from interviews import (
    card_requests,
    clock,
    events,
    ladders,
    lifecycle,
    marking,
    sample_board,
    scored_by_people,
    submitting,
)
from interviews.curveballs import BEFORE_CURVEBALL
from interviews.models import (
    EventKind,
    Interview,
    Invitation,
    Mode,
    Phase,
    Role,
    Source,
    Submission,
)
from interviews.scored_by_people import Mark
from whiteboard import drawing, past
from whiteboard.models import Board, Version

AGO = timedelta(days=2)
# The front page shows the oldest sample, so each is held a little later than the one before it.
APART = timedelta(hours=1)
SCORED_AFTER = {Source.SELF: timedelta(minutes=2), Source.PERSON: timedelta(minutes=11)}
KEPT_SECONDS = 24 * 3600
# Where the picture on the front page waits for its script: enough drawn to be understood.
MOST_WORDS = 170

Act = Callable[[], Any]


@dataclass(frozen=True)
class Cast:
    """Who is in a sample; alone, the candidate is served by the room itself."""

    candidate: User
    interviewer: User | None

    @property
    def lead(self) -> User:
        """Who gives hints and asks: the interviewer where there is one."""
        return self.interviewer or self.candidate


def play(sample: Sample, *, now: datetime) -> Interview:
    """Hold the sample's interview again, two days before `now`, and return it submitted and scored."""
    start = now - AGO + APART * (min(sample["position"], 40) - 1)
    with transaction.atomic():
        interview, submission, cast = hold(sample, start=start)
        write_cards(sample, submission, cast)
        job = card_requests.ask_for_card(submission, interview.framework, now=now)
    marking.run(job.pk)
    interview.refresh_from_db()
    return interview


def hold(sample: Sample, *, start: datetime) -> tuple[Interview, Submission, Cast]:
    """Let a sample's people start, draw, write, ask and submit, each at its own time."""
    cast = Cast(person(sample["candidate"]), person(sample["interviewer"]) if sample["interviewer"] else None)
    interview = lifecycle.start_solo(
        cast.candidate,
        CaseStudy.objects.get(slug=sample["case"]),
        Framework.objects.get(slug=sample["framework"]),
        level=sample["level"],
        minutes=sample["minutes"],
        now=start,
    )
    Interview.objects.filter(pk=interview.pk).update(is_sample=True, seen=False, mode=Mode(sample["mode"]))
    if cast.interviewer is not None:
        seat_interviewer(interview, cast.candidate, cast.interviewer, start)
    moments = [
        past.Moment(start + timedelta(seconds=change.second), change.elements, change.notes)
        for change in sample_board.changes(sample)
    ]
    past.draw(interview.board, moments, author_id=cast.candidate.pk)
    interview.board = Board.objects.get(pk=interview.board_id)
    acts = [
        *phase_acts(sample, interview, cast.candidate, start),
        *event_acts(sample, interview, cast, start, [moment.at for moment in moments]),
    ]
    for _, act in sorted(acts, key=lambda one: one[0]):
        act()
    end = start + timedelta(seconds=sum(sample["seconds_per_step"].values()))
    return interview, submitting.submit(interview, actor=cast.candidate, now=end), cast


def person(name: str) -> User:
    """Return the account of somebody in a sample; nobody signs in with it."""
    user, _ = User.objects.get_or_create(
        username=f"sample-{slugify(name)}",
        defaults={"display_name": name, "is_active": False, "password": "!"},
    )
    return user


def seat_interviewer(interview: Interview, candidate: User, interviewer: User, start: datetime) -> None:
    """Let the interviewer in by an invitation that lets in nobody else."""
    invitation, _ = Invitation.objects.issue(interview, Role.INTERVIEWER, candidate, start)
    lifecycle.join(invitation, user=interviewer, now=start)
    Invitation.objects.filter(pk=invitation.pk).update(revoked_at=start)


def write_cards(sample: Sample, submission: Submission, cast: Cast) -> None:
    """Store what the candidate and the interviewer gave, the candidate first and without seeing the other."""
    rubric = card_requests.current_rubric(submission, submission.interview.framework)
    for key, source, author in (
        ("self", Source.SELF, cast.candidate),
        ("interviewer", Source.PERSON, cast.interviewer),
    ):
        marks = sample["scores"].get(key)
        if marks and author is not None:
            scored_by_people.write(
                submission,
                rubric,
                {code: Mark(mark["level"], mark.get("why", "")) for code, mark in marks.items()},
                source=source,
                author=author,
                now=submission.at + SCORED_AFTER[source],
            )


def phase_acts(
    sample: Sample, interview: Interview, person: User, start: datetime
) -> list[tuple[datetime, Act]]:
    """Return when each step but the first begins; steps at the end that took no time are never reached."""
    phases = list(interview.phases.order_by("position"))
    acts: list[tuple[datetime, Act]] = []
    at, seconds = start, sample["seconds_per_step"]
    for number, phase in enumerate(phases[:-1], start=1):
        if not any(seconds[later.step] for later in phases[number:]):
            break
        at += timedelta(seconds=seconds[phase.step])
        acts.append((at, move_on(interview, phase, person, at)))
    return acts


def move_on(interview: Interview, phase: Phase, person: User, at: datetime) -> Act:
    return lambda: lifecycle.advance_phase(interview, running=phase, actor=person, now=at)


def event_acts(
    sample: Sample, interview: Interview, cast: Cast, start: datetime, drawn: list[datetime]
) -> list[tuple[datetime, Act]]:
    """Return what the log keeps besides the steps: questions, hints, follow-ups, curveball, private notes.

    `drawn` is when the rows of the board came.
    """
    answers = dict(interview.case.facts.values_list("key", "answer"))
    questions = dict(interview.case.follow_ups.values_list("key", "ask"))
    acts: list[tuple[datetime, Act]] = []
    for entry in sample["events"]:
        at = start + timedelta(seconds=entry["at"])
        seq = bisect_right(drawn, at)
        step = {"step": entry["step"]} if "step" in entry else {}
        match entry["kind"]:
            case "hint":
                acts.append((at, hint(interview, entry, cast.lead, at)))
            case "asked":
                answer = entry.get("answer") or answers[entry["fact"]]
                said = {"fact": entry["fact"], "text": entry["text"], "answer": answer}
                acts.append((at, record(interview, EventKind.ASKED, cast.candidate, at, said | step)))
            case "follow_up":
                said = {"follow_up": entry["follow_up"], "text": questions[entry["follow_up"]]}
                acts.append((at, record(interview, EventKind.FOLLOW_UP, cast.lead, at, said | step)))
            case "private":
                said = {"text": entry["text"], "board_seq": seq}
                acts.append((at, record(interview, EventKind.NOTE_STAMPED, cast.lead, at, said | step)))
            case "curveball":
                acts.append((at, throw_curveball(interview, cast, at, seq, step)))
    return acts


def hint(interview: Interview, entry: dict[str, Any], person: User, at: datetime) -> Act:
    return lambda: ladders.give_hint(
        interview, dimension=entry["dimension"], rung=entry["rung"], actor=person, now=at
    )


def record(interview: Interview, kind: EventKind, person: User, at: datetime, payload: dict[str, Any]) -> Act:
    return lambda: events.record(interview, kind, actor=person, now=at, payload=payload)


def throw_curveball(interview: Interview, cast: Cast, at: datetime, seq: int, step: dict[str, Any]) -> Act:
    """Return the act that names the board as it stands and tells what changes."""
    curveball = interview.case.curveball

    def act() -> None:
        Version.objects.create(board=interview.board, name=BEFORE_CURVEBALL, seq=seq, author=cast.lead)
        payload = {"text": curveball["change"], "minutes": curveball["minutes"], "board_seq": seq}
        events.record(interview, EventKind.CURVEBALL, actor=cast.lead, now=at, payload=payload | step)

    return act


@dataclass(frozen=True)
class Stage:
    """A sample as the front page replays it; times in whole seconds from the start."""

    interview: Interview
    svg: str
    phases: list[dict[str, Any]]
    total: int
    moments: dict[str, Any]

    @property
    def total_text(self) -> str:
        return clock.shown(self.total)

    @property
    def last_words(self) -> str:
        return f"“{self.moments['said'][-1]['text']}”" if self.moments["said"] else ""


def shown_on_home() -> Stage | None:
    """Return the sample for the front page, or None when there is none; its log is read once a day."""
    interview = (
        Interview.objects.filter(is_sample=True, submission__scorecards__source=Source.ENGINE)
        .select_related("case", "framework", "board")
        .order_by("created_at")
        .first()
    )
    if interview is None or interview.started_at is None:
        return None
    key = f"stage:{interview.pk}:{interview.board.seq}"
    try:
        parts = cache.get(key)
    except (RedisError, OSError):
        return Stage(interview, **stage_parts(interview, interview.started_at))
    if parts is None:
        parts = stage_parts(interview, interview.started_at)
        cache.set(key, parts, KEPT_SECONDS)
    return Stage(interview, **parts)


def stage_parts(interview: Interview, start: datetime) -> dict[str, Any]:
    submission = Submission.objects.get(interview=interview)
    spent = submission.seconds_per_step
    came = past.arrivals(interview.board)
    phases = list(interview.phases.order_by("position"))
    return {
        "svg": drawing.svg(
            submission.scene["elements"], title=f"{interview.case.title}: the sample board", name="stage"
        ),
        "phases": [
            {"dimension": phase.dimension, "minutes": max(1, round(spent[phase.step] / 60))}
            for phase in phases
        ],
        "total": sum(spent.values()),
        "moments": {
            "total": sum(spent.values()),
            "elements": {name: round((at - start).total_seconds()) for name, at in came.elements.items()},
            "said": [
                {"at": round((at - start).total_seconds()), "text": first_sentence(words)}
                for at, _, words in came.notes
            ],
        },
    }


def first_sentence(words: str) -> str:
    """Return the beginning of a passage of notes, without its Markdown, for a line on the front page."""
    plain = " ".join(words.replace("**", "").replace("#", "").split())
    if len(plain) <= MOST_WORDS:
        return plain
    cut = plain.rfind(". ", 40, MOST_WORDS)
    return plain[: cut + 1] if cut > 0 else plain[: plain.rfind(" ", 0, MOST_WORDS)] + " …"

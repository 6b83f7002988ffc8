"""What the cockpit says to do now and next: the run sheet of the case, by the steps of the interview."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from interviews.models import Event, EventKind, Interview, Phase, Role
from whiteboard.models import Update

# What counts as the interviewer's part of what is written, and from when it is worth a word.
SENT = (EventKind.ANSWERED, EventKind.HINT_GIVEN, EventKind.FOLLOW_UP, EventKind.CURVEBALL)
LATELY = timedelta(minutes=4)
MUCH = 4
QUIET = timedelta(minutes=3)


@dataclass(frozen=True)
class Line:
    """What to do in a part of the interview, and how to open it."""

    dimension: str
    now: str
    say: str


def lines_by_step(sheet: Iterable[Mapping[str, Any]], phases: Sequence[Phase]) -> dict[str, list[Line]]:
    """Return the lines of each step: a line goes to the step that begins with its area, or first names it."""
    lines = [Line(str(one["dimension"]), str(one["now"]), str(one["say"])) for one in sheet]
    found: dict[str, list[Line]] = {phase.step: [] for phase in phases}
    for line in lines:
        leading = [phase for phase in phases if phase.dimension == line.dimension]
        naming = [phase for phase in phases if line.dimension in phase.dimensions]
        for phase in (leading or naming)[:1]:
            found[phase.step].append(line)
    return found


@dataclass(frozen=True)
class TalkShare:
    """How much of what is written is the interviewers', lately and so far; nothing is known of the talk."""

    lately: int
    sent: int
    asked: int
    quiet_minutes: int

    @property
    def reminder(self) -> str:
        """Return what to change, in a sentence; empty while there is nothing."""
        if self.lately >= MUCH:
            minutes = LATELY.seconds // 60
            return (
                f"{self.lately} answers and hints went to the candidate in {minutes} minutes: let them drive."
            )
        if self.quiet_minutes:
            return (
                f"Nothing was drawn, written or asked for {self.quiet_minutes} minutes. "
                "Ask what they are thinking about."
            )
        return ""


def talk_share(interview: Interview, now: datetime) -> TalkShare:
    """Return the interviewers' share of what is written; two queries and one for the board."""
    log = list(
        interview.events.filter(kind__in=(*SENT, EventKind.ASKED), actor__isnull=False)
        .order_by("seq")
        .values_list("kind", "at")
    )
    sent = [at for kind, at in log if kind != EventKind.ASKED]
    asked = [at for kind, at in log if kind == EventKind.ASKED]
    lately = sum(at > now - LATELY for at in sent)
    return TalkShare(lately, len(sent), len(asked), quiet_minutes(interview, asked, sent, now))


def quiet_minutes(
    interview: Interview, asked: Sequence[datetime], sent: Sequence[datetime], now: datetime
) -> int:
    """Return for how many whole minutes there was no sign of the candidate, 0 below three or while paused."""
    if not interview.ticks or interview.started_at is None:
        return 0
    candidates = interview.participants.filter(role=Role.CANDIDATE, removed_at=None).values("user")
    drawn = (
        Update.objects.filter(
            board=interview.board_id, author__in=candidates, at__gt=now - timedelta(hours=1)
        )
        .order_by("-seq")
        .values_list("at", flat=True)
        .first()
    )
    entered = resumed_or_entered(interview)
    last = max(filter(None, [interview.started_at, entered, drawn, *asked[-1:], *sent[-1:]]))
    stood = now - last
    return int(stood.total_seconds() // 60) if stood >= QUIET else 0


def resumed_or_entered(interview: Interview) -> datetime | None:
    """Return when the clock last went on: what was quiet before that was a pause."""
    kinds = (EventKind.RESUMED, EventKind.PHASE_ENTERED)
    event: Event | None = interview.events.filter(kind__in=kinds).order_by("-seq").first()
    return event.at if event else None

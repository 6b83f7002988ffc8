"""What a replay shows beside the board: the steps in time, and what happened when, for who may know it."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from interviews import clock, versions
from interviews.access import Watcher
from interviews.curveballs import BEFORE_CURVEBALL
from interviews.models import Event, EventKind, Interview, Phase, Role, Submission
from interviews.played_time import PlayedTime, pauses_of
from whiteboard import reading
from whiteboard.gate import GateDiedError, GateFailedError
from whiteboard.recording import milliseconds

log = logging.getLogger(__name__)

RUNGS = ("nudge", "pointer", "sketch")
SOMEBODY = "Somebody"
ICONS: dict[str, str] = {
    EventKind.STARTED: "play",
    EventKind.PHASE_ENTERED: "flag",
    EventKind.PAUSED: "pause",
    EventKind.RESUMED: "pause",
    EventKind.HINT_GIVEN: "lightbulb",
    EventKind.ASKED: "message-circle-question-mark",
    EventKind.FOLLOW_UP: "message-square",
    EventKind.CURVEBALL: "zap",
    EventKind.NOTE_STAMPED: "sticky-note",
    EventKind.JOINED: "log-in",
    EventKind.LEFT: "log-out",
    EventKind.CAME_BACK: "log-in",
    EventKind.SUBMITTED: "square-check-big",
    EventKind.EXTENDED: "timer",
    EventKind.ANSWERED: "message-circle",
    EventKind.FOLLOW_UP_CLOSED: "message-square",
    EventKind.CURVEBALL_CLOSED: "zap",
    EventKind.ABANDONED: "circle-x",
    EventKind.EXPIRED: "circle-x",
}
VERSION, RETRIED = "version", "retried"


@dataclass(frozen=True)
class Stretch:
    """A step on the timeline, in milliseconds on the clock; `seconds` is how long it took."""

    step: str
    position: int
    short: str
    title: str
    dimension: str
    start: int
    end: int


@dataclass(frozen=True)
class Entry:
    """Something that happened, `at` milliseconds on the clock, in the words of the list of events."""

    at: int
    kind: str
    icon: str
    label: str
    detail: str = ""
    dimension: str = ""

    @property
    def time(self) -> str:
        return clock.shown(self.at // 1000)


@dataclass(frozen=True)
class Timeline:
    time: PlayedTime
    stretches: list[Stretch]
    entries: list[Entry] = field(default_factory=list)

    def stretch_at(self, at: int) -> Stretch | None:
        """Return the step that ran at a moment of the clock; of two that meet there, the later."""
        return next((one for one in reversed(self.stretches) if one.start <= at), None)


def played_time(interview: Interview, events: list[Event]) -> PlayedTime:
    """Return the time of an interview that is over, from its log."""
    start = interview.started_at or interview.created_at
    end = interview.ended_at or start
    changes = [change for event in events for change in changes_of(event)]
    return PlayedTime(milliseconds(start), milliseconds(end), pauses_of(changes, milliseconds(end)))


def changes_of(event: Event) -> list[tuple[int, bool]]:
    """Return what an event did to the clock: (moment in milliseconds, whether it stands still from then).

    A room that everybody had left stood still from then on (`since`), whenever that was noticed.
    """
    at, said = milliseconds(event.at), event.payload.get("since")
    since = milliseconds(datetime.fromisoformat(said)) if said else at
    if event.kind == EventKind.PAUSED:
        return [(since, True)]
    if event.kind == EventKind.RESUMED:
        return [(since, True), (at, False)] if said else [(at, False)]
    return []


def moment_of(at: int) -> datetime:
    """Return milliseconds since 1970 as a time."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)


def log_of(interview: Interview) -> list[Event]:
    return list(interview.events.select_related("actor").order_by("seq"))


def timeline(watcher: Watcher) -> Timeline:
    """Return the steps of an interview that is over and, in order, what happened in it that is shown."""
    interview = watcher.interview
    events = log_of(interview)
    phases = list(interview.phases.order_by("position"))
    time = played_time(interview, events)
    found = Timeline(time, [stretch(phase, time) for phase in phases if phase.started_at])
    words = Words(watcher, {phase.step: phase for phase in phases})
    entries = [*words.entries(events, found), *version_entries(interview, events, found)]
    found.entries.extend(in_order(entries))
    return found


def in_order(entries: list[Entry]) -> list[Entry]:
    """Return entries by time; what stood before a change was kept with the change, and comes before it."""
    return sorted(entries, key=lambda entry: (entry.at, entry.kind == EventKind.CURVEBALL))


def stretch(phase: Phase, time: PlayedTime) -> Stretch:
    started = milliseconds(phase.started_at) if phase.started_at else time.end
    ended = milliseconds(phase.ended_at) if phase.ended_at else time.end
    return Stretch(
        phase.step,
        phase.position,
        phase.short,
        phase.title,
        phase.dimension,
        time.on_clock(started),
        time.on_clock(ended),
    )


def dimension_at(found: Timeline, at: int) -> str:
    running = found.stretch_at(at)
    return running.dimension if running else ""


def version_entries(interview: Interview, events: list[Event], found: Timeline) -> Iterator[Entry]:
    """Yield the named moments: when their last row was drawn, or when the board was kept for a change."""
    kept_at = {
        event.payload.get("board_seq"): event.at for event in events if event.kind == EventKind.CURVEBALL
    }
    for version in versions.versions_of(interview.board_id):
        moment: datetime = version.drawn_at or interview.created_at  # type: ignore[attr-defined]
        if version.name == BEFORE_CURVEBALL:
            moment = kept_at.get(version.seq, moment)
        at = found.time.on_clock(milliseconds(moment))
        label = f"Version “{version.name}”"
        yield Entry(at, VERSION, "bookmark", label, dimension=dimension_at(found, at))


class Words:
    """Puts events into words for one watcher; leaves out what is not for them."""

    def __init__(self, watcher: Watcher, phases: dict[str, Phase]) -> None:
        self.watcher = watcher
        self.phases = phases
        self.stands = False  # whether the clock stood still before the event at hand
        self._hints: dict[tuple[str, int], str] | None = None
        self._names: dict[int | None, str] | None = None

    def entries(self, events: list[Event], found: Timeline) -> Iterator[Entry]:
        for number, event in enumerate(events):
            at = found.time.on_clock(milliseconds(event.at))
            if event.kind == EventKind.STARTED and "retry_of" in event.payload:
                again = int(event.payload.get("at", 0))
                yield Entry(
                    again, RETRIED, "rotate-ccw", "A new attempt from here", "", dimension_at(found, again)
                )
            said = self.of(event, events[number + 1 :], found)
            if event.kind in (EventKind.PAUSED, EventKind.RESUMED):
                self.stands = event.kind == EventKind.PAUSED
            if said is None:
                continue
            label, detail = said
            phase = self.phases.get(str(event.payload.get("step", "")))
            dimension = phase.dimension if phase else dimension_at(found, at)
            yield Entry(at, event.kind, ICONS[event.kind], label, detail, dimension)

    def of(self, event: Event, later: list[Event], found: Timeline) -> tuple[str, str] | None:
        """Return what is said of an event and the words that go with it, None for one that is not shown."""
        payload, watcher = event.payload, self.watcher
        text = str(payload.get("text", ""))
        match event.kind:
            case EventKind.STARTED:
                return "The clock starts", ""
            case EventKind.PHASE_ENTERED:
                phase = self.phases.get(str(payload.get("step")))
                return (f"{phase.position} {phase.short}", "") if phase else None
            case EventKind.PAUSED:
                return self.pause(event, later, found)
            case EventKind.RESUMED if len(changes_of(event)) > 1 and not self.stands:
                return stood_still(milliseconds(event.at) - changes_of(event)[0][0])
            case EventKind.HINT_GIVEN if watcher.hears_of_hints:
                return self.hint(payload)
            case EventKind.ASKED:
                answer = str(payload.get("answer") or "")
                return f"Asked: {text}", answer if watcher.knows_case else ""
            case EventKind.FOLLOW_UP if watcher.hears_of_hints:
                return "Follow-up question", text if watcher.sees_hints else ""
            case EventKind.CURVEBALL:
                minutes = payload.get("minutes")
                label = f"Curveball, {minutes} min to answer it" if minutes else "Curveball"
                return label, text if watcher.knows_case else ""
            case EventKind.EXTENDED:
                return f"{round(int(payload.get('seconds', 0)) / 60)} minutes more", ""
            case EventKind.ANSWERED:
                return "Answered", str(payload.get("answer") or "") if watcher.knows_case else ""
            case EventKind.FOLLOW_UP_CLOSED if watcher.hears_of_hints:
                return f"Follow-up {'skipped' if payload.get('skipped') else 'answered'}", ""
            case EventKind.CURVEBALL_CLOSED:
                return "Curveball answered", ""
            case EventKind.NOTE_STAMPED if watcher.stamped_notes_of is not None:
                if event.actor_id != watcher.stamped_notes_of:
                    return None
                edits = [
                    one
                    for one in later
                    if one.kind == EventKind.NOTE_EDITED and one.payload.get("note") == event.seq
                ]
                return "Your note", str(edits[-1].payload.get("text", "")) if edits else text
            case EventKind.JOINED | EventKind.LEFT | EventKind.CAME_BACK:
                return f"{self.name_of(event)} {event.kind.replace('_', ' ')}", ""
            case EventKind.SUBMITTED:
                return "Design submitted", ""
            case EventKind.ABANDONED:
                return "Ended without submitting", ""
            case EventKind.EXPIRED:
                return "Closed without submitting", ""
        return None

    def name_of(self, event: Event) -> str:
        """Return who came or went; who left is named in what was said of it, and may be gone for good."""
        if event.actor is not None:
            return event.actor.name
        if self._names is None:
            seats = self.watcher.interview.participants.select_related("user")
            self._names = {seat.user_id: seat.user.name for seat in seats}
        return self._names.get(event.payload.get("who"), SOMEBODY)

    def pause(self, event: Event, later: list[Event], found: Timeline) -> tuple[str, str]:
        over = next((milliseconds(one.at) for one in later if one.kind == EventKind.RESUMED), found.time.end)
        return stood_still(over - changes_of(event)[0][0])

    def hint(self, payload: dict[str, Any]) -> tuple[str, str]:
        dimension, rung = str(payload.get("dimension", "")), int(payload.get("rung", 1))
        name = RUNGS[rung - 1] if 1 <= rung <= len(RUNGS) else "one more"
        words = self.hint_words().get((dimension, rung), "") if self.watcher.sees_hints else ""
        return f"Hint, {name} on {dimension}", words

    def hint_words(self) -> dict[tuple[str, int], str]:
        if self._hints is None:
            rows = self.watcher.interview.case.hints.values_list("dimension", "rung", "text")
            self._hints = {(dimension, rung): text for dimension, rung, text in rows}
        return self._hints


def stood_still(milliseconds_long: int) -> tuple[str, str]:
    minutes = round(milliseconds_long / 60_000)
    return f"The clock stood still for {f'{minutes} min' if minutes else 'a moment'}", ""


def last_notes(interview: Interview) -> Mapping[str, str]:
    """Return the notes by step as they were in the end; of a board that cannot be read now, none."""
    submitted = Submission.objects.filter(interview=interview).values_list("answers", flat=True).first()
    if submitted is not None:
        notes: dict[str, str] = submitted
        return notes
    try:
        return reading.fields_at(interview.board).notes
    except (GateDiedError, GateFailedError):
        log.warning("board %s could not be read for its replay", interview.board_id, exc_info=True)
        return {}


def people_line(interview: Interview) -> str:
    """Return who was in the interview: “Ben, interviewed by Ana”."""
    seats = list(interview.participants.filter(removed_at=None).select_related("user").order_by("joined_at"))
    named = {role: [seat.user.name for seat in seats if seat.role == role] for role in Role}
    by = " and ".join(named[Role.INTERVIEWER])
    who = " and ".join(named[Role.CANDIDATE]) or SOMEBODY
    return f"{who}, interviewed by {by}" if by else who

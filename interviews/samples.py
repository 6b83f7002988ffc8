"""Sample interviews: held from their script through the same acts as real ones, scored by the engine."""

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
from interviews import card_requests, clock, events, lifecycle, marking, submitting
from interviews.models import EventKind, Interview, Phase, Submission
from whiteboard import drawing, layout, past, scene
from whiteboard.models import Board

AGO = timedelta(days=2)
SECONDS_TO_JOIN = 6
KEPT_SECONDS = 24 * 3600
# Where the picture on the front page waits for its script: enough drawn to be understood.
MOST_WORDS = 170

Act = Callable[[], Any]


def play(sample: Sample, *, now: datetime) -> Interview:
    """Hold the sample's interview again, two days before `now`, and return it submitted and scored."""
    with transaction.atomic():
        interview, submission = hold(sample, start=now - AGO)
    job = card_requests.ask_for_card(submission, interview.framework, now=now)
    marking.run(job.pk)
    return interview


def hold(sample: Sample, *, start: datetime) -> tuple[Interview, Submission]:
    """Let a sample's candidate start, draw, write, ask and submit, each at its own time."""
    person, _ = User.objects.get_or_create(
        username=f"sample-{slugify(sample['candidate'])}",
        # Nobody signs in as a sample.
        defaults={"display_name": sample["candidate"], "is_active": False, "password": "!"},
    )
    interview = lifecycle.start_solo(
        person,
        CaseStudy.objects.get(slug=sample["case"]),
        Framework.objects.get(slug=sample["framework"]),
        level=sample["level"],
        minutes=sample["minutes"],
        now=start,
    )
    Interview.objects.filter(pk=interview.pk).update(is_sample=True, seen=False)
    end = start + timedelta(seconds=sum(sample["seconds_per_step"].values()))
    acts = [*phase_acts(sample, interview, person, start), *event_acts(sample, interview, person, start)]
    for _, act in sorted(acts, key=lambda one: one[0]):
        act()
    past.draw(interview.board, board_moments(sample, start), author_id=person.pk)
    interview.board = Board.objects.get(pk=interview.board_id)
    submission = submitting.submit(interview, actor=person, now=end)
    interview.refresh_from_db()
    return interview, submission


def phase_acts(
    sample: Sample, interview: Interview, person: User, start: datetime
) -> list[tuple[datetime, Act]]:
    """Return when each step but the first begins."""
    phases = list(interview.phases.order_by("position"))
    acts: list[tuple[datetime, Act]] = []
    at = start
    for phase in phases[:-1]:
        at += timedelta(seconds=sample["seconds_per_step"][phase.step])
        acts.append((at, move_on(interview, phase, person, at)))
    return acts


def move_on(interview: Interview, phase: Phase, person: User, at: datetime) -> Act:
    return lambda: lifecycle.advance_phase(interview, running=phase, actor=person, now=at)


def event_acts(
    sample: Sample, interview: Interview, person: User, start: datetime
) -> list[tuple[datetime, Act]]:
    """Return what the log keeps besides the steps: questions, hints, follow-ups."""
    acts: list[tuple[datetime, Act]] = []
    for entry in sample["events"]:
        at = start + timedelta(seconds=entry["at"])
        if entry["kind"] == "hint":
            acts.append((at, hint(interview, entry, person, at)))
        elif entry["kind"] in ("asked", "follow_up"):
            acts.append((at, say(interview, entry, person, at)))
    return acts


def hint(interview: Interview, entry: dict[str, Any], person: User, at: datetime) -> Act:
    return lambda: lifecycle.give_hint(
        interview, dimension=entry["dimension"], rung=entry["rung"], actor=person, now=at
    )


def say(interview: Interview, entry: dict[str, Any], person: User, at: datetime) -> Act:
    payload: dict[str, Any] = {
        key: entry[key] for key in ("fact", "follow_up", "text", "step") if key in entry
    }
    return lambda: events.record(interview, EventKind(entry["kind"]), actor=person, now=at, payload=payload)


def board_moments(sample: Sample, start: datetime) -> list[past.Moment]:
    """Return what is drawn and written when; an arrow follows the later of its two boxes."""
    drawn = layout.elements_of(sample["board"])
    fields = scene.fields_by_id(drawn)
    at = {entry["node"]: entry["at"] for entry in sample["events"] if entry["kind"] == "drawn"}
    groups = {node["id"]: node.get("group") for node in sample["board"]["nodes"]}
    seconds: dict[str, int] = {}
    for element in drawn:
        name = element["id"]
        if name in at:
            seconds[name] = at[name]
        elif element["type"] == "arrow":
            ends = [element[end]["elementId"] for end in ("startBinding", "endBinding")]
            seconds[name] = max(at[end] for end in ends) + SECONDS_TO_JOIN
        elif element["type"] == "frame":
            members = [at[node] for node, group in groups.items() if group and name.endswith(group)]
            seconds[name] = min(members, default=0)
    for element in drawn:  # a label comes with what it names
        if element["id"] not in seconds:
            seconds[element["id"]] = seconds[element["containerId"]]
    timeline: dict[int, tuple[dict[str, dict[str, Any]], dict[str, str]]] = {}
    for name, second in seconds.items():
        whole = fields[name]
        timeline.setdefault(second, ({}, {}))[0][name] = {
            key: value
            for key, value in whole.items()
            if not (key.startswith("b/") and seconds.get(key[2:], 0) > second)
        }
    for name, whole in fields.items():  # a box learns of its arrows when they are drawn
        for key, value in whole.items():
            if key.startswith("b/") and seconds[key[2:]] > seconds[name]:
                timeline[seconds[key[2:]]][0].setdefault(name, {})[key] = value
    for entry in sample["events"]:
        if entry["kind"] == "note":
            words = timeline.setdefault(entry["at"], ({}, {}))[1]
            earlier = [
                one
                for one in sample["events"]
                if one["kind"] == "note" and one["step"] == entry["step"] and one["at"] < entry["at"]
            ]
            words[entry["step"]] = ("\n\n" if earlier else "") + entry["text"]
    return [
        past.Moment(start + timedelta(seconds=second), elements, notes)
        for second, (elements, notes) in sorted(timeline.items())
    ]


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
        Interview.objects.filter(is_sample=True, submission__scorecards__isnull=False)
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

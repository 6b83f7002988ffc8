"""An interview with words of everybody in every place, to see which of them a link gives away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from pycrdt import Doc, Map

from accounts.models import User
from casestudies.models import Fact
from interviews import card_requests, events, ladders, marking, scored_by_people, submitting
from interviews.models import EventKind, Interview, Job, Role, Source, Submission
from interviews.scored_by_people import Mark
from tests.factories import pictures
from tests.factories.casestudies import HintFactory
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from whiteboard import images, layout, log, past, scene
from whiteboard.models import Board, Image, Update, Version

START = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
NOTES = "The goal of NOTEWORD is to lower the losses by fraud: a missed fraud costs 85 euro."
UNCITED = "By the way, UNCITEDWORD went home."

# What the owner may choose to show, by a word that stands nowhere else.
CHOSEN = {"notes": "NOTEWORD", "board": "BOARDWORD", "questions": "QUESTIONWORD"}
# What no link ever shows.
NEVER = (
    "FACTWORD", "HINTWORD", "FOLLOWWORD", "CURVEWORD", "PRIVATEWORD", "THEIRBOX", "THEIRLABEL",
    "THEIRVERSION", "THEIRREASON", "Ivo", "EXPECTWORD", "RUNSHEETWORD", "THEIRQUESTION",
)  # fmt: skip
BOARD = {
    "groups": [],
    "nodes": [
        {"id": "shop", "label": "BOARDWORD shop", "kind": "client", "at": [0, 0]},
        {"id": "risk", "label": "Risk service", "kind": "service", "at": [1, 0]},
    ],
    "edges": [{"from": "shop", "to": "risk"}],
}
THEIRS = {
    "groups": [],
    "nodes": [{"id": "their", "label": "THEIRBOX", "kind": "store", "at": [3, 3]}],
    "edges": [],
}


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def fields(board: dict) -> dict:
    return scene.fields_by_id(layout.elements_of(board))


@pytest.fixture
def held(candidate: User, interviewer: User, observer: User) -> Interview:
    """Thirty minutes with an interviewer who drew, wrote, asked and scored; submitted and read."""
    room = small_room(candidate, now=START)
    case = room.case
    case.run_sheet, case.curveball = [{"say": "RUNSHEETWORD"}], {"change": "CURVEWORD"}
    case.reference = {"answers": {"scope": "EXPECTWORD"}}
    case.save()
    seat(room, interviewer, Role.INTERVIEWER)
    seat(room, observer, Role.OBSERVER)
    HintFactory(case=case, dimension="scope", rung=1, text="HINTWORD")
    Fact.objects.create(case=case, key="f", position=1, ask="How many?", answer="FACTWORD")
    past.draw(room.board, [past.Moment(after(2), fields(BOARD), {"clarify": NOTES})], author_id=candidate.pk)
    room.board = Board.objects.get(pk=room.board_id)
    draw_theirs(room, interviewer)
    Version.objects.create(board=room.board, name="Mine so far", seq=1, author=candidate)
    Version.objects.create(board=room.board, name="THEIRVERSION", seq=1, author=interviewer)
    log_events(room, candidate, interviewer)
    room.refresh_from_db()
    submitting.submit(room, actor=candidate, now=after(30))
    for pk in Job.objects.values_list("pk", flat=True):
        marking.run(pk)
    room.refresh_from_db()
    submission = Submission.objects.get(interview=room)
    scored_by_people.write(
        submission, card_requests.current_rubric(submission, room.framework),
        {"C01": Mark(4, "THEIRREASON")}, source=Source.PERSON, author=interviewer, now=after(40),
    )  # fmt: skip
    return room


def draw_theirs(room: Interview, interviewer: User) -> None:
    """The interviewer draws a box, renames one and moves one of the candidate's, who goes on writing."""
    doc: Doc = Doc()
    elements: Map = doc.get("elements", type=Map)
    notes: Map = doc.get("notes", type=Map)
    for data in Update.objects.filter(board=room.board).order_by("seq").values_list("data", flat=True):
        doc.apply_update(bytes(data))
    before = [doc.get_state()]

    def add(minutes: float, author_id: int | None) -> None:
        log.append(room.board, doc.get_update(before[0]), author_id=author_id, now=after(minutes))
        before[0] = doc.get_state()
        room.board.refresh_from_db()

    for name, values in fields(THEIRS).items():
        elements[name] = Map(values)
    add(5, interviewer.pk)
    label = next(name for name, one in dict(elements).items() if one.get("containerId") == "risk")
    words = {"text": "THEIRLABEL", "originalText": "THEIRLABEL"}
    elements[label]["text"] = {**elements[label]["text"], **words}
    add(6, interviewer.pk)
    elements["shop"]["geom"] = {**elements["shop"]["geom"], "x": 12.0}
    add(7, interviewer.pk)
    text = notes["clarify"]
    text += f"\n{UNCITED}"
    add(8, room.created_by_id)


def log_events(room: Interview, candidate: User, interviewer: User) -> None:
    def record(kind: EventKind, actor: User, at: float, **payload: object) -> None:
        events.record(room, kind, actor=actor, now=after(at), payload={"step": "clarify", **payload})

    record(EventKind.JOINED, interviewer, 1)
    record(EventKind.ASKED, candidate, 3, text="How late, QUESTIONWORD?", answer="FACTWORD", fact="f")
    record(EventKind.ASKED, interviewer, 4, text="THEIRQUESTION", answer="")
    ladders.give_hint(room, dimension="scope", rung=1, actor=interviewer, now=after(9))
    record(EventKind.FOLLOW_UP, interviewer, 10, text="FOLLOWWORD", follow_up="x")
    record(EventKind.NOTE_STAMPED, interviewer, 11, text="PRIVATEWORD", board_seq=1)
    record(EventKind.CURVEBALL, interviewer, 12, text="CURVEWORD", minutes=6, board_seq=1)


@pytest.fixture
def link(held: Interview, candidate: User, client_of):
    """Return a function that makes a link and returns its path."""

    def make(kind: str = "scorecard", *shown: str, **more: str) -> str:
        browser = client_of(candidate)
        url = reverse("interviews:share", args=[held.pk])
        key = browser.get(url, {"kind": kind}).context["key"]
        answer = browser.post(url, {"kind": kind, "shown": shown, "key": key, "days": "30", **more})
        assert answer.status_code == 200, answer.content.decode()
        return answer.context["link"].removeprefix("http://testserver")

    return make


@pytest.fixture
def image(held: Interview, candidate: User) -> Image:
    """A picture the candidate put on the board; after the submission, so in the replay alone."""
    return images.store(images.picture_of(held.board_id, pictures.picture((8, 8), "teal"), author=candidate))

"""An interview held to the second, for tests of its replay and of attempts that go on from it."""

from dataclasses import replace
from datetime import datetime, timedelta

from accounts.models import User
from casestudies.pack import Pack
from interviews import events, ladders, lifecycle, marking, submitting
from interviews.models import EventKind, Interview, Job, Role
from tests.factories.interviews import seat, start_interview
from tests.integration.interviews.drawing_aid import FRAUD_BOARD, NOTES
from whiteboard import layout, past, scene
from whiteboard.models import Board, Version

PRIVATE = "Straight to boosted trees, no baseline."
START = datetime.fromisoformat("2026-11-18T10:00:00+00:00")


def one_case(pack: Pack) -> Pack:
    """Return the content without all other cases, which takes a second less to load."""
    return replace(pack, cases={"payment-fraud": pack.cases["payment-fraud"]}, samples={})


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def hold(candidate: User, interviewer: User, observer: User) -> Interview:
    """Return an interview of 30 minutes on the clock, 35 on the wall, submitted and scored.

    Clarify to 10, Frame to 15, a pause of five minutes, Data to the end. Three boxes come at 2, the rest at
    20 of the clock; the notes of Clarify at 4, those of Data at 24.
    """
    interview = start_interview(candidate, now=START)
    seat(interview, interviewer, Role.INTERVIEWER)
    seat(interview, observer, Role.OBSERVER)
    fields = scene.fields_by_id(layout.elements_of(FRAUD_BOARD))
    first = dict(list(fields.items())[:3])
    rest = {name: one for name, one in fields.items() if name not in first}
    moments = [
        past.Moment(after(2), first, {}),
        past.Moment(after(4), {}, {"clarify": NOTES["clarify"]}),
        past.Moment(after(25), rest, {}),
        past.Moment(after(29), {}, {"data": NOTES["data"]}),
    ]
    past.draw(interview.board, moments, author_id=candidate.pk)
    interview.board = Board.objects.get(pk=interview.board_id)
    Version.objects.create(board=interview.board, name="Three boxes", seq=1, author=candidate)
    phases = list(interview.phases.order_by("position"))
    asked = {"text": "How late do labels come?", "answer": "CANARY-ANSWER", "step": "clarify"}
    events.record(interview, EventKind.ASKED, actor=candidate, now=after(3), payload=asked)
    note = {"text": PRIVATE, "board_seq": 2, "step": "clarify"}
    events.record(interview, EventKind.NOTE_STAMPED, actor=interviewer, now=after(8), payload=note)
    lifecycle.advance_phase(interview, running=phases[0], actor=candidate, now=after(10))
    ladders.give_hint(interview, dimension="framing", rung=1, actor=interviewer, now=after(12))
    lifecycle.pause(interview, actor=candidate, now=after(15))
    lifecycle.resume(interview, actor=candidate, now=after(20))
    lifecycle.advance_phase(interview, running=phases[1], actor=candidate, now=after(20))
    question = {"text": "CANARY-FOLLOW-UP", "follow_up": "x", "step": "data"}
    events.record(interview, EventKind.FOLLOW_UP, actor=interviewer, now=after(26), payload=question)
    change = {"text": "CANARY-CURVEBALL", "minutes": 6, "board_seq": 4, "step": "data"}
    events.record(interview, EventKind.CURVEBALL, actor=interviewer, now=after(30), payload=change)
    interview.refresh_from_db()
    submitting.submit(interview, actor=candidate, now=after(35))
    for pk in Job.objects.values_list("pk", flat=True):
        marking.run(pk)
    interview.refresh_from_db()
    return interview

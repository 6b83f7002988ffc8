"""The interviewer's panel by URL: what it offers, what is stored, and that nobody else gets any of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from interviews import events, interviewer, lifecycle
from interviews.models import EventKind, Interview, Participant, Role
from tests.factories.peers import open_peer, start_peer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
DOORS = ("cockpit", "cockpit_questions", "cockpit_notes", "take_areas", "edit_cockpit_note")


def url(name: str, interview: Interview, *more: int) -> str:
    return reverse(f"interviews:{name}", args=[interview.pk, *more])


@pytest.fixture
def room(library, candidate, interviewer, observer) -> Interview:
    """A running peer interview of three."""
    interview = open_peer(candidate, interviewer)
    lifecycle.sit_down(interview, observer, Role.OBSERVER, timezone.now())
    return start_peer(interview)


@pytest.fixture
def cockpit(room, interviewer, client_of):
    """What the interviewer's browser gets or sends: (name, sent or None) → page."""
    browser = client_of(interviewer)

    def ask(name: str, sent: dict | None = None, *more: int, status: int = 200) -> str:
        address = url(name, room, *more)
        answer = browser.get(address) if sent is None else browser.post(address, sent, headers=HTMX)
        assert answer.status_code == status
        return answer.content.decode()

    return ask


def test_it_says_what_to_do_now_and_next_and_moves_on(room, cockpit):
    sheet = room.case.run_sheet
    page = cockpit("room")
    assert "Interviewer cockpit" in page
    assert escape(sheet[0]["now"]) in page
    assert escape(sheet[1]["say"]) in page, "the opening line of the next step"
    cockpit("advance_phase", {"running": room.running_phase().pk})
    page = cockpit("cockpit")
    assert "Now · 2 Frame" in page
    assert escape(sheet[1]["now"]) in page
    assert escape(sheet[0]["now"]) not in page


def test_the_tabs_that_lead_to_a_waiting_question_have_a_place_for_their_count(
    room, interviewer, candidate, client_of
):
    room_of = {
        who: client_of(who).get(room.get_absolute_url()).content.decode() for who in (interviewer, candidate)
    }
    assert room_of[interviewer].count("data-waiting") == 2, "on the run sheet, and on a phone on the cockpit"
    assert "data-waiting" not in room_of[candidate]


def test_hints_are_read_before_they_are_given_and_the_candidate_cannot_take_them(
    room, cockpit, candidate, client_of
):
    nudge, pointer = room.case.hints.filter(dimension="scope").order_by("rung")[:2]
    assert escape(pointer.text) in cockpit("hints")
    browser = client_of(candidate)
    refused = browser.post(url("hints", room), {"dimension": "scope", "rung": 1}, headers=HTMX)
    assert refused.status_code == 422
    assert "Your interviewer gives" in refused.content.decode()
    cockpit("hints", {"dimension": "scope", "rung": 1})
    page = browser.get(url("hints", room)).content.decode()
    assert escape(nudge.text) in page
    assert escape(pointer.text) not in page


def test_questions_are_ranked_by_what_is_missing_and_put_one_at_a_time(room, cockpit, candidate, client_of):
    from interviews.peer import missing

    found = missing.wants(room, interviewer.talk_of(room))
    assert found.read
    assert len(found.missing) == room.case.follow_ups.count(), "nothing is drawn or written yet"
    weights = [one.weight for one in found.missing]
    assert weights == sorted(weights, reverse=True)
    first, second = found.missing[:2]
    page = cockpit("cockpit_questions", {"follow_up": first.key})
    assert "Asked, and open" in page
    assert escape(first.ask) in client_of(candidate).get(url("follow_up", room)).content.decode()
    assert "A question is open" in cockpit("cockpit_questions", {"follow_up": second.key}, status=422)
    cockpit("cockpit_questions", {"close": first.key})
    assert "asked already" in cockpit("cockpit_questions", {"follow_up": first.key}, status=422)
    cockpit("cockpit_questions", {"follow_up": second.key})
    assert "no such question" in cockpit("cockpit_questions", {"follow_up": "none"}, status=422)
    put = room.events.filter(kind=EventKind.FOLLOW_UP).values_list("payload__follow_up", flat=True)
    assert list(put) == [first.key, second.key]


def test_one_tap_keeps_time_step_and_board_and_the_words_come_later(room, cockpit, interviewer):
    page = cockpit("cockpit_notes", {"text": ""})
    assert "1 Clarify · board as it was" in page
    event = room.events.get(kind=EventKind.NOTE_STAMPED)
    assert event.payload["step"] == "clarify"
    assert event.payload["board_seq"] == 0
    assert event.actor == interviewer
    cockpit("edit_cockpit_note", {"text": "Asked for latency unprompted"}, event.seq)
    cockpit("edit_cockpit_note", {"text": "Asked for latency first"}, event.seq)
    page = cockpit("cockpit_notes")
    assert "Asked for latency first" in page
    assert "unprompted" not in page
    event.refresh_from_db()
    assert event.payload["text"] == "", "the log itself is never changed"
    assert "at most 2,000" in cockpit("cockpit_notes", {"text": "a" * 2001}, status=422)


def test_nobody_edits_or_reads_the_other_interviewers_notes(room, cockpit, stranger, client_of):
    lifecycle.sit_down(room, stranger, Role.INTERVIEWER, timezone.now())
    cockpit("cockpit_notes", {"text": "mine alone"})
    event = room.events.get(kind=EventKind.NOTE_STAMPED)
    other = client_of(stranger)
    answer = other.post(url("edit_cockpit_note", room, event.seq), {"text": "taken"}, headers=HTMX)
    assert answer.status_code == 422
    assert "mine alone" not in other.get(url("cockpit_notes", room)).content.decode()
    assert not room.events.filter(kind=EventKind.NOTE_EDITED).exists()


def test_two_interviewers_split_the_areas_and_each_sees_who_leads(
    room, cockpit, interviewer, stranger, client_of
):
    assert "only interviewer" in cockpit("take_areas", {"areas": ["scope"]}, status=422)
    lifecycle.sit_down(room, stranger, Role.INTERVIEWER, timezone.now())
    cockpit("take_areas", {"areas": ["framing", "data"]})
    areas = dict(Participant.objects.filter(role=Role.INTERVIEWER).values_list("user", "areas"))
    assert areas[interviewer.pk] == ["framing", "data"]
    assert "scope" in areas[stranger.pk]
    assert set(areas[interviewer.pk]).isdisjoint(areas[stranger.pk])
    assert "Sam Stranger leads this part" in cockpit("cockpit")
    assert "leads this part" not in client_of(stranger).get(url("cockpit", room)).content.decode()
    assert all("communication" not in one for one in areas.values())  # both listen for it
    assert "no such area" in cockpit("take_areas", {"areas": ["style"]}, status=422)
    seat = Participant.objects.get(interview=room, user=stranger)
    client_of(room.host).post(url("remove_person", room, seat.pk))
    assert Participant.objects.get(interview=room, user=interviewer).areas == [], "all are theirs again"


def test_it_says_when_too_much_was_sent_and_when_it_is_quiet(room, cockpit, interviewer):
    now = timezone.now()
    for back in range(5):
        events.record(
            room, EventKind.ANSWERED, actor=interviewer, now=now - timedelta(seconds=back), payload={}
        )
    assert "5 answers and hints went to the candidate in 4 minutes: let them drive." in cockpit("cockpit")
    room.events.update(at=now - timedelta(minutes=7))
    Interview.objects.filter(pk=room.pk).update(started_at=now - timedelta(minutes=7))
    page = cockpit("cockpit")
    assert "Nothing was drawn, written or asked for 7 minutes." in page
    assert "nobody listens in" in page


@pytest.mark.parametrize("who", ["candidate", "observer", "stranger", "removed", "nobody"])
def test_nobody_else_gets_any_of_it(room, who, request, client_of, client, interviewer):
    code = {"candidate": 403, "observer": 403, "nobody": 302}.get(who, 404)
    if who == "removed":
        Participant.objects.filter(user=interviewer).update(removed_at=timezone.now())
        browser = client_of(interviewer)
    else:
        browser = client if who == "nobody" else client_of(request.getfixturevalue(who))
    for name in DOORS:
        address = url(name, room, *([1] if name == "edit_cockpit_note" else []))
        assert browser.post(address, {}).status_code in (code, 405), name
        if name in DOORS[:3]:
            assert browser.get(address).status_code == code, name
    assert not room.events.filter(kind__in=[EventKind.NOTE_STAMPED, EventKind.AREAS_SPLIT]).exists()


def test_canaries_of_the_cockpit_reach_nothing_of_the_candidate(
    room, cockpit, candidate, observer, client_of
):
    """Words that only the cockpit knows are planted; the candidate and the observer read everything."""
    case = room.case
    case.run_sheet = [
        item | {"now": "canary-sheet-now", "say": "canary-sheet-say"} for item in case.run_sheet
    ]
    case.curveball = case.curveball | {"change": "canary-change", "expects": ["canary-expects"]}
    case.save(update_fields=["run_sheet", "curveball"])
    case.hints.update(text="canary-hint")
    case.follow_ups.update(ask="canary-ask")
    case.facts.update(answer="canary-fact")
    cockpit("cockpit_notes", {"text": "canary-note"})
    seq = room.events.get(kind=EventKind.NOTE_STAMPED).seq
    cockpit("edit_cockpit_note", {"text": "canary-edited"}, seq)
    client_of(candidate).post(url("ask", room), {"question": "What does a false positive cost?"})
    page = cockpit("room") + cockpit("cockpit_questions") + cockpit("cockpit_notes")
    for word in ("sheet-now", "sheet-say", "change", "expects", "hint", "ask", "fact", "edited"):
        assert f"canary-{word}" in page, "the interviewer has it"
    names = ("room", "phase_bar", "hints", "ask", "follow_up", "curveball", "events", "people", "presence")
    for person in (candidate, observer):
        browser = client_of(person)
        for name in (*names, "board_history", "board_versions", "submit"):
            assert "canary" not in browser.get(url(name, room)).content.decode(), (person, name)
    heard, _ = events.since(room.pk, 0, Role.CANDIDATE)
    assert "note.stamped" not in {event["type"] for event in heard}


def test_the_room_of_an_interviewer_costs_the_same_however_much_has_happened(
    room, cockpit, interviewer, django_assert_max_num_queries
):
    cockpit("room")
    for _ in range(20):
        events.record(room, EventKind.ASKED, actor=interviewer, now=timezone.now())
        events.record(
            room, EventKind.NOTE_STAMPED, actor=interviewer, now=timezone.now(), payload={"text": "a"}
        )
    with django_assert_max_num_queries(28):
        cockpit("room")

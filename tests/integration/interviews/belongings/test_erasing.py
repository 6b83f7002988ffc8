"""Who deletes everything is gone from the database, and the interviews of others stay readable."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from casestudies.models import Rubric
from interviews import events, scored_by_people
from interviews import interviewer as interviewers
from interviews.models import (
    ApiToken,
    Event,
    EventKind,
    Interview,
    Invitation,
    Job,
    Role,
    Scope,
    Scorecard,
    Source,
)
from interviews.scored_by_people import Mark
from tests.factories.accounts import PASSWORD
from tests.factories.rooms import small_room
from tests.integration.interviews.belongings.conftest import where_is
from tests.integration.interviews.sockets import open_socket, refusal_code
from whiteboard.models import Board, Image, Version

pytestmark = pytest.mark.django_db
DELETE = "/accounts/delete/"


@pytest.fixture
def busy(scored, candidate, interviewer) -> Interview:
    """The scored interview, with words of everybody in it wherever people may write."""
    Version.objects.create(board=scored.board, name="WORDS-OF-CLEO version", seq=1, author=candidate)
    Version.objects.create(board=scored.board, name="WORDS-OF-IVO version", seq=1, author=interviewer)
    Image.objects.create(
        board=scored.board, file_id="a", content_type="image/png", width=1, height=1, data=b"x",
        author=candidate,
    )  # fmt: skip
    Invitation.objects.issue(scored, Role.OBSERVER, candidate, timezone.now())
    ApiToken.objects.issue(candidate, "WORDS-OF-CLEO token", [Scope.READ_CASES], timezone.now())
    note = {"text": "WORDS-OF-IVO note", "step": "data"}
    events.record(scored, EventKind.NOTE_STAMPED, actor=interviewer, now=timezone.now(), payload=note)
    question = events.record(
        scored, EventKind.ASKED, actor=candidate, now=timezone.now(),
        payload={"text": "WORDS-OF-CLEO how much?", "fact": None, "step": "data"},
    )  # fmt: skip
    events.record(
        scored, EventKind.ANSWERED, actor=interviewer, now=timezone.now(),
        payload={"question": question.seq, "answer": "WORDS-OF-IVO answer", "facts": []},
    )  # fmt: skip
    submission = scored.submission
    submission.asked = [
        {"fact": "", "text": "WORDS-OF-CLEO how much?", "answer": "WORDS-OF-IVO answer", "step": "data"}
    ]
    submission.save(update_fields=["asked"])
    rubric = Job.objects.get().arguments["rubric"]
    scored_by_people.write(
        submission, Rubric.objects.get(pk=rubric), {"C01": Mark(3, "WORDS-OF-IVO why")},
        source=Source.PERSON, author=interviewer, now=timezone.now(),
    )  # fmt: skip
    return scored


def delete(browser, **given):
    return browser.post(DELETE, given or {"password": PASSWORD})


def test_a_candidates_words_are_gone_from_everywhere(busy, candidate, client_of, caplog):
    caplog.set_level(logging.DEBUG)
    assert "whiteboard.Update" in where_is("WORDS-OF-CLEO")
    answer = delete(client_of(candidate))
    assert answer.status_code == 302
    for words in ("WORDS-OF-CLEO", "cleo@example.org", "Cleo Candidate"):
        assert where_is(words) == set()
        assert words not in caplog.text
    assert not User.objects.filter(pk=candidate.pk).exists()
    assert not Board.objects.filter(pk=busy.board_id).exists()
    assert not Job.objects.exists()


def test_an_interviewers_words_are_gone_and_the_candidates_interview_stays(
    busy, candidate, interviewer, client_of
):
    levels = list(Scorecard.objects.get(source=Source.PERSON).scores.values_list("criterion", "level"))
    assert delete(client_of(interviewer)).status_code == 302
    for words in ("WORDS-OF-IVO", "ivo@example.org", "Ivo Interviewer"):
        assert where_is(words) == set()
    browser = client_of(candidate)
    for page in ("room", "scorecard", "replay"):
        url = reverse(f"interviews:{page}", args=[busy.pk])
        assert browser.get(url, follow=True).status_code == 200
    card = Scorecard.objects.get(source=Source.PERSON)
    assert list(card.scores.values_list("criterion", "level")) == levels
    assert card.author is None
    note = Event.objects.get(kind=EventKind.NOTE_STAMPED)
    assert (note.actor, note.payload["step"]) == (None, "data")
    assert "WORDS-OF-CLEO" in str(busy.submission.answers)


def test_words_of_the_case_that_were_passed_on_stay(room, candidate, interviewer, client_of):
    room.case.facts.create(key="load", position=1, ask="How much?", answer="FACT-OF-THE-CASE.", terms=[])
    [question] = interviewers.ask(room, question="How much?", actor=candidate, now=timezone.now())
    events.record(
        room, EventKind.ANSWERED, actor=interviewer, now=timezone.now(),
        payload={"question": question.seq, "answer": "FACT-OF-THE-CASE.", "facts": ["load"]},
    )  # fmt: skip
    delete(client_of(interviewer))
    assert Event.objects.get(kind=EventKind.ANSWERED).payload["answer"] == "FACT-OF-THE-CASE."


def test_sessions_and_tokens_end(busy, candidate, client_of):
    here, there = client_of(candidate), client_of(candidate)
    _, secret = ApiToken.objects.issue(candidate, "one", [Scope.READ_INTERVIEWS], timezone.now())
    delete(here)
    assert Session.objects.count() == 0
    assert there.get("/accounts/profile/").status_code == 302
    assert ApiToken.objects.living(secret) is None


def test_nothing_of_a_stranger_goes(busy, stranger, client_of):
    before = Interview.objects.count(), Event.objects.count(), User.objects.count()
    delete(client_of(stranger))
    assert (Interview.objects.count(), Event.objects.count(), User.objects.count()) == (
        *before[:2],
        before[2] - 1,
    )


def test_a_wrong_password_deletes_nothing(room, candidate, client_of):
    answer = delete(client_of(candidate), password="not it")
    assert answer.status_code == 422
    assert "This is not your password. Nothing is deleted." in answer.content.decode()
    assert User.objects.filter(pk=candidate.pk).exists()
    assert Interview.objects.filter(pk=room.pk).exists()


def test_guessing_the_password_is_limited(candidate, client_of):
    cache.clear()
    browser = client_of(candidate)
    for _ in range(20):
        delete(browser, password="guess")
    assert "tried too often" in delete(browser).content.decode()
    assert User.objects.filter(pk=candidate.pk).exists()
    cache.clear()


def test_a_guest_types_two_words(client):
    client.post("/accounts/guest/")
    guest = User.objects.get(is_guest=True)
    small_room(guest)
    assert "delete everything" in client.get(DELETE).content.decode()
    assert delete(client, words="yes").status_code == 422
    assert delete(client, words="Delete  everything").status_code == 302
    assert not User.objects.filter(pk=guest.pk).exists()
    assert Interview.objects.count() == 0
    assert Board.objects.count() == 0


def test_the_page_says_what_goes_and_what_stays(room, interviewer, client_of):
    page = client_of(interviewer).get(DELETE).content.decode()
    assert "0 interviews of yours" in page
    assert "interviewer or observer in 1 other" in page
    assert "Nobody can bring them back." in page


def test_who_is_not_signed_in_deletes_nothing(client):
    assert client.get(DELETE).status_code == 302
    assert client.post(DELETE, {"password": PASSWORD}).status_code == 302


@pytest.mark.django_db(transaction=True)
async def test_sockets_end_when_the_account_does(room, interviewer, client_of):
    from asgiref.sync import sync_to_async

    browser = await sync_to_async(client_of)(interviewer)
    other = await sync_to_async(client_of)(interviewer)
    socket = open_socket(f"/ws/interviews/{room.pk}/", other)
    assert (await socket.connect(timeout=10))[0]
    await sync_to_async(delete)(browser)
    while (message := await socket.receive_output(timeout=20))["type"] != "websocket.close":
        pass
    assert message["code"] == 4403
    await socket.disconnect()
    assert await refusal_code(open_socket(f"/ws/interviews/{room.pk}/", other)) == 4403

"""Going on from a moment of a submitted attempt, in a new one; and the two beside each other."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from casestudies.loading import load_pack
from interviews import access, earlier_attempt, ladders, lifecycle, marking, submitting
from interviews.models import Event, EventKind, Interview, Job, Mode, Role, Scorecard, State
from tests.factories import pictures
from tests.factories.interviews import seat
from tests.integration.interviews.drawing_aid import NOTES
from tests.integration.interviews.played_aid import PRIVATE, after, hold, one_case
from whiteboard import images, log, reading, replay
from whiteboard.models import Update, Version

pytestmark = pytest.mark.django_db
MINUTE = 60_000


@pytest.fixture
def library(db, shipped_pack, shelf):
    """The one case that is played here."""
    shelf.fill("the case played", lambda: load_pack(one_case(shipped_pack)))


@pytest.fixture
def held(library, candidate, interviewer, observer) -> Interview:
    return hold(candidate, interviewer, observer)


def retry(browser, interview, at: int | str | None = None) -> Interview:
    """Ask for a new attempt and return it."""
    url = reverse("interviews:retry", args=[interview.pk])
    answer = browser.post(url, {} if at is None else {"at": at})
    assert answer.status_code == 302
    made = Interview.objects.select_related("board").get(pk=answer.url.strip("/").split("/")[-1])
    assert answer.url == reverse("interviews:room", args=[made.pk])
    return made


def spent(interview: Interview) -> dict[str, float]:
    now = timezone.now()
    return {
        phase.step: round(phase.reading(now, interview.paused_at).spent / 60, 2)
        for phase in interview.phases.order_by("position")
        if phase.started_at
    }


def test_only_the_candidate_starts_anew(held, candidate, interviewer, observer, stranger, client_of, client):
    url = reverse("interviews:retry", args=[held.pk])
    assert client_of(interviewer).post(url).status_code == 403
    assert client_of(observer).post(url).status_code == 403
    assert client_of(stranger).post(url).status_code == 404
    assert client.post(url).status_code == 302  # to sign in
    assert client_of(candidate).get(url).status_code == 405
    assert Interview.objects.count() == 1
    assert retry(client_of(candidate), held).retry_of == held


def test_not_from_an_attempt_that_is_still_running(full_room, candidate, client_of):
    answer = client_of(candidate).post(reverse("interviews:retry", args=[full_room.pk]))
    assert answer.status_code == 422
    assert "once it is over" in answer.content.decode()
    assert Interview.objects.count() == 1


@pytest.mark.parametrize("at", ["soon", "-1", "9" * 30])
def test_nonsense_is_refused_in_a_sentence(held, candidate, client_of, at):
    answer = client_of(candidate).post(reverse("interviews:retry", args=[held.pk]), {"at": at})
    assert answer.status_code == 422
    assert "not in the replay" in answer.content.decode()


def test_board_notes_and_clock_are_as_they_were_and_the_clock_stands(held, candidate, client_of):
    made = retry(client_of(candidate), held, 12 * MINUTE)
    assert (made.state, made.mode, made.seen) == (State.PAUSED, Mode.SOLO, True)
    assert (made.case_id, made.framework_id) == (held.case_id, held.framework_id)
    assert (made.level, made.minutes) == (held.level, held.minutes)
    assert round(made.reading(timezone.now() + timedelta(hours=1)).spent / 60, 2) == 12
    assert spent(made) == {"clarify": 10, "frame": 2}
    assert made.running_phase().step == "frame"
    then = replay.scene_at(held.board, 2)
    now = reading.read(made.board)
    assert (now.seq, now.scene, now.notes) == (2, then.scene, {"clarify": NOTES["clarify"]})
    assert list(made.participants.values_list("user", "role")) == [(candidate.pk, Role.CANDIDATE)]
    assert [one.name for one in Version.objects.filter(board=made.board)] == ["Three boxes"]
    held.refresh_from_db()
    assert (held.state, log.heads([held.board_id])[held.board_id][0]) == (State.SCORED, 4)


def test_the_clock_goes_on_from_there(held, candidate, client_of):
    made = retry(client_of(candidate), held, 12 * MINUTE)
    now = made.paused_at + timedelta(minutes=90)
    lifecycle.resume(made, actor=candidate, now=now)
    made.refresh_from_db()
    later = now + timedelta(minutes=3)
    assert made.reading(later).spent / 60 == pytest.approx(15)
    assert made.running_phase().reading(later).spent / 60 == pytest.approx(5)


def test_what_was_asked_and_hinted_is_known_and_private_words_stay(held, candidate, client_of):
    made = retry(client_of(candidate), held, 12 * MINUTE)
    kinds = list(made.events.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["started", "phase_entered", "asked", "phase_entered", "hint_given", "paused"]
    assert ladders.given_hints(made) == {"framing": 1}
    assert list(made.events.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert made.seq == 6
    on_clock = [
        round((event.at - made.started_at) / timedelta(minutes=1), 2) for event in made.events.order_by("seq")
    ]
    assert on_clock == [0, 0, 3, 10, 12, 12]
    at_end = retry(client_of(candidate), held)
    assert not at_end.events.filter(kind=EventKind.NOTE_STAMPED).exists()
    assert not Event.objects.exclude(interview=held).filter(payload__text=PRIVATE).exists()


def test_continuing_is_from_the_end_pauses_left_out(held, candidate, client_of):
    made = retry(client_of(candidate), held)
    assert spent(made) == {"clarify": 10, "frame": 5, "data": 15}
    assert made.running_phase().step == "data"
    assert reading.read(made.board).notes == NOTES
    rows = Update.objects.filter(board=made.board).order_by("seq").values_list("at", flat=True)
    assert [round((at - made.started_at) / timedelta(minutes=1), 2) for at in rows] == [2, 4, 20, 24]
    assert reading.read(made.board).scene == held.submission.scene


def test_from_the_very_beginning_there_is_nothing_yet(held, candidate, client_of):
    made = retry(client_of(candidate), held, 0)
    assert spent(made) == {"clarify": 0}
    found = reading.read(made.board)
    assert (found.seq, found.scene["elements"], found.notes) == (0, [], {})


def test_a_double_click_makes_one_attempt_and_another_moment_another(held, candidate, client_of):
    browser = client_of(candidate)
    first, second = retry(browser, held, 12 * MINUTE), retry(browser, held, 12 * MINUTE)
    assert first == second
    assert retry(browser, held, 13 * MINUTE) != first
    assert Interview.objects.filter(retry_of=held).count() == 2


def test_a_strict_clock_with_nothing_left_is_not_strict_any_more(held, candidate, client_of):
    Interview.objects.filter(pk=held.pk).update(strict=True, minutes=30)
    assert retry(client_of(candidate), held, 12 * MINUTE).strict
    assert not retry(client_of(candidate), held).strict


def test_minutes_that_were_added_by_then_come_along_and_later_ones_do_not(held, candidate, client_of):
    for at, step in ((9, "clarify"), (30, "data")):
        payload = {"seconds": 300, "step": step}
        Event.objects.create(
            interview=held, seq=100 + at, at=after(at), kind=EventKind.EXTENDED, payload=payload
        )
        phase = held.phases.get(step=step)
        held.phases.filter(pk=phase.pk).update(budget_seconds=phase.budget_seconds + 300)
    Interview.objects.filter(pk=held.pk).update(extra_seconds=600)
    made = retry(client_of(candidate), held, 12 * MINUTE)
    assert made.extra_seconds == 300
    assert made.reading(timezone.now()).budget == 50 * 60
    assert {one.step: one.budget_seconds for one in made.phases.all() if one.step in ("clarify", "data")} == {
        "clarify": 600,
        "data": 480,
    }
    assert retry(client_of(candidate), held).extra_seconds == 600


def test_pictures_come_along(held, candidate, client_of):
    stored = images.store(
        images.picture_of(held.board_id, pictures.picture((8, 8), "teal"), author=candidate)
    )
    made = retry(client_of(candidate), held)
    address = reverse("interviews:board_image", args=[made.pk, stored.file_id])
    assert client_of(candidate).get(address).content == bytes(stored.data)


def test_the_room_says_where_it_comes_from(held, candidate, client_of):
    browser = client_of(candidate)
    made = retry(browser, held, 12 * MINUTE)
    page = browser.get(reverse("interviews:room", args=[made.pk])).content.decode()
    assert "goes on from an earlier one" in page
    assert reverse("interviews:replay", args=[held.pk]) in page


@pytest.fixture
def second(held, candidate, client_of) -> Interview:
    """A second attempt from minute 12, with less on its board, handed in and scored."""
    made = retry(client_of(candidate), held, 12 * MINUTE)
    submitting.submit(made, actor=candidate, now=timezone.now())
    for pk in Job.objects.filter(ended_at=None).values_list("pk", flat=True):
        marking.run(pk)
    made.refresh_from_db()
    return made


def card_of(interview: Interview) -> Scorecard:
    return Scorecard.objects.get(submission__interview=interview)


def test_the_scorecard_shows_both_attempts_criterion_by_criterion(second, held, candidate, client_of):
    page = client_of(candidate).get(reverse("interviews:scorecard", args=[second.pk])).content.decode()
    assert "Since the attempt before" in page
    assert held.events.filter(kind=EventKind.REVEALED, actor=candidate).exists()
    table = page.split('class="beside-before"')[1].split("</section>")[0]
    assert "from 12:00 of 18 November 2026" in table
    assert reverse("interviews:scorecard", args=[held.pk]) in table
    beside = earlier_attempt.beside_before(candidate, second, card_of(second))
    levels = {line.code: (line.before, line.now) for line in beside.lines}
    for code, before, now in (("C09", held, 0), ("C09", second, 1)):
        entry = next(one for one in card_of(before).report["criteria"] if one["code"] == code)
        assert levels[code][now] == entry["level"]
    assert beside.changed
    assert all(escape(line.name) in table for line in beside.lines)
    assert "▼ −" in table
    first = client_of(candidate).get(reverse("interviews:scorecard", args=[held.pk])).content.decode()
    assert "Since the attempt before" not in first
    assert "Continue as a new attempt" in first


def test_who_was_in_the_new_attempt_alone_learns_nothing_of_the_old(second, held, stranger, client_of):
    seat(second, stranger, Role.INTERVIEWER)
    page = client_of(stranger).get(reverse("interviews:scorecard", args=[second.pk])).content.decode()
    assert "Since the attempt before" not in page
    assert "Continue as a new attempt" not in page
    assert not access.may_see_scores(stranger, held.pk)


def test_the_new_attempt_has_a_replay_from_its_first_minute(second, candidate, client_of):
    page = client_of(candidate).get(reverse("interviews:replay", args=[second.pk])).content.decode()
    assert "A new attempt from here" in page
    assert "How late do labels come?" in page
    assert "<time>12:00</time>" in page


def test_the_old_attempt_can_go_and_the_new_one_stays(second, held):
    held.delete()
    second.refresh_from_db()
    assert second.retry_of is None

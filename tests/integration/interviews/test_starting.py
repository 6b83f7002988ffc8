import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from interviews.models import EventKind, Interview, Reveal, Role, State

pytestmark = pytest.mark.django_db

WANTED = {"case": "payment-fraud", "framework": "six-step", "level": "staff", "minutes": "60"}


def test_a_visitor_starts_as_a_guest_and_lands_in_a_running_room(library, client):
    answer = client.post(reverse("interviews:start"), WANTED)
    interview = Interview.objects.get()
    assert answer.url == f"/interviews/{interview.pk}/"
    assert get_user(client).is_guest
    assert (interview.state, interview.level, interview.minutes) == (State.RUNNING, "staff", 60)
    seated = interview.participants.get()
    assert (seated.user, seated.role) == (get_user(client), Role.CANDIDATE)
    page = client.get(answer.url).content.decode()
    assert interview.case.prompt.split("\n")[0][:40] in page.replace("&#x27;", "'")
    assert "60:00" in page or "59:5" in page


def test_the_steps_get_budgets_that_sum_to_the_whole_time(library, client):
    client.post(reverse("interviews:start"), WANTED)
    phases = list(Interview.objects.get().phases.order_by("position"))
    assert len(phases) == 6
    assert sum(phase.budget_seconds for phase in phases) == 3600
    assert [phase.started_at is not None for phase in phases] == [True] + [False] * 5


def test_the_log_begins_with_the_start_and_the_first_step(interview):
    events = list(interview.events.order_by("seq").values_list("seq", "kind"))
    assert events == [(1, EventKind.STARTED), (2, EventKind.PHASE_ENTERED)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"case": "no-such-case"}, "There is no such case"),
        ({"case": ""}, "required"),
        ({"case": "a/b"}, "slug"),
        ({"framework": "ten-step"}, "There is no such framework"),
        ({"level": "guru"}, "not one of the available choices"),
        ({"minutes": "7"}, "not one of the available choices"),
        ({"minutes": "many"}, "not one of the available choices"),
    ],
)
def test_a_wrong_choice_is_refused_in_words_and_nothing_is_stored(library, client, change, words):
    answer = client.post(reverse("interviews:start"), WANTED | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Interview.objects.exists()
    assert not get_user(client).is_authenticated


def test_an_interview_is_not_started_by_following_a_link(library, client):
    assert client.get(reverse("interviews:start"), WANTED).status_code == 405


def test_opening_the_spoilers_first_marks_the_attempt_as_seen(library, candidate, client_of):
    browser = client_of(candidate)
    browser.post(reverse("interviews:reveal_case", args=["payment-fraud"]))
    browser.post(reverse("interviews:start"), WANTED)
    assert Reveal.objects.filter(user=candidate).count() == 1
    assert Interview.objects.get().seen


def test_opening_the_spoilers_in_the_middle_is_logged(interview, candidate, client_of):
    browser = client_of(candidate)
    for _ in range(2):
        browser.post(reverse("interviews:reveal_case", args=["payment-fraud"]))
    interview.refresh_from_db()
    assert interview.seen
    assert interview.events.filter(kind=EventKind.SPOILERS_OPENED).count() == 1

"""Interviewers keep draft levels while the interview runs; nobody else reads them."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from interviews.models import DraftLevel, Interview, Participant, Role, State
from tests.factories.interviews import seat

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(interview):
    return reverse("interviews:live_marks", args=[interview.pk])


def test_the_rubric_stands_with_its_anchors_by_dimension(peer_room, interviewer, client_of):
    page = client_of(interviewer).get(url(peer_room)).content.decode()
    assert page.index("Scope") < page.index("Data") < page.index("Serving") < page.index("Communication")
    for words in (
        "Names the goal, in words.",
        "Weighed",
        "Not observed",
        "Why, in a sentence",
        "Only you see",
    ):
        assert words in page
    assert "0 of 4" in page


def test_a_level_is_kept_as_it_is_chosen_and_only_that_one(peer_room, interviewer, client_of):
    browser = client_of(interviewer)
    answer = browser.post(url(peer_room), {"level-C01": "3", "why-C01": "Said it  plainly."}, headers=HTMX)
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "1 of 4 · Saved" in said
    assert "<fieldset" not in said, "what is being written on the page is not swapped away"
    browser.post(url(peer_room), {"level-P01": "none", "why-P01": ""}, headers=HTMX)
    browser.post(url(peer_room), {"why-C01": "Said it twice."}, headers=HTMX)
    kept = {row.criterion: (row.level, row.not_observed, row.why) for row in DraftLevel.objects.all()}
    assert kept == {"C01": (3, False, "Said it twice."), "P01": (None, True, "")}
    page = browser.get(url(peer_room)).content.decode()
    assert 'name="level-C01" value="3" checked' in page
    assert 'name="level-P01" value="none" checked' in page
    assert "Said it twice." in page
    assert peer_room.events.count() == 2, "drafts leave no trace in a log that others read"


def test_without_scripts_the_whole_page_is_one_form(peer_room, interviewer, client_of):
    answer = client_of(interviewer).post(
        url(peer_room), {"level-C01": "1", "why-C01": "", "why-C09": "Later."}
    )
    assert answer.url == url(peer_room)
    assert {row.criterion: row.level for row in DraftLevel.objects.all()} == {"C01": 1, "C09": None}


@pytest.mark.parametrize(
    ("given", "words"),
    [({"level-C01": "5"}, "from 0 to 4"), ({"level-C01": "x"}, "from 0 to 4"),
     ({"why-C01": "x" * 401, "level-C09": "2"}, "at most 400")],
)  # fmt: skip
def test_what_is_no_level_is_refused_in_words(peer_room, interviewer, client_of, given, words):
    answer = client_of(interviewer).post(url(peer_room), given, headers=HTMX)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not DraftLevel.objects.exists()


def test_a_criterion_of_another_rubric_is_left_alone(peer_room, interviewer, client_of):
    assert client_of(interviewer).post(url(peer_room), {"level-Z99": "2"}, headers=HTMX).status_code == 200
    assert not DraftLevel.objects.exists()


def test_only_interviewers_of_this_interview_have_it(
    peer_room, candidate, observer, stranger, second_interviewer, client_of, client
):
    for person, code in ((candidate, 403), (observer, 403), (stranger, 404), (second_interviewer, 404)):
        assert client_of(person).get(url(peer_room)).status_code == code
        assert client_of(person).post(url(peer_room), {"level-C01": "3"}).status_code == code
    assert client.get(url(peer_room)).status_code == 302
    assert client.post(url(peer_room), {"level-C01": "3"}).status_code == 302
    assert not DraftLevel.objects.exists()


def test_two_interviewers_score_their_own_areas_first_and_do_not_see_each_others_levels(
    peer_room, interviewer, second_interviewer, client_of
):
    seat(peer_room, second_interviewer, Role.INTERVIEWER)
    own = Participant.objects.filter(interview=peer_room, user=interviewer)
    own.update(areas=["serving"])
    Participant.objects.filter(interview=peer_room, user=second_interviewer).update(areas=["scope", "data"])
    client_of(second_interviewer).post(url(peer_room), {"level-C01": "3", "why-C01": "canary-ida"})
    page = client_of(interviewer).get(url(peer_room)).content.decode()
    assert page.index('dim-serving"') < page.index('dim-scope"'), "own areas first"
    assert page.count('badge">yours<') == 2, "serving, and how the conversation was led"
    assert "Ida Interviewer has Scope, Data" in page
    assert "canary-ida" not in page
    assert 'value="3" checked' not in page


def test_there_is_nothing_to_keep_before_the_clock_runs_or_after_the_card_is_locked(
    peer_room, interviewer, client_of
):
    browser = client_of(interviewer)
    Interview.objects.filter(pk=peer_room.pk).update(state=State.LOBBY)
    answer = browser.post(url(peer_room), {"level-C01": "3"}, headers=HTMX)
    assert (answer.status_code, "start of the clock" in answer.content.decode()) == (422, True)
    assert "disabled" in browser.get(url(peer_room)).content.decode()
    Interview.objects.filter(pk=peer_room.pk).update(state=State.RUNNING)
    Participant.objects.filter(user=interviewer).update(handed_in_at=timezone.now())
    answer = browser.post(url(peer_room), {"level-C01": "3"}, headers=HTMX)
    assert (answer.status_code, "card is locked" in answer.content.decode()) == (422, True)
    assert not DraftLevel.objects.exists()


def test_the_table_itself_holds_one_draft_per_criterion_and_no_level_that_was_not_observed(
    peer_room, interviewer
):
    own = Participant.objects.get(interview=peer_room, user=interviewer)
    draft = {"seat": own, "criterion": "C01", "at": timezone.now()}
    DraftLevel.objects.create(**draft, level=2)
    for wrong in (draft, {**draft, "criterion": "C02", "level": 5},
                  {**draft, "criterion": "C02", "level": 1, "not_observed": True}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            DraftLevel.objects.create(**wrong)


def test_the_page_asks_the_database_the_same_number_of_times_however_much_is_kept(
    peer_room, interviewer, client_of, django_assert_num_queries
):
    browser = client_of(interviewer)
    browser.post(url(peer_room), {"level-C01": "3", "level-C09": "1", "level-P01": "2"})
    with django_assert_num_queries(8):
        browser.get(url(peer_room))

"""Scoring a sample, the distance to its interviewer's levels, and the badge that follows from it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from interviews import card_requests
from interviews.models import Calibration, Interview, Role, Source
from interviews.peer import calibrating
from interviews.scored_by_people import Mark, write
from tests.factories.interviews import seat
from tests.factories.rooms import small_room

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
# The interviewer: C01 3, C09 1, P01 2; the drawing was not observed.
NEAR = {"level-C01": "2", "level-C09": "1", "level-G01": "4", "level-P01": "3", "lock": "yes"}
FAR = {"level-C01": "0", "level-C09": "4", "level-G01": "none", "level-P01": "none", "lock": "yes"}


@pytest.fixture
def sample(handed_in, interviewer):
    Interview.objects.filter(pk=handed_in.interview_id).update(is_sample=True)
    rubric = card_requests.current_rubric(handed_in, handed_in.interview.framework)
    marks = {"C01": Mark(3, "canary-reference"), "C09": Mark(1), "P01": Mark(2)}
    write(handed_in, rubric, marks, source=Source.PERSON, author=interviewer, now=timezone.now())
    return handed_in


@pytest.fixture
def browser(stranger, client_of):
    return client_of(stranger)


def url(name, sample):
    return reverse(f"interviews:{name}", args=[sample.interview_id])


def test_a_sample_is_scored_beside_its_replay_without_its_levels(sample, browser):
    listed = browser.get(reverse("interviews:calibration")).content.decode()
    assert url("calibrate", sample) in listed
    page = browser.get(url("calibrate", sample)).content.decode()
    for words in ("replay-config", "Names the goal, in words.", "Not observed", "Lock and compare"):
        assert words in page, words
    assert "canary-reference" not in page
    assert browser.get(url("calibrated", sample)).url == url("calibrate", sample)


def test_somebody_who_never_interviewed_is_told_how_and_has_the_prompt(sample, browser):
    listed = browser.get(reverse("interviews:calibration")).content.decode()
    for words in ("How it goes", "highest level whose words fit", "/guide/what-the-levels-mean/"):
        assert words in listed, words
    page = browser.get(url("calibrate", sample)).content.decode()
    assert sample.interview.case.prompt in page
    assert "how far you are from Ivo Interviewer" in page


def test_levels_are_kept_as_they_are_chosen(sample, browser, stranger):
    said = browser.post(url("calibrate", sample), {"level-C01": "2", "why-C01": "Hm."}, headers=HTMX)
    assert "1 of 4 · Saved" in said.content.decode()
    browser.post(url("calibrate", sample), {"level-C09": "none"})
    kept = Calibration.objects.get(user=stranger)
    assert {code: (mark["level"], mark["not_observed"]) for code, mark in kept.marks.items()} == {
        "C01": (2, False), "C09": (None, True),
    }  # fmt: skip
    assert "Go on" in browser.get(reverse("interviews:calibration")).content.decode()
    for wrong in ({"level-C01": "7"}, {"why-C01": "x" * 401}):
        assert browser.post(url("calibrate", sample), wrong).status_code == 422


def test_locked_it_is_measured_criterion_by_criterion(sample, browser, stranger):
    refused = browser.post(url("calibrate", sample), {"level-C01": "2", "lock": "yes"})
    assert (refused.status_code, "have criteria without a level" in refused.content.decode()) == (422, True)
    assert browser.post(url("calibrate", sample), NEAR).url == url("calibrated", sample)
    one = Calibration.objects.get(user=stranger)
    assert (one.compared, one.within_one, one.mean_distance, one.counts) == (3, 3, 0.67, True)
    page = browser.get(url("calibrated", sample)).content.decode()
    assert "within one level on 3 of 3 criteria, 100 %" in page
    assert "canary-reference" in page
    assert "neither kinder nor stricter" in page
    assert calibrating.calibrated([stranger.pk]) == {stranger.pk}
    assert "Your badge shows" in browser.get(reverse("interviews:calibration")).content.decode()


def test_the_badge_shows_where_one_interviews(sample, browser, stranger, candidate, client_of):
    room = small_room(candidate)
    seat(room, stranger, Role.INTERVIEWER)
    people = reverse("interviews:people", args=[room.pk])
    assert "Calibrated" not in client_of(candidate).get(people).content.decode()
    browser.post(url("calibrate", sample), NEAR)
    assert ">Calibrated</span>" in client_of(candidate).get(people).content.decode()


def test_what_was_not_observed_is_far_and_no_badge_follows(sample, browser, stranger):
    browser.post(url("calibrate", sample), FAR)
    one = Calibration.objects.get(user=stranger)
    assert (one.compared, one.within_one, one.mean_distance) == (3, 0, 3.0)
    assert calibrating.calibrated([stranger.pk]) == set()
    assert calibrating.kinder_by(calibrating.distances(one, sample)) == 0


def test_every_reading_is_kept_and_one_with_the_reference_known_does_not_count(sample, browser, stranger):
    browser.post(url("calibrate", sample), FAR)
    browser.post(url("calibrate", sample), NEAR)
    assert [one.counts for one in calibrating.past_of(stranger)] == [False, True]
    assert calibrating.calibrated([stranger.pk]) == set()
    Calibration.objects.update(locked_at=timezone.now() - timedelta(days=31))
    browser.post(url("calibrate", sample), NEAR)
    assert calibrating.calibrated([stranger.pk]) == {stranger.pk}
    assert Calibration.objects.filter(user=stranger).count() == 3
    page = browser.get(reverse("interviews:calibration")).content.decode()
    assert page.count("of 3 within one level") == 4, "three rows, and the sample's last"


def test_only_samples_are_scored_here_and_only_by_somebody_signed_in(
    peer_room, sample, candidate, client_of, client
):
    for name in ("calibrate", "calibrated"):
        assert client.get(url(name, sample)).status_code == 302
    assert client.get(reverse("interviews:calibration")).status_code == 302
    Interview.objects.update(is_sample=False)
    for name in ("calibrate", "calibrated"):
        assert client_of(candidate).get(url(name, sample)).status_code in (403, 404)
    assert client_of(candidate).post(url("calibrate", sample), NEAR).status_code in (403, 404)
    assert not Calibration.objects.exists()


def test_a_sample_without_an_interviewers_card_is_not_offered(handed_in, browser):
    Interview.objects.update(is_sample=True)
    assert "no samples with" in browser.get(reverse("interviews:calibration")).content.decode()
    assert browser.get(url("calibrate", handed_in)).status_code == 404


def test_the_table_holds_one_open_reading_and_no_result_without_a_lock(sample, stranger):
    rows = Calibration.objects
    one = {"user": stranger, "interview": sample.interview, "started_at": timezone.now()}
    rows.create(**one)
    for wrong in (one, {**one, "locked_at": timezone.now(), "compared": 2, "within_one": 3},
                  {**one, "compared": 2, "within_one": 1}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.create(**wrong)

"""Who hands in alone is asked for own levels before anything of the scorecard is shown, at any hand-in."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from casestudies.models import Rubric
from interviews import access, history, marking, retrying, schedule
from interviews.belongings import exporting
from interviews.belongings.registry import REGISTRY
from interviews.models import AttemptScore, EventKind, Interview, Job, Scorecard, Source, State
from interviews.practice import reviewing
from interviews.progress import rows
from tests.factories.rooms import small_room
from whiteboard import log

pytestmark = pytest.mark.django_db
CANARIES = ("canary-engine", "41.7", ">42<")
CHOSEN = {"own": "skipped"}


def url(name, interview):
    return reverse(f"interviews:{name}", args=[interview.pk])


@pytest.fixture
def ended(candidate):
    """A strict interview that was handed in and scored while no browser was open."""
    room = small_room(candidate, strict=True, now=timezone.now() - timedelta(minutes=45, seconds=1))
    log.seed(room.board, [], {"clarify": "Lower the losses by fraud."})
    schedule.sweep_clocks()
    marking.run(Job.objects.get().pk)
    card = Scorecard.objects.get()
    card.total = 41.7
    card.report["criteria"][0]["rationale"] = "canary-engine"
    card.save()
    AttemptScore.objects.update(total=41.7)
    room.refresh_from_db()
    assert (room.state, room.own_levels_first) == (State.SCORED, True)
    return room


def test_who_comes_back_is_led_to_their_own_levels_first_from_wherever_they_come(ended, candidate, client_of):
    browser = client_of(candidate)
    for name in ("room", "scorecard", "submit", "ending"):
        assert browser.get(url(name, ended)).url == url("self_score", ended), name
    page = browser.get(url("reveal", ended), follow=True)
    assert page.request["PATH_INFO"] == url("self_score", ended)
    said = page.content.decode()
    assert "Time ran out, and your design was submitted as it stood." in said
    assert f"{url('scorecard', ended)}?own=skipped" in said
    for door in (reverse("home"), reverse("interviews:history")):
        listed = browser.get(door).content.decode()
        assert url("self_score", ended) in listed
        assert f"{url('scorecard', ended)}?own=skipped" in listed
    assert url("self_score", ended) in browser.get(url("replay", ended)).content.decode()


def test_no_page_list_or_file_shows_a_level_before_they_chose(ended, candidate, client_of):
    browser = client_of(candidate)
    case = [ended.case.slug]
    doors = [url(name, ended) for name in (
        "room", "scorecard", "scorecard_pdf", "scoring_state", "beside_reference", "replay", "events",
        "reveal",
    )]  # fmt: skip
    doors += [f"{url('scorecard', ended)}?card={Scorecard.objects.get().pk}"]
    doors += [f"{url('scorecard', ended)}?framework=small"]
    doors += [
        reverse(name) for name in ("home", "casestudies:list", "interviews:history", "interviews:crosstab")
    ]
    doors += [
        reverse("interviews:progress_csv", args=[name]) for name in ("attempts", "scores", "dimensions")
    ]
    doors += [reverse("practice:queue"), reverse("practice:drills"), reverse("practice:compare", args=case)]
    doors += [reverse("casestudies:case", args=case), url("share", ended)]
    for door in doors:
        answer = browser.get(door, follow=True)
        served = answer.content.decode("utf-8", "replace")
        assert not [one for one in CANARIES if one in served], door
    for name in ("scorecard_pdf", "beside_reference", "scoring_state"):
        refused = browser.get(url(name, ended))
        assert (refused.status_code, url("scorecard", ended) in refused.content.decode()) == (403, True), name
    assert browser.post(url("score_again", ended), {"framework": "small"}).status_code == 403
    assert history.results_for(candidate) == {}
    assert history.engine_cards([ended]) == {}
    assert rows.missed_lately(candidate) == (0, {})
    assert reviewing.due_for(candidate, timezone.now()).total == 0
    assert not access.scores_open_to(candidate).exists(), "what drills, reports and comparisons read"
    assert not ended.events.filter(kind=EventKind.REVEALED).exists()
    assert Interview.objects.get(pk=ended.pk).own_levels_first


def test_neither_programs_nor_exports_take_it_along_before_they_chose(ended, candidate, client_of):
    cache.clear()
    browser = client_of(candidate)
    api = f"/api/v1/interviews/{ended.pk}"
    refused = browser.get(f"{api}/scorecards")
    assert refused.status_code == 403
    assert "own levels" in refused.json()["error"]
    for path in (f"{api}/record", api, "/api/v1/interviews", "/api/v1/progress", f"{api}/submission"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert not [one for one in CANARIES if one in answer.content.decode()], path
    assert browser.get(f"{api}/record").json()["scorecards"] == []
    assert not REGISTRY["interviews.ReviewCard"].exported(candidate).exists()
    file = io.BytesIO()
    job = Job.objects.create(kind="export", key="one", run_after=timezone.now(), created_at=timezone.now())
    exporting.fill(file, candidate, Job.objects.claim(job.pk, timezone.now()))
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".pdf")]
        for name in archive.namelist():
            assert not [one for one in CANARIES if one.encode() in archive.read(name)], name
    assert not ended.events.filter(kind=EventKind.REVEALED).exists()
    browser.get(url("scorecard", ended), CHOSEN)
    assert REGISTRY["interviews.ReviewCard"].exported(candidate).exists()
    assert len(browser.get(f"{api}/record").json()["scorecards"]) == 1


def test_one_click_skips_it_for_good_and_shows_everything(ended, candidate, client_of):
    browser = client_of(candidate)
    browser.head(url("scorecard", ended), CHOSEN)
    assert Interview.objects.get(pk=ended.pk).own_levels_first, "looking whether it is there is no choice"
    assert browser.get(url("scorecard", ended), CHOSEN).url == url("scorecard", ended)
    page = browser.get(url("scorecard", ended)).content.decode()
    assert "canary-engine" in page
    assert "Score yourself too" in page
    assert browser.get(url("room", ended)).url == url("scorecard", ended)
    assert ended.events.filter(kind=EventKind.REVEALED).count() == 1
    assert url("self_score", ended) not in browser.get(reverse("home")).content.decode()
    assert history.results_for(candidate)[ended.case_id]["total"] == 42
    browser.post(url("self_score", ended), {"level-C01": "4"})
    assert "had been opened" in Scorecard.objects.get(source=Source.SELF).reason


def test_own_levels_open_it_and_count_as_given_before(ended, candidate, client_of):
    browser = client_of(candidate)
    assert browser.post(url("self_score", ended), {"level-C01": "3"}).url == url("scorecard", ended)
    assert Scorecard.objects.get(source=Source.SELF).reason == ""
    page = browser.get(url("scorecard", ended)).content.decode()
    assert "canary-engine" in page
    assert ">Gap</th>" in page
    assert not Interview.objects.get(pk=ended.pk).own_levels_first


def test_a_new_attempt_waits_for_the_choice_and_nobody_else_makes_it(ended, candidate, stranger, client_of):
    browser = client_of(candidate)
    refused = browser.post(url("retry", ended))
    assert (refused.status_code, "own levels" in refused.content.decode()) == (422, True)
    assert client_of(stranger).get(url("scorecard", ended), CHOSEN).status_code == 404
    assert Interview.objects.get(pk=ended.pk).own_levels_first
    browser.get(url("scorecard", ended), CHOSEN)
    again = retrying.retry(access.seat_of(candidate, ended.pk), at=0, now=timezone.now())
    assert not again.own_levels_first


def test_with_nothing_to_ask_the_scorecard_opens_by_itself(ended, candidate, client_of):
    Rubric.objects.all().update(is_current=False)
    page = client_of(candidate).get(url("room", ended), follow=True)
    assert page.request["PATH_INFO"] == url("scorecard", ended)
    assert "canary-engine" in page.content.decode()


def test_a_design_handed_in_by_its_candidate_waits_in_the_same_way(candidate, client_of):
    room = small_room(candidate)
    log.seed(room.board, [], {"clarify": "Lower the losses by fraud."})
    browser = client_of(candidate)
    assert browser.post(url("submit", room), {"then": "self-score"}).url == url("self_score", room)
    assert browser.get(url("room", room)).url == url("self_score", room)
    assert "Time ran out" not in browser.get(url("self_score", room)).content.decode()
    browser.get(url("scorecard", room), CHOSEN)
    assert browser.post(url("submit", room), {"then": "self-score"}).status_code == 302
    assert not Interview.objects.get(pk=room.pk).own_levels_first, "a late click closes nothing again"

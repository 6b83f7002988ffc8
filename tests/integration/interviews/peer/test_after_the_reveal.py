"""What follows once the cards are open: the page, the rating of the interviewer, and swapping seats."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone
from typst import compile as compiled

from interviews.models import (
    EventKind,
    Interview,
    Mode,
    Participant,
    Rating,
    Reveal,
    Role,
    State,
)
from tests.factories.casestudies import CaseStudyFactory
from tests.factories.interviews import seat

pytestmark = pytest.mark.django_db
SELF = {"level-C01": "4", "level-C09": "2", "level-P01": "3"}
ALONE = {
    "level-C01": "1", "why-C01": "Never said whose losses.", "level-C09": "3", "level-G01": "none",
    "level-P01": "2", "lock": "yes",
}  # fmt: skip
GOOD = {"room_to_think": "5", "useful_help": "4", "fair_levels": "3", "words": "More silence, please."}


def url(name, interview):
    return reverse(f"interviews:{name}", args=[interview.pk])


@pytest.fixture
def revealed(read_by_the_engine, candidate, interviewer, client_of):
    room = read_by_the_engine.interview
    client_of(candidate).post(url("self_score", room), SELF)
    client_of(interviewer).post(url("score", room), ALONE)
    room.refresh_from_db()
    assert room.cards_opened_at is not None
    return room


@pytest.fixture
def his_seat(revealed, interviewer) -> Participant:
    return Participant.objects.get(interview=revealed, user=interviewer)


def test_all_stand_side_by_side_with_the_gap_and_what_it_teaches(revealed, candidate, interviewer, client_of):
    page = client_of(candidate).get(url("reveal", revealed)).content.decode()
    for words in ("<dt>You</dt>", "<dt>Ivo Interviewer</dt>", "<dt>Automatic</dt>", "<dd>+3.0</dd>",
                  "3.0 levels higher than Ivo Interviewer", "Never said whose losses.",
                  "Debrief, ten minutes", "Stop counting “Names the goal” as said"):  # fmt: skip
        assert words in page, words
    his = client_of(interviewer).get(url("reveal", revealed)).content.decode()
    assert "<dt>Cleo Candidate</dt>" in his
    assert "as an interviewer?" not in his


@pytest.mark.parametrize(("who", "own"), [("candidate", "You"), ("interviewer", "Cleo Candidate")])
def test_the_pdf_has_everybodys_levels_and_the_gaps_once_the_cards_are_open(
    revealed, request, client_of, monkeypatch, who, own
):
    printed = []
    monkeypatch.setattr("interviews.printing.typst.compile", lambda *a, sys_inputs, **k: printed.append(
        json.loads(sys_inputs["card"])) or compiled(*a, sys_inputs=sys_inputs, **k))  # fmt: skip
    browser = client_of(request.getfixturevalue(who))
    assert browser.get(url("scorecard_pdf", revealed)).content.startswith(b"%PDF-")
    people = printed[0]["people"]
    assert [one["name"] for one in people["readings"]] == [own, "Ivo Interviewer", "Automatic"]
    scope = next(row for row in people["rows"] if row["slug"] == "scope")
    assert (scope["levels"][:2], scope["gap"]) == (["4.0", "1.0"], "+3.0")
    assert scope["criteria"][0]["levels"][:2] == ["4", "1"]
    assert scope["criteria"][0]["reasons"] == [
        {"name": "Ivo Interviewer", "words": "Never said whose losses."}
    ]


def test_a_total_says_of_how_much_it_speaks_and_a_point_leads_to_its_drill(
    revealed, candidate, interviewer, client_of
):
    page = client_of(candidate).get(url("reveal", revealed)).content.decode()
    assert "of 100, from 3 of 4 criteria" in page, "the interviewer’s"
    drill = page.split('<p class="small">Drill: <a href="')[1].split('"')[0].replace("&amp;", "&")
    assert f"case={revealed.case.slug}&criterion=C0" in drill
    assert client_of(candidate).get(drill).status_code == 200
    assert "Drill it" not in client_of(interviewer).get(url("reveal", revealed)).content.decode()


def test_an_observers_pdf_and_one_before_the_reveal_have_nothing_of_people(
    read_by_the_engine, candidate, interviewer, observer, client_of
):
    room = read_by_the_engine.interview
    client_of(interviewer).post(url("score", room), ALONE)
    for who, status in ((candidate, 403), (interviewer, 403), (observer, 403)):
        assert client_of(who).get(url("scorecard_pdf", room)).status_code == status


def test_the_page_takes_the_same_number_of_queries_with_two_interviewers(
    revealed, candidate, second_interviewer, client_of, django_assert_max_num_queries
):
    browser = client_of(candidate)
    browser.get(url("reveal", revealed))
    with django_assert_max_num_queries(18):
        browser.get(url("reveal", revealed))


def test_the_candidate_rates_the_interviewer_once_and_only_that_one_reads_it(
    revealed, his_seat, candidate, interviewer, second_interviewer, client_of
):
    seat(revealed, second_interviewer, Role.INTERVIEWER)
    theirs = client_of(candidate)
    given = {**GOOD, "interviewer": his_seat.pk}
    assert theirs.post(url("rate", revealed), given).url == url("reveal", revealed)
    theirs.post(url("rate", revealed), {**given, "words": "Changed my mind.", "fair_levels": "1"})
    rating = Rating.objects.get()
    assert (rating.seat, rating.fair_levels, rating.words) == (his_seat, 3, "More silence, please.")
    assert revealed.events.filter(kind=EventKind.RATED).count() == 1
    assert "More silence, please." in client_of(interviewer).get(url("reveal", revealed)).content.decode()
    Participant.objects.filter(user=second_interviewer).update(waived_at=timezone.now())
    for person in (candidate, second_interviewer):
        page = client_of(person).get(url("reveal", revealed)).content.decode()
        assert "More silence, please." not in page


@pytest.mark.parametrize(
    "change", [{"fair_levels": ""}, {"fair_levels": "6"}, {"room_to_think": "x"}, {"words": "x" * 1001},
               {"interviewer": "999999"}, {"interviewer": ""}],
)  # fmt: skip
def test_a_rating_that_is_none_is_refused_in_words(revealed, his_seat, candidate, client_of, change):
    given = {**GOOD, "interviewer": his_seat.pk, **change}
    answer = client_of(candidate).post(url("rate", revealed), given)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Rating.objects.exists()


def test_seats_are_swapped_with_a_case_that_neither_has_seen(
    revealed, his_seat, candidate, interviewer, client_of
):
    known, fresh = CaseStudyFactory(title="Known to Ivo"), CaseStudyFactory(title="New to both")
    Reveal.objects.create(user=interviewer, case=known, at=timezone.now())
    browser = client_of(interviewer)
    page = browser.get(url("reveal", revealed)).content.decode()
    assert ("New to both" in page, "Known to Ivo" in page) == (True, False)
    for wrong in (known.slug, revealed.case.slug, "no-such", ""):
        assert browser.post(url("swap", revealed), {"with": his_seat.pk, "case": wrong}).status_code == 422
    assert Interview.objects.count() == 1
    first = browser.post(url("swap", revealed), {"with": his_seat.pk, "case": fresh.slug})
    again = client_of(candidate).post(url("swap", revealed), {"with": his_seat.pk, "case": fresh.slug})
    new = Interview.objects.get(swap_of=revealed)
    assert first.url == again.url == url("room", new)
    assert (new.case, new.mode, new.state) == (fresh, Mode.PEER, State.LOBBY)
    assert {one.user: one.role for one in new.participants.all()} == {
        interviewer: Role.CANDIDATE, candidate: Role.INTERVIEWER,
    }  # fmt: skip
    assert not new.seen
    assert "Go to the lobby" in client_of(candidate).get(url("reveal", revealed)).content.decode()
    assert revealed.events.filter(kind=EventKind.SEATS_SWAPPED).count() == 1


def test_an_interviewer_swaps_their_own_seat_and_nobody_elses(
    revealed, his_seat, second_interviewer, client_of
):
    other = seat(revealed, second_interviewer, Role.INTERVIEWER)
    Participant.objects.filter(pk=other.pk).update(waived_at=timezone.now())
    fresh = CaseStudyFactory()
    browser = client_of(second_interviewer)
    refused = browser.post(url("swap", revealed), {"with": his_seat.pk, "case": fresh.slug})
    assert (refused.status_code, "nobody else" in refused.content.decode()) == (422, True)
    assert browser.post(url("swap", revealed), {"with": "x", "case": fresh.slug}).status_code == 422


def test_nothing_of_this_is_there_before_the_cards_are_open(handed_in, candidate, interviewer, client_of):
    room, fresh = handed_in.interview, CaseStudyFactory()
    his = Participant.objects.get(interview=room, user=interviewer)
    browser = client_of(candidate)
    assert browser.post(url("rate", room), {**GOOD, "interviewer": his.pk}).status_code == 403
    assert browser.post(url("swap", room), {"with": his.pk, "case": fresh.slug}).status_code == 403
    assert not Rating.objects.exists()
    assert Interview.objects.count() == 1

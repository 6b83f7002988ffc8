"""A member's practice as the group sees it: exactly what the member chose."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from casestudies.models import Dimension
from interviews.groups import shared
from interviews.models import Group, Interview, Participant, Role, Scorecard, Source, Submission
from tests.factories.interviews import seat
from tests.factories.rooms import small_room

ClientOf = Callable[[User], Client]


def scored(candidate: User, total: float = 62, days: int = 1, mode: str = "solo") -> Interview:
    """Return an interview handed in `days` ago, with an automatic card."""
    now = timezone.now() - timedelta(days=days)
    interview = small_room(candidate, now=now)
    Interview.objects.filter(pk=interview.pk).update(
        state="scored", ended_at=now + timedelta(minutes=44), mode=mode
    )
    submission = Submission.objects.create(
        interview=interview, at=now, scene={}, graph={}, answers={"clarify": "My private words."},
        seconds_per_step={}, board_seq=0, hash="0" * 64,
    )  # fmt: skip
    Scorecard.objects.create(
        submission=submission, source=Source.ENGINE, framework=interview.framework, rubric={}, report={},
        rubric_hash="0", total=total, total_low=total - 5, total_high=total + 5, created_at=now,
        dimensions=[{"slug": each.value, "level": 2.5, "weight": 1} for each in Dimension],
    )  # fmt: skip
    return interview


def share(client_of: ClientOf, group: Group, user: User, what: str) -> None:
    client_of(user).post(f"/groups/{group.pk}/share/", {"shares": what})
    assert group.memberships.get(user=user).shares == what


@pytest.mark.parametrize("what", ["nothing", "trend", "scorecards"])
def test_owner_and_members_see_what_a_member_chose_and_no_more(
    client_of: ClientOf, group: Group, owner: User, candidate: User, observer: User, what: str
):
    interview = scored(candidate)
    if what != "nothing":
        share(client_of, group, candidate, what)
    for person in (owner, observer):
        browser = client_of(person)
        pages = [
            browser.get(f"/groups/{group.pk}/"),
            browser.get(f"/groups/{group.pk}/members/{candidate.pk}/"),
        ]
        assert [page.status_code for page in pages] == [200, 200]
        for page in pages:
            words = page.content.decode()
            assert ("dimension-strip" in words) == (what != "nothing")
            assert "My private words" not in words
        assert ("(57–67)" in pages[1].content.decode()) == (what == "scorecards")
        assert (interview.case.title in pages[1].content.decode()) == (what == "scorecards")
        # The interview itself stays closed.
        for part in ("", "scorecard/", "replay/", "scorecard.pdf", "people/"):
            assert browser.get(f"{interview.get_absolute_url()}{part}").status_code == 404


def test_what_is_not_shared_is_not_even_in_the_pages_context(group: Group, candidate: User):
    scored(candidate)
    membership = group.memberships.get(user=candidate)
    membership.shares = "trend"
    [attempt] = shared.shown([membership], viewer=membership.group.memberships.first().user)[0].attempts
    assert (attempt.case, attempt.terms, attempt.total, attempt.low, attempt.high) == (
        "",
        "",
        None,
        None,
        None,
    )
    membership.shares = "nothing"
    assert shared.shown([membership], viewer=membership.group.memberships.first().user)[0].attempts == ()


def test_taking_it_back_works_at_once_and_leaving_takes_it_back(
    client_of: ClientOf, group: Group, owner: User, candidate: User
):
    scored(candidate)
    url, theirs = f"/groups/{group.pk}/members/{candidate.pk}/", client_of(owner)
    share(client_of, group, candidate, "scorecards")
    assertContains(theirs.get(url), "dimension-strip")
    share(client_of, group, candidate, "nothing")
    assertNotContains(theirs.get(url), "dimension-strip")
    assertContains(theirs.get(url), "shares nothing")
    share(client_of, group, candidate, "trend")
    client_of(candidate).post(f"/groups/{group.pk}/leave/")
    assert theirs.get(url).status_code == 404
    assert group.memberships.get(user=candidate).shares == "nothing"


def test_an_unknown_choice_changes_nothing(client_of: ClientOf, group: Group, candidate: User):
    answer = client_of(candidate).post(f"/groups/{group.pk}/share/", {"shares": "everything"})
    assertContains(answer, "Choose one of the three", status_code=422)
    assert group.memberships.get(user=candidate).shares == "nothing"


def test_scores_of_a_peer_interview_are_shown_once_they_open_and_to_its_interviewer_once_they_spoke(
    group: Group, owner: User, candidate: User, interviewer: User
):
    interview, now = scored(candidate, mode="peer"), timezone.now()
    seat(interview, interviewer, Role.INTERVIEWER)
    membership = group.memberships.get(user=candidate)
    membership.shares = "scorecards"

    def seen_by(viewer: User) -> int:
        return len(shared.shown([membership], viewer=viewer)[0].attempts)

    assert (seen_by(owner), seen_by(interviewer)) == (0, 0)
    Interview.objects.update(cards_opened_at=now)
    assert (seen_by(owner), seen_by(interviewer)) == (1, 0)
    Participant.objects.filter(user=interviewer).update(handed_in_at=now)
    assert (seen_by(owner), seen_by(interviewer)) == (1, 1)


def test_the_newest_attempts_are_shown_oldest_first_with_their_mean(group: Group, candidate: User):
    for days in range(1, 9):
        scored(candidate, total=50 + days, days=days)
    membership = group.memberships.get(user=candidate)
    membership.shares = "scorecards"
    [found] = shared.shown([membership], viewer=membership.group.memberships.first().user)
    assert [attempt.total for attempt in found.attempts] == [56, 55, 54, 53, 52, 51]
    assert {bar.level for bar in found.averages} == {2.5}
    few = shared.Shown(membership, found.attempts[:2])
    assert few.averages == [], "two attempts are no trend"

"""What was brought in from elsewhere says so wherever attempts are listed."""

import csv
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from interviews import progress_report
from interviews.groups import shared
from interviews.models import Attempt, Interview, Membership, Shares, State
from tests.factories.groups import found_group

pytestmark = pytest.mark.django_db
PROGRESS = reverse("interviews:history")


@pytest.fixture
def imported(history, candidate) -> Interview:
    """The newest of four attempts at one case, made elsewhere."""
    history(candidate, 4)
    newest = Attempt.objects.order_by("-at")[0].interview
    Interview.objects.update(case=newest.case)
    Interview.objects.filter(pk=newest.pk).update(imported_at=timezone.now())
    call_command("rebuild_progress")
    newest.refresh_from_db()
    return newest


def test_a_recount_knows_which_attempts_were_imported(imported):
    assert list(Attempt.objects.filter(imported=True).values_list("pk", flat=True)) == [imported.pk]


def test_every_list_of_attempts_marks_the_imported_one_in_words(imported, candidate, client_of):
    browser = client_of(candidate)
    page = browser.get(PROGRESS).content.decode()
    assert page.count(" · imported") == 1
    assert page.count(f'{imported.case.title}, imported"') == 1, "the strip, for who cannot see it"
    assert browser.get("/").content.decode().count(" · imported") == 1
    lines = list(csv.reader(io.StringIO(browser.get("/progress/attempts.csv").content.decode())))
    assert [line[lines[0].index("Imported")] for line in lines[1:]] == ["no", "no", "no", "yes"]
    said = [one["said"] for one in progress_report.content(candidate, timezone.now())["attempts"]]
    assert ["imported" in one for one in said] == [True, False, False, False]
    compared = browser.get(reverse("practice:compare", args=[imported.case.slug])).content.decode()
    assert compared.count(" · imported") == 1
    assert compared.count(", imported<") == 1


def test_one_that_waits_for_its_scorecard_was_not_submitted_here(imported, candidate, client_of):
    Interview.objects.filter(pk=imported.pk).update(state=State.SUBMITTED)
    browser = client_of(candidate)
    assert "Imported, not scored yet" in browser.get(PROGRESS).content.decode()
    assert "Imported; its scorecard is not there yet" in browser.get("/").content.decode()


def test_a_group_sees_it_where_scorecards_are_shared(imported, candidate, stranger):
    group = found_group(candidate, stranger)
    member = Membership.objects.get(group=group, user=candidate)
    member.shares = Shares.SCORECARDS
    (shown,) = shared.shown([member], viewer=stranger)
    assert [attempt.terms.endswith(", imported") for attempt in shown.attempts] == [False, False, False, True]
    member.shares = Shares.TREND
    (shown,) = shared.shown([member], viewer=stranger)
    assert {attempt.terms for attempt in shown.attempts} == {""}

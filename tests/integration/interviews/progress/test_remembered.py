"""What a process remembers of histories is never older than the database, and never somebody else's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews.models import Attempt, AttemptScore, Interview, Mode
from interviews.progress import charts, rows

pytestmark = pytest.mark.django_db
PROGRESS = reverse("interviews:history")
BY_PARTNER = f"{reverse('interviews:crosstab')}?metric=score&by=partner"


def test_who_looks_again_gets_the_same_page_without_a_new_drawing(history, candidate, client_of, monkeypatch):
    history(candidate, 8)
    browser = client_of(candidate)
    first = browser.get(PROGRESS).context
    monkeypatch.setattr(charts, "scores", None)  # to call it would fail
    again = browser.get(PROGRESS).context
    assert again["charts"] is first["charts"]
    assert list(again["charts"]["scores"].table.rows) != []
    with pytest.raises(TypeError):
        browser.get(f"{PROGRESS}?period=3m")


@pytest.mark.parametrize(
    "change",
    [
        lambda: AttemptScore.objects.filter(source="engine").update(total=99),
        lambda: AttemptScore.objects.filter(source="engine").delete(),
        lambda: Attempt.objects.update(at=timezone.now() - timedelta(days=300)),
        lambda: Interview.objects.update(mode=Mode.PEER, cards_opened_at=None),
    ],
    ids=["a score", "cards gone", "days", "cards not open"],
)
def test_whatever_changes_is_seen_by_the_next_look(history, candidate, client_of, change):
    history(candidate, 8)
    browser = client_of(candidate)

    def seen() -> list[list[object]]:
        chart = browser.get(PROGRESS).context["charts"].get("scores")
        return [list(row) for row in chart.table.rows] if chart else []

    before = seen()
    assert before
    change()
    after = seen()
    assert after != before
    rows.history.cache_clear()
    assert seen() == after


def test_a_partner_who_takes_another_name_or_leaves_is_called_as_they_are(
    history, candidate, interviewer, client_of
):
    history(candidate, 9)
    Interview.objects.update(mode=Mode.PEER, cards_opened_at=timezone.now())
    Attempt.objects.update(mode=Mode.PEER)
    browser = client_of(candidate)
    assert "Ivo Interviewer" in browser.get(BY_PARTNER).content.decode()
    type(interviewer).objects.filter(pk=interviewer.pk).update(display_name="Iris Neu")
    page = browser.get(BY_PARTNER).content.decode()
    assert "Iris Neu" in page
    assert "Ivo Interviewer" not in page


def test_each_person_and_each_zone_has_a_history_of_their_own(history, candidate, stranger, client_of):
    history(candidate, 5, seed=1)
    history(stranger, 7, seed=2)
    assert len(client_of(candidate).get(PROGRESS).context["attempts"]) == 5
    assert len(client_of(stranger).get(PROGRESS).context["attempts"]) == 7
    before = client_of(candidate).get(PROGRESS).context["attempts"][0].at
    type(candidate).objects.filter(pk=candidate.pk).update(time_zone="Pacific/Kiritimati")
    after = client_of(candidate).get(PROGRESS).context["attempts"][0].at
    assert before == after
    assert before.utcoffset() != after.utcoffset()


def test_only_so_many_histories_and_drawings_are_remembered(history, candidate, client_of):
    history(candidate, 4)
    browser = client_of(candidate)
    for query in (
        "",
        "?period=1m",
        "?period=3m",
        "?period=1y",
        "?source=self",
        "?source=person",
        "?seen=out",
    ):
        browser.get(f"{PROGRESS}{query}")
    zone = timezone.get_current_timezone()
    assert 1 <= len(rows.attempts_of(candidate, zone).drawn) <= 4
    assert rows.history.cache_info().maxsize == rows.REMEMBERED

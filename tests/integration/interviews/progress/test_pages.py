"""Progress is one's own: what people see of it, at what cost, and what nobody else gets."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from interviews import made_history
from interviews.models import Aim, Attempt, AttemptScore, Interview, Mode
from interviews.progress import rows
from interviews.progress.page import CHARTS
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PROGRESS, ASK, AIM = (reverse(f"interviews:{name}") for name in ("history", "crosstab", "set_aim"))


def sheet(answer) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode(), newline="")))


def addresses() -> list[str]:
    tables = [reverse("interviews:progress_csv", args=[name]) for name in CHARTS]
    return [PROGRESS, ASK, reverse("interviews:crosstab_csv"), *tables]


def test_nobody_sees_progress_without_signing_in(client, small_library):
    for address in (*addresses(), AIM):
        assert client.get(address).status_code == 302
        assert "/accounts/login/" in client.get(address).url
    assert client.post(AIM, {"level": "senior", "per_week": "2"}).status_code == 302
    assert not Aim.objects.exists()


def test_progress_is_only_ones_own_whoever_asks(
    history, candidate, interviewer, observer, stranger, client_of
):
    history(candidate, 6)
    Interview.objects.update(mode=Mode.PEER, cards_opened_at=timezone.now())
    titles = set(Attempt.objects.values_list("case__title", flat=True))
    staff = UserFactory(is_staff=True, is_superuser=True)
    for person in (interviewer, observer, stranger, staff):
        browser = client_of(person)
        page = browser.get(PROGRESS).content.decode()
        assert "You have not submitted a design yet" in page
        assert "/scorecard/" not in page
        assert sheet(browser.get(reverse("interviews:progress_csv", args=["attempts"])))[1:] == []
        asked = browser.get(ASK, {"by": "case"}).content.decode()
        assert not any(f">{title}<" in asked for title in titles)
        for other in ("user", "person", "candidate"):
            answer = browser.get(PROGRESS, {other: candidate.pk})
            assert "You have not submitted a design yet" in answer.content.decode()
    assert "6 attempts since" in client_of(candidate).get(PROGRESS).content.decode()


def test_cards_between_people_that_are_not_open_yet_are_not_shown_here_either(history, candidate, client_of):
    history(candidate, 4)
    Interview.objects.update(mode=Mode.PEER, cards_opened_at=None)
    AttemptScore.objects.update(total=87.25)
    browser = client_of(candidate)
    for address in (*addresses(), "/"):
        shown = browser.get(address).content.decode()
        assert not any(words in shown for words in (">87<", "87.2", ": 87", "/ 100"))
    Interview.objects.update(cards_opened_at=timezone.now())
    assert ">87</strong>" in browser.get(PROGRESS).content.decode()


def test_every_chart_stands_on_the_page_with_a_table_and_a_file(history, candidate, client_of):
    history(candidate, 30)
    browser = client_of(candidate)
    page = browser.get(PROGRESS).content.decode()
    for name in CHARTS:
        address = reverse("interviews:progress_csv", args=[name])
        assert address in page
        assert len(sheet(browser.get(address))) > 1
    assert page.count('<details class="behind">') == len(CHARTS) - 1
    assert page.count("<polyline") > 8
    assert " style=" not in page
    attempts = sheet(browser.get(reverse("interviews:progress_csv", args=["attempts"])))
    assert len(attempts) == 31
    stored = {
        f"{total:.1f}"
        for total in AttemptScore.objects.filter(source="engine").values_list("total", flat=True)
    }
    assert {f"{float(row[15]):.1f}" for row in attempts[1:]} == stored
    assert browser.get(reverse("interviews:progress_csv", args=["secrets"])).status_code == 404


def test_cases_seen_before_can_be_left_out_and_the_address_says_so(history, candidate, client_of):
    history(candidate, 12)
    browser = client_of(candidate)
    new = Attempt.objects.filter(seen=False).count()
    assert 0 < new < 12
    page = browser.get(PROGRESS, {"seen": "out"}).content.decode()
    assert page.count(">Replay</a>") == new
    assert "/progress/attempts.csv?seen=out" in page
    assert len(sheet(browser.get("/progress/attempts.csv?seen=out"))) == new + 1
    assert "Leave out seen" in page


def test_a_period_leaves_out_what_is_older(history, candidate, client_of):
    history(candidate, 20)
    Attempt.objects.filter(pk__in=Attempt.objects.order_by("at").values("pk")[:5]).update(
        at=timezone.now() - timedelta(days=800)
    )
    browser = client_of(candidate)
    assert len(sheet(browser.get("/progress/attempts.csv?period=year"))) == 16
    assert len(sheet(browser.get("/progress/attempts.csv"))) == 21


@pytest.mark.parametrize("count", [1, 2])
def test_under_three_attempts_there_are_dots_and_words_and_no_line(history, candidate, client_of, count):
    history(candidate, count)
    page = client_of(candidate).get(PROGRESS).content.decode()
    assert "single dots, each with its range" in page
    assert "<polyline" not in page
    assert "<polygon" not in page


def test_without_a_history_a_labelled_sample_is_shown_and_nothing_in_it_is_ones_own(
    small_library, candidate, client_of
):
    browser = client_of(candidate)
    assert "Choose a case" in browser.get(PROGRESS).content.decode(), "no sample made yet"
    assert made_history.make_sample(now=timezone.now())
    assert not made_history.make_sample(now=timezone.now())
    page = browser.get(PROGRESS).content.decode()
    assert '<span class="badge badge--accent">Sample</span>' in page
    assert "somebody who does not exist" in page
    assert "<polyline" in page
    assert "/scorecard/" not in page
    assert ".csv" not in page
    assert not Attempt.objects.filter(user=candidate).exists()


def test_bad_values_of_an_address_get_a_sentence(history, candidate, client_of):
    history(candidate, 3)
    browser = client_of(candidate)
    answer = browser.get(PROGRESS, {"period": "<b>week"})
    assert answer.status_code == 400
    assert "There is no period “&lt;b&gt;week”, so it is left out." in answer.content.decode()
    answer = browser.get(ASK, {"metric": "score", "by": "step"})
    assert answer.status_code == 400
    assert "is not of one step" in answer.content.decode()
    for address in ("/progress/scores.csv?source=me", "/progress/ask.csv?by=moon"):
        answer = browser.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert browser.get(PROGRESS, {"page": "x"}).status_code == 200


def test_a_question_is_its_address_and_its_answer_is_the_stored_rows(history, candidate, client_of):
    history(candidate, 15)
    browser = client_of(candidate)
    page = browser.get(ASK, {"metric": "hints", "by": "area"}).content.decode()
    assert "<h1>Hints taken by area</h1>" in page
    lines = sheet(browser.get("/progress/ask.csv?metric=hints&by=area"))
    assert lines[0] == ["Area", "Hints taken, an attempt", "Number", "Enough to lean on"]
    for area, value, number, enough in lines[1:]:
        stored = list(Attempt.objects.filter(case__area=area).values_list("hints", flat=True))
        assert int(number) == len(stored)
        assert float(value) == pytest.approx(sum(stored) / len(stored), abs=0.006)
        assert (enough == "yes") == (len(stored) >= 3)
    few = browser.get(ASK, {"by": "case", "area": "Area 0", "period": "3m", "hints": "without"})
    assert "is-few" in few.content.decode() or "No attempt has" in few.content.decode()


def test_every_preset_is_answered(history, candidate, client_of):
    history(candidate, 8)
    browser = client_of(candidate)
    for _, address, _ in browser.get(ASK).context["presets"]:
        assert browser.get(f"{ASK}{address}").status_code == 200


def test_a_person_sets_what_they_practise_for_and_gets_a_plan(history, candidate, stranger, client_of):
    history(candidate, 4)
    browser = client_of(candidate)
    day = timezone.localdate() + timedelta(days=21)
    answer = browser.post(AIM, {"interview_on": day.isoformat(), "level": "staff", "per_week": "2"})
    assert answer.url == f"{PROGRESS}#plan"
    aim = Aim.objects.get()
    assert (aim.user, aim.interview_on, aim.level, aim.per_week) == (candidate, day, "staff", 2)
    page = browser.get(PROGRESS).content.decode()
    assert "At 2 a week that is 6 interviews before it." in page
    assert "Your interview is in 3 weeks." in browser.get("/").content.decode()
    client_of(stranger).post(AIM, {"level": "mid", "per_week": "1"})
    aim.refresh_from_db()
    assert aim.level == "staff"


@pytest.mark.parametrize(
    "sent",
    [
        {"level": "chief", "per_week": "2"},
        {"level": "mid", "per_week": "0"},
        {"level": "mid", "per_week": "15"},
        {"level": "mid", "per_week": "many"},
        {"level": "mid", "per_week": "2", "interview_on": "soon"},
        {"level": "mid", "per_week": "2", "interview_on": "9999-12-31"},
    ],
)
def test_an_aim_that_makes_no_sense_is_not_kept(small_library, candidate, client_of, sent):
    answer = client_of(candidate).post(AIM, sent)
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert not Aim.objects.exists()


def test_today_names_one_thing_with_its_reason_and_the_last_scorecard(history, candidate, client_of):
    history(candidate, 6)
    page = client_of(candidate).get("/").content.decode()
    last = Attempt.objects.order_by("-at").first()
    assert page.count('class="next-thing"') == 1
    assert "Your weakest area is" in page
    assert reverse("interviews:scorecard", args=[last.pk]) in page
    assert "Average of your last three is" in page
    assert "Strongest:" in page


def test_a_long_history_costs_no_more_queries_than_a_short_one(history, candidate, client_of):
    browser = client_of(candidate)
    counts, missed = [], []
    for count in (10, 300):
        history(candidate, count, seed=count)
        missed.append(bool(rows.missed_lately(candidate)[1]))
        for address in (PROGRESS, "/", f"{ASK}?metric=level&by=dimension", "/progress/attempts.csv"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            counts.append(len(queries))
    short, long = counts[:4], counts[4:]
    # Where something was missed lately, the page of progress looks up its name.
    assert (short[0] - missed[0], short[1:]) == (long[0] - missed[1], long[1:]), counts
    assert max(counts[0], *counts[2:4]) <= 12, counts
    assert counts[1] <= 16, counts


def test_a_made_up_history_needs_somebody_to_have_it(small_library, candidate):
    with pytest.raises(CommandError, match="nobody called"):
        call_command("make_history", person="nobody@example.org")
    with pytest.raises(CommandError, match="At most"):
        call_command("make_history", person=candidate.username, interviews=9999)
    call_command("make_history", person=candidate.email, interviews=2)
    call_command("make_history", people=2, interviews=1)
    assert Attempt.objects.count() == 4


def test_after_a_form_that_could_not_be_kept_every_link_leads_back_to_the_page(history, candidate, client_of):
    history(candidate, 3)
    browser = client_of(candidate)
    answer = browser.post(AIM, {"level": "senior", "per_week": "99"})
    assert answer.status_code == 422
    addresses = [address for _, address, _ in answer.context["periods"]]
    assert [browser.get(address).status_code for address in addresses] == [200] * 3
    assert all(address.startswith(PROGRESS) for address in addresses)


@pytest.mark.parametrize("per_week", ["-1", "0", "15", "99999", "2.5", "many"])
def test_a_number_of_interviews_that_cannot_be_is_refused_in_the_same_sentence(
    candidate, client_of, per_week
):
    answer = client_of(candidate).post(AIM, {"level": "senior", "per_week": per_week})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert [*form.errors.get("per_week", []), *form.non_field_errors()] == [Aim.A_WEEK]
    assert not Aim.objects.exists()

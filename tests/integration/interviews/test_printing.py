"""The scorecard as a PDF: for whom its page is, with what its page shows, whatever people wrote."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import marking, printing, submitting
from interviews.curveballs import Difference
from interviews.models import Job, Scorecard
from interviews.views.results import card_context
from tests.integration.interviews.drawing_aid import design

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(full_room, candidate) -> Scorecard:
    design(full_room)
    submitting.submit(full_room, actor=candidate, now=timezone.now())
    marking.run(Job.objects.get().pk)
    return Scorecard.objects.get()


def pdf_of(interview) -> str:
    return reverse("interviews:scorecard_pdf", args=[interview.pk])


def test_the_candidate_gets_a_pdf(card, full_room, candidate, client_of):
    answer = client_of(candidate).get(pdf_of(full_room))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{full_room.case.slug}-')
    assert answer.content.startswith(b"%PDF-")


def test_it_shows_what_the_page_shows(card, full_room):
    shown = printing.content(card_context(card.submission, card, is_open=True))
    assert shown["total"] == f"{card.total:.0f}"
    names = [one["name"] for section in shown["sections"] for one in section["cards"]]
    assert len(names) == len(card.report["criteria"])
    quotes = {
        quote["words"] for section in shown["sections"] for one in section["cards"] for quote in one["quotes"]
    }
    cited = {
        evidence["quote"]
        for entry in card.report["criteria"]
        for evidence in entry["evidence"]
        if evidence["kind"] == "text"
    }
    assert quotes == cited


@pytest.mark.parametrize(("who", "status"), [("observer", 403), ("stranger", 404)])
def test_others_get_none(card, full_room, request, client_of, who, status):
    assert client_of(request.getfixturevalue(who)).get(pdf_of(full_room)).status_code == status


def test_a_visitor_gets_none(card, full_room, client):
    assert client.get(pdf_of(full_room)).status_code in (302, 404)


def test_before_it_is_submitted_there_is_none(interview, candidate, client_of):
    assert client_of(candidate).get(pdf_of(interview)).status_code == 404


def test_an_unknown_framework_is_refused(card, full_room, candidate, client_of):
    assert client_of(candidate).get(pdf_of(full_room) + "?framework=none").status_code == 404


@pytest.mark.parametrize(
    "words",
    [
        '#read("/etc/passwd") #sys.inputs *bold* $x^2$ @ref <label> \\ `raw` = heading',
        "#set page(width: 1pt)\n#panic()",
        "‮ reversed \u0000 zero \ufeff",
        "ﷺ" * 300 + "a" * 5000,
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 漢字 العربية 🚀",
    ],
)
def test_what_people_write_is_set_as_text(card, words):
    context = card_context(card.submission, card, is_open=True)
    plain = len(printing.pdf(context))
    context["interview"].case.title = words
    context["flags"] = [{"text": words}]
    shown = printing.content(context)
    assert shown["title"] == words
    assert printing.pdf(context).startswith(b"%PDF-")
    assert plain > 1000


def test_what_became_of_the_design_after_a_curveball_is_on_paper(card):
    context = card_context(card.submission, card, is_open=True)
    assert printing.content(context)["curveball"] is None
    change = Difference(3, 1, ("Added the box *Queue*",), (), ("Removed #panic()",))
    context["curveball"] = {
        "text": "Twice the traffic.",
        "difference": change,
        "expects": ["A queue."],
        "keeps": [],
    }
    shown = printing.content(context)["curveball"]
    assert shown["kept"] == "3 boxes and 1 arrow kept"
    assert [one["title"] for one in shown["lists"]] == ["New", "Gone", "This case expects"]
    assert printing.pdf(context).startswith(b"%PDF-")


def test_paper_says_what_was_brought_in_and_the_time_where_its_reader_is(card):
    card.submission.at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        shown = printing.content(card_context(card.submission, card, is_open=True))
    assert shown["kicker"] == "Scorecard · 02 July 2026, 00:30 CEST"
    assert "imported" not in shown["lead"]
    card.submission.interview.imported_at = timezone.now()
    shown = printing.content(card_context(card.submission, card, is_open=True))
    assert shown["lead"].endswith("imported")

"""The interviewer's brief: for those for whom the case is open, with a run sheet whose minutes add up."""

import html

import pytest

from casestudies.models import CaseStudy
from tests.factories.casestudies import case_document
from tests.integration.casestudies.conftest import queries_of

pytestmark = pytest.mark.django_db
CASE, BRIEF = "/cases/toy-case/", "/cases/toy-case/brief/"
IDEA = "Keep the toys that children keep, and nothing else."


def document(**changes):
    one = case_document(**changes)
    one["brief"] = {"idea": IDEA, "weak_points": ["Forgets returns."], "do_not_say": ["Do not say returns."]}
    one["run_sheet"] = [
        {"minutes": 10, "dimension": "scope", "now": "Wait.", "say": "What do you need to know?"},
        {"minutes": 30, "dimension": "model", "now": "Ask for a baseline.", "say": "What ships first?"},
        {"minutes": 5, "dimension": "monitoring", "now": "Let it run.", "say": "It is Monday."},
    ]
    return one


@pytest.fixture
def briefed(library):
    return library(document())["toy-case"]


def text_of(browser, path=BRIEF):
    return html.unescape(browser.get(path).content.decode())


def test_the_brief_holds_what_an_interviewer_needs(client_of, staff, briefed):
    page = text_of(client_of(staff))
    for says in (briefed.prompt.split("\n")[0], IDEA, "Forgets returns.", "Do not say returns."):
        assert says in page
    for fact in briefed.facts.all():
        assert fact.ask in page
        assert fact.answer in page
    for cue in (cue for cues in briefed.level_cues.values() for cue in cues):
        assert cue in page
    assert briefed.curveball["change"] in page
    assert 'media="print"' in page


def test_the_run_sheet_counts_the_minutes_of_the_clock(client_of, staff, briefed):
    page = text_of(client_of(staff))
    begins = [page.index(f">{minutes}<") for minutes in ("0–10", "10–40", "40–45")]
    assert begins == sorted(begins)
    assert page.index("“What ships first?”") > begins[1]


def test_the_case_leads_to_its_brief_and_back(client_of, staff, briefed):
    browser = client_of(staff)
    assert f'href="{BRIEF}"' in text_of(browser, CASE)
    assert IDEA not in text_of(browser, CASE)
    assert f'href="{CASE}"' in text_of(browser)


def test_to_whom_the_case_is_closed_the_brief_is_too(client, client_of, candidate, stranger, briefed):
    for browser in (client, client_of(candidate)):
        closed = browser.get(BRIEF)
        assert (closed.status_code, closed.headers["Location"]) == (302, CASE)
        said = text_of(browser, CASE)
        assert "Show me anyway" in said
        assert "It opens once you have submitted a design for this case" in said
        assert IDEA not in said
    browser = client_of(candidate)
    browser.post(f"{CASE}reveal/")
    assert IDEA in text_of(browser)
    assert client_of(stranger).get(BRIEF).status_code == 302


def test_the_brief_of_a_draft_is_there_for_staff_only(client, client_of, candidate, staff, library):
    library(document(status="draft"))
    for browser in (client, client_of(candidate)):
        assert browser.get(BRIEF).status_code == 404
    page = text_of(client_of(staff))
    assert "Draft" in page
    assert IDEA in page


def test_the_brief_of_a_withdrawn_case_stays_with_who_has_it_open(client_of, candidate, stranger, briefed):
    browser = client_of(candidate)
    browser.post(f"{CASE}reveal/")
    CaseStudy.objects.update(status="withdrawn")
    assert browser.get(BRIEF).status_code == 200
    assert client_of(stranger).get(BRIEF).status_code == 404


def test_there_is_no_brief_without_a_case_and_nothing_is_sent_to_it(client, client_of, staff, briefed):
    assert client.get("/cases/toy-kase/brief/").status_code == 404
    assert client_of(staff).post(BRIEF).status_code == 405


def test_no_browser_keeps_the_brief(client_of, staff, briefed):
    assert "no-store" in client_of(staff).get(BRIEF).headers["Cache-Control"]


def test_texts_of_a_brief_cannot_run_anything(client_of, staff, library):
    one = document()
    one["brief"]["idea"] = "<script>alert(1)</script> and then rank the toys by what children keep."
    one["run_sheet"][0]["say"] = "<img src=x onerror=alert(1)>"
    library(one)
    page = client_of(staff).get(BRIEF).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page


def test_the_brief_takes_few_queries(client_of, staff, briefed):
    assert len(queries_of(client_of(staff), BRIEF)) <= 6

"""Looking for words: in the guide and among the cases, the best first, with the passage that has them."""

import re

import pytest

from casestudies.templatetags.guide import hit_tags, marked
from tests.factories.casestudies import CaseStudyFactory
from tests.factories.guide import GuidePageFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def shelf():
    plain = {"one_line": "One line.", "area": "Tests", "prompt": "Design it."}
    cards = "Stop stolen cards before anybody is charged."
    CaseStudyFactory(slug="fraud", title="Payment fraud", **{**plain, "prompt": cards})
    CaseStudyFactory(slug="feed", title="News feed", tags=["two-stage"], **plain)
    CaseStudyFactory(slug="cards", title="Notes", **{**plain, "prompt": "People send cards to friends."})
    CaseStudyFactory(slug="draft", title="Draft about fraud", status="draft", **plain)
    CaseStudyFactory(slug="gone", title="Withdrawn fraud", status="withdrawn", **plain)
    CaseStudyFactory(
        slug="closed", title="Closed", mistakes=["zebra"], reference={"answers": {"scope": "zebra"}}, **plain
    )
    GuidePageFactory(slug="calibration", title="Calibration", text="Scores that mean something after fraud.")
    GuidePageFactory(slug="canary", title="Canary releases", text="Calibration is checked before a rollout.")
    GuidePageFactory(slug="hidden", title="Hidden calibration", is_shown=False)


def slugs(response, name: str) -> list[str]:
    return [found.slug for found in response.context[name]]


@pytest.mark.parametrize(
    ("asked", "pages", "cases"),
    [
        ("calibration", ["calibration", "canary"], []),
        ("calibrated scores", ["calibration"], []),
        ("CANARIES", ["canary"], []),
        ("calibratio", ["calibration", "canary"], []),  # still being typed
        ("payment fra", [], ["fraud"]),
        ("fraud", ["calibration"], ["fraud"]),
        ("cards", [], ["fraud", "cards"]),
        ("cards -stolen", [], ["cards"]),
        ('"stolen cards"', [], ["fraud"]),
        ('"cards stolen"', [], []),
        ("feed or payment", [], ["fraud", "feed"]),
        ("two-stage", [], ["feed"]),
        ("zebra", [], []),  # stands only in what is closed
        ('"the"', [], []),
        ("'; drop table x; --", [], []),
        ("!!! & | ( <-> :*", [], []),
        ("\\' \\ %", [], []),
    ],
)
def test_words_find_pages_and_cases_that_hold_them(client, shelf, asked, pages, cases):
    response = client.get("/guide/", {"q": asked})
    assert response.status_code == 200
    assert set(slugs(response, "pages")) == set(pages)
    assert set(slugs(response, "cases")) == set(cases)
    assert {case.slug for case, _ in client.get("/cases/", {"q": asked}).context["cards"]} == set(cases)
    if not pages and not cases:
        assert "Neither the guide nor a case speaks of" in response.content.decode()


def test_what_says_it_in_the_title_stands_first(client, shelf):
    assert slugs(client.get("/guide/?q=calibration"), "pages") == ["calibration", "canary"]
    CaseStudyFactory(slug="late", title="Zoo of cards")
    assert next(case.slug for case, _ in client.get("/cases/?q=cards").context["cards"]) == "late"


def test_results_are_grouped_and_the_passage_is_marked(client, shelf):
    page = client.get("/guide/?q=fraud").content.decode()
    assert page.index("In the guide") < page.index("Among the cases")
    assert "Scores that mean something after <mark>fraud</mark>" in page
    page = client.get("/cases/?q=stolen").content.decode()
    assert "Stop <mark>stolen</mark> cards" in page
    beside = client.get("/cases/?q=fraud").content.decode()
    assert beside.index("Payment fraud") < beside.index("In the guide")
    assert 'href="/guide/calibration/"' in beside


def test_nothing_found_is_told_kindly_on_both_pages(client, shelf):
    assert "No case fits this filter." in client.get("/cases/?q=zebra").content.decode()
    assert "Nor does the guide speak of “zebra”." in client.get("/cases/?q=zebra").content.decode()
    assert "The guide speaks of it" in client.get("/cases/?q=canary").content.decode()
    assert "Show the whole guide" in client.get("/guide/?q=zebra").content.decode()


def test_drafts_are_found_by_staff_only(client, client_of, candidate, staff, shelf):
    for browser in (client, client_of(candidate)):
        for path in ("/guide/?q=fraud", "/cases/?q=fraud"):
            assert "Draft about fraud" not in browser.get(path).content.decode()
    for path in ("/guide/?q=fraud", "/cases/?q=fraud"):
        page = client_of(staff).get(path).content.decode()
        assert "Draft about fraud" in page
        assert "Withdrawn fraud" not in page


def test_htmx_gets_the_list_alone_and_the_address(client, shelf):
    response = client.get("/guide/", {"q": "fraud"}, headers=HTMX)
    assert response.content.decode().strip().startswith('<div id="guide-list">')
    assert response["HX-Push-Url"] == "/guide/?q=fraud"
    assert "HX-Request" in response["Vary"]
    assert client.get("/guide/", {"q": ""}, headers=HTMX)["HX-Push-Url"] == "/guide/"
    back = client.get("/guide/?q=fraud", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


@pytest.mark.parametrize("asked", ["x" * 101, "a\x00b"])
def test_a_search_that_makes_no_sense_is_told_and_shows_the_guide(client, shelf, asked):
    response = client.get("/guide/", {"q": asked})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_what_people_type_and_what_is_found_are_escaped(client):
    attack = '"><script>alert(1)</script>'
    CaseStudyFactory(prompt=f"A prompt about zebras {attack} and more.")
    GuidePageFactory(text=f"A page about zebras {attack} and more.")
    for path in ("/guide/", "/cases/"):
        for asked in (attack, "zebras"):
            assert "<script>alert" not in client.get(path, {"q": asked}).content.decode()
    assert marked("a \ue000<b>\ue001 c") == "a <mark>&lt;b&gt;</mark> c"
    assert marked("nothing was hit") == marked(None) == ""


def test_what_was_found_by_a_tag_says_which(client, shelf):
    page = client.get("/cases/?q=two-stage").content.decode()
    [said] = re.findall(r'<p class="case-card__tags[^>]*>(.*?)</p>', page)
    assert re.sub("</?mark>", "", said) == "Tagged two-stage"
    assert "<mark>" in said
    assert "Tagged" not in client.get("/cases/?q=fraud").content.decode()
    assert hit_tags('["a", "\ue000<b>\ue001 c"]') == ["<mark>&lt;b&gt;</mark> c"]
    assert hit_tags(None) == hit_tags('["a"]') == []

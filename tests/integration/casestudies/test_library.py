"""Finding a case: the list, its filter, and the frameworks."""

from urllib.parse import urlencode

import pytest

from tests.factories.casestudies import CaseStudyFactory
from tests.integration.casestudies.conftest import queries_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def shelf():
    """Four published cases, a draft and a withdrawn one."""
    CaseStudyFactory(
        slug="fraud", title="Payment fraud", area="Fraud", difficulty=2, prompt="Stop stolen cards."
    )
    CaseStudyFactory(slug="feed", title="News feed", area="Feeds", difficulty=3, tags=["two-stage"])
    CaseStudyFactory(slug="rag", title="Answers from documents", kind="genai", area="Search", difficulty=2)
    CaseStudyFactory(slug="store", title="Feature store", kind="platform", area="Platforms", difficulty=3)
    CaseStudyFactory(slug="draft", title="Half a case", status="draft")
    CaseStudyFactory(slug="gone", title="Old case", status="withdrawn")


def titles(response) -> list[str]:
    return [case.title for case, _ in response.context["cards"]]


def test_the_library_lists_what_is_published_by_title(client, shelf):
    response = client.get("/cases/")
    assert response.status_code == 200
    assert titles(response) == ["Answers from documents", "Feature store", "News feed", "Payment fraud"]
    page = response.content.decode()
    assert 'href="/cases/fraud/"' in page
    assert "All 4, by title" in page
    assert "Half a case" not in page
    assert "Old case" not in page


def test_staff_see_their_drafts_too(client_of, staff, shelf):
    page = client_of(staff).get("/cases/").content.decode()
    assert "Half a case" in page
    assert "Old case" not in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "genai"}, ["Answers from documents"]),
        ({"area": "Feeds"}, ["News feed"]),
        ({"difficulty": "3"}, ["Feature store", "News feed"]),
        ({"q": "FRAUD"}, ["Payment fraud"]),
        ({"q": "stolen cards"}, ["Payment fraud"]),
        ({"q": "cards stolen"}, ["Payment fraud"]),
        ({"q": "two-stage"}, ["News feed"]),
        ({"q": "feeds"}, ["News feed"]),
        ({"q": "fraud feed"}, []),
        ({"q": "100%"}, []),
        ({"q": "_____"}, []),
        ({"q": "streaming", "difficulty": "3"}, ["Feature store"]),
        ({"q": "", "kind": "", "area": "", "difficulty": ""}, None),
    ],
)
def test_the_filter_stands_in_the_address(client, shelf, asked, found):
    response = client.get("/cases/", asked)
    assert titles(response) == (found if found is not None else sorted(titles(response)))
    page = response.content.decode()
    assert ("of 4 shown" in page) == (found is not None)
    for value in filter(None, asked.values()):
        assert f'value="{value}" checked' in page or f'value="{value}"' in page or f"selected>{value}" in page


def test_htmx_gets_the_list_alone_and_the_address_without_what_is_not_asked(client, shelf):
    response = client.get("/cases/", {"q": "feed", "kind": "", "area": "", "difficulty": "3"}, headers=HTMX)
    page = response.content.decode()
    assert page.strip().startswith("<section")
    assert "<html" not in page
    assert response["HX-Push-Url"] == "/cases/?q=feed&difficulty=3"
    assert "HX-Request" in response["Vary"]
    assert client.get("/cases/", {"q": ""}, headers=HTMX)["HX-Push-Url"] == "/cases/"


def test_going_back_gets_the_whole_page(client, shelf):
    response = client.get("/cases/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in response.content.decode()
    assert "HX-Request" in client.get("/cases/")["Vary"]


def test_nothing_found_and_nothing_there_say_what_to_do(client):
    assert "The library is empty" in client.get("/cases/").content.decode()
    CaseStudyFactory()
    page = client.get("/cases/", {"q": "quantum"}).content.decode()
    assert "No case fits this filter." in page
    assert "Show all 1" in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"kind": "modern"}, "There is no such kind."),
        ({"difficulty": "9"}, "There is no such difficulty."),
        ({"difficulty": "x' OR 1=1"}, "There is no such difficulty."),
        ({"done": "maybe"}, "Choose tried or not tried."),
        ({"q": "x" * 101}, "Search for fewer words"),
        ({"q": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_narrows_nothing(client, shelf, asked, sentence):
    for headers in ({}, HTMX):
        response = client.get("/cases/", asked, headers=headers)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert response.content.decode().count('<li class="case-card">') == 4


def test_what_people_type_is_escaped(client, shelf):
    attack = '"><script>alert(1)</script>'
    for headers in ({}, HTMX):
        page = client.get("/cases/", {"q": attack, "area": attack[:40]}, headers=headers).content.decode()
        assert "<script>alert" not in page


def test_one_is_picked_that_fits_the_filter(client, shelf):
    for _ in range(5):
        assert client.get("/cases/surprise/?kind=genai")["Location"] == "/cases/rag/"
        assert client.get("/cases/surprise/")["Location"] not in ("/cases/draft/", "/cases/gone/")
    assert client.get("/cases/surprise/?q=quantum")["Location"] == "/cases/?q=quantum"


def best_results(person):
    """Stand in for the app above: one best result."""
    from casestudies.models import CaseStudy

    bar = type("Bar", (), {"slug": "scope", "name": "Scope", "level": 3.2, "share": 80})
    return {CaseStudy.objects.get(slug="fraud").pk: {"total": 68, "bars": [bar]}}


def test_the_best_result_stands_on_the_card_and_done_can_be_filtered_by(
    client, client_of, candidate, shelf, settings
):
    settings.CASE_RESULTS = f"{__name__}.best_results"
    browser = client_of(candidate)
    page = browser.get("/cases/").content.decode()
    assert "You have tried 1" in page
    assert '68<span class="visually-hidden"> of 100, your best</span>' in page
    assert page.count("Not tried</span>") == 3
    assert titles(browser.get("/cases/?done=tried")) == ["Payment fraud"]
    assert len(titles(browser.get("/cases/?done=untried"))) == 3
    for _ in range(5):
        assert browser.get("/cases/surprise/")["Location"] != "/cases/fraud/"
    assert "68" not in client.get("/cases/").content.decode()


@pytest.mark.parametrize(
    ("path", "needed"),
    [("/cases/", 3), ("/cases/?" + urlencode({"q": "case streaming", "difficulty": 2}), 4)],
)
def test_queries_do_not_grow_with_the_library(client, path, needed):
    CaseStudyFactory.create_batch(2)
    few = queries_of(client, path)
    CaseStudyFactory.create_batch(30)
    many = queries_of(client, path)
    assert len(few) == len(many) == needed
    assert "reference" not in "".join(many)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["/cases/", "/cases/surprise/", "/cases/frameworks/", "/cases/fraud/"])
def test_the_library_is_only_read(client, shelf, method, path):
    assert getattr(client, method)(path).status_code == 405


def test_frameworks_are_listed_and_each_has_a_page(client, toy):
    listed = client.get("/cases/frameworks/").content.decode()
    assert 'href="/cases/frameworks/seven-step/"' in listed
    page = client.get("/cases/frameworks/seven-step/").content.decode()
    assert "Clarify requirements and scope" in page
    for code in (*(f"C{n:02}" for n in range(1, 23)), *(f"G{n:02}" for n in range(1, 11)), "P01"):
        assert page.count(f'criterion__code">{code}<') == 1
    assert page.count('<li value="4">') == page.count('<details class="criterion') == 35


def test_framework_pages_take_as_many_queries_for_four_steps_as_for_seven(client, toy):
    paths = ("/cases/frameworks/four-step/", "/cases/frameworks/seven-step/")
    four, seven = (len(queries_of(client, path)) for path in paths)
    assert four == seven <= 5


def test_an_unknown_framework_is_a_page_that_names_the_others(client, toy):
    response = client.get("/cases/frameworks/ten-step/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "There is no framework at this address." in page
    assert "Seven steps" in page

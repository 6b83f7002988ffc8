"""A case's page: the prompt for everybody, what is behind it only for those for whom it is open."""

import html
import re

import pytest

from casestudies.models import CaseStudy, Fact, Hint
from tests.factories.casestudies import EIGHT, case_document
from tests.integration.casestudies.conftest import queries_of

pytestmark = pytest.mark.django_db
SECRET = "xyzzy"
PAGE = "/cases/secret-case/"


def secret_document():
    """A case in which every closed text carries a word that stands nowhere else."""
    number = iter(range(1000))

    def canary(text: str = "Says") -> str:
        return f"{text} {SECRET}{next(number)}."

    document = case_document("secret-case")
    document |= {
        "requirements": [{"id": "fast", "text": canary()}],
        "mistakes": [canary() for _ in range(5)],
        "level_cues": {level: [canary()] for level in ("mid", "senior", "staff")},
        "curveball": {"change": canary(), "minutes": 5, "expects": [canary()], "keeps": [canary()]},
        "brief": {
            "idea": canary("Rank toys by what children keep,"),
            "weak_points": [canary()],
            "do_not_say": [canary()],
        },
        "hints": {slug: [canary(), canary(), canary()] for slug in EIGHT},
        "run_sheet": [{"minutes": 45, "dimension": "scope", "now": canary(), "say": canary()}] * 1
        + [{"minutes": 1, "dimension": "data", "now": canary(), "say": canary()}] * 2,
    }
    document["run_sheet"][0]["minutes"] = 43
    for fact in document["facts"]:
        fact |= {"ask": canary("What about"), "answer": canary(), "terms": [f"{SECRET}term"]}
    for item in document["follow_ups"]:
        item["ask"] = canary("And then")
    for item in document["expectations"]:
        item["statement"] = canary()
        item["rule"] = {"words": {"all_of": [f"{SECRET}rule"]}}
    for slug in EIGHT:
        document["reference"]["answers"][slug] = canary() + " word" * 95
    for node in document["reference"]["board"]["nodes"]:
        node["label"] = canary("Box")
    return document


@pytest.fixture
def secret(library) -> CaseStudy:
    return library(secret_document())["secret-case"]


def picture(case: CaseStudy) -> str:
    """Stand in for the app above: the labels of the reference board."""
    return (
        "<svg>"
        + "".join(f"<text>{node['label']}</text>" for node in case.reference["board"]["nodes"])
        + "</svg>"
    )


@pytest.fixture(autouse=True)
def pictures(settings):
    settings.CASE_BOARD_SVG = f"{__name__}.picture"


def leaked(response) -> list[str]:
    """Return every closed word in what was sent, and in what the templates were given."""
    given = " ".join(repr(layer) for layer in (response.context or []))
    objects = [value for layer in response.context or [] for part in layer for value in part.values()]
    rows = [repr(vars(value)) for value in objects if isinstance(value, CaseStudy | Fact | Hint)]
    sent = response.content.decode() + str(response.headers)
    return re.findall(rf"{SECRET}\w*", " ".join([sent, given, *rows]))


def test_the_prompt_and_the_way_in_are_there_for_everybody(client, secret):
    response = client.get(PAGE)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Design a system that ranks toys" in page
    assert 'action="/start/"' in page
    for field in (
        'name="case" value="secret-case"',
        'value="seven-step" checked',
        'value="senior" checked',
        'value="45" checked',
    ):
        assert field in page
    for field in (
        'value="four-step"',
        'value="six-step"',
        'value="mid"',
        'value="staff"',
        'value="35"',
        'value="60"',
    ):
        assert field in page
    assert "csrfmiddlewaretoken" in page
    assert 'action="/cases/secret-case/reveal/"' in page


def test_nothing_that_is_closed_reaches_a_visitor(client, secret):
    assert leaked(client.get(PAGE)) == []


def test_nothing_that_is_closed_reaches_somebody_who_has_not_submitted(client_of, candidate, secret):
    browser = client_of(candidate)
    assert leaked(browser.get(PAGE)) == []
    assert leaked(browser.get(PAGE, headers={"HX-Request": "true"})) == []
    assert leaked(browser.get(f"{PAGE}?open=1&is_open=True&spoilers=yes")) == []


def test_nothing_that_is_closed_is_in_the_library_or_an_error(client_of, candidate, secret):
    browser = client_of(candidate)
    for path in (
        "/cases/",
        f"/cases/?q={SECRET}",
        "/cases/?q=toy",
        "/cases/secret-cas/",
        "/cases/frameworks/six-step/",
    ):
        response = browser.get(path)
        assert [word for word in leaked(response) if word != SECRET] == []
    assert browser.get(f"/cases/?q={SECRET}").context["cards"] == []


def test_starting_an_interview_opens_nothing(client_of, candidate, secret):
    browser = client_of(candidate)
    started = browser.post(
        "/start/", {"case": "secret-case", "framework": "seven-step", "level": "mid", "minutes": "35"}
    )
    assert started.status_code == 302
    assert leaked(browser.get(PAGE)) == []


def test_who_asks_for_it_sees_everything_and_nobody_else_does(client_of, candidate, stranger, secret):
    browser = client_of(candidate)
    assert browser.post("/cases/secret-case/reveal/").status_code == 302
    pages = [browser.get(path).content.decode() for path in (PAGE, f"{PAGE}brief/")]
    shown = html.unescape("".join(pages))
    words = {f"{SECRET}{n}" for n in range(2000)}
    written = set(re.findall(rf"{SECRET}\d+", repr(secret_document())))
    assert written <= words
    assert written <= set(re.findall(rf"{SECRET}\d+", shown))
    assert "Show me anyway" not in shown
    for rule in (f"{SECRET}term", f"{SECRET}rule"):
        assert rule not in shown
    assert shown.count('<details class="criterion') == 35
    assert "<svg>" in shown
    for path in (PAGE, f"{PAGE}brief/"):
        assert leaked(client_of(stranger).get(path)) == []


def never(*arguments: object) -> bool:
    return False


def sulks(*arguments: object) -> str:
    return "yes"


@pytest.mark.parametrize("hook", ["", f"{__name__}.never", f"{__name__}.sulks"])
def test_it_stays_closed_when_the_app_above_says_anything_but_yes(
    client_of, candidate, secret, settings, hook
):
    settings.CASE_SPOILERS = hook
    assert leaked(client_of(candidate).get(PAGE)) == []


def test_texts_cannot_run_anything(client_of, staff, library):
    attack = "<script>alert(1)</script>"
    document = case_document(title="Toy <b>case</b>", prompt=f"Design a system that ranks toys. {attack}")
    document["facts"][0]["answer"] = attack
    document["reference"]["answers"]["data"] = f"{attack} [x](javascript:alert(1)) " + "word " * 100
    document["brief"]["idea"] = f"{attack} and then rank the toys by what children keep."
    library(document)
    page = client_of(staff).get("/cases/toy-case/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "Toy &lt;b&gt;case" in page


def test_a_draft_is_there_for_staff_only(client, client_of, candidate, staff, library):
    library(case_document(status="draft"))
    for browser in (client, client_of(candidate)):
        assert browser.get("/cases/toy-case/").status_code == 404
        assert "Toy case" not in browser.get("/cases/toy-case/").content.decode()
        assert "Toy case" not in browser.get("/cases/toy-cas/").content.decode()
    page = client_of(staff).get("/cases/toy-case/").content.decode()
    assert "Draft" in page
    assert 'action="/start/"' not in page


def test_a_withdrawn_case_can_be_read_by_who_has_it_open(client, client_of, candidate, stranger, toy):
    browser = client_of(candidate)
    browser.post("/cases/toy-case/reveal/")
    CaseStudy.objects.update(status="withdrawn")
    page = browser.get("/cases/toy-case/")
    assert page.status_code == 200
    assert "This case was withdrawn." in page.content.decode()
    assert 'action="/start/"' not in page.content.decode()
    for other in (client, client_of(stranger)):
        assert other.get("/cases/toy-case/").status_code == 404


def test_an_unknown_case_is_a_page_that_helps(client, toy):
    response = client.get("/cases/toy-kase/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "Did you mean “Toy case”?" in page
    assert 'href="/cases/"' in page
    assert client.get("/cases/zzzzzzzz/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/cases/Toy Case/", "/cases/toy-case'--/", "/cases/%00/", "/cases/" + "x" * 5000 + "/"]
)
def test_an_address_that_makes_no_sense_is_not_found(client, toy, path):
    assert client.get(path).status_code == 404


def test_the_page_takes_the_same_queries_however_much_is_behind_it(client_of, candidate, library):
    small, large = case_document("small-case"), case_document("large-case")
    for name in ("facts", "follow_ups"):
        large[name] += [{**item, "id": f"more-{item['id']}"} for item in large[name]]
    large["expectations"] += [{**item, "id": f"more-{item['id']}"} for item in large["expectations"][:6]]
    library(small, large)
    browser = client_of(candidate)
    counts = []
    for slug in ("small-case", "large-case"):
        closed = len(queries_of(browser, f"/cases/{slug}/"))
        browser.post(f"/cases/{slug}/reveal/")
        browser.get(f"/cases/{slug}/")  # shows the message of the reveal, once
        counts.append((closed, len(queries_of(browser, f"/cases/{slug}/"))))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 9
    assert counts[0][1] <= 16

"""The guide: loaded from files, listed in groups, read page by page, linked from criteria and back."""

import pytest
import yaml
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casestudies.loading import load_pack
from casestudies.models import CaseStudy, Criterion, GuidePage
from casestudies.pack import load
from tests.factories.casestudies import case_document, write_case, write_tree
from tests.factories.guide import GuidePageFactory, page_document, three_pages
from tests.integration.casestudies.conftest import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(tmp_path):
    root = write_tree(tmp_path / "tree", case_document())
    for page in three_pages(criteria=["C02", "G01"]):
        write_case(root / "guide", page)
    return root


@pytest.fixture
def guide(tree):
    load_pack(load(tree))
    return {page.slug: page for page in GuidePage.objects.all()}


def test_pages_are_loaded_once_and_a_second_run_writes_nothing(tree, capsys):
    call_command("load_content", tree)
    assert "guide pages: 3 added" in capsys.readouterr().out
    page = GuidePage.objects.get(slug="toy-page")
    assert set(page.criteria.values_list("code", flat=True)) == {"C02", "G01"}
    assert page.text.startswith("Why two A cheap stage keeps a hundred toys. Stage Toys First 100 Every word")
    assert len(page.content_hash) == 64
    with CaptureQueriesContext(connection) as queries:
        call_command("load_content", tree)
    assert capsys.readouterr().out.endswith("Nothing changed.\n")
    assert not [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_page_gone_from_the_files_is_hidden_and_comes_back(tree, guide, client):
    first = page_document(criteria=["C02"], see_also=["other-page", "fourth-page"])
    file = write_case(tree / "guide", {**first, "title": "Renamed"})
    (tree / "guide" / "third-page.yaml").unlink()
    write_case(tree / "guide", page_document("other-page", position=2, see_also=["toy-page", "fourth-page"]))
    write_case(tree / "guide", page_document("fourth-page", position=3, see_also=["toy-page", "other-page"]))
    load_pack(load(tree))
    assert GuidePage.objects.filter(pk=guide["third-page"].pk, is_shown=False).exists()
    assert client.get("/guide/third-page/").status_code == 404
    page = GuidePage.objects.get(slug="toy-page")
    assert (page.pk, page.title) == (guide["toy-page"].pk, "Renamed")
    assert list(page.criteria.values_list("code", flat=True)) == ["C02"]
    for slug in ("third-page", "toy-page", "other-page"):
        write_case(tree / "guide", next(one for one in three_pages() if one["slug"] == slug))
    load_pack(load(tree))
    assert client.get("/guide/third-page/").status_code == 200
    assert yaml.safe_load(file.read_text())["slug"] == "toy-page"


def test_a_lone_page_hides_no_other(tree, guide):
    load_pack(load(write_tree(tree.parent / "empty") / "frameworks" / "six-step.yaml"))
    assert GuidePage.objects.shown().count() >= 3


def test_the_database_refuses_a_group_there_is_none_of():
    with pytest.raises(IntegrityError), transaction.atomic():
        GuidePageFactory(group="misc")


def test_the_guide_lists_its_groups_in_order(client, guide):
    page = client.get("/guide/").content.decode()
    assert page.index("Data and labels") < page.index("Features and models")
    assert page.index('href="/guide/toy-page/"') < page.index('href="/guide/other-page/"')
    assert "Few toys looked at closely" in page
    assert page.count('aria-current="page"') == 1
    assert "Evaluation</h2>" not in page


def test_an_empty_guide_says_what_to_do(client):
    assert "The guide is empty." in client.get("/guide/").content.decode()


def test_a_page_has_its_text_example_drawing_lines_and_neighbours(client, guide):
    page = client.get("/guide/toy-page/").content.decode()
    for part in (
        "<h1>Toys in two stages</h1>",
        "<h2>Why two</h2>",
        '<th scope="col">Stage</th>',
        "A shelf of <strong>1,000</strong> toys",
        'data-element="box-0"',
        "Toys in two stages: a drawing</title>",
        "“I would say line 1 aloud.”",
        "Falling into pit 2.",
        '<a rel="next" href="/guide/other-page/">',
        'href="/guide/third-page/"',
    ):
        assert part in page
    assert 'rel="prev"' not in page
    assert 'rel="prev" href="/guide/toy-page/"' in client.get("/guide/other-page/").content.decode()


def test_a_page_names_its_criteria_with_anchors_and_the_cases_that_ask_for_them(client, guide):
    page = client.get("/guide/toy-page/").content.decode()
    assert page.count('<details class="criterion') == 2
    assert '<li value="4">' in page
    assert 'href="/cases/toy-case/"' in page
    assert "Says thing 3." not in page  # what a case expects stays a spoiler
    assert 'href="/cases/toy-case/"' not in client.get("/guide/other-page/").content.decode()


def test_a_draft_case_is_named_to_staff_only(client, client_of, candidate, staff, guide):
    CaseStudy.objects.update(status="draft")
    for browser in (client, client_of(candidate)):
        assert "Toy case" not in browser.get("/guide/toy-page/").content.decode()
    assert "Toy case" in client_of(staff).get("/guide/toy-page/").content.decode()
    CaseStudy.objects.update(status="withdrawn")
    assert "Toy case" not in client_of(staff).get("/guide/toy-page/").content.decode()


def test_what_authors_write_is_escaped_and_runs_nothing(client, tree):
    attack = "<script>alert(1)</script> ![x](https://elsewhere.example/x.png) [y](javascript:alert(1)) "
    first, *others = three_pages()
    first["body"] = attack + first["body"]
    first["example"]["body"] = attack + first["example"]["body"]
    first["say"][0] = first["pitfalls"][0] = first["title"] = '"><script>alert(1)</script>'
    first["board"]["nodes"][0]["label"] = "</text><script>alert(1)</script>"
    for document in (first, *others):
        write_case(tree / "guide", document)
    load_pack(load(tree))
    for path in ("/guide/", "/guide/toy-page/", "/guide/other-page/", "/guide/?q=script"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "elsewhere.example/x.png" not in page.replace("https://elsewhere.example/x.png)", "")
        assert 'href="javascript' not in page


def test_criteria_link_to_their_page_only_where_there_is_one(client_of, candidate, tree):
    load_pack(load(tree))
    browser = client_of(candidate)
    browser.post("/cases/toy-case/reveal/")
    for path in ("/cases/frameworks/seven-step/", "/cases/toy-case/"):
        assert 'href="/guide/' not in browser.get(path).content.decode().replace('href="/guide/"', "")
    slug = Criterion.objects.get(code="C02").guide
    page = GuidePageFactory(slug=slug, title="Sizing")
    for path in ("/cases/frameworks/seven-step/", "/cases/toy-case/"):
        assert f'href="/guide/{slug}/"' in browser.get(path).content.decode()
    page.is_shown = False
    page.save()
    assert f'href="/guide/{slug}/"' not in browser.get("/cases/toy-case/").content.decode()


def test_a_page_that_is_not_there_names_the_nearest(client, guide):
    response = client.get("/guide/toy-pag/")
    assert response.status_code == 404
    assert "Did you mean “Toys in two stages”?" in response.content.decode()


@pytest.mark.parametrize("path", ["/guide/%00/", "/guide/Toy Page/", "/guide/" + "x" * 5000 + "/"])
def test_an_address_that_makes_no_sense_is_not_found(client, guide, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["/guide/", "/guide/toy-page/"])
def test_the_guide_is_only_read(client, guide, method, path):
    assert getattr(client, method)(path).status_code == 405


def test_queries_do_not_grow_with_the_guide(client, guide):
    paths = ("/guide/", "/guide/?q=toys", "/guide/toy-page/")
    few = [len(queries_of(client, path)) for path in paths]
    GuidePageFactory.create_batch(20, group="models", title="More toys", criteria=Criterion.objects.all()[:5])
    assert [len(queries_of(client, path)) for path in paths] == few
    assert few[0] <= 1
    assert few[1] <= 2
    assert few[2] <= 4

"""From nothing to a case in the library: new_case, check_content, load_content, and the preview for staff."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from casestudies.models import CaseStudy
from tests.factories.casestudies import case_document, write_case, write_tree
from tests.factories.guide import GuidePageFactory, three_pages


def call(name: str, *arguments: object, **options: object) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


def found(*arguments: object, **options: object) -> tuple[str, str]:
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("check_content", *arguments, stdout=out, **options)
    return str(caught.value), out.getvalue()


def test_a_new_case_is_written_once(tmp_path):
    told = call("new_case", "train-delay", into=tmp_path / "mine")
    assert f"{tmp_path / 'mine' / 'train-delay.yaml'} written." in told
    for slug in ("train-delay", "payment-fraud"):
        with pytest.raises(CommandError, match="is there already"):
            call("new_case", slug, into=tmp_path / "mine")
    for slug in ("Train", "a", "a--b", "../up", "x" * 61):
        with pytest.raises(CommandError, match="is no slug"):
            call("new_case", slug, into=tmp_path / "mine")
    assert [path.name for path in tmp_path.rglob("*.yaml")] == ["train-delay.yaml"]


def test_content_in_order_is_told_in_one_line(tmp_path):
    root = write_tree(tmp_path / "tree", case_document())
    assert call("check_content", root, no_scores=True) == "1 case and 0 pages of the guide: in order.\n"


def test_findings_are_told_a_line_each(tmp_path):
    root = write_tree(tmp_path / "tree", case_document(area="Enviroment"), case_document("two-case"))
    for page in three_pages():
        write_case(root / "guide", page)
    told, lines = found(root, no_scores=True)
    count = len(lines.splitlines())
    assert told == f"{count} findings."
    assert "`Enviroment` is spelt `environment`." in lines
    assert "classic/toy-case.yaml:1: Its title is that of `two-case`" in lines
    assert "C01 sends its readers to the page `clarify-and-scope`. There is none: write it." in lines
    assert "The design check `two-stage` sends its readers here" in lines


def test_a_file_that_is_not_valid_is_told_with_its_line(tmp_path):
    told, lines = found(write_case(tmp_path, case_document(difficulty=9)))
    assert told == "1 finding."
    assert lines.startswith("toy-case.yaml:6: `Difficulty` is 9.") or "toy-case.yaml:6:" in lines


def test_references_are_scored_and_what_a_draft_lacks_holds_up_nobody(tmp_path):
    root = write_tree(tmp_path / "tree", case_document())
    told, lines = found(root)
    assert "classic/toy-case.yaml:1: The reference scores" in lines
    assert "85 are needed" in lines
    assert told.endswith("findings.")
    write_case(root / "classic", case_document(status="draft"))
    drafted = call("check_content", root)
    assert "draft classic/toy-case.yaml:1: The reference scores" in drafted
    assert drafted.endswith("in order.\n")


def test_a_case_there_is_none_of_is_told(tmp_path):
    root = write_tree(tmp_path / "tree", case_document())
    assert found(root, case=["other-case"])[0] == "There is no case `other-case` here. Known: toy-case."


@pytest.fixture
def admin(db, client_of, staff):
    get_user_model().objects.filter(pk=staff.pk).update(is_superuser=True)
    staff.refresh_from_db()
    return client_of(staff)


def test_staff_preview_a_draft_as_its_page(admin, client, client_of, candidate, tmp_path):
    call("new_case", "train-delay", into=tmp_path / "mine")
    call("load_content", tmp_path / "mine")
    case = CaseStudy.objects.get(slug="train-delay")
    assert 'href="/cases/train-delay/">Preview' in admin.get("/admin/casestudies/casestudy/").content.decode()
    assert (
        "/cases/train-delay/" in admin.get(f"/admin/casestudies/casestudy/{case.pk}/change/").content.decode()
    )
    page = admin.get("/cases/train-delay/").content.decode()
    for part in (
        "Draft",
        "How many people use it?",
        "What a staff engineer would say",
        'data-element="candidates"',
    ):
        assert part.lower() in page.lower()
    assert "Start alone" not in page
    for browser in (client, client_of(candidate)):
        assert browser.get("/cases/train-delay/").status_code == 404
        assert browser.get(f"/admin/casestudies/casestudy/{case.pk}/change/").status_code == 302


def test_pages_of_the_guide_are_looked_at_in_the_admin(admin, client_of, candidate):
    shown, hidden = GuidePageFactory(title="Shown one"), GuidePageFactory(title="Hidden one", is_shown=False)
    listed = admin.get("/admin/casestudies/guidepage/").content.decode()
    assert f'href="/guide/{shown.slug}/">Preview' in listed
    assert f'href="/guide/{hidden.slug}/"' not in listed
    assert admin.get(f"/admin/casestudies/guidepage/{hidden.pk}/change/").status_code == 200
    assert admin.post(f"/admin/casestudies/guidepage/{shown.pk}/change/", {"title": "x"}).status_code == 403
    assert client_of(candidate).get("/admin/casestudies/guidepage/").status_code == 302

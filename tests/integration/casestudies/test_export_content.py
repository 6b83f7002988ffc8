"""manage.py export_content: what it writes is the library again."""

from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command

from casestudies.loading import load_pack
from casestudies.models import CaseStudy, GuidePage
from casestudies.pack import load
from casestudies.written import to_yaml
from tests.factories.casestudies import case_document, write_case, write_tree
from tests.factories.guide import three_pages
from tests.integration.casestudies.test_load_content import rows, run

pytestmark = pytest.mark.django_db

ODD = "Read: {this} #not a comment, 'quoted' \"twice\", - and *this*, 100 %, naïve — yes"


def export(*arguments: object, **options: object) -> str:
    out = StringIO()
    call_command("export_content", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def tree(tmp_path):
    odd = case_document("odd-case", title="null", tags=["12:30", "1e5", "08", "null", "~x", "2026-11-21"])
    odd["prompt"] = (
        f"{ODD}\n\n  A second line, indented, with trailing dots ...\n\nAnd a third paragraph here.\n"
    )
    odd["figures"] |= {"tiny": 1e-07, "huge": 1e15, "part": 0.1}
    odd["expectations"] = odd["expectations"][::-1]
    root = write_tree(tmp_path / "tree", case_document("two-case", kind="genai", status="draft"))
    (root / "classic").mkdir()
    (root / "classic" / "odd-case.yaml").write_text(to_yaml(odd), "utf-8")
    for page in three_pages(criteria=["G01", "C02"]):
        write_case(root / "guide", page)
    return root


def test_loading_what_was_exported_changes_nothing(tree, tmp_path):
    run(tree)
    before = rows()
    assert "written to" in export(tmp_path / "out")
    assert run(tmp_path / "out").endswith("Nothing changed.\n")
    assert rows() == before
    original, written = load(tree), load(tmp_path / "out")
    assert written.cases == original.cases
    assert written.frameworks == original.frameworks
    assert written.criteria == original.criteria
    assert written.dimensions == original.dimensions


def test_a_changed_case_keeps_its_order_too(tree, tmp_path):
    run(tree)
    changed = case_document("two-case", kind="genai")
    changed["expectations"].insert(
        0, {**changed["expectations"][0], "id": "new-first", "statement": "Is first."}
    )
    write_case(tree / "genai", changed)
    run(tree)
    export(tmp_path / "out")
    assert run(tmp_path / "out").endswith("Nothing changed.\n")


def test_what_was_withdrawn_or_hidden_is_not_written(tree, tmp_path):
    run(tree)
    CaseStudy.objects.filter(slug="two-case").update(status="withdrawn")
    GuidePage.objects.filter(slug="third-page").update(is_shown=False)
    export(tmp_path / "out")
    assert {path.stem for path in (tmp_path / "out").rglob("*-case.yaml")} == {"odd-case"}
    assert not (tmp_path / "out" / "guide" / "third-page.yaml").exists()


def test_one_pack_is_written_as_a_directory_of_its_name(tree, tmp_path):
    run(tree)
    write_case(tmp_path / "mine", case_document("my-case"))
    load_pack(load(tmp_path / "mine"))
    export(tmp_path / "out", pack="mine")
    assert [path.name for path in (tmp_path / "out" / "mine").iterdir()] == ["my-case.yaml"]
    assert run(tmp_path / "out" / "mine").endswith("Nothing changed.\n")


def test_files_read_as_people_write_them(tree, tmp_path):
    run(tree)
    export(tmp_path / "out")
    text = (tmp_path / "out" / "classic" / "odd-case.yaml").read_text("utf-8")
    assert text.startswith('slug: odd-case\ntitle: "null"\n')
    assert "prompt: |" in text
    assert "at: [0, 0]" in text
    assert list(yaml.safe_load(text))[:4] == ["slug", "title", "one_line", "kind"]


def test_nothing_is_overwritten_and_an_unknown_pack_is_told(tree, tmp_path):
    run(tree)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").write_text("mine")
    with pytest.raises(CommandError, match="nothing is overwritten"):
        export(tmp_path / "full")
    with pytest.raises(CommandError, match="no case in the pack `other`"):
        export(tmp_path / "out", pack="other")
    assert not (tmp_path / "out").exists()

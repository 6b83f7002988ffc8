"""Pages of the guide as files, and every way in which one can be wrong."""

from pathlib import Path
from typing import Any

import pytest

from casestudies.guide_checks import words
from casestudies.pack import DEFAULT_CONTENT, PackError, load
from tests.factories.casestudies import write_case, write_tree
from tests.factories.guide import page_document, three_pages
from tests.unit.casestudies.test_pack import problems, put


def tree_of(folder: Path, *pages: dict[str, Any]) -> Path:
    root = write_tree(folder / "tree")
    for page in pages:
        write_case(root / "guide", page)
    return root


def told_of(root: Path) -> list[str]:
    return [problem for problem in problems(root) if problem.startswith("guide/toy-page.yaml:")]


def test_pages_that_point_to_each_other_are_valid(tmp_path):
    pack = load(tree_of(tmp_path, *three_pages()))
    assert set(pack.guide) == {"toy-page", "other-page", "third-page"}
    assert pack.guide["toy-page"]["figures"]["kept"] == 100


def test_a_page_without_arithmetic_needs_no_figures(tmp_path):
    first, *others = three_pages()
    del first["figures"], first["checks"]
    pack = load(tree_of(tmp_path, first, *others))
    assert (pack.guide["toy-page"]["figures"], pack.guide["toy-page"]["checks"]) == ({}, [])


def test_every_page_that_comes_with_it_is_valid():
    pack = load(DEFAULT_CONTENT)
    assert pack.guide
    assert all(450 <= words(page) <= 900 for page in pack.guide.values())


@pytest.mark.parametrize(
    ("path", "value", "at", "says"),
    [
        # Shape
        ("pitfalls", ..., "slug: toy-page", "no `pitfalls`"),
        ("pitfals", "x", "pitfals:", "Did you mean `pitfalls`?"),
        ("group", "misc", "group: misc", "Choose one of steps"),
        ("title", "x" * 61, "title:", "at most 60 fit"),
        ("one_line", "x" * 101, "one_line:", "at most 100 fit"),
        ("position", 0, "position: 0", "at least 1"),
        ("say", ["I would say it once."], "say:", "has 1 of at least 3"),
        ("pitfalls", ["One of these pits."], "pitfalls:", "has 1 of at least 3"),
        ("see_also", ["other-page"], "see_also:", "has 1 of at least 2"),
        ("see_also", ["other-page", "other-page"], "see_also:", "an item twice"),
        ("board/nodes", [], "nodes: []", "has 0 of at least 4"),
        ("board/nodes/1/kind", "database", "kind: database", "Choose one of client"),
        ("figures/Toys", 1, "figures:", "small letters, digits and underscores"),
        # What points elsewhere
        ("see_also/0", "othr-page", "- othr-page", "Did you mean `other-page`?"),
        ("see_also/0", "zebra", "- zebra", "no page of the guide `zebra`"),
        ("see_also/0", "toy-page", "- toy-page", "points to itself"),
        ("criteria", ["C99"], "- C99", "no criterion `C99`"),
        ("position", 2, "position: 2", ""),
        ("board/edges/0/to", "box-9", "to: box-9", "no box of the board `box-9`"),
        # Counts and sums
        ("body", "word " * 100, "body:", "450 to 900 are right. Say more."),
        ("body", "word " * 900, "body:", "450 to 900 are right. Shorten them."),
        ("figures/share", 0.2, "expr: kept / toys", "comes to 0.1, but `share` is 0.2"),
        ("checks/0/expr", "kept / toy", "expr: kept / toy", "`toy` is not among the figures"),
        ("checks", ..., "figures:", "come together"),
    ],
)  # fmt: skip
def test_a_wrong_page_is_told_by_file_and_line_with_what_to_do(tmp_path, path, value, at, says):
    first, *others = three_pages()
    root = tree_of(tmp_path, put(first, path, value), *others)
    lines = (root / "guide" / "toy-page.yaml").read_text().splitlines()
    if path == "position" and value == 2:
        # Told of the page that comes later in the alphabet.
        assert any("`other-page` already stands at 2 in `models`" in problem for problem in problems(root))
        return
    told = [problem for problem in told_of(root) if says in problem]
    assert told, problems(root)
    line = int(told[0].split(":")[1])
    assert any(at in text for text in lines[line - 1 : line + 5])


def test_a_page_lists_the_criteria_that_send_their_readers_to_it(tmp_path):
    bank = load(write_tree(tmp_path / "bare")).criteria
    slug, code = bank["C01"]["guide"], "C01"
    sent = [one for one, entry in bank.items() if entry["guide"] == slug]
    _, *others = three_pages()
    page = page_document(slug, criteria=[one for one in sent if one != code], see_also=["a-page", "b-page"])
    others = [page_document(name, position=n, see_also=[slug, "a-page" if n > 2 else "b-page"])
              for n, name in enumerate(("a-page", "b-page"), 2)]  # fmt: skip
    root = tree_of(tmp_path, page, *others)
    assert problems(root) == [
        next(p for p in problems(root) if "The bank sends readers of C01 to this page." in p)
    ]
    write_case(root / "guide", {**page, "criteria": sent})
    assert load(root).guide[slug]["criteria"] == sent


def test_a_lone_page_leans_on_the_guide_that_comes_with_it(tmp_path):
    known = sorted(load(DEFAULT_CONTENT).guide)[:2]
    file = write_case(tmp_path, page_document(see_also=known, position=99))
    assert set(load(file).guide) == {"toy-page"}
    with pytest.raises(PackError):
        load(write_case(tmp_path, page_document(see_also=[known[0], "zebra"], position=99)))

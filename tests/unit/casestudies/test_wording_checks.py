"""Misspellings and prompts told twice; and the files that new cases begin as."""

import pytest

from casestudies import wording_checks
from casestudies.pack import DEFAULT_CONTENT, load
from casestudies.skeleton import case_text
from tests.factories.casestudies import case_document, write_case

PROMPT = "Design a system that ranks toys for children, and say how you would know that it works."


def test_a_frequent_misspelling_is_told_by_file_and_line(tmp_path):
    file = write_case(tmp_path, case_document(area="Recomendation"))
    number = file.read_text().splitlines().index("area: Recomendation") + 1
    assert [str(found) for found in wording_checks.misspellings(tmp_path)] == [
        f"toy-case.yaml:{number}: `Recomendation` is spelt `recommendation`. Correct it."
    ]
    assert list(wording_checks.misspellings(write_case(tmp_path, case_document()))) == []


def test_no_right_word_is_taken_for_a_wrong_one():
    assert len(wording_checks.MISSPELT) >= 80
    assert not set(wording_checks.MISSPELT) & set(wording_checks.MISSPELT.values())


@pytest.mark.parametrize(
    ("title", "prompt", "told"),
    [
        ("Other title", PROMPT, True),
        ("Other title", PROMPT.replace("toys", "games").replace("know", "tell"), True),
        ("Toy case", "Route parcels through a city so that they arrive in time.", True),
        ("Other title", "Route parcels through a city so that they arrive in time.", False),
        ("Other title", "Design a system that finds broken rails from pictures taken by trains.", False),
    ],
)
def test_a_prompt_told_twice_is_found(title, prompt, told):
    cases = {"one": {"title": "Toy case", "prompt": PROMPT}, "two": {"title": title, "prompt": prompt}}
    assert bool(list(wording_checks.told_twice(cases))) == told


def test_the_library_itself_has_neither():
    assert list(wording_checks.misspellings(DEFAULT_CONTENT)) == []
    assert list(wording_checks.told_twice(load().cases)) == []


@pytest.mark.parametrize(
    ("slug", "kind"), [("train-delay", "classic"), ("null", "genai"), ("1984", "platform")]
)
def test_a_new_case_is_valid_as_a_draft(tmp_path, slug, kind):
    file = tmp_path / f"{slug}.yaml"
    file.write_text(case_text(slug, kind), "utf-8")
    case = load(file).cases[slug]
    assert (case["status"], case["kind"], len(case["facts"])) == ("draft", kind, 12)
    assert "@" not in file.read_text("utf-8")

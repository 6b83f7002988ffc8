"""Reference designs held against the engine: their own case, and the cases of others."""

import copy
from dataclasses import replace

import pytest

from casestudies.pack import load
from interviews import reference_check
from interviews.reference_check import design_of, findings
from interviews.scoring import diagram, engine

SLUGS = ("payment-fraud", "ad-click")


@pytest.fixture(scope="module")
def pack():
    whole = load()
    return replace(whole, cases={slug: whole.cases[slug] for slug in SLUGS})


def test_two_shipped_references_have_nothing_against_them(pack):
    assert list(findings(pack)) == []


def test_a_thin_reference_is_told_with_what_it_lacks(pack):
    case = copy.deepcopy(pack.cases["ad-click"])
    case["reference"]["answers"] = dict.fromkeys(case["reference"]["answers"], "We use a model. " * 30)
    thin = replace(pack, cases={**pack.cases, "ad-click": case})
    told = [one.says for one in findings(thin, frozenset({"ad-click"})) if one.slug == "ad-click"]
    assert any("are needed. Below level 4: C01" in says for says in told)
    assert any("misses the expectation" in says for says in told)


def test_a_case_whose_expectations_another_design_meets_is_told(pack):
    """The engine reads nothing into an answer about another field, so the twin is about the same one."""
    twin = {**copy.deepcopy(pack.cases["payment-fraud"]), "slug": "card-fraud"}
    for entry in twin["expectations"]:
        entry["rule"] = {"words": {"all_of": ["model"]}}
    both = replace(pack, cases={"payment-fraud": pack.cases["payment-fraud"], "card-fraud": twin})
    told = {one.slug: one.says for one in findings(both)}
    assert "The reference of `payment-fraud` meets 100% of what this case expects" in told["card-fraud"]


def test_the_quick_look_never_denies_what_the_engine_sees(pack):
    """Every expectation of every shipped case, under two references: the same answer either way."""
    whole = load()
    rules = [entry["rule"] for case in whole.cases.values() for entry in case["expectations"]]
    for slug in SLUGS:
        design = design_of(pack, slug)
        reading, drawing = design.reading, design.drawing
        for rule in rules[::7]:
            seen, _ = reference_check.met(rule, reading, lambda asked, on=drawing: diagram.meets(asked, on))
            assert design.meets(rule) == seen
        own = engine.expected(design.rubric, reading, drawing)
        assert design.share_of(design.rubric) == engine.share_met(own) == 1

"""Case expectations: words in one passage, figures within bounds, rules on the drawing."""

import pytest

from interviews.scoring.expectations import met
from interviews.scoring.reading import read


def is_met(rule: dict, answer: str, drawing=None) -> bool:
    return met(rule, read({"any": answer}, "", ""), drawing)[0]


@pytest.mark.parametrize(
    ("words", "answer", "expected"),
    [
        ({"all_of": ["cache | caching", "prefix"]}, "We are caching each prefix.", True),
        ({"all_of": ["cache", "prefix"]}, "We cache. It is the prefix that counts.", True),
        ({"all_of": ["cache", "prefix"]}, "We cache. One. Two. Three. The prefix.", False),
        ({"all_of": ["two tower"]}, "A two-tower model.", True),
        ({"any_of": ["canary", "shadow | dark launch"]}, "It starts as a dark launch.", True),
        ({"any_of": ["canary"]}, "We never use a canary.", False),
        ({"all_of": ["normalise"]}, "Scores are normalized.", True),
        ({"all_of": ["cache"]}, "Should we cache?", False),
        ({}, "We cache.", False),
    ],
)
def test_words_must_stand_together(words, answer, expected):
    assert is_met({"words": words}, answer) is expected


@pytest.mark.parametrize(
    ("bound", "answer", "expected"),
    [
        ({"metric": "latency_ms", "at_most": 150}, "It answers within 120 ms.", True),
        ({"metric": "latency_ms", "at_most": 150}, "It answers within 0.1 s.", True),
        ({"metric": "latency_ms", "at_most": 150}, "It answers within 2 s.", False),
        ({"metric": "negatives_per_positive", "at_least": 5, "at_most": 100}, "Sampled 1:10.", True),
        ({"metric": "negatives_per_positive", "at_least": 5}, "Sampled 1:2.", False),
        ({"metric": "peak_qps", "at_least": 1000}, "Peak of 2.5k requests per second.", True),
        ({"metric": "availability", "at_least": 99.9}, "We promise 99.95 %.", True),
        ({"metric": "freshness_s", "at_most": 60, "near": "index"}, "The index is 30 seconds old.", True),
        ({"metric": "freshness_s", "at_most": 60, "near": "index"}, "A page takes 30 seconds.", False),
    ],
)
def test_a_figure_must_lie_within_its_bounds(bound, answer, expected):
    assert is_met({"bound": bound}, answer) is expected


def test_any_rule_will_do_unless_all_are_required():
    rule = {"words": {"all_of": ["cache"]}, "graph": {"attached": "cache"}}
    drawn = [{"kind": "node", "element": "a"}]
    assert is_met(rule, "Nothing.", lambda _: drawn)
    assert is_met(rule, "We cache.", lambda _: None)
    assert not is_met({**rule, "require": "all"}, "We cache.", lambda _: None)
    assert is_met({**rule, "require": "all"}, "We cache.", lambda _: drawn)


def test_what_meets_a_rule_is_quoted():
    answer = "First this. We cache each prefix."
    found, evidence = met({"words": {"all_of": ["cache"]}}, read({"any": answer}, "", ""), None)
    assert found
    assert (
        answer[evidence[0]["start"] : evidence[0]["end"]] == evidence[0]["quote"] == "We cache each prefix."
    )

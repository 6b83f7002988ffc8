"""Answers cut into units: every unit points at its own words in the original."""

import pytest

from interviews.scoring.text import read_units, tokens_of


def texts(answer: str) -> list[str]:
    return [unit.text for unit in read_units({"any": answer})]


@pytest.mark.parametrize(
    ("answer", "units"),
    [
        ("One thing. Another thing.", ["One thing.", "Another thing."]),
        (
            "Drift at p95 above 0.2 alerts. Then we roll back.",
            ["Drift at p95 above 0.2 alerts.", "Then we roll back."],
        ),
        ("e.g. The score, i.e. the click.", ["e.g. The score, i.e. the click."]),
        (
            "- first bullet\n* second bullet\n1. third bullet",
            ["first bullet", "second bullet", "third bullet"],
        ),
        ("languages? one, to begin with", ["languages?", "one, to begin with"]),
        ("**No leakage.** Split by time.", ["**No leakage.** Split by time."]),
        ("Candidate: How many?\nInterviewer: A million.", ["How many?", "A million."]),
        ("", []),
        (" \n\t\n…\n---\n", []),
    ],
)
def test_an_answer_is_cut_into_sentences_and_bullets(answer, units):
    assert texts(answer) == units


@pytest.mark.parametrize(
    "answer",
    ["Zürich — “naïve” Bayes. 中文 test İstanbul", "a\r\nb\r\n- c", "x\u2028y\x0cz", "👍🏽 yes. No."],
)
def test_every_unit_and_token_points_at_its_own_words(answer):
    for unit in read_units({"any": answer}):
        assert answer[unit.start : unit.end] == unit.text
        for token in unit.tokens:
            assert answer[token.start : token.end] == token.surface


def test_hard_wrapped_prose_is_one_sentence():
    answer = (
        "We rank the episodes with boosted trees because the features are tables and\n"
        "the training set is small, and we move to a neural ranker only when these no\n"
        "longer improve, at the price of serving on graphics cards for every request\n"
        "that comes in."
    )
    assert len(texts(answer)) == 1


def test_lines_of_a_list_without_bullets_stay_apart():
    assert texts("- retrain weekly\nconcept drift, KS test, paging") == [
        "retrain weekly",
        "concept drift, KS test, paging",
    ]


def test_a_heading_stands_above_its_bullets():
    units = read_units({"any": "## Offline metrics\n- NDCG\n- recall\n## Online\n- CTR"})
    assert [unit.heading for unit in units] == [True, False, False, True, False]
    assert units[1].above == units[2].above == [0]
    assert units[4].above == [3]


def test_a_label_at_the_front_is_told_from_the_rest():
    unit = read_units({"any": "Baseline: sort by popularity"})[0]
    assert unit.label_words == 1


def test_a_bare_word_before_the_end_is_no_heading():
    assert not read_units({"any": "Regression"})[0].heading


def test_british_and_american_spellings_share_a_stem():
    for british, american in [
        ("normalise", "normalize"),
        ("behaviour", "behavior"),
        ("catalogue", "catalog"),
    ]:
        assert tokens_of(british)[0].stem == tokens_of(american)[0].stem


def test_a_sentence_without_end_is_read_in_pieces():
    answer = "word " * 40_000
    units = read_units({"any": answer})
    assert max(len(unit.text) for unit in units) <= 1200
    assert "".join(unit.text.replace(" ", "") for unit in units) == answer.replace(" ", "")

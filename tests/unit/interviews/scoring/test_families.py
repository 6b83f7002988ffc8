"""Ways of saying: slots in any order or in one, within reach, and words that rule them out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.scoring.families import WINDOW, Families
from interviews.scoring.lexicon import ontology
from interviews.scoring.text import tokens_of


def said(ways: list[str], text: str) -> bool:
    families = Families()
    for way in ways:
        families.add("it", way)
    tokens = tokens_of(text)
    return bool(families.find([token.stem for token in tokens], tokens))


@pytest.mark.parametrize(
    ("way", "text", "found"),
    [
        ("learn/teach ~ again/anew", "every spring we teach it again", True),
        ("learn/teach ~ again/anew", "anew it learns", True),
        ("learn/teach ~ again/anew", "we teach it once", False),
        ("learn > again", "again it learns", False),
        ("learn ~ again ! exam", "we learn again for the exam", False),
        ("show > <number> > times", "show these ten times", True),
        ("show > <number> > times", "show these many times", False),
        ("learn ~ again", "learn " + "word " * WINDOW + "again", False),
        ("learn ~~ again", "learn " + "word " * WINDOW + "again", True),
        ("watch ~ <period>", "watch it each Tuesday", True),
    ],
)
def test_slots_are_filled_as_written(way, text, found):
    assert said([way], text) is found


def test_one_word_fills_one_slot_only():
    assert not said(["model/train ~ model/test"], "the model")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["every", "day", "we", "watch", "errors", "rise", "call", "12", "->"]), max_size=400
    )
)
def test_any_run_of_words_is_read_within_bounds(words):
    text = " ".join(words)
    assert all(0 <= match.start < match.end <= len(words) for match in ontology().find(tokens_of(text), text))

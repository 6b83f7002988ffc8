"""Stems are the same however many designs are read at once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import snowballstemmer

from interviews.scoring.diagram import vocabulary
from interviews.scoring.words import GENERIC, STOP, stem

WORDS = sorted(
    {
        begin + end
        for begin in STOP | GENERIC
        for end in ("", "ed", "ing", "ations", "fulness")
        if begin.isalpha()
    }
)


@pytest.fixture(autouse=True)
def hasty_threads() -> Iterator[None]:
    """Have threads take turns in the middle of everything."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize("stem_of", [stem, vocabulary.stem])
def test_words_stemmed_in_several_threads_have_the_stems_they_have_alone(stem_of):
    uncached = stem_of.__wrapped__
    alone = [uncached(word) for word in WORDS]
    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(lambda turn: [uncached(word) for word in WORDS], range(4)):
            assert found == alone


def test_the_stemmer_is_the_one_of_the_field():
    plain = snowballstemmer.stemmer("english")
    assert [stem(word) for word in ("payments", "ranking", "latencies")] == [
        plain.stemWord(word) for word in ("payments", "ranking", "latencies")
    ]

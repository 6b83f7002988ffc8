"""The English stemmer, safe for threads: a worker reads several designs at once."""

from threading import Lock

import snowballstemmer

_stemmer = snowballstemmer.stemmer("english")
# It keeps the word it works on in itself: two at once give an error, or a wrong stem that a cache keeps.
_one_word_at_a_time = Lock()


def english(word: str) -> str:
    """Return the stem of a lower-case word."""
    with _one_word_at_a_time:
        return str(_stemmer.stemWord(word))

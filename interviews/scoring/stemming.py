"""English stems by Snowball, for any number of threads at once. Plain Python."""

from threading import Lock

import snowballstemmer

_stemmer = snowballstemmer.stemmer("english")
# It keeps the word it works on in itself: two threads at once get each other's letters, or an IndexError,
# and the caches above it would keep the wrong stem for good.
_one_at_a_time = Lock()


def english(word: str) -> str:
    """Return the stem of a lower-case English word."""
    with _one_at_a_time:
        return str(_stemmer.stemWord(word))

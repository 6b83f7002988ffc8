"""Is an answer about this case? Told from the case's own words and from the field of business it lies in."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import yaml

from interviews.scoring.reading import Reading
from interviews.scoring.text import tokens_of
from interviews.scoring.words import STOP, stem

Embedder = Callable[[list[str]], Sequence[Sequence[float]]]

MIN_WORDS = 25
ELSEWHERE, DOUBT, AMONG, UNSURE = "elsewhere", "doubt", "among", "unsure"
DOUBTFUL, CERTAIN = 1.0, 2.5
FAMILIAR = 0.34
NEAR_ENOUGH = 0.35
EVERYWHERE = "search"  # a field that answers to any case touch


@cache
def fields() -> dict[str, frozenset[str]]:
    body = yaml.safe_load((Path(__file__).parent / "topics.yaml").read_text(encoding="utf-8"))
    return {name: frozenset(stem(word) for word in str(words).split()) for name, words in body.items()}


def standing(reading: Reading, about: str, embedder: Embedder | None = None) -> str:
    """Return whether the answers are about the case, perhaps not, certainly not, or too short to tell.

    `about` is the title and prompt. Facts of a case do not count: their words fit half of all others.
    """
    stems = [token.stem for one in reading.seen if not one.dropped for token in one.unit.tokens]
    if len(stems) < MIN_WORDS:
        return UNSURE
    said = frozenset(token.stem for token in tokens_of(about) if token.word not in STOP)
    near = [words for words in fields().values() if words & said]
    own = set(reading.case_stems).union(*near)
    said_often = Counter(stems)
    here = share(own, said_often)
    there = max((share(words - own, said_often) for words in fields().values()), default=0.0)
    verdict = judged(here, there, bool(near))
    if verdict == ELSEWHERE and own_words(set(stems), reading.case_stems) >= FAMILIAR:
        # A third of the case's own words are there: too much for a verdict that costs every level.
        verdict = DOUBT
    if verdict == AMONG and not touched(set(stems), near, reading.case_stems):
        verdict = DOUBT
    if embedder is not None and verdict != AMONG:
        verdict = by_meaning(reading, about, embedder, verdict)
    return verdict


def share(words: Iterable[str], said_often: Counter[str]) -> float:
    return sum(said_often[word] for word in words) / said_often.total()


def own_words(stems: set[str], case_stems: frozenset[str]) -> float:
    """Return the share of the case's own words that the answers use."""
    return len(case_stems & stems) / len(case_stems) if case_stems else 0.0


def touched(stems: set[str], near: Sequence[frozenset[str]], case_stems: frozenset[str]) -> bool:
    """Does an answer touch most of the fields that the case lies in, or enough of its own words?"""
    telling_fields = [words for words in near if words != fields()[EVERYWHERE]] or near
    if not telling_fields or not case_stems:
        return True
    fields_touched = sum(bool(words & stems) for words in telling_fields) / len(telling_fields)
    return fields_touched >= 0.5 or own_words(stems, case_stems) >= 0.25


def judged(here: float, there: float, known_field: bool) -> str:
    """Return the verdict from the share of words of this case and of the strongest other field."""
    if there < 0.02 or there <= DOUBTFUL * here:
        return AMONG
    return ELSEWHERE if known_field and here < 0.012 and there > CERTAIN * here else DOUBT


def by_meaning(reading: Reading, about: str, embedder: Embedder, verdict: str) -> str:
    """Return the verdict with a second opinion: how close the answers lie to the prompt in an embedding."""
    texts = [one.unit.text for one in reading.seen if not one.dropped][:60]
    vectors = embedder([about, *texts])
    close = sorted((cosine(vectors[0], vector) for vector in vectors[1:]), reverse=True)
    return AMONG if close and sum(close[:10]) / len(close[:10]) >= NEAR_ENOUGH else verdict


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    dot = sum(a * b for a, b in zip(one, other, strict=True))
    size = (sum(a * a for a in one) * sum(b * b for b in other)) ** 0.5
    return dot / size if size else 0.0

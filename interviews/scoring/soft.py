"""The second opinion on a unit: how much its words sound like those that spoke for a criterion elsewhere.

Concepts and families know what is said in words they know. Here every word counts a little:
`learned.json` holds for each word, and pair of words, how much more often it stands in a unit that speaks
for a criterion than in one that does not. The same file holds how concepts, marks and this likeness
together make a level. `learn.py` writes it.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from interviews.scoring.text import Unit
from interviews.scoring.words import GENERIC_STEMS, STOP_STEMS

PATH = Path(__file__).parent / "learned.json"
AT_LEAST = -0.6  # less like the criterion than this is no evidence
NOTHING = -6.0
TELLING, ENOUGH = 1.0, 3  # one or two telling words are chance
COMMON = STOP_STEMS | GENERIC_STEMS
FEATURES = (
    *("named", "own_terms", "explained", "weighed", "points", "hits"),
    *("first", "second", "sum", "alike_points"),
)
TOP = 10  # units whose likeness adds up: more text alone is no more evidence


class Like(NamedTuple):
    """How much each unit sounds like one criterion, and which units they are, the most alike first."""

    scores: tuple[float, ...]
    units: tuple[int, ...]


class Learned:
    """The weights: of words for criteria, and of what was seen for levels."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.codes: list[str] = body["codes"]
        self.prior: list[float] = body["prior"]
        self.words: dict[str, list[tuple[int, float]]] = {
            word: [(int(place), weight / 100) for place, weight in weights.items()]
            for word, weights in body["words"].items()
        }
        self.present: dict[str, float] = body["present"]
        self.explained: dict[str, float] = body["explained"]

    def likeness(self, unit: Unit) -> list[float]:
        """Return how much a unit sounds like each criterion."""
        terms = terms_of(unit.stems)
        found, count = [0.0] * len(self.codes), [0] * len(self.codes)
        known = 0
        for term in terms:
            weights = self.words.get(term)
            if weights is None:
                continue
            known += 1
            meant = telling(term)
            for place, weight in weights:
                found[place] += weight
                count[place] += weight >= TELLING and meant
        size = math.sqrt(known + 1)
        return [
            round(prior + score / size, 4) if words >= ENOUGH else NOTHING
            for prior, score, words in zip(self.prior, found, count, strict=True)
        ]

    def expected(self, code: str, features: Sequence[float]) -> float:
        """Return the level to expect, from 0 (absent) to 2 (explained)."""
        return sum(chance(weights, code, features) for weights in (self.present, self.explained))


def chance(weights: Mapping[str, float], code: str, features: Sequence[float]) -> float:
    total = weights["base"] + weights.get(code, 0.0)
    total += sum(weights[name] * value for name, value in zip(FEATURES, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def terms_of(stems: Iterable[str]) -> set[str]:
    """Return the words and pairs of neighbouring words by which units are compared."""
    words = ["0" if stem[0].isdigit() else stem for stem in stems if stem[0].isalnum()]
    return {*words, *(f"{one} {other}" for one, other in pairwise(words))}


@cache
def telling(term: str) -> bool:
    """Does a word, or one of a pair, mean more than any design does?"""
    return not set(term.split()) <= COMMON


@cache
def learned() -> Learned:
    return Learned(json.loads(PATH.read_text(encoding="utf-8")))


def most_alike(place: int, likeness: Mapping[int, Sequence[float]]) -> Like:
    """Return the units most like one criterion."""
    order = sorted(likeness, key=lambda index: (-likeness[index][place], index))
    return Like(tuple(likeness[index][place] for index in order), tuple(order))


def features(level: int, points: float, hits: int, like: Like, alike_points: float) -> tuple[float, ...]:
    """Return what decides on a level, in the order of FEATURES."""
    first = like.scores[0] if like.scores else NOTHING
    second = like.scores[1] if len(like.scores) > 1 else NOTHING
    mass = sum(math.log1p(math.exp(score)) for score in like.scores[:TOP] if score >= AT_LEAST)
    return (
        float(level >= 1),
        float(level >= 2),
        float(level >= 3),
        float(level >= 4),
        min(points, 2.5),
        math.log1p(hits),
        first,
        second,
        math.log1p(mass),
        min(alike_points, 2.5),
    )

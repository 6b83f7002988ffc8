"""The second opinion on a unit: how much its words sound like those that spoke for a criterion elsewhere.

Concepts and families know what is said in words they know. Here every word counts a little:
`learned.json` holds for each word how much more often it stands in a unit that speaks for a criterion than
in one that does not. The same file holds how the figures of `evidence.py` add up. `learn.py` writes it.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from interviews.scoring.evidence import FEATURES
from interviews.scoring.families import classes, stems_of
from interviews.scoring.reading import Seen
from interviews.scoring.text import Unit
from interviews.scoring.words import GENERIC_STEMS, STOP_STEMS

PATH = Path(__file__).parent / "learned.json"
NOTHING = -6.0  # less like a criterion than anything
TELLING, ENOUGH = 1.0, 3  # one or two telling words are chance
COMMON = STOP_STEMS | GENERIC_STEMS


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


def terms_of(stems: Sequence[str]) -> set[str]:
    """Return what units are compared by: words, classes of words, and pairs of classes."""
    words = ["0" if stem[0].isdigit() else stem for stem in stems if stem[0].isalnum()]
    kinds = sorted(classes_in(words))
    return {
        *words,
        *(f"<{kind}>" for kind in kinds),
        *(f"<{one}>&<{other}>" for one, other in combinations(kinds, 2)),
    }


def classes_in(words: Sequence[str]) -> set[str]:
    """Return the classes of words, as in classes.yaml, that occur."""
    found = set()
    for place, word in enumerate(words):
        for run, kind in class_runs().get(word, ()):
            if kind not in found and tuple(words[place : place + len(run)]) == run:
                found.add(kind)
    return found


@cache
def class_runs() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for kind, written in classes().items():
        for one in written:
            if run := stems_of(one):
                found.setdefault(run[0], []).append((run, kind))
    return found


@cache
def telling(term: str) -> bool:
    """Does a word, or a class of words, mean more than any design does?"""
    return term not in COMMON


@cache
def learned() -> Learned:
    return Learned(json.loads(PATH.read_text(encoding="utf-8")))


def likenesses(units: Iterable[Seen], reader: Learned) -> dict[int, list[float]]:
    """Return how much each unit sounds like each criterion."""
    return {one.unit.index: reader.likeness(one.unit) for one in units}

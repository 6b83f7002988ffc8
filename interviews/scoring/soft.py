"""How likely a unit speaks for a criterion, and explains it, by all its words together.

Concepts and families know what is said in words they know. Here everything that a unit shows counts a little:
its words, what the rules see in it, how it is put, what stands above it. `learned.json` holds the weights,
learned from passages that people marked in labelled answers; `learn.py` writes it.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from interviews.scoring.boxes import parts_by_box
from interviews.scoring.families import classes, stems_of
from interviews.scoring.levels import hits_for
from interviews.scoring.reading import Reading, Seen

BASE = "(base)"  # the weight that counts whatever is shown; no word is written like that
PATH = Path(__file__).parent / "learned.json"
UNIT = 1000  # weights are kept as whole thousandths
ABOVE = 2  # headings and parent bullets that are looked at
LEAST = 0.03  # chances below say nothing, so that small talk adds up to nothing
LEAST_ODDS = math.log(LEAST / (1 - LEAST))


class Learned:
    """The weights: of what a unit shows for criteria and an explanation, and of the figures for levels."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.codes: list[str] = body["codes"]
        self.base: list[float] = [weight / UNIT for weight in body["base"]]
        self.shown: dict[str, list[tuple[int, float]]] = {
            term: [(int(place), weight / UNIT) for place, weight in weights.items()]
            for term, weights in body["speaks"].items()
        }
        self.explains: dict[str, float] = {term: weight / UNIT for term, weight in body["explains"].items()}
        self.present: dict[str, float] = body["present"]
        self.explained: dict[str, float] = body["explained"]

    def speaking(self, terms: Iterable[str]) -> list[float]:
        """Return the log odds that a unit which shows this speaks for each criterion."""
        found = list(self.base)
        for term in sorted(terms):
            for place, weight in self.shown.get(term, ()):
                found[place] += weight
        return found

    def standing(self, parts: Iterable[str]) -> list[float]:
        """Return what it adds that a unit stands where these parts of the design do."""
        found = [0.0] * len(self.base)
        for part in parts:
            for place, weight in self.shown.get(f"in:{part}", ()):
                found[place] += weight
        return found

    def worth(self, terms: Iterable[str]) -> float:
        """Return what ways of putting things add up to."""
        return sum([self.explains[term] for term in sorted(terms) if term in self.explains])

    def expected(self, code: str, features: Mapping[str, float]) -> float:
        """Return the level to expect, from 0 (absent) to 2 (explained)."""
        return sum(
            chance(
                weights[BASE]
                + weights.get(code, 0.0)
                + sum(weights[name] * value for name, value in features.items())
            )
            for weights in (self.present, self.explained)
        )


def chance(total: float) -> float:
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 6)


@cache
def learned() -> Learned:
    return Learned(json.loads(PATH.read_text(encoding="utf-8")))


def size(content: int) -> str:
    """Return how much a unit says, in five sizes."""
    return f"size:{min(4, int(math.log2(1 + content)))}"


def shows(one: Seen, reading: Reading) -> set[str]:
    """Return everything that a unit shows by itself and by what stands above it."""
    words = words_of(one.unit.stems)
    found = {*words, *(f"<{kind}>" for kind in classes_in(words)), size(one.content)}
    found |= seen_in(one, reading, "")
    found |= {f"m:{mark}" for mark in one.marks}
    for index in one.unit.above[:ABOVE]:
        found |= seen_in(reading.seen[index], reading, "above ")
    if one.unit.asks:
        found.add("asks")
    if one.unit.heading:
        found.add("heading")
    return found


def seen_in(one: Seen, reading: Reading, where: str) -> set[str]:
    """Return the concepts in a unit, and the criteria and fields of work they belong to."""
    found = set()
    for match in one.matches:
        concept = reading.lexicon.concepts[match.concept]
        if not where:
            found.add(f"c:{match.concept}")
        if match.start not in one.negation.strong:
            found |= {f"{where}k:{code}" for code in concept.criteria}
            found |= {f"{where}o:{code}" for code in concept.topics}
    return found


def puts(one: Seen, shown: Iterable[str]) -> set[str]:
    """Return what tells an explanation from a mention, of whatever criterion."""
    found = {f"w:{term}" for term in shown if not term.startswith(("above ", "in:", "m:"))}
    found |= {BASE, f"figures:{min(2, len(one.figures))}", *(f"m:{mark}" for mark in one.marks)}
    if one.capped:
        found.add("capped")
    return found


def puts_of(code: str, one: Seen) -> set[str]:
    """Return what tells an explanation from a mention, of one criterion."""
    return {code, *(f"{code} {mark}" for mark in one.marks)}


def words_of(stems: Sequence[str]) -> list[str]:
    return ["0" if stem[0].isdigit() else stem for stem in stems if stem[0].isalnum()]


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


class Chances:
    """How likely each unit speaks for each criterion, and explains it; what gates hold back, not at all."""

    def __init__(self, reading: Reading, reader: Learned, *, boxes: bool = True) -> None:
        """Without `boxes` nothing is made of what a unit stands beside."""
        self.speaking: dict[str, dict[int, float]] = {code: {} for code in reader.codes}
        self.explaining: dict[str, dict[int, float]] = {code: {} for code in reader.codes}
        units = [one for one in reading.seen if not (one.dropped or one.bare)]
        shown = {one.unit.index: shows(one, reading) for one in units}
        alone = {index: reader.speaking(terms) for index, terms in shown.items()}
        parts = parts_by_box(reading.steps, self.in_boxes(units, alone, reader)) if boxes else {}
        beside = {box: reader.standing(held) for box, held in parts.items()}
        nothing = [0.0] * len(reader.codes)
        for one in units:
            here = beside.get(one.unit.step, nothing)
            explains = not (one.capped or one.named_only or one.open_question)
            worth = reader.worth(puts(one, shown[one.unit.index])) if explains else 0.0
            for code, own, more in zip(reader.codes, alone[one.unit.index], here, strict=True):
                if own + more < LEAST_ODDS or not may_speak(code, one, reading):
                    continue
                likely = chance(own + more)
                self.speaking[code][one.unit.index] = likely
                if explains:
                    how = chance(worth + reader.worth(puts_of(code, one)))
                    self.explaining[code][one.unit.index] = round(likely * how, 6)

    @staticmethod
    def in_boxes(
        units: Iterable[Seen], alone: Mapping[int, Sequence[float]], reader: Learned
    ) -> dict[str, dict[str, float]]:
        """Return how much the units of each box, each read alone, speak for each criterion."""
        inside: dict[str, list[Sequence[float]]] = {}
        for one in units:
            inside.setdefault(one.unit.step, []).append(alone[one.unit.index])
        return {
            box: {
                code: round(
                    math.fsum(chance(odds[place]) ** 2 for odds in rows if odds[place] > LEAST_ODDS), 6
                )
                for place, code in enumerate(reader.codes)
            }
            for box, rows in inside.items()
        }


def may_speak(code: str, one: Seen, reading: Reading) -> bool:
    """May a unit count for a criterion? What only names things, asks or denies: where the rules say so."""
    hits, denied = hits_for(code, reading)
    if one.unit.index in hits:
        return True
    if one.named_only or one.open_question or one.unit.heading or not one.content:
        return False
    if any(one is other for other in denied):
        return False
    return len(one.negation.strong) <= len(one.unit.tokens) / 3

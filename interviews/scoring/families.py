"""Ways of saying a thing: slots that stand near each other, in any words of their class.

"learn/teach/train ~ again/anew" finds "we teach it again" and "every week the machine learns anew". Slots
between `~` come in any order, between `>` in this one; both must fit into WINDOW words, or with `~~` into
one sentence. `<period>` is a class of classes.yaml, `<number>` any number, and what stands behind `!`
must not be in the sentence.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import NamedTuple

import yaml

from interviews.scoring.text import Token, tokens_of

WINDOW = 10
MAX_PLACES = 4  # of one slot in one sentence: enough to find a fit, and bounded for hostile texts
NUMBER = "<number>"
_JOINT = re.compile(r"\s+(~~|~|>)\s+")
_NUMBER_WORDS = frozenset(
    (
        *(
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "twelve",
            "fifteen",
            "twenty",
        ),
        *("thirty", "forty", "fifty", "hundred", "thousand", "million", "half", "dozen"),
    )
)

Run = tuple[str, ...]
Place = tuple[int, int]


class Family(NamedTuple):
    """One way of saying a concept: its slots by number, and how they stand to each other."""

    concept: str
    slots: tuple[int, ...]
    ordered: bool
    window: int
    unless: int  # the slot that must be empty, or -1


@cache
def classes() -> dict[str, list[str]]:
    path = Path(__file__).parent / "classes.yaml"
    body = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: [word.strip() for word in str(words).split("|")] for name, words in body.items()}


class Families:
    """All families of a lexicon, with an index of the words that fill their slots."""

    def __init__(self) -> None:
        self.families: list[Family] = []
        self.slots: dict[frozenset[Run], int] = {}
        self.starts: dict[str, list[tuple[int, Run]]] = {}
        self.numbered: list[int] = []
        self.by_slot: dict[int, list[int]] = {}  # a family hangs on its rarest slot

    def add(self, concept: str, written: str) -> None:
        """Add one way of saying a concept."""
        body, _, unless = written.partition(" ! ")
        pieces = _JOINT.split(body.strip())
        joints = pieces[1::2]
        family = Family(
            concept,
            tuple(self.slot(piece) for piece in pieces[0::2]),
            ">" in joints,
            10**6 if "~~" in joints else WINDOW,
            self.slot(unless) if unless.strip() else -1,
        )
        self.by_slot.setdefault(family.slots[-1], []).append(len(self.families))
        self.families.append(family)

    def slot(self, written: str) -> int:
        """Return the number of a slot; the same words share one."""
        runs = frozenset(self.runs(written))
        if runs not in self.slots:
            number = self.slots[runs] = len(self.slots)
            for run in sorted(runs):
                if run == (NUMBER,):
                    self.numbered.append(number)
                else:
                    self.starts.setdefault(run[0], []).append((number, run))
        return self.slots[runs]

    def runs(self, written: str) -> list[Run]:
        found: list[Run] = []
        for word in written.split("/"):
            word = word.strip()
            if word == NUMBER:
                found.append((NUMBER,))
            elif word.startswith("<") and word.endswith(">"):
                found += [stems_of(one) for one in classes()[word[1:-1]]]
            else:
                found.append(stems_of(word))
        return [run for run in found if run]

    def places(self, stems: Sequence[str], tokens: Sequence[Token]) -> dict[int, list[Place]]:
        """Return where each slot is filled."""
        found: dict[int, list[Place]] = {}
        starts, numbered = self.starts, self.numbered
        for start, first in enumerate(stems):
            for number, run in starts.get(first, ()):
                end = start + len(run)
                if end == start + 1 or tuple(stems[start:end]) == run:
                    if number not in found:
                        found[number] = [(start, end)]
                    elif len(found[number]) < MAX_PLACES:
                        found[number].append((start, end))
            if numbered and is_number(tokens[start]):
                for number in numbered:
                    keep(found, number, (start, start + 1))
        return found

    def find(self, stems: Sequence[str], tokens: Sequence[Token]) -> list[tuple[int, int, str]]:
        """Return the concepts said, each with the words from its first slot to its last."""
        if not self.families:
            return []
        places = self.places(stems, tokens)
        found: dict[str, Place] = {}
        for slot in places:
            for number in self.by_slot.get(slot, ()):
                family = self.families[number]
                if family.concept in found or family.unless in places:
                    continue
                here = [places.get(one, []) for one in family.slots]
                if all(here) and (span := nearest(here, family)):
                    found[family.concept] = span
        return [(start, end, concept) for concept, (start, end) in found.items()]


def keep(found: dict[int, list[Place]], number: int, place: Place) -> None:
    known = found.setdefault(number, [])
    if len(known) < MAX_PLACES:
        known.append(place)


def nearest(places: Sequence[Sequence[Place]], family: Family) -> Place | None:
    """Return the shortest run of words that fills all slots of a family, each by words of its own."""
    best: Place | None = None
    for choice in product(*places):
        row = choice if family.ordered else tuple(sorted(choice))
        if any(before[1] > after[0] for before, after in pairwise(row)):
            continue
        size = row[-1][1] - row[0][0]
        if size <= family.window and (best is None or size < best[1] - best[0]):
            best = (row[0][0], row[-1][1])
    return best


def is_number(token: Token) -> bool:
    return token.word[0].isdigit() or token.word in _NUMBER_WORDS


@cache
def stems_of(words: str) -> Run:
    return tuple(token.stem for token in tokens_of(words))

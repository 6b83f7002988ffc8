"""What a level rests on: a few figures about what an answer says of one criterion, and where.

Each figure can be read off the answer by eye: how many units name the criterion, how much they explain,
how much was written in the box where it is expected. `learned.json` holds how they add up, learned from
labelled answers of many authors; `levels.py` makes levels of it.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from interviews.scoring.lexicon import Lexicon
from interviews.scoring.reading import Reading, Seen

FEATURES = (
    "named",  # a concept of the criterion stands somewhere
    "explained",  # and the marks of one passage explain it
    "terms_here",  # technical terms of the criterion in the box where it is expected
    "units",  # units that speak for it
    "points",  # what the marks of its best passage add up to
    "points_here",  # the same, where it is expected or a term is named
    "length",  # words of that passage: long sentences say many things
    "like_here",  # how much a unit where it is expected sounds like the criterion
    "like_second",  # the same of the second unit, anywhere
    "room",  # words written where it is expected
    "room_free",  # of these, in units that name no other criterion
    "figures_here",  # figures in that box
    "whole",  # words of the whole answer
)
NOTHING = -2.0  # as little like a criterion as counts
MANY_BOXES = 3
AT_HOME = 0.25  # of what is named stands where it is expected, or else boxes say nothing
LEAST_CONTENT = 3  # words with content that a unit needs to count as something written
ENOUGH = 150  # words from which on an answer as a whole says something about its parts
# Boxes in which a criterion is expected under any framework, the most fitting first.
BOXES: Mapping[str, tuple[str, ...]] = {
    "scope": ("clarify", "scope"),
    "framing": ("frame", "framing", "scope"),
    "data": ("data",),
    "features": ("features", "data"),
    "model": ("model",),
    "evaluation": ("evaluation", "model"),
    "serving": ("serving", "deployment", "operate"),
    "monitoring": ("monitoring", "deployment", "operate"),
}
PARTS: Mapping[str, tuple[str, ...]] = {
    "scope": ("C01", "C02", "C03"),
    "framing": ("C04", "C05"),
    "data": ("C06", "C07", "C09"),
    "features": ("C08", "C10"),
    "model": ("C11", "C12", "C13", "C14"),
    "evaluation": ("C15", "C16", "C17"),
    "serving": ("C18", "C19"),
    "monitoring": ("C20", "C21", "C22"),
}
PART_OF = {code: part for part, codes in PARTS.items() for code in codes}


class Found(NamedTuple):
    """What rules make of one criterion: its level, points, the units that speak for it, the best of them."""

    level: int
    points: float
    hits: Mapping[int, Seen]
    best: Sequence[Seen]


class Places:
    """Where things stand in a submission, and how much stands there."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.units = [one for one in reading.seen if not one.dropped]
        self.boxes = {part: box_of(part, reading.steps) for part in BOXES}
        self.named = {one.unit.index: named_by(one, reading.lexicon) for one in self.units}
        self.known = self.boxes_mean_something()
        self.telling = [one for one in self.units if about_something(one, reading)]
        self.words = substance(self.telling)

    def boxes_mean_something(self) -> bool:
        """Do the boxes hold what they are for? Not when all is in one, or everything in the wrong one."""
        filled = {one.unit.step for one in self.units}
        if sum(box in filled for box in set(self.boxes.values())) < MANY_BOXES:
            return False
        home, whole = 0, 0
        for one in self.units:
            for code in self.named[one.unit.index]:
                whole += 1
                home += self.boxes[PART_OF[code]] == one.unit.step
        return home >= AT_HOME * whole

    def here(self, code: str) -> Callable[[Seen], bool]:
        """Return what tells if a unit stands where a criterion is expected: anywhere, if boxes are mute."""
        box = self.boxes[PART_OF[code]]
        return (lambda one: one.unit.step == box) if self.known else (lambda one: True)

    def room(self, code: str) -> tuple[float, float, float]:
        """Return the words where a criterion is expected, those in units free for it, and whether figures."""
        if not self.known:
            return math.log1p(max(self.words, ENOUGH) / len(PARTS)), 0.0, 0.0
        here = self.here(code)
        units = [one for one in self.telling if here(one)]
        free = [one for one in units if not one.unit.heading and not self.named[one.unit.index] - {code}]
        figures = any("figure" in one.marks for one in units if not one.unit.heading)
        return math.log1p(substance(units)), math.log1p(substance(free)), float(figures)


def box_of(part: str, steps: Iterable[str]) -> str:
    """Return the box in which a part of the design is expected."""
    return next((box for box in BOXES[part] if box in steps), BOXES[part][0])


def size(units: Iterable[Seen]) -> int:
    return sum(len(one.unit.tokens) for one in units)


def about_something(one: Seen, reading: Reading) -> bool:
    """Does a unit say something of a design: a word of the field or of the case, or a figure?"""
    if one.content < LEAST_CONTENT and not one.unit.heading:
        return False
    return (
        bool(one.figures)
        or any(reading.lexicon.names(match.concept) for match in one.matches)
        or any(token.stem in reading.case_stems for token in one.unit.tokens)
    )


def substance(units: Iterable[Seen]) -> int:
    """Return the words with content in some units, twice, as every other word has some."""
    return sum(2 * one.content for one in units)


def named_by(one: Seen, lexicon: Lexicon) -> set[str]:
    """Return the criteria whose technical terms a unit names, one for each term."""
    found = set()
    for match in one.matches:
        concept = lexicon.concepts[match.concept]
        if concept.criteria and not concept.said:
            found.add(min(concept.criteria))
    return found


def terms_in(code: str, units: Iterable[Seen], lexicon: Lexicon) -> set[str]:
    """Return the technical terms of a criterion in some units."""
    return {
        match.concept
        for one in units
        for match in one.matches
        if code in lexicon.concepts[match.concept].criteria and not lexicon.concepts[match.concept].said
    }


def features(
    code: str,
    places: Places,
    own: Found,
    points_here: float,
    likeness: Mapping[int, float],
) -> tuple[float, ...]:
    """Return the figures about one criterion, in the order of FEATURES."""
    here = places.here(code)
    seen = places.reading.seen
    terms = terms_in(code, (one for one in own.hits.values() if here(one)), places.reading.lexicon)
    alike = sorted((max(score, NOTHING) for score in likeness.values()), reverse=True)
    like_here = max(
        (max(score, NOTHING) for index, score in likeness.items() if here(seen[index])), default=NOTHING
    )
    room, free, figures = places.room(code)
    return (
        float(own.level > 0),
        float(own.level > 2),
        math.log1p(len(terms)),
        math.log1p(len(own.hits)),
        min(own.points, 2.5),
        min(points_here, 2.5),
        math.log1p(size(own.best)),
        like_here,
        alike[1] if len(alike) > 1 else NOTHING,
        room,
        free,
        figures,
        math.log(max(places.words, ENOUGH)),
    )

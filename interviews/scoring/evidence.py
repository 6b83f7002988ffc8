"""What a level rests on: a few figures about what an answer says of one criterion, wherever it says so.

`learned.json` holds how they add up, learned from labelled answers of many authors; `verdict.py` makes levels
of it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from interviews.scoring.reading import Reading, Seen

FEATURES = (
    "best",  # how likely the best unit speaks for the criterion
    "best_odds",  # the same as log odds
    "second",  # how likely the second does
    "units",  # how many units speak for it, to be expected
    "explains",  # how likely the best explaining unit explains it
    "explains_odds",
    "explaining",  # how many units explain it, to be expected
    "some_explains",  # how likely any unit does
    "named",  # rules find it named
    "explained",  # the marks of one passage explain it
    "points",  # what the marks of its best passage add up to
    "hits",  # units that rules find
    "whole",  # words of the whole answer
)
LEAST_CONTENT = 3  # words with content that a unit needs to count as something written
ENOUGH = 60  # words from which on an answer as a whole says something about its parts
FLOOR = 0.01  # of chances, for their odds


class Found(NamedTuple):
    """What rules make of one criterion: its level, its points, and how many units speak for it."""

    level: int
    points: float
    hits: int


def features(
    found: Found, speaking: Mapping[int, float], explaining: Mapping[int, float], words: int
) -> dict[str, float]:
    """Return the figures about one criterion, by the names in FEATURES."""
    speak = sorted(speaking.values(), reverse=True)
    explain = sorted(explaining.values(), reverse=True)
    return {
        "best": top(speak),
        "best_odds": odds(top(speak)),
        "second": speak[1] if len(speak) > 1 else 0.0,
        "units": math.log1p(sum(speak)),
        "explains": top(explain),
        "explains_odds": odds(top(explain)),
        "explaining": math.log1p(sum(explain)),
        "some_explains": 1 - math.prod(1 - one for one in explain),
        "named": float(found.level > 0),
        "explained": float(found.level > 2),
        "points": min(found.points, 2.5),
        "hits": math.log1p(found.hits),
        "whole": math.log(max(words, ENOUGH)),
    }


def top(chances: Sequence[float]) -> float:
    return chances[0] if chances else 0.0


def odds(chance: float) -> float:
    kept = min(1 - FLOOR, max(FLOOR, chance))
    return math.log(kept / (1 - kept))


def about_something(one: Seen, reading: Reading) -> bool:
    """Does a unit say something of a design: a word of the field or of the case, or a figure?"""
    if one.content < LEAST_CONTENT and not one.unit.heading:
        return False
    return (
        bool(one.figures)
        or any(reading.lexicon.names(match.concept) for match in one.matches)
        or any(token.stem in reading.case_stems for token in one.unit.tokens)
    )


def substance(reading: Reading) -> int:
    """Return how much an answer says: the words with content in units that say something, twice."""
    units: Iterable[Seen] = (one for one in reading.seen if not one.dropped and about_something(one, reading))
    return sum(2 * one.content for one in units)

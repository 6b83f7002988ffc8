"""The level of a criterion: what rules found, weighed by what is known of such answers."""

import math
from dataclasses import replace

from interviews.scoring import soft
from interviews.scoring.evidence import NOTHING, Found, Places, features, terms_in
from interviews.scoring.levels import (
    MAX_QUOTES,
    Decision,
    by_rules,
    hits_for,
    points_of,
    readable,
    rules,
    weigh,
)
from interviews.scoring.reading import Reading, Seen

CUTS = (0.6, 1.4)  # expected levels (0 to 2) from which on a thing counts as named, and as explained
STEEP = 4.0
SHORT = 50  # words of substance below which rules decide more and more
FOLDED = (0, 1, 1, 2, 2)  # absent, named, explained


def decide_all(reading: Reading, learned: soft.Learned | None = None) -> dict[str, Decision]:
    """Return the level of every criterion that is read from words."""
    learned = learned or soft.learned()
    likeness = soft.likenesses(readable(reading), learned)
    found = {code: found_by_rules(code, reading) for code in sorted(rules())}
    places = Places(reading)
    decided = {}
    for position, code in enumerate(learned.codes):
        like = {index: scores[position] for index, scores in likeness.items()}
        seen = features(code, places, found[code], points_here(code, places), like)
        expected = weighed(found[code].level, learned.expected(code, seen), places.words)
        decided[code] = settle(code, reading, like, expected)
    return decided


def weighed(level: int, expected: float, words: int) -> float:
    """Return the level to expect (0 to 2); the less was written, the more rules alone decide."""
    share = min(1.0, words / SHORT)
    return share * expected + (1 - share) * FOLDED[level]


def found_by_rules(code: str, reading: Reading) -> Found:
    ruled = by_rules(code, reading)
    return Found(ruled.level, ruled.points, hits_for(code, reading)[0], ruled.units)


def points_here(code: str, places: Places) -> float:
    """Return what explains a criterion where it is expected, or in units that name a term of it."""
    here, lexicon = places.here(code), places.reading.lexicon
    return points_of(code, places.reading, lambda one: here(one) or bool(terms_in(code, [one], lexicon)))


def settle(code: str, reading: Reading, like: dict[int, float], expected: float) -> Decision:
    """Return the decision on a criterion; whatever it gives, it has units to cite."""
    ruled = by_rules(code, reading)
    reached = sum(expected >= cut for cut in CUTS)
    if reached and not ruled.units:
        units = alike(reading, like)
        if not units:
            return ruled
        ruled = replace(weigh(rules()[code], units, reading), denied=ruled.denied)
    if reached == 2 and all(one.capped or one.named_only for one in ruled.units):
        reached = 1
    level = (0, min(max(ruled.level, 1), 2), max(ruled.level, 3))[reached]
    if level == 2 and any(one.named_only for one in ruled.units):
        level = 1  # nouns of the case, poured around a term, are not its own terms
    margin = min(abs(expected - cut) for cut in CUTS)
    return replace(
        ruled,
        level=level,
        units=ruled.units if level else [],
        near=ruled.units if not level else [],
        confidence=round(0.55 + 0.35 * (1 - math.exp(-STEEP * margin)), 2),
    )


def alike(reading: Reading, like: dict[int, float]) -> list[Seen]:
    """Return the units that sound most like a criterion, when some do."""
    order = sorted(like, key=lambda index: (-like[index], index))[:MAX_QUOTES]
    return [
        reading.seen[index]
        for index in order
        if like[index] > NOTHING and like[index] >= like[order[0]] - 1.0
    ]

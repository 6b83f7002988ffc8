"""The level of a criterion: what rules found, weighed by what is known of such answers."""

import math
from collections.abc import Mapping
from dataclasses import replace

from interviews.scoring import soft
from interviews.scoring.evidence import Found, features, substance
from interviews.scoring.levels import MAX_QUOTES, Decision, by_rules, hits_for, rules, weigh
from interviews.scoring.reading import Reading, Seen

CUTS = (0.6, 1.4)  # expected levels (0 to 2) from which on a thing counts as named, and as explained
STEEP = 4.0
SHORT = 50  # words of substance below which rules decide more and more
CITED = 0.5  # how likely a unit must speak for a criterion to be cited beside the best
BESIDE = 0.9  # and how much of the best one's chance
FOLDED = (0, 1, 1, 2, 2)  # absent, named, explained


def decide_all(reading: Reading, learned: soft.Learned | None = None) -> dict[str, Decision]:
    """Return the level of every criterion that is read from words."""
    learned = learned or soft.learned()
    chances = soft.Chances(reading, learned)
    words = substance(reading)
    decided = {}
    for code in learned.codes:
        speaking, explaining = chances.speaking[code], chances.explaining[code]
        found = found_by_rules(code, reading)
        expected = learned.expected(code, features(found, speaking, explaining, words))
        decided[code] = settle(code, reading, speaking, explaining, weighed(found.level, expected, words))
    return decided


def weighed(level: int, expected: float, words: int) -> float:
    """Return the level to expect (0 to 2); the less was written, the more rules alone decide."""
    share = min(1.0, words / SHORT)
    return share * expected + (1 - share) * FOLDED[level]


def found_by_rules(code: str, reading: Reading) -> Found:
    ruled = by_rules(code, reading)
    return Found(ruled.level, ruled.points, len(hits_for(code, reading)[0]))


def settle(
    code: str,
    reading: Reading,
    speaking: Mapping[int, float],
    explaining: Mapping[int, float],
    expected: float,
) -> Decision:
    """Return the decision on a criterion; whatever it gives, it has units to cite."""
    ruled = by_rules(code, reading)
    reached = sum(expected >= cut for cut in CUTS)
    units = cited(reading, speaking, explaining if reached == 2 else speaking)
    found = replace(weigh(rules()[code], units, reading), denied=ruled.denied) if units else ruled
    if not found.units:
        return ruled
    if reached == 2 and all(one.capped or one.named_only for one in found.units):
        reached = 1
    level = (0, min(max(found.level, 1), 2), max(found.level, 3))[reached]
    if level == 2 and any(one.named_only for one in found.units):
        level = 1  # nouns of the case, poured around a term, are not its own terms
    margin = min(abs(expected - cut) for cut in CUTS)
    return replace(
        found,
        level=level,
        units=found.units if level else [],
        near=found.units if not level else [],
        confidence=round(0.55 + 0.35 * (1 - math.exp(-STEEP * margin)), 2),
    )


def cited(reading: Reading, speaking: Mapping[int, float], weight: Mapping[int, float]) -> list[Seen]:
    """Return the units that most likely speak for a criterion, in their order; none when none is likely."""
    best = max(speaking.values(), default=0.0)
    likely = [index for index, one in speaking.items() if one >= min(best, max(CITED, BESIDE * best))]
    chosen = sorted(likely, key=lambda index: (-weight.get(index, 0.0), index))[:MAX_QUOTES]
    return [reading.seen[index] for index in sorted(chosen)]

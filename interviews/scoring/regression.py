"""Logistic regression for `learn.py`, with a penalty on every weight but the base.

Found by limited-memory BFGS (Nocedal 1980), in plain Python, so that the same rows give the same weights on
every machine.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from interviews.scoring.soft import BASE

STEPS = 120
MEMORY = 8  # past steps from which the bend is told
ENOUGH = 1e-3  # the steepest slope, beside that at the start, at which the way ends
SHORTEST = 1e-6
SMOOTH = 0.5
DOWNHILL = 1e-4  # of what the slope promises, a step must bring this much

Row = Mapping[str, float]
Vector = list[float]


class Table:
    """Rows of named values, each row with a weight."""

    def __init__(self, rows: Sequence[Row], heavy: Sequence[float], seldom: int = 1) -> None:
        """`heavy` are the weights of the rows; names in fewer than `seldom` rows are left out."""
        counts = Counter(name for row in rows for name, value in row.items() if value)
        self.names = [BASE, *sorted(name for name, count in counts.items() if count >= seldom)]
        place_of = {name: place for place, name in enumerate(self.names)}
        self.heavy = heavy
        self.rows = [
            [
                (0, 1.0),
                *((place_of[name], value) for name, value in row.items() if value and name in place_of),
            ]
            for row in rows
        ]

    def fit(self, labels: Sequence[bool], penalty: float) -> dict[str, float]:
        """Return the weights by which a row's values speak for its label."""
        weights = [0.0] * len(self.names)
        weights[0] = self.prior(labels)
        cost, slope = self.cost(weights, labels, penalty)
        steepest = max(map(abs, slope))
        past: list[tuple[Vector, Vector]] = []
        for _ in range(STEPS):
            way = downhill(slope, past)
            promised = dot(way, slope)
            step = 1.0 if past else 1.0 / max(1.0, math.sqrt(dot(slope, slope)))
            while True:
                there = [weight + step * one for weight, one in zip(weights, way, strict=True)]
                found, bent = self.cost(there, labels, penalty)
                if found <= cost + DOWNHILL * step * promised or step < SHORTEST:
                    break
                step /= 2
            moved = [new - old for new, old in zip(there, weights, strict=True)]
            turned = [new - old for new, old in zip(bent, slope, strict=True)]
            if dot(moved, turned) > 0:
                past = [*past, (moved, turned)][-MEMORY:]
            weights, cost, slope = there, found, bent
            if max(map(abs, slope)) <= ENOUGH * steepest or step < SHORTEST:
                break
        return dict(zip(self.names, weights, strict=True))

    def prior(self, labels: Sequence[bool]) -> float:
        """Return the log odds of a label, were nothing else known."""
        yes = sum(heavy for heavy, label in zip(self.heavy, labels, strict=True) if label)
        return math.log((yes + SMOOTH) / (sum(self.heavy) - yes + SMOOTH))

    def cost(self, weights: Vector, labels: Sequence[bool], penalty: float) -> tuple[float, Vector]:
        """Return how badly weights fit, and the slope of it."""
        cost, slope = 0.0, [penalty * weight for weight in weights]
        slope[0] = 0.0
        for row, label, heavy in zip(self.rows, labels, self.heavy, strict=True):
            margin = sum([weights[place] * value for place, value in row])
            off = math.exp(-abs(margin))
            cost += heavy * (math.log1p(off) + max(0.0, -margin if label else margin))
            pull = heavy * ((1 / (1 + off) if margin > 0 else off / (1 + off)) - label)
            if abs(pull) > 1e-5:
                for place, value in row:
                    slope[place] += pull * value
        return cost + penalty / 2 * dot(weights[1:], weights[1:]), slope


def downhill(slope: Vector, past: Sequence[tuple[Vector, Vector]]) -> Vector:
    """Return the way to go: against the slope, bent by what past steps have shown."""
    way = [-one for one in slope]
    taken = []
    for moved, turned in reversed(past):
        share = dot(moved, way) / dot(moved, turned)
        taken.append(share)
        way = [one - share * other for one, other in zip(way, turned, strict=True)]
    if past:
        moved, turned = past[-1]
        scale = dot(moved, turned) / dot(turned, turned)
        way = [scale * one for one in way]
    for (moved, turned), share in zip(past, reversed(taken), strict=True):
        back = dot(turned, way) / dot(moved, turned)
        way = [one + (share - back) * other for one, other in zip(way, moved, strict=True)]
    return way


def dot(one: Vector, other: Vector) -> float:
    return sum([a * b for a, b in zip(one, other, strict=True)])


def scaled(rows: Sequence[Row]) -> tuple[list[dict[str, float]], dict[str, float]]:
    """Return rows whose values spread alike, so that one penalty fits all, and each name's spread."""
    spread = {}
    for name in sorted({name for row in rows for name in row}):
        values = [row.get(name, 0.0) for row in rows]
        middle = sum(values) / len(rows)
        spread[name] = math.sqrt(sum((value - middle) ** 2 for value in values) / len(rows)) or 1.0
    return [{name: value / spread[name] for name, value in row.items()} for row in rows], spread

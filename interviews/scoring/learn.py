"""Writes learned.json and cases.json anew: `python -m interviews.scoring.learn`, some minutes.

`--check` tells what it is worth instead, on authors left out, `--cases` writes cases.json alone, as is needed
for a new case.

Learned from are the labelled answers of all sets that may be tuned on, the passages people marked in them,
the sentences in sentences/, and the bank and expectations of the content. Whoever wrote an answer has no part
in the chances by which that answer teaches levels. The file is always the same.
"""

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

from interviews.scoring import cases, levels, soft, verdict
from interviews.scoring.evidence import FEATURES, features
from interviews.scoring.regression import Table, scaled
from interviews.scoring.taught import FOLDS, UNKNOWN, Taught, answers, content, sentences

SEEN_IN = 3  # what fewer units show says nothing that lasts
SMALLEST = 0.03  # weights nearer to nothing are left out
SENTENCE = 0.3  # how much a sentence counts beside a passage somebody marked
PENALTIES = {"speaks": 3.3, "explains": 10.0, "levels": 3.3}

NO_LEVELS: dict[str, Any] = {"present": {}, "explained": {}}

LevelRow = tuple[dict[str, float], int, float]
Known = Sequence[tuple[dict[str, float], frozenset[str]]]


def codes() -> list[str]:
    return sorted(levels.rules())


def written(path: Path, body: dict[str, Any]) -> None:
    path.write_text(
        json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8"
    )


def fit_one(table: Table, labels: Sequence[bool], penalty: float) -> dict[str, float]:
    return table.fit(labels, penalty)


def learn_units(group: Iterable[Taught], known: Known) -> dict[str, Any]:
    """Return the weights by which units speak for criteria and explain them."""
    units = [(unit, 1.0 if one.plain else UNKNOWN) for one in group for unit in one.units]
    rows = [*(unit.shows for unit, _ in units), *(shows for shows, _ in known)]
    speaks = [*(unit.speaks for unit, _ in units), *(speaks for _, speaks in known)]
    table = Table(rows, [*(heavy for _, heavy in units), *repeat(SENTENCE, len(known))], SEEN_IN)
    by_code = [[code in one for one in speaks] for code in codes()]
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(fit_one, repeat(table), by_code, repeat(PENALTIES["speaks"])))
    body = defaultdict[str, dict[str, int]](dict)
    for place, weights in enumerate(found):
        for name, weight in weights.items():
            if name != soft.BASE and abs(weight) >= SMALLEST:
                body[name][str(place)] = round(weight * soft.UNIT)
    pairs = [(unit.puts[code], code in unit.explains) for unit, _ in units for code in sorted(unit.speaks)]
    explains = Table([row for row, _ in pairs], [1.0] * len(pairs), SEEN_IN).fit(
        [label for _, label in pairs], PENALTIES["explains"]
    )
    return {
        "codes": codes(),
        "base": [round(weights[soft.BASE] * soft.UNIT) for weights in found],
        "speaks": dict(body),
        "explains": {name: round(weight * soft.UNIT) for name, weight in explains.items()},
    }


def rows_of(one: Taught, reader: soft.Learned) -> list[LevelRow]:
    """Return the figures on each criterion, with its label and the weight of the answer."""
    chances = soft.Chances(one.reading, reader, boxes=one.plain)
    return [
        (
            {
                **features(one.found[code], chances.speaking[code], chances.explaining[code], one.words),
                code: 1.0,
            },
            one.labels[code],
            one.weight,
        )
        for code in reader.codes
    ]


def learn_levels(rows: Sequence[LevelRow]) -> dict[str, dict[str, float]]:
    """Return how the figures on a criterion speak for its being named, and explained."""
    same, spread = scaled([{name: row[name] for name in FEATURES} for row, _, _ in rows])
    full = [
        {**scale, **{name: value for name, value in row.items() if name not in FEATURES}}
        for scale, (row, _, _) in zip(same, rows, strict=True)
    ]
    table = Table(full, [heavy for _, _, heavy in rows])
    found = {}
    for name, least in (("present", 1), ("explained", 2)):
        weights = table.fit([label >= least for _, label, _ in rows], PENALTIES["levels"])
        found[name] = {
            key: round(weights.get(key, 0.0) / spread.get(key, 1.0), 3)
            for key in (soft.BASE, *FEATURES, *codes())
        }
    return found


def unseen(group: Sequence[Taught], known: Known) -> list[tuple[dict[str, Any], list[Taught]]]:
    """Return weights for units, each with the answers of authors that had no part in them."""
    found = []
    for fold in range(FOLDS):
        units = learn_units([one for one in group if one.fold != fold], known)
        found.append((units, [one for one in group if one.fold == fold]))
    return found


def rows_unseen(folds: Iterable[tuple[dict[str, Any], list[Taught]]]) -> list[LevelRow]:
    return [
        row
        for units, strangers in folds
        for one in strangers
        for row in rows_of(one, soft.Learned({**units, **NO_LEVELS}))
    ]


def learn(group: Sequence[Taught], known: Known) -> dict[str, Any]:
    """Return all weights; the chances that teach levels come from other authors' units."""
    return {**learn_units(group, known), **learn_levels(rows_unseen(unseen(group, known)))}


def check(group: Sequence[Taught], known: Known) -> dict[str, list[tuple[int, int, int]]]:
    """Return label, level by rules and level in full of all answers, read by other authors' weights."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    folds = unseen(group, known)
    for place, (units, strangers) in enumerate(folds):
        others = rows_unseen(fold for other, fold in enumerate(folds) if other != place)
        reader = soft.Learned({**units, **learn_levels(others)})
        for one in strangers:
            if one.plain:
                for code, decision in verdict.decide_all(one.reading, reader).items():
                    ruled = verdict.FOLDED[one.found[code].level]
                    found[one.folder].append((one.labels[code], ruled, verdict.FOLDED[decision.level]))
    return found


def kappa(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the quadratic weighted kappa of levels 0 to 2."""
    seen = sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
    first, second = Counter(one), Counter(other)
    by_chance = sum((a - b) ** 2 * first[a] * second[b] for a in first for b in second) / len(one)
    return 1 - seen / by_chance if by_chance else 1.0


def rank(values: Sequence[float]) -> list[float]:
    """Return the rank of each value; equal ones share the mean of theirs."""
    return [
        sum(other < value for other in values) + (sum(other == value for other in values) - 1) / 2
        for value in values
    ]


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    first, second = rank(one), rank(other)
    middle = (len(one) - 1) / 2
    both = sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    sizes = sum((a - middle) ** 2 for a in first) * sum((b - middle) ** 2 for b in second)
    return both / math.sqrt(sizes) if sizes else 1.0


def told(found: Mapping[str, Sequence[tuple[int, int, int]]]) -> Iterable[str]:
    """Yield one line for each set: agreement pooled and over criteria, and the order of totals."""
    size = len(codes())
    for name, rows in found.items():
        label, ruled, full = (list(column) for column in zip(*rows, strict=True))
        starts = range(0, len(rows), size)
        totals = [[sum(column[start : start + size]) for start in starts] for column in (label, full)]
        macro = [kappa(label[place::size], full[place::size]) for place in range(size)]
        yield (
            f"{name}: rules alone {kappa(label, ruled):.3f}, in full {kappa(label, full):.3f}, "
            f"over criteria {sum(macro) / size:.3f}, order of totals {spearman(*totals):.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="tell how well unseen authors are read")
    parser.add_argument("--cases", action="store_true", help="write cases.json alone")
    chosen = parser.parse_args()
    if not chosen.check:
        written(cases.PATH, cases.gathered(content()))
    if chosen.cases:
        return
    group, known = answers(), sentences()
    if chosen.check:
        print("\n".join(told(check(group, known))))
    else:
        written(soft.PATH, learn(group, known))


if __name__ == "__main__":
    main()

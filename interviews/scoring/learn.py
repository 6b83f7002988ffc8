"""Writes learned.json and cases.json anew: `python -m interviews.scoring.learn`.

`--check` tells what it is worth instead, `--cases` writes cases.json alone, as is needed for a new case.

Learned from are the labelled answers of all sets that may be tuned on, the sentences in sentences/, and the
bank and expectations of the content. Weights of words are smoothed odds, counted; how the figures of
`evidence.py` make a level is a logistic regression with a penalty. Whoever wrote an answer has no part in the
likeness by which that answer teaches levels. No chance is involved: the file is always the same.
"""

import argparse
import json
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from interviews.scoring import cases, levels, soft, verdict
from interviews.scoring.evidence import FEATURES, Found, Places, features
from interviews.scoring.reading import Reading, read
from interviews.scoring.text import tokens_of

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
# Rules were written with the first three in view, so they say less about strangers.
SETS = {
    DATA / "scoring-dev": 1.0,
    DATA / "scoring": 1.0,
    DATA / "scoring" / "dev": 1.0,
    DATA / "scoring" / "more-a": 2.0,
    DATA / "scoring" / "more-b": 2.0,
}
SENTENCES = Path(__file__).parent / "sentences"
CONTENT = ROOT / "casestudies" / "content"
PACKS = ("classic", "genai", "platform")
SMOOTH = 0.15
SEEN_IN = 6  # words in fewer units say nothing that lasts
LOWEST, HIGHEST = -1.0, 4.0
SMALLEST = 1.3  # weights nearer to nothing are left out
FOLDS = 10
PENALTY = 3.0
STEPS = 12
UNKNOWN = 0.5  # how much an answer counts when read without ways of saying, as strangers' words often are


@dataclass
class Taught:
    """One labelled answer: what its units say, and what the rules make of each criterion."""

    name: str
    author: str
    weight: float
    labels: dict[str, int]
    reading: Reading
    found: dict[str, Found]
    hits: dict[str, set[int]]
    terms: dict[int, set[str]] = field(default_factory=dict)


def codes() -> list[str]:
    return sorted(levels.rules())


def answers(*, plain: bool = True) -> list[Taught]:
    """Return all labelled answers, read once; without `plain` as if no ways of saying were known."""
    found = []
    for folder, weight in SETS.items():
        if not (folder / "labels" / "text.json").exists():
            continue
        labels = json.loads((folder / "labels" / "text.json").read_text(encoding="utf-8"))
        for path in sorted((folder / "answers").glob("*.json")):
            body = json.loads(path.read_text(encoding="utf-8"))
            found.append(taught(body, labels[body["id"]], weight if plain else weight * UNKNOWN, plain))
    return found


def taught(body: dict[str, Any], labels: dict[str, int], weight: float, plain: bool = True) -> Taught:
    reading = read(body["answers"], body["case"]["title"], body["case"]["prompt"], plain=plain)
    one = Taught(body["id"], body.get("author", body["id"]), weight, labels, reading, {}, {})
    for code in codes():
        hits = levels.hits_for(code, reading)[0]
        one.found[code] = verdict.found_by_rules(code, reading)
        one.hits[code] = set(hits)
    one.terms = {seen.unit.index: soft.terms_of(seen.unit.stems) for seen in levels.readable(reading)}
    return one


def sentences() -> list[tuple[set[str], set[str]]]:
    """Return the words of sentences that are known to speak for criteria, with these criteria."""
    found: list[tuple[str, str]] = []
    for path in sorted(SENTENCES.glob("*.yaml")):
        for code, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found += [(text, code) for text in texts]
    for entry in yaml.safe_load((CONTENT / "bank" / "criteria.yaml").read_text(encoding="utf-8")):
        texts = [entry["definition"], *entry["anchors"][2:], *entry["next"]]
        found += [(text, entry["code"]) for text in texts]
    for path in sorted(
        [*CONTENT.glob("classic/*.yaml"), *CONTENT.glob("genai/*.yaml"), *CONTENT.glob("platform/*.yaml")]
    ):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [(one["statement"], one["criterion"]) for one in body["expectations"]]
        found += [(one["ask"], one["criterion"]) for one in body["follow_ups"]]
    known = set(codes())
    return [
        (soft.terms_of([token.stem for token in tokens_of(text)]), {code} & known)
        for text, code in found
        if code in known or code == "none"
    ]


def content() -> dict[str, dict[str, Any]]:
    """Return all cases of the content by slug."""
    paths = sorted(path for pack in PACKS for path in (CONTENT / pack).glob("*.yaml"))
    bodies = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    return {body["slug"]: body for body in bodies}


def written(path: Path, body: dict[str, Any]) -> None:
    path.write_text(
        json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8"
    )


def units_of(group: Iterable[Taught]) -> list[tuple[set[str], set[str]]]:
    """Return the words of each unit with the criteria it speaks for, as far as people's labels allow."""
    found = []
    for one in group:
        for index, terms in one.terms.items():
            found.append((terms, {code for code in codes() if one.labels[code] and index in one.hits[code]}))
    return found


def weigh_words(units: Sequence[tuple[set[str], set[str]]]) -> dict[str, Any]:
    """Return the weight of each word for each criterion: smoothed log odds."""
    whole, inside = Counter[str](), defaultdict[str, Counter[str]](Counter)
    sizes = Counter[str]()
    for terms, speaks_for in units:
        whole.update(terms)
        for code in speaks_for:
            inside[code].update(terms)
            sizes[code] += 1
    prior, words = [], defaultdict[str, dict[str, int]](dict)
    lasting = sorted(term for term, count in whole.items() if count >= SEEN_IN)
    for place, code in enumerate(codes()):
        yes, no = sizes[code] + SMOOTH, len(units) - sizes[code] + SMOOTH
        prior.append(round(math.log(yes / no) / 2, 3))
        for term in lasting:
            with_it = inside[code][term] + SMOOTH / 2
            without = whole[term] - inside[code][term] + SMOOTH / 2
            weight = max(LOWEST, min(HIGHEST, math.log(with_it / yes) - math.log(without / no)))
            if abs(weight) >= SMALLEST:
                words[term][str(place)] = round(weight * 100)
    return {"codes": codes(), "prior": prior, "words": dict(words)}


Row = tuple[str, tuple[float, ...], int, float]


def rows_of(one: Taught, reader: soft.Learned) -> list[Row]:
    """Return what there is to see of each criterion, with its label and the weight of the answer."""
    likeness = soft.likenesses(levels.readable(one.reading), reader)
    places = Places(one.reading)
    return [
        (
            code,
            features(
                code,
                places,
                one.found[code],
                verdict.points_here(code, places),
                {index: scores[position] for index, scores in likeness.items()},
            ),
            one.labels[code],
            one.weight,
        )
        for position, code in enumerate(reader.codes)
    ]


def fit(rows: Sequence[Row], least: int) -> dict[str, float]:
    """Return the weights by which what is seen speaks for a label of `least` or more: Newton's method."""
    spread = [deviation([row[1][place] for row in rows]) for place in range(len(FEATURES))]
    names = ["base", *FEATURES, *codes()]
    place_of = {name: place for place, name in enumerate(names)}
    sparse = [
        (
            [
                (0, 1.0),
                *((place + 1, value / spread[place]) for place, value in enumerate(seen) if value),
                (place_of[code], 1.0),
            ],
            float(label >= least),
            heavy,
        )
        for code, seen, label, heavy in rows
    ]
    weights = [0.0] * len(names)
    for _ in range(STEPS):
        slope = [PENALTY * weight for weight in weights]
        slope[0] = 0.0
        bend = [[0.0] * len(names) for _ in names]
        for place in range(len(names)):
            bend[place][place] = PENALTY if place else 1e-6
        for entries, label, heavy in sparse:
            total = sum(weights[place] * value for place, value in entries)
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            off, steep = heavy * (chance - label), heavy * chance * (1 - chance)
            for place, value in entries:
                slope[place] += off * value
                row, pull = bend[place], steep * value
                for other, size in entries:
                    row[other] += pull * size
        weights = [old - step for old, step in zip(weights, solved(bend, slope), strict=True)]
    scaled = [weights[0], *(weights[place + 1] / spread[place] for place in range(len(FEATURES)))]
    scaled += weights[1 + len(FEATURES) :]
    return {name: round(value, 3) for name, value in zip(names, scaled, strict=True)}


def deviation(values: Sequence[float]) -> float:
    middle = sum(values) / len(values)
    return math.sqrt(sum((value - middle) ** 2 for value in values) / len(values)) or 1.0


def solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Return the solution of a system of linear equations, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for place in range(size):
        best = max(range(place, size), key=lambda number: abs(rows[number][place]))
        rows[place], rows[best] = rows[best], rows[place]
        top = rows[place]
        for other in range(place + 1, size):
            if factor := rows[other][place] / top[place]:
                row = rows[other]
                for column in range(place, size + 1):
                    row[column] -= factor * top[column]
    found = [0.0] * size
    for place in range(size - 1, -1, -1):
        known = sum(rows[place][column] * found[column] for column in range(place + 1, size))
        found[place] = (rows[place][size] - known) / rows[place][place]
    return found


def fold_of(author: str) -> int:
    return zlib.crc32(author.encode()) % FOLDS


Known = Sequence[tuple[set[str], set[str]]]


def learn(group: Sequence[Taught], bare: Sequence[Taught], known: Known) -> dict[str, Any]:
    """Return all weights from labelled answers; likeness for the levels comes from other authors' words.

    `bare` are the same answers read without ways of saying, `known` the sentences.
    """
    rows: list[Row] = []
    for fold in range(FOLDS):
        others = [one for one in group if fold_of(one.author) != fold]
        reader = soft.Learned({**weigh_words([*units_of(others), *known]), "present": {}, "explained": {}})
        for one in (*group, *bare):
            if fold_of(one.author) == fold:
                rows += rows_of(one, reader)
    body = weigh_words([*units_of(group), *known])
    return {**body, "present": fit(rows, 1), "explained": fit(rows, 2)}


def check(
    group: Sequence[Taught], bare: Sequence[Taught], known: Known
) -> dict[str, list[tuple[int, int, int]]]:
    """Return label, level by rules and level in full of all answers, read by other authors' weights."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for fold in range(FOLDS):
        others, blind = ([one for one in read if fold_of(one.author) != fold] for read in (group, bare))
        unseen = [one for one in group if fold_of(one.author) == fold]
        if not unseen:
            continue
        reader = soft.Learned(learn(others, blind, known))
        for one in unseen:
            for code, decision in verdict.decide_all(one.reading, reader).items():
                ruled = verdict.FOLDED[one.found[code].level]
                found[one.name[:2]].append((one.labels[code], ruled, verdict.FOLDED[decision.level]))
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
    for name, rows in sorted(found.items()):
        label, ruled, full = (list(column) for column in zip(*rows, strict=True))
        answers = range(0, len(rows), size)
        totals = [[sum(column[start : start + size]) for start in answers] for column in (label, full)]
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
    group, bare, known = answers(), answers(plain=False), sentences()
    if chosen.check:
        print("\n".join(told(check(group, bare, known))))
    else:
        written(soft.PATH, learn(group, bare, known))


if __name__ == "__main__":
    main()

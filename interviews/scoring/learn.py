"""Writes learned.json anew: `python -m interviews.scoring.learn`, or with `--check` tells what it is worth.

Learned from are the labelled answers of the three sets that may be tuned on, the sentences in sentences/,
and the bank and expectations of the content. Weights of words are smoothed odds, counted; how words,
concepts and marks make a level is a logistic regression with a penalty. Whoever wrote an answer has no
part in the likeness by which that answer teaches levels, and some of what the concepts found is withheld,
as it will be in words nobody has written down. No chance is involved: the file is always the same.
"""

import argparse
import json
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from interviews.scoring import levels, soft
from interviews.scoring.reading import Reading, read
from interviews.scoring.text import tokens_of

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
SETS = {DATA / "scoring-dev": 0.7, DATA / "scoring": 0.7, DATA / "scoring" / "dev": 1.5}
SENTENCES = Path(__file__).parent / "sentences"
CONTENT = ROOT / "casestudies" / "content"
SMOOTH = 0.15
SEEN_IN = 3  # words in fewer units say nothing that lasts
LOWEST, HIGHEST = -1.0, 4.0
SMALLEST = 0.6  # weights nearer to nothing are left out
WITHHELD = 0.3
FOLDS = 8
PENALTY = 3.0
ROUNDS = 400


@dataclass
class Taught:
    """One labelled answer: what its units say, and what the rules make of each criterion."""

    name: str
    author: str
    weight: float
    labels: dict[str, int]
    reading: Reading
    found: dict[str, levels.Decision]
    hits: dict[str, set[int]]
    terms: dict[int, set[str]] = field(default_factory=dict)


def codes() -> list[str]:
    return sorted(levels.rules())


def answers() -> list[Taught]:
    """Return all labelled answers, read once."""
    found = []
    for folder, weight in SETS.items():
        labels = json.loads((folder / "labels" / "text.json").read_text(encoding="utf-8"))
        for path in sorted((folder / "answers").glob("*.json")):
            body = json.loads(path.read_text(encoding="utf-8"))
            found.append(taught(body, labels[body["id"]], weight))
    return found


def taught(body: dict[str, Any], labels: dict[str, int], weight: float) -> Taught:
    reading = read(body["answers"], body["case"]["title"], body["case"]["prompt"])
    one = Taught(body["id"], body.get("author", body["id"]), weight, labels, reading, {}, {})
    for code in codes():
        hits = levels.hits_for(code, reading)[0]
        one.found[code] = levels.by_rules(code, reading)
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
    for path in sorted((CONTENT / "classic").glob("*.yaml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [(one["statement"], one["criterion"]) for one in body["expectations"]]
        found += [(one["ask"], one["criterion"]) for one in body["follow_ups"]]
    known = set(codes())
    return [
        (soft.terms_of(token.stem for token in tokens_of(text)), {code} & known)
        for text, code in found
        if code in known or code == "none"
    ]


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


def likeness(one: Taught, reader: soft.Learned) -> dict[int, list[float]]:
    return {seen.unit.index: reader.likeness(seen.unit) for seen in levels.readable(one.reading)}


Row = tuple[str, tuple[float, ...], int, float]


def rows_of(one: Taught, reader: soft.Learned, *, withhold: bool) -> list[Row]:
    """Return what there is to see of each criterion, with its label and the weight of the answer."""
    like_all = likeness(one, reader)
    found = []
    for place, code in enumerate(reader.codes):
        like, rule = soft.most_alike(place, like_all), one.found[code]
        seen = levels.features(code, one.reading, rule, like)
        found.append((code, seen, one.labels[code], one.weight))
        if withhold and zlib.crc32(f"{one.name}{code}".encode()) % 100 < 100 * WITHHELD:
            blind = soft.features(0, 0.0, 0, like, levels.alike_points(code, one.reading, like))
            found.append((code, blind, one.labels[code], one.weight))
    return found


def fit(rows: Sequence[Row], least: int) -> dict[str, float]:
    """Return the weights by which what is seen speaks for a label of `least` or more."""
    names = list(soft.FEATURES)
    weights = dict.fromkeys(["base", *names, *codes()], 0.0)
    steps = dict.fromkeys(weights, 1e-8)
    total = sum(row[3] for row in rows)
    for _ in range(ROUNDS):
        slope = {
            name: (0.0 if name == "base" else PENALTY * (3 if name in names else 4) / 3 * value / total)
            for name, value in weights.items()
        }
        for code, seen, label, heavy in rows:
            off = (soft.chance(weights, code, seen) - (label >= least)) * heavy / total
            slope["base"] += off
            slope[code] += off
            for name, value in zip(names, seen, strict=True):
                slope[name] += off * value
        for name, value in slope.items():
            steps[name] += value * value
            weights[name] -= 0.3 * value / math.sqrt(steps[name])
    return {name: round(value, 3) for name, value in weights.items()}


def fold_of(author: str) -> int:
    return zlib.crc32(author.encode()) % FOLDS


def learn(group: Sequence[Taught], *, known: Sequence[tuple[set[str], set[str]]]) -> dict[str, Any]:
    """Return all weights from labelled answers; likeness for the levels comes from other authors' words."""
    rows: list[Row] = []
    for fold in range(FOLDS):
        others = [one for one in group if fold_of(one.author) != fold]
        reader = soft.Learned({**weigh_words([*units_of(others), *known]), "present": {}, "explained": {}})
        for one in group:
            if fold_of(one.author) == fold:
                rows += rows_of(one, reader, withhold=True)
    body = weigh_words([*units_of(group), *known])
    return {**body, "present": fit(rows, 1), "explained": fit(rows, 2)}


def check(group: Sequence[Taught], known: Sequence[tuple[set[str], set[str]]]) -> list[str]:
    """Return how well unseen authors are read, each fold by weights from the others."""
    pairs: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for fold in range(FOLDS):
        others = [one for one in group if fold_of(one.author) != fold]
        reader = soft.Learned(learn(others, known=known))
        for one in group:
            if fold_of(one.author) != fold:
                continue
            for code, seen, label, _ in rows_of(one, reader, withhold=False):
                level = one.found[code].level
                pairs[one.name[:2]].append(judged(level, reader.expected(code, seen), label))
            pairs[f"{one.name[:2]}, a third withheld"] += withheld(one, reader)
    return [
        f"{name}: rules alone {kappa(*columns(rows, 0, 1)):.3f}, "
        f"with likeness {kappa(*columns(rows, 0, 2)):.3f}"
        for name, rows in sorted(pairs.items())
    ]


def columns(rows: Sequence[tuple[int, int, int]], one: int, other: int) -> tuple[list[int], list[int]]:
    return [row[one] for row in rows], [row[other] for row in rows]


def judged(level: int, expected: float, label: int) -> tuple[int, int, int]:
    """Return the label, what rules alone say, and what they say with likeness."""
    return label, (0, 1, 1, 2, 2)[level], settled(level, expected)


def withheld(one: Taught, reader: soft.Learned) -> list[tuple[int, int, int]]:
    """Return the same where rules find nothing for a third of the criteria (another than in training)."""
    like_all, found = likeness(one, reader), []
    for place, code in enumerate(reader.codes):
        like, rule = soft.most_alike(place, like_all), one.found[code]
        if zlib.crc32(f"check {one.name}{code}".encode()) % 3 == 0:
            blind = soft.features(0, 0.0, 0, like, levels.alike_points(code, one.reading, like))
            found.append(judged(0, reader.expected(code, blind), one.labels[code]))
        else:
            seen = levels.features(code, one.reading, rule, like)
            found.append(judged(rule.level, reader.expected(code, seen), one.labels[code]))
    return found


def settled(level: int, expected: float) -> int:
    """Return the folded level that rules and likeness make together."""
    if level == 0:
        return levels.grade(expected)
    return 2 if level >= 3 or expected >= levels.BORDER else 1


def kappa(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the quadratic weighted kappa of levels 0 to 2."""
    seen = sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
    first, second = Counter(one), Counter(other)
    by_chance = sum((a - b) ** 2 * first[a] * second[b] for a in first for b in second) / len(one)
    return 1 - seen / by_chance if by_chance else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="tell how well unseen authors are read")
    chosen = parser.parse_args()
    group, known = answers(), sentences()
    if chosen.check:
        print("\n".join(check(group, known)))
        return
    body = learn(group, known=known)
    soft.PATH.write_text(
        json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()

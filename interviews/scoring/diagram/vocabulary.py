"""The words of parts.yaml, ready to be looked up: which term starts here, and what is this word a slip of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from interviews.scoring.stemming import english

SOURCE = Path(__file__).resolve().parent.parent / "parts.yaml"
WORD = re.compile(r"[a-z0-9]+")

# Shorter words are too often one letter away from another word that means something else.
SHORTEST_CORRECTED = 5
TWO_SLIPS_FROM = 10
SHORTEST_SHORTENED = 4
VOWELS = re.compile(r"[aeiou]")
DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Term:
    """One entry of the vocabulary: the part it names, and whether as a noun, a kind of box or a product."""

    part: str
    sort: str  # "noun" | "box"
    product: bool
    length: int


# The stemmer would make these one with what they make.
KEPT_APART = frozenset(
    {
        "indexer",
        "indexers",
        "recommender",
        "recommenders",
        "generator",
        "generators",
        "indicator",
        "indicators",
    }
)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of a lower-case word; short words, abbreviations and numbers stay as they are."""
    if not word.isalpha():
        return word
    if word in KEPT_APART:
        return word.rstrip("s")
    return english(word) if len(word) > 3 else word


def split_words(text: str) -> list[str]:
    return WORD.findall(text.lower())


@dataclass(frozen=True)
class Vocabulary:
    """All terms by their first word, as written and by stem."""

    exact: Mapping[str, Sequence[tuple[tuple[str, ...], Term]]]
    stemmed: Mapping[str, Sequence[tuple[tuple[str, ...], Term]]]
    together: Mapping[str, Mapping[str, str]]
    beside: Mapping[str, Sequence[str]]
    verbs: Mapping[str, str]
    offline: frozenset[tuple[str, ...]]
    online: frozenset[tuple[str, ...]]
    joined: tuple[tuple[str, str], ...]
    asides: frozenset[str]
    known: frozenset[str]
    known_stems: frozenset[str]
    correctable: tuple[str, ...]
    run_together: Mapping[str, tuple[str, ...]]
    short_for: Mapping[str, str]
    says: Mapping[str, str]
    names: Mapping[tuple[str, ...], str]

    def at(self, words: Sequence[str], stems: Sequence[str], start: int) -> Term | None:
        """Return the longest term that starts at this word, as written before by stem, or None."""
        best: Term | None = None
        for table, row in ((self.exact, words), (self.stemmed, stems)):
            for sequence, term in table.get(row[start], ()):
                if best is not None and term.length <= best.length:
                    break
                if tuple(row[start : start + term.length]) == sequence:
                    best = term
                    break
        return best

    def corrected(self, word: str) -> str:
        """Return the known word that this one is short for or a slip of, or the word itself."""
        if word in self.known or stem(word) in self.known_stems:
            return word
        if word in self.short_for:
            return self.short_for[word]
        return word if len(word) < SHORTEST_CORRECTED else _nearest(self, word)


def _short_forms(parts_of: Mapping[str, set[str]], known: set[str]) -> dict[str, str]:
    """Return what people write to save letters ("usr", "trng", "monit") → the word, where only one part fits.

    A word loses its vowels but for the first letter, or its end. One that could be two parts is none.
    """
    meant: dict[str, set[str]] = {}
    for word in parts_of:
        if len(word) < SHORTEST_SHORTENED:
            continue
        bare = DOUBLED.sub(r"\1", word[0] + VOWELS.sub("", word[1:]))
        shorter = {bare[:end] for end in range(3, len(bare) + 1)}
        shorter |= {word[:end] for end in range(4, len(word) - 1)}
        for short in shorter - known:
            meant.setdefault(short, set()).add(word)
    return {
        short: min(words, key=lambda word: (len(word), word))
        for short, words in meant.items()
        if len({frozenset(parts_of[word]) for word in words}) == 1
    }


_SLIPS: dict[str, str] = {}


def _nearest(vocabulary: Vocabulary, word: str) -> str:
    """Return the nearest known word within the allowed slips; remembered, since boards repeat their words."""
    if word in _SLIPS:
        return _SLIPS[word]
    allowed = 2 if len(word) >= TWO_SLIPS_FROM else 1
    found = process.extract(
        word, vocabulary.correctable, scorer=OSA.distance, score_cutoff=allowed, limit=8, processor=None
    )
    # The first letter is seldom mistyped, and most look-alikes differ in it ("match", "batch").
    near = sorted((distance, other) for other, distance, _ in found if other[0] == word[0])
    answer = near[0][1] if near else word
    if len(_SLIPS) < 20_000:
        _SLIPS[word] = answer
    return answer


def _sequence(text: str) -> tuple[str, ...]:
    return tuple(split_words(text))


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of parts.yaml, read once."""
    # The C loader reads the file ten times faster, where it is installed.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(SOURCE.read_text(encoding="utf-8"), Loader=loader)
    exact: dict[str, dict[tuple[str, ...], Term]] = {}
    stemmed: dict[str, dict[tuple[str, ...], Term]] = {}
    known: set[str] = {
        w for words in (data["asides"], data["plain"]) for text in words for w in split_words(text)
    }
    correctable: set[str] = set()
    parts_of: dict[str, set[str]] = {}
    run_together: dict[str, tuple[str, ...]] = {}
    for sort, group in (("noun", data["nouns"]), ("box", data["boxes"])):
        for part, entry in group.items():
            for product, texts in ((False, entry.get("words", ())), (True, entry.get("tech", ()))):
                for text in texts:
                    sequence = _sequence(str(text))
                    term = Term(part, sort, product, len(sequence))
                    exact.setdefault(sequence[0], {}).setdefault(sequence, term)
                    stems = tuple(stem(word) for word in sequence)
                    stemmed.setdefault(stems[0], {}).setdefault(stems, term)
                    known.update(sequence)
                    if len(sequence) == 1 and sequence[0].isalpha():
                        parts_of.setdefault(sequence[0], set()).add(part)
                    correctable.update(word for word in sequence if len(word) >= SHORTEST_CORRECTED)
                    if len(sequence) == 2 and len(sequence[0]) > 2:
                        run_together.setdefault("".join(sequence), sequence)
    traits = {name: frozenset(_sequence(text) for text in texts) for name, texts in data["traits"].items()}
    for sequences in traits.values():
        known.update(word for sequence in sequences for word in sequence)
    known.update(data["verbs"])
    by_length = lambda table: {  # noqa: E731 - the longest term is to be tried first
        first: tuple(sorted(terms.items(), key=lambda item: -item[1].length))
        for first, terms in table.items()
    }
    return Vocabulary(
        exact=by_length(exact),
        stemmed=by_length(stemmed),
        together=data["together"],
        beside=data["beside"],
        verbs=data["verbs"],
        offline=traits["offline"],
        online=traits["online"],
        joined=tuple(sorted(data["joined"].items(), key=lambda pair: -len(pair[0]))),
        asides=frozenset(data["asides"]),
        known=frozenset(known),
        known_stems=frozenset(stem(word) for word in known),
        correctable=tuple(sorted(correctable - set(data["plain"]))),
        run_together={joined: pair for joined, pair in run_together.items() if joined not in known},
        short_for=_short_forms(parts_of, known | set(data["plain"])),
        says={part: entry["says"] for group in ("nouns", "boxes") for part, entry in data[group].items()},
        names={
            tuple(stem(word) for word in _sequence(text)): part
            for part, texts in data["names"].items()
            for text in texts
        },
    )

"""The ontology, compiled once: which concepts a run of words names.

Terms are compared by stem. All of them hang in one index by their first stem, so that reading a text
costs one look-up a word however many concepts there are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from rapidfuzz.distance import OSA

from interviews.scoring.families import Families
from interviews.scoring.text import Token, tokens_of
from interviews.scoring.words import american

_OPTIONS = re.compile(r"\[([^\]]+)\]")
SLOTS: tuple[tuple[str, ...], ...] = ((), ())  # parts with gaps between them, which swallow nothing
MAX_GAP = 4
MIN_FUZZY = 7


@dataclass(frozen=True)
class Concept:
    """One entry of the ontology."""

    key: str
    criteria: frozenset[str]
    topics: frozenset[str]
    marks: frozenset[str]
    near: frozenset[str]
    risk: bool
    said: bool  # told by its ways of saying rather than by a term
    heading: bool  # announces only from a heading or a label, not from within a sentence


class Pattern(NamedTuple):
    """A term: runs of stems with gaps of up to MAX_GAP words between them."""

    concept: str
    parts: tuple[tuple[str, ...], ...]
    capitals: bool
    exact: str  # the first word must be spelt so, where its stem is too common
    colon: bool
    blocks: bool
    size: int


class Match(NamedTuple):
    """Where a concept was named: token positions, last one excluded."""

    start: int
    end: int
    concept: str


class Lexicon:
    """Concepts with an index of their terms."""

    def __init__(self, entries: dict[str, dict[str, Any]]) -> None:
        self.concepts: dict[str, Concept] = {}
        self.index: dict[str, list[Pattern]] = {}
        self.words: dict[str, str] = {}  # as spelt in the terms, with their stems
        self.families = Families()
        for key, entry in entries.items():
            self.concepts[key] = Concept(
                key,
                frozenset(str(entry.get("for", "")).split()),
                frozenset(str(entry.get("topic", "")).split()),
                frozenset(str(entry.get("as", "")).split()) | {key},
                frozenset(token.stem for token in tokens_of(str(entry.get("near", "")).replace("|", " "))),
                bool(entry.get("risk", False)),
                "terms" not in entry,
                bool(entry.get("heading", False)),
            )
            self.add(key, str(entry.get("terms", "")), blocks=False)
            for way in entry.get("say", ()):
                self.families.add(key, str(way))
            self.add(key, str(entry.get("block", "")), blocks=True)
        for patterns in self.index.values():
            patterns.sort(key=lambda pattern: (-pattern.size, pattern.concept, pattern.parts))
        self.vocabulary = frozenset(
            stem
            for patterns in self.index.values()
            for pattern in patterns
            for part in pattern.parts
            for stem in part
        ) | {stem for runs in self.families.slots for run in runs for stem in run}
        self.long_words: dict[tuple[str, int], list[str]] = {}
        for word in sorted(self.words):
            if len(word) >= MIN_FUZZY:
                self.long_words.setdefault((word[0], len(word)), []).append(word)
        self.slips: dict[str, str] = {}

    def add(self, key: str, terms: str, *, blocks: bool) -> None:
        for term in terms.split("|"):
            for spelt in expand(term.strip()):
                self.add_term(key, spelt, blocks)

    def add_term(self, key: str, term: str, blocks: bool) -> None:
        capitals, colon = term.startswith("=") and not term.startswith("= "), term.endswith(":")
        text = term[1:] if capitals or term.startswith("!") else term
        exact = american(tokens_of(text)[0].word) if term.startswith("!") else ""
        self.words.update((token.word, token.stem) for token in tokens_of(text))
        runs = (tuple(token.stem for token in tokens_of(run)) for run in text.split(".."))
        parts = tuple(run for run in runs if run)
        if parts:
            size = sum(map(len, parts))
            pattern = Pattern(key, parts, capitals, exact, colon, blocks, size)
            known = self.index.setdefault(parts[0][0], [])
            if pattern not in known:
                known.append(pattern)

    def spelt(self, token: Token) -> str:
        """Return the stem of a word, or the one long term it is a single slip away from."""
        stem = token.stem
        if stem in self.vocabulary or len(token.word) < MIN_FUZZY or not token.word.isalpha():
            return stem
        if token.word not in self.slips:
            if len(self.slips) > 50_000:
                self.slips.clear()
            self.slips[token.word] = self.nearest(token.word, stem)
        return self.slips[token.word]

    def nearest(self, word: str, stem: str) -> str:
        for length in (len(word), len(word) - 1, len(word) + 1):
            for known in self.long_words.get((word[0], length), ()):
                # A different last letter is more often another word (relation, relative) than a slip.
                if known[-1] == word[-1] and OSA.distance(word, known, score_cutoff=1) <= 1:
                    return self.words[known]
        return stem

    def find(self, tokens: Sequence[Token], text: str = "", offset: int = 0) -> list[Match]:
        """Return the concepts named: the longest reading of a place, and none that a longer phrase blocks."""
        stems = [self.spelt(token) for token in tokens]
        found: list[tuple[int, int, Pattern]] = []
        present = set(stems)
        for start, first in enumerate(stems):
            for pattern in self.index.get(first, ()):
                if pattern.parts[-1][-1] not in present:  # most end in a word that is not there
                    continue
                end = fits(pattern.parts, stems, start)
                if end and agrees(pattern, tokens, start, end, text, offset):
                    found.append((start, end, pattern))
        found += [
            (start, end, Pattern(concept, SLOTS, False, "", False, False, 0))
            for start, end, concept in self.families.find(stems, tokens)
        ]
        return [Match(*match) for match in sorted(self.longest(found))]

    def longest(self, found: list[tuple[int, int, Pattern]]) -> Iterator[tuple[int, int, str]]:
        """Yield what is not swallowed by a longer run of words, which means something of its own."""
        solid = [(start, end, pattern) for start, end, pattern in found if len(pattern.parts) == 1]
        for start, end, pattern in found:
            if pattern.blocks:
                continue
            swallowed = any(
                first <= start and end <= last and (last - first > end - start or other.blocks)
                for first, last, other in solid
                if (other.blocks and other.concept == pattern.concept)
                or (not other.blocks and last - first > end - start and self.names(other.concept))
            )
            if not swallowed:
                yield start, end, pattern.concept

    def names(self, key: str) -> bool:
        """Does this concept stand for something, rather than mark how it is explained?"""
        concept = self.concepts[key]
        return bool(concept.criteria or concept.topics)


def expand(term: str) -> Iterator[str]:
    """Yield the spellings of a term with [a/b] in it."""
    options = _OPTIONS.search(term)
    if options is None:
        yield term
        return
    for option in options.group(1).split("/"):
        yield from expand(term[: options.start()] + option + term[options.end() :])


def fits(parts: tuple[tuple[str, ...], ...], stems: list[str], start: int) -> int:
    """Return where a term that begins at `start` ends, or 0. The first stem is known to fit."""
    first = parts[0]
    end = start + len(first)
    if len(first) > 1 and tuple(stems[start:end]) != first:
        return 0
    for part in parts[1:]:
        for here in range(end, min(end + MAX_GAP + 1, len(stems))):
            if stems[here] == part[0] and tuple(stems[here : here + len(part)]) == part:
                end = here + len(part)
                break
        else:
            return 0
    return end


def agrees(pattern: Pattern, tokens: Sequence[Token], start: int, end: int, text: str, offset: int) -> bool:
    if pattern.capitals and sum(letter.isupper() for letter in tokens[start].surface) < 2:
        return False
    if pattern.exact and american(tokens[start].word) != pattern.exact:
        return False
    if pattern.colon and text:
        after = text[tokens[end - 1].end - offset :][:3].lstrip("*_ ")
        return after.startswith(":")
    return True


def read_lexicon(path: Path) -> Lexicon:
    return Lexicon(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def ontology(*, plain: bool = True) -> Lexicon:
    """Return the concepts of the field; without `plain` their technical terms alone, no ways of saying."""
    entries: dict[str, dict[str, Any]] = {}
    for path in sorted((Path(__file__).parent / "ontology").glob("*.yaml")):
        entries |= yaml.safe_load(path.read_text(encoding="utf-8"))
    if not plain:
        entries = {
            key: {name: value for name, value in entry.items() if name != "say"}
            for key, entry in entries.items()
        }
    return Lexicon(entries)


@cache
def cues() -> Lexicon:
    """Return the words that show how something is explained."""
    return read_lexicon(Path(__file__).parent / "cues.yaml")

"""Which facts of a case a question asks for. Plain Python: questions and facts in, facts out.

A question is cut where it asks for something else; each piece is held against every fact: the terms an author
gave it, the words of its own question, and, for what is asked in every interview, the usual ways to ask it.
Words count by how few facts share them; a slip of the pen is forgiven.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from rapidfuzz.distance import DamerauLevenshtein

from interviews.scoring.text import tokens_of
from interviews.scoring.words import GENERIC_STEMS, STOP, stem

# Measured over the questions in tests/unit/interviews/test_matching.py; see there before you move one.
ENOUGH = 0.5  # a fact with less is not what was asked for
ENOUGH_BESIDE = 0.7  # and of a part of a sentence, beside the fact of another part
FUZZY_LETTERS = 5
A_SLIP = 0.85
LONE_SMALL_WORD = 0.4
SAME_OPENING = 0.2
SAME_WORDS = 0.5  # the author's own question, give or take a word
STRANGE, MOST_STRANGE = 0.06, 0.24  # off for each telling word that the fact does not know
OWN_OF_PROMPT, SHARED_OF_PROMPT = 0.75, 0.5
FAINT = frozenset({stem("existing"), stem("change"), stem("customer"), stem("user")})
MOST_PIECES = 6

_HARD = re.compile(
    r"[?!;\n]+|(?<=[a-z0-9)])\.\s+"
    r"|,?\s+(?:and|also|plus|or)\s+(?:also\s+)?(?=(?:how|what|which|who|whom|whose|when|where|why|is|are|do|does|did"
    r"|can|could|may|must|will|would|should|has|have)\b)",
    re.IGNORECASE,
)
_SOFT = re.compile(r"\s*(?:,|/|&|\band\b|\bor\b|\bas well as\b|\bplus\b)\s*", re.IGNORECASE)
# Asks for the design, not for a fact: that is the candidate's to give.
_DESIGN = re.compile(
    r"\b(?:would you|do you (?:think|recommend|suggest|prefer|like|want me)|your opinion|in your view"
    r"|how (?:should|would|could|can|might) (?:i|we|you|one) (?:handle|design|build|deal|train|model|solve"
    r"|approach|fix|improve|detect|prevent|choose|pick|serve|retrain|deploy|store|split|evaluate|go about)"
    r"|should (?:i|we) (?:use|pick|choose|train|build|start|draw|write|go with|prefer|retrain|deploy|talk)"
    r"|(?:which|what)(?: \w+){0,3} (?:should|would|shall) (?:i|we|you)"
    r"(?! (?:design for|plan|assume|expect|support|meet|aim|target|hit|reach))"
    r"|(?:can|may|could|shall) i (?:start|draw|go on|continue|skip|move))\b",
    re.IGNORECASE,
)
_SHAPES = ("how many", "how much", "how long", "how fast", "how often", "how soon", "how fresh", "how far")
_OPENERS = (*_SHAPES, "where", "when", "who")


class Fact(NamedTuple):
    """One fact of a case: its key, the question of its author, and what a question about it contains."""

    key: str
    ask: str
    terms: tuple[str, ...]


class Piece(NamedTuple):
    """One question as it was written, and the key of the fact it asks for: None when there is none."""

    text: str
    fact: str | None


@dataclass(frozen=True)
class Term:
    """A phrase as stems; `bare` when it is made of small words only, which count in their order alone."""

    stems: tuple[str, ...]
    content: frozenset[str]
    worth: float = 1.0

    @property
    def bare(self) -> bool:
        return not self.content


def answered(question: str, facts: Sequence[Fact], about: str = "") -> list[Piece]:
    """Return the questions in what somebody wrote, each with the fact it asks for.

    `about` is the title and prompt of the case, whose words are in every question. A fact comes once, and a
    text always gives at least one piece.
    """
    book = Book(facts, about)
    found: list[Piece] = []
    known: set[str] = set()
    for text in questions(question):
        for key in book.facts_for(text):
            if key is None or key not in known:
                found.append(Piece(text, key))
                known.add(key or "")
    return found or [Piece(question.strip(), None)]


def questions(text: str) -> list[str]:
    """Return the pieces of a text that ask for something each; what says nothing is left out."""
    pieces: list[str] = []
    start = 0
    for match in [*_HARD.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[start:end].strip(" ,.")
        # A question that was cut off before its own mark gets one, and begins as a sentence does.
        mark = "?" if piece and "?" in text[end:] else ""
        piece = (piece[:1].upper() + piece[1:] if pieces else piece) + mark
        start = match.end() if match else end
        if telling(piece) or (mark and len(piece) > 1):
            pieces.append(piece)
    whole = text.strip()
    if not pieces:
        return [whole] if whole else []
    kept = [piece for piece in pieces if telling(piece)] or pieces[:1]
    return kept[:MOST_PIECES]


def telling(text: str) -> bool:
    """Whether there is more in a piece than "hello" and small words; "how fast" is more."""
    words = [token.word for token in tokens_of(text)]
    lowered = " ".join(words)
    return any(shape in lowered for shape in _SHAPES) or any(
        word not in STOP and word not in filling() for word in words
    )


class Book:
    """The facts of one case, ready to be asked for."""

    def __init__(self, facts: Sequence[Fact], about: str = "") -> None:
        self.facts = list(facts)
        self.terms = {fact.key: terms_of(fact) for fact in self.facts}
        self.opens = {fact.key: openings(fact.ask) for fact in self.facts}
        self.asks = {fact.key: frozenset(content_of(stems_of(fact.ask))) for fact in self.facts}
        shared: Counter[str] = Counter()
        for fact in self.facts:
            own = set(self.asks[fact.key])
            for term in self.terms[fact.key]:
                if term.worth == 1:
                    own |= term.content
            shared.update(own)
        self.shared = shared
        self.about = frozenset(content_of(stems_of(about)))
        self.vocabulary = sorted(
            {one for fact in self.facts for term in self.terms[fact.key] for one in term.content}
            | set(shared)
        )

    def facts_for(self, text: str) -> list[str | None]:
        """Return the keys a piece asks for: usually one, two for "volume and latency", [None] for none."""
        if _DESIGN.search(text):
            return [None]
        best, points = self.best(text)
        parts = [part for part in _SOFT.split(text) if part and telling(part)]
        if len(parts) > 1:
            several = [self.best(part) for part in parts]
            keys = [key for key, value in several if key and value >= ENOUGH_BESIDE]
            if len(set(keys)) > 1:
                return list(dict.fromkeys(keys))
        return [best] if best and points >= ENOUGH else [None]

    def best(self, text: str) -> tuple[str | None, float]:
        """Return the fact with the most points for a text, and how many; the first of equals."""
        words = tuple(stems_of(text))
        points = self.points(text, words)
        if not points:
            return None, 0.0
        key = max(points, key=lambda one: points[one])
        return key, points[key]

    def points(self, text: str, words: tuple[str, ...] | None = None) -> dict[str, float]:
        """Return the points of every fact for a text."""
        words = tuple(map(self.corrected, stems_of(text) if words is None else words))
        same = {fact.key for fact in self.facts if alike(words, stems_of(fact.ask))}
        read = self.read(words)
        opened = openings(text)
        telling_words = {
            one for one in words if one not in STOP and one not in GENERIC_STEMS and one not in filling()
        }
        found = {}
        for fact in self.facts:
            gained, explained = self.gained(fact, words, read)
            if not gained and fact.key not in same:
                continue
            first, *others = sorted([*gained, SAME_WORDS] if fact.key in same else gained, reverse=True)
            value = first + 0.5 * sum(others[:1]) + 0.25 * sum(others[1:3])
            if self.opens[fact.key] & opened:
                value += SAME_OPENING
            found[fact.key] = value - min(STRANGE * len(telling_words - explained), MOST_STRANGE)
        return found

    def corrected(self, word: str) -> str:
        """Return the word of the facts that a word is a slip of the pen for, else the word itself."""
        meanings = {} if word in STOP else meant(word, tuple(self.vocabulary))
        slips = [one for one, surely in meanings.items() if surely == A_SLIP]
        return slips[0] if slips and len(slips) == len(meanings) else word

    def read(self, words: Iterable[str]) -> dict[str, dict[str, float]]:
        """Return what each word of a question may stand for among the words of the facts, and how surely."""
        return {word: meant(word, tuple(self.vocabulary)) for word in set(words) if word not in STOP}

    def gained(
        self, fact: Fact, words: tuple[str, ...], read: Mapping[str, Mapping[str, float]]
    ) -> tuple[list[float], set[str]]:
        """Return what the words of a question gain for a fact, word by word, and the words that did."""
        meanings = {
            one: max(read[word].get(one, 0.0) for word in read) for word in read for one in read[word]
        }
        by_stem: dict[str, float] = {}
        bare = 0.0
        for term in self.terms[fact.key]:
            if term.bare:
                if holds(words, term.stems):
                    bare = max(bare, (LONE_SMALL_WORD if len(term.stems) == 1 else 0.55) * term.worth)
                continue
            if not all(one in meanings for one in term.content):
                continue
            together = len(term.stems) > 1 and holds(words, term.stems)
            if len(term.stems) > 1 and len(term.content) == 1 and not together and term.worth < 1:
                continue  # of "per day", the day alone says nothing
            for one in term.content:
                weight = self.weight(one, in_phrase=together) * meanings[one] * term.worth
                by_stem[one] = max(by_stem.get(one, 0.0), weight)
        for one in self.asks[fact.key]:
            if one in meanings:
                by_stem[one] = max(by_stem.get(one, 0.0), 0.75 * self.weight(one) * meanings[one])
        explained = {word for word, senses in read.items() if any(one in by_stem for one in senses)}
        return [*by_stem.values(), *([bare] if bare else [])], explained

    def weight(self, one: str, *, in_phrase: bool = False) -> float:
        """Return how much a word says: less when several facts have it, or the prompt, or every design."""
        value = (1.0, 1.0, 0.8, 0.65)[min(self.shared[one], 3)] if self.shared[one] < 4 else 0.5
        if in_phrase:
            return max(value, 0.65)
        if one in self.about:
            value *= OWN_OF_PROMPT if self.shared[one] == 1 else SHARED_OF_PROMPT
        if one in GENERIC_STEMS or one in FAINT:
            value *= 0.7
        return value


def holds(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the words of a phrase stand in a row."""
    size = len(phrase)
    return any(tuple(words[at : at + size]) == tuple(phrase) for at in range(len(words) - size + 1))


@lru_cache(maxsize=20_000)
def meant(word: str, vocabulary: tuple[str, ...]) -> dict[str, float]:
    """Return the words of `vocabulary` that a stem may be: itself, its beginning, or a slip of the pen."""
    found = {}
    for one in vocabulary:
        if word in (one, f"{one}s"):
            found[one] = 1.0
        elif len(one) >= 4 and word.startswith(one) and len(word) - len(one) <= 5:
            found[one] = 0.95
        elif len(word) >= 5 and one.startswith(word) and len(one) - len(word) <= 4:
            found[one] = 0.9
    if not found and len(word) >= FUZZY_LETTERS - 1 and word not in whole():
        for one in vocabulary:
            if len(one) < FUZZY_LETTERS or one[0] != word[0]:
                continue
            if len(word) == len(one) < 6 and sorted(word) != sorted(one):
                continue  # another letter makes another word: a tower is not tolerance
            slips = DamerauLevenshtein.distance(word, one)
            if slips == 1 or (slips == 2 and min(len(word), len(one)) >= 8):
                found[one] = A_SLIP
    return found


def stems_of(text: str) -> list[str]:
    """Return the stems of a text in order, without signs; small words stay as they are written."""
    return [
        token.word if token.word in STOP else token.stem
        for token in tokens_of(text)
        if token.word[0].isalnum()
    ]


def alike(words: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether two questions are the same, small words and all, but for one word in five."""
    one, other = set(words), set(asked)
    return len(one & other) >= 0.8 * len(one | other)


def openings(text: str) -> set[str]:
    """Return how a question begins to ask: "how many", "where"."""
    spaced = f" {' '.join(token.word for token in tokens_of(text))} "
    return {opener for opener in _OPENERS if f" {opener} " in spaced}


def content_of(stems: Iterable[str]) -> set[str]:
    return {one for one in stems if one not in STOP}


def terms_of(fact: Fact) -> list[Term]:
    """Return a fact's own terms, and those of the groups it belongs to, which count a little less."""
    own = {tuple(stems_of(term)) for term in fact.terms}
    found = [Term(stems, frozenset(content_of(stems))) for stems in own if stems]
    for phrases in groups().values():
        if len(own & phrases) >= 2:
            found += [Term(one, frozenset(content_of(one)), 0.85) for one in sorted(phrases - own)]
    return found


def subject_of(fact: Fact) -> str:
    """Return the group of usual questions that a fact belongs to most, or "" when it belongs to none."""
    own = {tuple(stems_of(term)) for term in fact.terms}
    shared = {name: len(own & phrases) for name, phrases in groups().items()}
    best = max(shared, key=lambda name: shared[name])
    return best if shared[best] >= 2 else ""


@cache
def _lists() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "matching.yaml").read_text(encoding="utf-8")
    )
    return found


@cache
def filling() -> frozenset[str]:
    """Return the words around a question that say nothing of what is asked for."""
    return frozenset(str(_lists()["filling"]).split())


@cache
def whole() -> frozenset[str]:
    """Return the stems of words that are no slips of the pen for others, near as they are."""
    return frozenset(stem(word) for word in str(_lists()["whole"]).split())


@cache
def groups() -> dict[str, frozenset[tuple[str, ...]]]:
    """Return the usual ways to ask for what is asked in every interview, as stems."""
    return {
        name: frozenset(tuple(stems_of(phrase)) for phrase in str(phrases).split("|"))
        for name, phrases in _lists()["groups"].items()
    }

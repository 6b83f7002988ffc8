"""What earns nothing, and why: copied, repeated, hollow or listed words, and words to the grader."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from interviews.scoring.lexicon import Lexicon, Match
from interviews.scoring.text import Unit, tokens_of
from interviews.scoring.words import GENERIC_STEMS, STOP, stem, word_list

_TO_THE_GRADER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,50}"
    r"\b(?:rubric|instruction|prompt|criteria|rules above|previous|anchors)"
    r"|\b(?:give|award|assign|grant|set|return|output)\b.{0,40}"
    r"\b(?:full marks|full points|maximum (?:score|marks|points|level)|top (?:score|marks)|level 4|a 4\b"
    r"|4/4|4 of 4"
    r"|100 ?%? points|highest (?:score|level))"
    r"|\bthis (?:answer|submission|design) (?:deserves|earns|is worth|should get|should receive"
    r"|should be (?:scored|graded|rated))\b"
    r"|\b(?:you are|you're|act as|dear) (?:a |an |the |my )?(?:\w+ )?"
    r"(?:grader|scorer|examiner|judge|scoring engine|evaluator)\b"
    r"|\b(?:every|each|all) criteri(?:on|a)\b.{0,30}\b(?:met|level|score|satisfied|fulfilled)",
    re.IGNORECASE,
)
# Management talk: two of these in a sentence without a figure, and it fits any meeting.
_TALK = re.compile(
    r"\b(?:stakeholders?|align(?:ed|ment|ing)?|holistic(?:ally)?|vision|best[ -]practices?|journey|workshops?"
    r"|synerg\w+|agile|future[ -]proof|state[ -]of[ -]the[ -]art|cutting[ -]edge|tremendous\w*"
    r"|transform(?:ing|s)|revolutioni\w+|leverag\w+|powerful|crucial|vital|afterthought|it depends"
    r"|of (?:great|utmost|key) importance|(?:is|are) (?:very |most |so )?(?:important|key|essential)"
    r"|most important part|advantages and (?:\w+ )?disadvantages|pros and cons|many ways"
    r"|no (?:single|silver) \w+|garbage in|single source of truth|continuous(?:ly)? improve\w*"
    r"|improved over time|carefully|thoroughly|scalable|reliable|robust|secure|cost[ -]efficient"
    r"|high[ -]quality|cleaned and prepared|good system|right (?:choice|approach|mindset|people)"
    r"|added value|bring(?:s)? value|everybody|everyone|all relevant|all of the above|as possible)\b",
    re.IGNORECASE,
)
_PRAISE = word_list("praise")
_BARE = word_list("bare")
_ASKING = word_list("asking")
_MOULD = word_list("mould")
_FIELD = frozenset(stem(word) for word in word_list("field"))
_ITEM = re.compile(r"\s*[,;/|•·]\s*|\s+and\s+|\s+&\s+|\n")
MIN_LIST = 4
PROMPT_SHARE = 0.6
ECHO = 0.2
MANY = 4
MANY_LISTS = 3
MANY_QUESTIONS = 6


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a reader of the scorecard should know about, with the places it was seen in."""

    kind: str
    text: str
    units: tuple[int, ...]


def shingles(stems: Sequence[str], size: int = 3) -> set[tuple[str, ...]]:
    return {tuple(stems[i : i + size]) for i in range(len(stems) - size + 1)}


def words_only(unit: Unit) -> list[str]:
    return [token.stem for token in unit.tokens if token.word[0].isalnum()]


def copied(units: Sequence[Unit], prompt: str) -> set[int]:
    """Return the units that repeat the prompt."""
    stems = [token.stem for token in tokens_of(prompt) if token.word[0].isalnum()]
    threes, twos, plain = shingles(stems), shingles(stems, 2), set(stems)
    found = set()
    for unit in units:
        own = words_only(unit)
        if len(own) < 3 or not stems:
            continue
        share = len(shingles(own) & threes) / max(1, len(shingles(own)))
        short = len(own) <= 5 and len(shingles(own, 2) & twos) >= len(own) - 2 and set(own) <= plain
        if share >= PROMPT_SHARE or short:
            found.add(unit.index)
    return found


def repeated(units: Sequence[Unit]) -> set[int]:
    """Return the units that say again, word for word, what an earlier one said."""
    seen: set[tuple[str, ...]] = set()
    found = set()
    for unit in units:
        key = tuple(words_only(unit))
        if key in seen and not unit.heading:
            found.add(unit.index)
        seen.add(key)
    return found


def to_the_grader(units: Sequence[Unit]) -> set[int]:
    """Return the units that speak to whoever scores instead of designing."""
    return {unit.index for unit in units if _TO_THE_GRADER.search(unit.text)}


def listed(unit: Unit) -> list[str]:
    """Return the items of a unit that is nothing but a list of terms; empty when it says something."""
    body = unit.text
    if unit.label_words:
        body = body[unit.tokens[unit.label_words - 1].end - unit.start :]
    items = [item for item in _ITEM.split(body.strip(" .:*-_")) if item.strip()]
    tokens = unit.tokens[unit.label_words :]
    small = sum(token.word in STOP and token.word not in ("and", "or", "vs") for token in tokens)
    if len(items) < MIN_LIST or small > len(items) / 4 or any(len(item.split()) > 4 for item in items):
        return []
    if any(token.word in ("->", "=", "<", ">", "%") or token.word.isdigit() for token in tokens):
        return []
    return items


def mixed_lists(
    units: Sequence[Unit], named: Sequence[set[str]], topical: Sequence[bool], technical: Sequence[int]
) -> set[int]:
    """Return the units that string together terms of several criteria without a word that uses them.

    Sources and features are told in lists, so half of the items must be technical terms of something else,
    except where so many lists stand that they are the way the answer was made.
    """
    lists = {
        unit.index: len(listed(unit))
        for unit in units
        if not topical[unit.index] and len(named[unit.index]) >= 2 and listed(unit)
    }
    found = {
        index for index, items in lists.items() if len(lists) >= MANY_LISTS or items <= 2 * technical[index]
    }
    run: list[int] = []
    for unit in [*units, None]:
        bare = unit is not None and len(unit.tokens) <= 3 and not unit.heading and not topical[unit.index]
        bare = bare and not any(token.word in STOP or token.word[0].isdigit() for token in unit.tokens)  # type: ignore[union-attr]
        if bare and unit is not None:
            run.append(unit.index)
            continue
        criteria = [named[index] for index in run]
        if len(run) >= 5 and len(set().union(*criteria)) >= 3:
            found.update(run)
        run = []
    return found


def hollow(unit: Unit, matches: Sequence[Match], case_stems: frozenset[str], lexicon: Lexicon) -> bool:
    """Does a sentence praise its terms without saying anything about them?"""
    if unit.heading or not any(token.word in _PRAISE for token in unit.tokens):
        return "must think of" in unit.text.lower() or "should think of" in unit.text.lower()
    naming = [
        match
        for match in matches
        if lexicon.names(match.concept) and not lexicon.concepts[match.concept].said
    ]
    taken = {position for match in naming for position in range(match.start, match.end)}
    rest = [
        token
        for position, token in enumerate(unit.tokens)
        if position not in taken
        and token.word not in STOP
        and token.stem not in GENERIC_STEMS
        and token.word not in _PRAISE
        and token.stem not in case_stems
    ]
    return len(rest) <= 1 and not any(token.word[0].isdigit() for token in rest)


def talk(unit: Unit) -> bool:
    """Is a sentence management talk, which would do for any system?"""
    found = {match.lower() for match in _TALK.findall(unit.text)}
    return len(found) >= 2 and not any(token.word[0].isdigit() for token in unit.tokens)


def skeleton(unit: Unit) -> tuple[str, ...]:
    """Return the small words of a sentence with one slot for each run of the others."""
    shape: list[str] = []
    for token in unit.tokens:
        small = token.word in STOP or token.word in _PRAISE or token.stem in GENERIC_STEMS
        if small or not shape or shape[-1] != "_":
            shape.append(token.word if small else "_")
    return tuple(shape)


def templates(units: Sequence[Unit], named: Sequence[set[str]]) -> set[int]:
    """Return the units poured into one mould: the same small words around ever other terms."""
    shapes = {
        unit.index: skeleton(unit)
        for unit in units
        if named[unit.index] and not unit.heading and 4 <= len(unit.tokens) <= 60
    }
    enough = {index: shape for index, shape in shapes.items() if sum(word != "_" for word in shape) >= 4}
    counts = Counter(enough.values())
    return {index for index, shape in enough.items() if counts[shape] >= 3}


def echoes(unit: Unit, share: float = ECHO) -> bool:
    """Does a sentence say its own words again: "songs have labels, because songs need labels"?"""
    said = [token.stem for token in unit.tokens if token.word not in STOP and len(token.word) > 2]
    if len(unit.tokens) < 6 or len(said) < 3:
        return False
    return len(said) - len(set(said)) >= share * len(said)


def echoing(units: Sequence[Unit]) -> set[int]:
    """Return the units that echo themselves, when so many do that it is the way the answer was made."""
    whole = [unit for unit in units if not unit.heading and not unit.asks and len(unit.tokens) >= 6]
    found = {unit.index for unit in whole if echoes(unit)}
    return found if len(found) >= MANY and len(found) >= 0.4 * len(whole) else set()


def bare_figures(units: Sequence[Unit]) -> set[int]:
    """Return the units that string figures together without a word on what they are for, when many do."""
    found = {unit.index for unit in units if only_figures(unit)}
    return found if len(found) >= MANY else set()


def only_figures(unit: Unit) -> bool:
    tokens = unit.tokens
    numbers = sum(token.word[0].isdigit() for token in tokens)
    small = sum(token.word in STOP and token.word[0].isalpha() for token in tokens)
    related = any(token.word in ("->", "=") for token in tokens) or unit.label_words
    return numbers >= 3 and small <= 1 and not related and numbers * 3 >= len(tokens) and "," in unit.text


def says_only_its_field(unit: Unit) -> bool:
    """Is a unit nothing but a word that every design has: "Baseline", "API", "Updates"?"""
    words = [token.word for token in unit.tokens if token.word[0].isalpha() and token.word not in STOP]
    return len(words) <= 3 and all(word in _BARE for word in words)


def only_asking(units: Sequence[Unit]) -> bool:
    """Are there so many questions that the answer is a list of them?"""
    asked = sum(unit.asks for unit in units)
    return asked >= MANY_QUESTIONS and asked >= 0.5 * len(units)


def moulded(unit: Unit, taken: set[int], case_stems: frozenset[str], words: int = 1) -> bool:
    """Is a whole sentence nothing but terms, nouns of the case and words that fit any design?

    One that only says which technique is used is plain, not poured: it needs a noun of the case or praise.
    `words` others may stand beside them.
    """
    if unit.heading or unit.asks or len(unit.tokens) < 6:
        return False
    if not any(
        token.word in _PRAISE or (token.stem in case_stems and position not in taken)
        for position, token in enumerate(unit.tokens)
    ):
        return False
    rest = {
        token.stem
        for position, token in enumerate(unit.tokens)
        if position not in taken
        and token.word not in STOP
        and token.word not in _PRAISE
        and token.word not in _MOULD
        and token.stem not in GENERIC_STEMS
        and token.stem not in case_stems
    }
    return len(rest) <= words


def asks_openly(unit: Unit) -> bool:
    """Is it a question on what to do ("Which loss?") rather than a name with a question mark ("NDCG?")?"""
    words = [token.word for token in unit.tokens]
    return unit.asks and (len(words) > 4 or bool(words and words[0] in _ASKING))


def case_words(lexicon: Lexicon, title: str, prompt: str) -> frozenset[str]:
    """Return the stems that belong to the case rather than to the field."""
    return (
        frozenset(
            token.stem
            for token in tokens_of(f"{title} {prompt}")
            if token.word not in STOP
            and token.stem not in GENERIC_STEMS
            and len(token.word) > 2
            and not token.word[0].isdigit()
        )
        - _FIELD
    )

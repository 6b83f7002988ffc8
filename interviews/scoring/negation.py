"""Which words of a sentence are denied: "we will not monitor", "bias is not considered", "no labels"."""

from collections.abc import Sequence
from dataclasses import dataclass

from interviews.scoring.text import Token
from interviews.scoring.words import STOP, word_list

_NOT = word_list("not")
_INTENT = word_list("intent")
_AFTER_NOT = word_list("after_not")
_FALSE_NO = word_list("false_no")
_BREAKS = word_list("breaks")
_DENIED_AFTER = word_list("denied_after")
_DISMISSED = word_list("dismissed")
_LEFT_UNDONE = word_list("left_undone")
_COUNTED = word_list("counted")
_PASSIVE = ("not", "never", "isn't", "aren't", "wasn't", "don't", "doesn't", "won't")
_UNDONE_VERBS = word_list("undone_verbs")
_NOBODY = ("nobody", "none", "never")
_DISMISSALS = (
    *("no point in", "waste of time", "not a concern", "isn't a concern", "no use for", "leave it out"),
    *("not part of", "makes no sense", "isn't an issue", "not an issue"),
)
_NEEDY = word_list("needy")
_AUXILIARIES = frozenset(
    ("will", "would", "do", "did", "should", "shall", "i", "we", "must", "need", "are", "am")
)
_WITH_AND = (["with", "and"], ["with", "or"])
_OPENERS = _INTENT | {"it", "this", "without", "no", "don't", "use"}
_SIGNS = _NOT | _DISMISSED | _LEFT_UNDONE | {"nobody", "waste"}
REACH_WEAK = 3


@dataclass(frozen=True, slots=True)
class Negation:
    """Token positions that are denied outright, and those merely next to a "not"."""

    strong: frozenset[int]
    weak: frozenset[int]


NONE = Negation(frozenset(), frozenset())


def clauses(tokens: Sequence[Token], text: str, offset: int) -> list[tuple[int, int]]:
    """Return runs of tokens between commas, semicolons, colons and words such as "but"."""
    found, start = [], 0
    for position in range(1, len(tokens)):
        between = text[tokens[position - 1].end - offset : tokens[position].start - offset]
        joint = tokens[position].word in _BREAKS or (
            tokens[position].word in ("and", "or")
            and tokens[position - 1].word != "with"
            and opens_clause(tokens[position + 1 : position + 3])
        )
        if joint or any(sign in between for sign in ",;:()—–") or " - " in between:
            found.append((start, position))
            start = position
    found.append((start, len(tokens)))
    return found


def opens_clause(after: Sequence[Token]) -> bool:
    """Do the words behind an "and" begin a clause of their own: "and we ...", "and leakage is ..."?"""
    words = [token.word for token in after]
    return bool(words) and (words[0] in _OPENERS or words[1:] in (["is"], ["are"], ["will"], ["was"]))


def negation(tokens: Sequence[Token], text: str, offset: int) -> Negation:
    """Return what is denied in a sentence."""
    if not any(token.word in _SIGNS for token in tokens):
        return NONE
    strong: set[int] = set()
    weak: set[int] = set()
    for start, end in clauses(tokens, text, offset):
        read_clause([token.word for token in tokens[start:end]], start, strong, weak)
    return Negation(frozenset(strong), frozenset(weak - strong))


def read_clause(words: list[str], start: int, strong: set[int], weak: set[int]) -> None:
    """Add the denied positions of one clause."""
    end = len(words)
    for position, word in enumerate(words):
        # "Leakage is ignored" denies; "clicks within 200 ms are ignored" is a rule.
        undone = word in _LEFT_UNDONE and 0 < position <= 3 and words[position - 1] in ("is", "are", "be")
        if undone or (word in _DISMISSED and dismisses(words, position)):
            strong.update(range(start, start + position))
        if word in _NOBODY and words[position + 1 : position + 2] and words[position + 1] in _UNDONE_VERBS:
            strong.update(range(start, start + end))
        if " ".join(words[position : position + 3]) in _DISMISSALS:
            strong.update(range(start, start + end))
        if word not in _NOT:
            continue
        following = words[position + 1] if position + 1 < end else ""
        if following in _AFTER_NOT or (word == "no" and following in _FALSE_NO):
            continue
        if word == "without" and words[max(0, position - 2) : position] in _WITH_AND:
            continue  # "with and without it": two groups compared
        if word == "avoid" or (word == "skip" and following in _COUNTED):
            continue
        if word in ("no", "without", "none", "neither", "nor"):
            quantify(words, position, start, strong, weak)
        elif word in _PASSIVE and passive(words, position):
            # "bias is not considered": what stands before is what is denied.
            strong.update(range(start, start + position))
        elif intended(words, position):
            strong.update(range(start + position + 1, start + end))
        else:
            weak.update(range(start + position + 1, min(start + position + 1 + REACH_WEAK, start + end)))


def dismisses(words: list[str], position: int) -> bool:
    """Is it said of what stands before ("leakage is irrelevant") rather than of what follows?"""
    following = words[position + 1] if position + 1 < len(words) else ""
    return not following or following in STOP


def passive(words: list[str], position: int) -> bool:
    """Is it something before the "not" that is left undone, and nobody of "we" who does not do it?"""
    undone = any(word in _DENIED_AFTER for word in words[position + 1 : position + 3])
    return undone and not any(word in ("i", "we", "you") for word in words[:position])


def intended(words: list[str], position: int) -> bool:
    """Is it the candidate who will not do it, rather than a thing that does not behave so?"""
    if words[position] in ("skip", "skips", "skipped", "ignore", "ignores", "omit", "omits"):
        return not position or any(word in _INTENT for word in words[:position])
    before = words[:position]
    if words[position] in ("doesn't", "isn't", "aren't", "wasn't"):
        return False
    return (
        not before
        or (
            bool(before) and before[-1] in _AUXILIARIES and any(word in ("i", "we", "you") for word in before)
        )
        or (
            words[position] in ("don't", "won't", "wouldn't", "never", "needn't", "didn't")
            and any(word in ("i", "we", "you") for word in before)
        )
    )


def quantify(words: list[str], position: int, start: int, strong: set[int], weak: set[int]) -> None:
    """Add what "no" and "without" reach: "no need to ..." all, "no labels" the next words."""
    following = words[position + 1] if position + 1 < len(words) else ""
    if words[position] == "no" and following in _NEEDY:
        strong.update(range(start + position + 1, start + len(words)))
        return
    reach = range(start + position + 1, min(start + position + 4, start + len(words)))
    # "No labels": the whole clause is the denial. "shows no ads": only what is next to it.
    (strong if position == 0 or (words[position] == "without" and position <= 1) else weak).update(reach)

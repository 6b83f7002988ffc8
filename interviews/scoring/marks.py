"""Marks that only one criterion needs and that take more than a word to see."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from interviews.scoring.figures import Figure
from interviews.scoring.reading import Reading, Seen
from interviews.scoring.words import word_list

_NOT_LOAD = word_list("not_load")
_DEADLINE = word_list("deadline")
_CARRIES_ON = word_list("carries_on")
_FIRMLY = word_list("firmly")


def counts_by_itself(code: str, one: Seen) -> bool:
    """Does the form of a unit count for a criterion although no concept is named?"""
    if one.capped and code != "C02":
        return False
    if code == "C02":
        return bool(load_figures(one) or deadline_figures(one)) and not one.unit.asks
    if code == "C05":
        return bool({"in", "out", "out_implied"} & one.marks) or in_and_out(one)
    if code == "C09":
        return "sampling" in one.marks
    if code == "C18":
        walks = "arrows" in one.marks or "flow_two" in one.marks
        return (
            walks
            and not {"rep", "fgroup", "label_rule", "stage_plan"} & one.marks
            and bool({"component", "batch", "online", "user_side"} & one.marks)
        )
    return False


def load_figures(one: Seen) -> list[Figure]:
    """Return the figures that say how much there is to serve."""
    little = 50 if "latency_ruled_out" in one.marks else 1000
    return [figure for figure in one.figures if is_load(figure, little)]


def is_load(figure: Figure, little: float) -> bool:
    if figure.kind == "rate":
        return figure.noun not in _NOT_LOAD and figure.value * 86400 >= 100
    return (
        figure.kind == "count"
        and figure.value >= little
        and bool(figure.noun)
        and figure.noun not in _NOT_LOAD
    )


def deadline_figures(one: Seen) -> list[Figure]:
    """Return the figures that say how soon the answer must be there."""
    times = [figure for figure in one.figures if figure.kind == "time" and figure.value <= 60]
    if not times:
        return []
    stems = {token.stem for token in one.unit.tokens}
    if "latency_words" in one.marks or "latency_word" in one.marks or stems & _DEADLINE:
        return [
            figure for figure in times if "label_named" not in one.marks and "label_rule" not in one.marks
        ]
    return [figure for figure in times if figure.noun.startswith("m")]


def of_passage(code: str, passage: Sequence[Seen], reading: Reading) -> set[str]:
    """Return the marks that a criterion reads from a passage as a whole."""
    if code == "C02":
        return figures_asked(passage)
    if code == "C05":
        return both_sides(reading)
    if code == "C06":
        return {"schemas"} if sum("schema" in one.marks for one in passage) >= 2 else set()
    if code == "C08":
        return representations(passage)
    if code == "C11":
        stems = {token.stem for one in passage for token in one.unit.tokens}
        return (
            {"must_beat"}
            if stems & {"beat", "outperform", "improv", "yardstick", "reach", "pay", "worth", "floor"}
            else set()
        )
    if code == "C14":
        found = set().union(*(one.marks for one in passage)) if passage else set()
        return {"both_stages"} if {"stage_first", "stage_second"} <= found else set()
    if code == "C18":
        found = set().union(*(one.marks for one in passage)) if passage else set()
        return {"both_paths"} if {"batch", "online"} <= found else set()
    return set()


def figures_asked(passage: Sequence[Seen]) -> set[str]:
    found = set()
    for one in passage:
        if load_figures(one):
            found.add("scale_figure")
        if deadline_figures(one):
            found.add("deadline_figure")
    return found


def both_sides(reading: Reading) -> set[str]:
    """Return whether both what goes in and what comes out are stated, anywhere but in headings."""
    found: set[str] = set()
    for one in reading.seen:
        if one.dropped or one.unit.heading:
            continue
        found |= one.marks & {"in", "out"}
        if in_and_out(one):
            found |= {"in", "out"}
        if "in" in one.marks and "out_implied" in one.marks:
            found.add("out")
    return found | ({"both_sides"} if {"in", "out"} <= found else set())


_IN_OUT = re.compile(
    r"\b(?:in|input)\s?[:=].{2,}\bout(?:put)?s?\s?[:=]|\w in[,;:].{2,80}\bout\b"
    r"|\bin(?:put)?s?\b[^.]{2,}(?:->|→|=>)",
    re.IGNORECASE | re.DOTALL,
)
_FOR_EACH = frozenset(["each", "every", "a", "an", "given", "pair"])


def in_and_out(one: Seen) -> bool:
    """Does the form state both sides: "in: ... out: ...", "query -> list", "for a user, P(click)"?"""
    if _IN_OUT.search(one.unit.text):
        return True
    words = [token.word for token in one.unit.tokens]
    if "->" in words:
        return bool(one.marks & {"task"}) and words.index("->") >= 2
    pairs = any(first in ("for", "given") and then in _FOR_EACH for first, then in pairwise(words))
    return pairs and "out_implied" in one.marks


def representations(passage: Iterable[Seen]) -> set[str]:
    """Return how many ways of encoding, and how many groups of features, are named."""
    ways: set[tuple[str, str]] = set()
    groups: set[str] = set()
    for one in passage:
        for match in one.matches:
            if match.start in one.negation.strong:
                continue
            if match.concept in ("embedding_rep", "onehot_rep", "numeric_rep", "text_rep", "feature_history"):
                several = match.concept in ("numeric_rep", "onehot_rep")
                ways.add((match.concept, one.unit.tokens[match.start].stem if several else ""))
            if match.concept.startswith("feature_"):
                groups.add(match.concept)
    found = {"rep_one"} if ways else set()
    if len(ways) >= 2:
        found.add("rep_two")
    if len(groups) >= 2:
        found.add("fgroups")
    return found


def carries_on(one: Seen, after: Seen, *, by_subject: bool = True) -> bool:
    """Does the next sentence go on about the same thing, with a small word or with the same subject?"""
    if after.dropped or after.capped or after.unit.step != one.unit.step or after.unit.heading:
        return False
    first = after.unit.tokens[0]
    if after.unit.line == one.unit.line:
        said_before = (
            by_subject and len(first.word) > 3 and any(token.stem == first.stem for token in one.unit.tokens)
        )
        return first.word in _CARRIES_ON or (said_before and after.unit.index == one.unit.index + 1)
    return one.unit.index in after.unit.above and first.word in _FIRMLY

"""What rules make of a criterion: which units speak for it, and how well they explain it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from interviews.scoring import marks as extra
from interviews.scoring.lexicon import Match
from interviews.scoring.reading import Reading, Seen, announced, rules_out, says_something

EXPLAINED = 1.0
WEIGHED = 1.5
# Criteria that ask for a decision: a rejection with its reason counts for them.
DECISIONS = frozenset({"C04", "C12", "C14", "C15", "C16", "C18", "C19"})
# Constraints are often said with a "no": "no human may read it".
DENIALS_COUNT = frozenset({"C03"})
# A question is part of clarifying; elsewhere it leaves open what was asked for.
CLARIFYING = frozenset({"C01", "C02", "C03"})
MAX_QUOTES = 3
TELLING = 0.25
# Fields and encodings are told in lists.
LISTS_COUNT = frozenset({"C06", "C08"})
# Fields of work whose heading stands over all kinds of things: it speaks for what has no other concept.
BROAD = frozenset({"C01", "C02", "C03", "C06", "C12", "C14", "C17", "C18", "C19", "C20", "C21", "C22"})


@dataclass(frozen=True)
class Rule:
    """How one criterion is read; see criteria.yaml."""

    code: str
    explain: Mapping[str, float]
    unless: frozenset[str]
    still: frozenset[str]
    weighed: frozenset[str]
    whole: bool
    missing: tuple[tuple[frozenset[str], str], ...]


@dataclass(slots=True)
class Decision:
    """The level of one criterion, with the units that earned it and the marks that explain it."""

    level: int
    units: list[Seen] = field(default_factory=list)
    marks: frozenset[str] = frozenset()
    points: float = 0.0
    confidence: float = 0.9
    missing: list[str] = field(default_factory=list)
    denied: list[Seen] = field(default_factory=list)
    near: list[Seen] = field(default_factory=list)  # what comes near it and is too little to count


@cache
def rules() -> dict[str, Rule]:
    """Return the rules of all criteria that are read from words."""
    body = yaml.safe_load((Path(__file__).parent / "criteria.yaml").read_text(encoding="utf-8"))
    defaults = body.pop("defaults")
    return {code: rule_of(code, entry, defaults) for code, entry in body.items()}


def rule_of(code: str, entry: dict[str, Any], defaults: dict[str, float]) -> Rule:
    explain = entry["explain"] if entry.get("bare") else {**defaults, **entry["explain"]}
    return Rule(
        code,
        explain,
        frozenset(entry.get("unless", ())),
        frozenset(entry.get("still", ())),
        frozenset(entry.get("weighed", ("compare",))),
        bool(entry.get("whole")),
        tuple((frozenset(marks), says) for marks, says in entry["missing"]),
    )


def by_rules(code: str, reading: Reading) -> Decision:
    """Return the level that concepts and marks alone give; read once."""
    known: Decision | None = reading.ruled.get(code)
    if known is None:
        known = reading.ruled[code] = ruled(code, reading)
    return known


def ruled(code: str, reading: Reading) -> Decision:
    rule = rules()[code]
    hits, denied = hits_for(code, reading)
    if not hits:
        return Decision(
            0, confidence=0.7 if denied else 0.9, missing=[says for _, says in rule.missing], denied=denied
        )
    best = max(
        (weigh(rule, passage, reading) for passage in passages(hits, reading, rule.whole)),
        key=lambda found: (found.level, round(found.points, 6), -found.units[0].unit.index),
    )
    best.denied = denied
    return best


def hits_for(code: str, reading: Reading) -> tuple[dict[int, Seen], list[Seen]]:
    """Return the units that speak for a criterion, and those that deny it."""
    if code in reading.hits:
        return reading.hits[code]
    hits: dict[int, Seen] = {}
    denied: list[Seen] = []
    for one in reading.seen:
        if one.dropped or (one.unit.heading and not specific_heading(code, one, reading)):
            continue
        verdict = speaks_for(code, rules()[code], one, reading)
        if verdict > 0:
            hits[one.unit.index] = one
        elif verdict < 0:
            denied.append(one)
    reading.hits[code] = hits, denied
    return hits, denied


def specific_heading(code: str, one: Seen, reading: Reading) -> bool:
    """Does a heading name a technique ("Candidate generation") rather than a field ("Monitoring")?"""
    return code in ("C14", "C12", "C17") and any(
        code in reading.lexicon.concepts[match.concept].criteria for match in one.matches
    )


def speaks_for(code: str, rule: Rule, one: Seen, reading: Reading) -> int:
    """Return 1 when a unit counts for the criterion, -1 when it denies it, 0 when it says nothing of it."""
    if one.bare or (one.open_question and code not in CLARIFYING):
        return 0
    if not one.named_only and extra.counts_by_itself(code, one):
        return 1
    if rule.unless & one.marks and not rule.still & one.marks:
        return 0
    own, denied, foreign = False, False, False
    for match in one.matches:
        concept = reading.lexicon.concepts[match.concept]
        if code not in concept.criteria and not (code in concept.topics and not concept.heading):
            foreign = foreign or bool(concept.criteria)
            continue
        if one.named_only and (code not in concept.criteria or code in CLARIFYING or concept.said):
            continue
        if concept.near and not is_near(concept.near, one, reading):
            continue
        if is_denied(code, concept.risk, match, one) or (concept.said and says_no(code, match, one)):
            denied = True
        elif code in concept.criteria or rest_of(one, match) >= enough(code, one, match):
            own = True
    if own:
        return 1
    if denied:
        return -1
    return int(not one.named_only and inherited(code, one, reading, foreign))


def is_near(near: frozenset[str], one: Seen, reading: Reading) -> bool:
    if any(token.stem in near for token in one.unit.tokens):
        return True
    return any(
        token.stem in near for index in one.unit.above[:2] for token in reading.seen[index].unit.tokens
    )


def is_denied(code: str, risk: bool, match: Match, one: Seen) -> bool:
    if risk and rules_out(one, match.start):
        return False
    if match.start in one.negation.strong and match.end - 1 in one.negation.strong:
        if (
            code in DENIALS_COUNT
            and one.content >= 3
            and not one.negation.weak
            and match.concept not in ("scope_topic",)
        ):
            return "constraints" in one.unit.text.lower()
        return not (code in DECISIONS and "reason" in one.marks)
    if match.start in one.negation.weak:
        return not (
            risk
            or code in DENIALS_COUNT
            or (code in DECISIONS and ("reason" in one.marks or "compare" in one.marks))
        )
    return False


def says_no(code: str, match: Match, one: Seen) -> bool:
    """Does a way of saying reach into what is denied?"""
    strong = one.negation.strong
    return (
        code not in DENIALS_COUNT
        and not (code in DECISIONS and "reason" in one.marks)
        and (match.start in strong or match.end - 1 in strong)
    )


def enough(code: str, one: Seen, match: Match) -> int:
    """Return how many words a topic needs beside it to count as something said."""
    return 1 if code == "C01" or match.end <= one.unit.label_words or len(one.matches) > 1 else 2


def rest_of(one: Seen, match: Match) -> int:
    """Return how many words with content a unit has beside the concept."""
    return sum(
        says_something(token.word, token.stem) and position not in one.negation.strong
        for position, token in enumerate(one.unit.tokens)
        if not match.start <= position < match.end
    )


def inherited(code: str, one: Seen, reading: Reading, foreign: bool) -> bool:
    """Does a label or heading above announce the criterion, and the unit then say something of it?"""
    unit = one.unit
    if unit.heading or len(one.negation.strong) > len(unit.tokens) / 2:
        return False
    if unit.label_words:
        after = sum(says_something(token.word, token.stem) for token in unit.tokens[unit.label_words :])
        if after and code in announced(one, reading.lexicon, unit.label_words):
            return True
    if not one.content:
        return False
    for place, index in enumerate(unit.above[:2]):
        same_line = reading.seen[index].unit.line == unit.line
        if foreign and (place or (code in BROAD and not (same_line and code == "C14"))):
            return False
        above = reading.seen[index]
        if (
            above.unit.line == unit.line
            or above.unit.heading
            or above.unit.label_words
            or len(above.unit.tokens) <= 4
        ):
            words = above.unit.label_words or len(above.unit.tokens)
            if code in announced(above, reading.lexicon, words):
                return True
    return False


def passages(hits: Mapping[int, Seen], reading: Reading, whole: bool) -> Iterable[list[Seen]]:
    """Yield the runs of units that speak for a criterion together."""
    if whole:
        yield list(hits.values())
        return
    run: list[Seen] = []
    for index in sorted(hits):
        one = hits[index]
        if run and not belongs(run[-1], one):
            yield run
            run = []
        run.append(one)
    yield run


def belongs(before: Seen, one: Seen) -> bool:
    """Do two units that speak for the same criterion make one passage?"""
    if before.unit.step != one.unit.step or one.unit.index - before.unit.index > 2:
        return False
    return (
        before.unit.line == one.unit.line
        or before.unit.index in one.unit.above
        or (bool(one.unit.above) and one.unit.above[:1] == before.unit.above[:1])
    )


def weigh(rule: Rule, passage: list[Seen], reading: Reading) -> Decision:
    """Return the decision that one passage earns."""
    open_units = [one for one in passage if not one.capped and (not one.listed or rule.code in LISTS_COUNT)]
    marks = gathered(rule.code, open_units, reading)
    marks |= extra.of_passage(rule.code, open_units, reading)
    points = worth(rule, marks)
    level = 3 if points >= EXPLAINED - 1e-9 else 1
    if level == 3 and points >= WEIGHED and is_weighed(rule, marks):
        level = 4
    if level == 1 and any(one.own >= 2 or speaks_of_case(one, reading) for one in passage):
        level = 2
    margin = abs(points - EXPLAINED)
    confidence = round(min(0.9, 0.55 + 0.35 * margin), 2)
    missing = [says for wanted, says in rule.missing if not wanted & marks]
    order = sorted(passage, key=lambda one: (-worth(rule, one.marks), one.unit.index))
    return Decision(level, order[:MAX_QUOTES], telling_marks(rule, marks), points, confidence, missing)


def telling_marks(rule: Rule, marks: Iterable[str]) -> frozenset[str]:
    """Return the marks that count for a criterion: the only ones worth telling about."""
    return frozenset(mark for mark in marks if rule.explain.get(mark, 0.0) >= TELLING)


def worth(rule: Rule, marks: Iterable[str]) -> float:
    """Return what marks add up to; always in the same order, so that not even the last digit varies."""
    return round(sum(rule.explain.get(mark, 0.0) for mark in sorted(marks)), 6)


def gathered(code: str, passage: list[Seen], reading: Reading) -> set[str]:
    """Return the marks of a passage and of the sentences that carry on from it."""
    found: set[str] = set()
    inside = {one.unit.index for one in passage}
    for one in passage:
        found |= one.marks
        if code == "C01" and one.unit.index:
            # The trouble that a goal answers is often told just before it.
            before = reading.seen[one.unit.index - 1]
            if before.unit.line == one.unit.line and not before.dropped and not before.capped:
                found |= before.marks
        for offset in (1, 2):
            after = (
                reading.seen[one.unit.index + offset] if one.unit.index + offset < len(reading.seen) else None
            )
            if (
                after is None
                or after.unit.index in inside
                or not extra.carries_on(one, after, by_subject=code != "C11")
            ):
                break
            found |= after.marks
    return found


def is_weighed(rule: Rule, marks: set[str]) -> bool:
    """Is an alternative weighed, or a consequence quantified?"""
    return bool(rule.weighed & marks) or (
        "figure" in marks and bool(marks & {"reason", "consequence", "gain_word", "react", "gain"})
    )


def speaks_of_case(one: Seen, reading: Reading) -> bool:
    return any(token.stem in reading.case_stems for token in one.unit.tokens)

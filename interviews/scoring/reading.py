"""A submission read once: units with the concepts, cues and figures found in each, and what the gates say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from interviews.scoring import gates
from interviews.scoring.figures import Figure, figures_in
from interviews.scoring.gates import Finding
from interviews.scoring.lexicon import Lexicon, Match, cues, ontology
from interviews.scoring.negation import NONE, Negation, negation
from interviews.scoring.text import Unit, read_units
from interviews.scoring.words import GENERIC_STEMS, STOP, word_list

_TIME_WORDS = word_list("time_words")
_NOT_CAUSAL = word_list("not_causal")
_SO = word_list("so")
_LIST_OF_FIELDS = re.compile(r"\(([^()]*,[^()]*,[^()]*)\)")
_NOT_THE_OTHER = re.compile(r"[,;–-]\s+not\s+\w", re.IGNORECASE)
REASON_WORDS = 2
SELF_ECHO = 0.4
MOST, MORE_WORDS = 0.4, 3
TOLD_IN_LISTS = frozenset(("C05", "C06", "C08"))
SUBSTANCE = frozenset(
    ("reason", "figure", "condition", "compare", "threshold", "label_rule", "schema", "arrow", "consequence")
)


@dataclass(slots=True)
class Seen:
    """What was found in one unit."""

    unit: Unit
    matches: list[Match]
    cues: list[Match] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    negation: Negation = NONE
    content: int = 0  # words that are neither small nor generic
    own: int = 0  # of these, words the ontology does not know: the case's own terms
    marks: frozenset[str] = frozenset()
    capped: bool = False  # earns a mention at most: a question, a hollow sentence
    open_question: bool = False  # asks what to do, and nobody says
    bare: bool = False  # nothing but the name of a field of work
    named_only: bool = False  # only a technique named outright counts, and no field of work
    listed: bool = False  # a list of terms, which explains nothing but may say what a source holds
    dropped: str = ""  # why it earns nothing


@dataclass(slots=True)
class Reading:
    """All units of a submission with what was found in them."""

    seen: list[Seen]
    findings: list[Finding]
    case_stems: frozenset[str]
    lexicon: Lexicon
    hits: dict[str, tuple[dict[int, Seen], list[Seen]]] = field(
        default_factory=dict
    )  # by criterion, once asked
    steps: tuple[str, ...] = ()
    ruled: dict[str, Any] = field(default_factory=dict)  # what rules make of each criterion, once asked


def read(answers: Mapping[str, str], title: str, prompt: str, *, plain: bool = True) -> Reading:
    """Return everything that can be seen in the answers, before any level is given.

    Without `plain` only technical terms are known, which shows what is seen in words nobody wrote down.
    """
    lexicon, lines = (ontology() if plain else ontology(plain=False)), cues()
    units = read_units(answers)
    case_stems = gates.case_words(lexicon, title, prompt)
    seen = [Seen(unit, lexicon.find(unit.tokens, unit.text, unit.start)) for unit in units]
    findings = sift(seen, title, prompt, case_stems, lexicon)
    for one in seen:
        if not one.dropped:
            describe(one, lexicon, lines, case_stems)
    find_moulds(seen, findings, case_stems, lexicon)
    answer_questions(seen)
    return Reading(seen, findings, case_stems, lexicon, steps=tuple(sorted(answers)))


def sift(
    seen: list[Seen], title: str, prompt: str, case_stems: frozenset[str], lexicon: Lexicon
) -> list[Finding]:
    """Drop what earns nothing and return why, in words."""
    units = [one.unit for one in seen]
    named = [criteria_named(one, lexicon) for one in seen]
    topical = [bool(topics_over(one, seen, lexicon)) for one in seen]
    findings: list[Finding] = []

    def drop(kind: str, indices: set[int], says: str, tell: bool = True) -> None:
        fresh = sorted(index for index in indices if not seen[index].dropped)
        for index in fresh:
            seen[index].dropped = kind
        if fresh and tell:
            findings.append(Finding(kind, says, tuple(fresh)))

    drop(
        "instruction",
        gates.to_the_grader(units),
        "Words to the grader are not part of a design and changed no level.",
    )
    drop("prompt_copied", gates.copied(units, prompt), "Repeats the prompt, which earns nothing by itself.")
    drop("repeated", gates.repeated(units), "Says again what was said before. It counts once.")
    drop(
        "term_list",
        gates.mixed_lists(fresh_units(seen), named, topical, [technical_terms(one, lexicon) for one in seen]),
        "Lists terms without saying what this design does with them.",
    )
    drop("talk", {unit.index for unit in units if gates.talk(unit)}, "Talk that would do for any system.")
    moulded = gates.templates([one.unit for one in seen if not one.dropped], named)
    empty = {
        one.unit.index
        for one in seen
        if not one.dropped
        and gates.hollow(one.unit, one.matches, case_stems, lexicon)
        and named[one.unit.index]
    }
    carrying = sum(bool(named[one.unit.index]) and not one.unit.heading for one in seen if not one.dropped)
    empty |= {index for index in moulded if hollow_mould(seen[index])}
    if len(empty) >= 4 and len(empty) >= 0.4 * carrying:
        drop("stuffing", empty, "Sentences that name terms without saying anything about them.")
    else:
        drop(
            "hollow",
            {index for index in empty if len(named[index]) >= 3},
            "Praises its terms without a reason.",
        )
        for index in empty:
            seen[index].capped = True
    kept = [one.unit for one in seen if not one.dropped]
    name_only(
        seen, gates.echoing(kept), findings, "stuffing", "Sentences that only say their own words again."
    )
    name_only(seen, gates.bare_figures(kept), findings, "figures", "Figures that are attached to nothing.")
    for one in seen:
        one.listed = bool(gates.listed(one.unit))
        one.capped = one.capped or gates.echoes(one.unit, SELF_ECHO)
        if gates.says_only_its_field(one.unit) and not (
            one.unit.heading or one.unit.label_words or one.unit.asks
        ):
            one.named_only = one.bare = True
    return findings


def name_only(seen: list[Seen], indices: set[int], findings: list[Finding], kind: str, says: str) -> None:
    """Leave units no more than the techniques they name outright, and tell why."""
    for index in indices:
        seen[index].capped = seen[index].named_only = True
    if indices:
        findings.append(Finding(kind, says, tuple(sorted(indices))))


def hollow_mould(one: Seen) -> bool:
    """Is a sentence of a repeated mould empty, too? Bullets may share a shape and still say something."""
    return not figures_in(one.unit.text) and len(gates.skeleton(one.unit)) >= 8


def criteria_named(one: Seen, lexicon: Lexicon) -> set[str]:
    found: set[str] = set()
    for match in one.matches:
        concept = lexicon.concepts[match.concept]
        found |= set(sorted(concept.criteria)[:1] or sorted(concept.topics)[:1])
    return found


def fresh_units(seen: Sequence[Seen]) -> list[Unit]:
    return [one.unit for one in seen if not one.dropped]


def technical_terms(one: Seen, lexicon: Lexicon) -> int:
    """Return how many terms a unit names that are neither sources nor features, which come in lists."""
    concepts = {match.concept for match in one.matches if not lexicon.concepts[match.concept].said}
    return sum(
        bool(lexicon.concepts[name].criteria) and not lexicon.concepts[name].criteria & TOLD_IN_LISTS
        for name in concepts
    )


def topics_over(one: Seen, seen: Sequence[Seen], lexicon: Lexicon) -> set[str]:
    """Return the criteria announced by a unit's own label or by the headings and bullets above it."""
    found = announced(one, lexicon, one.unit.label_words)
    for index in one.unit.above[:3]:
        above = seen[index]
        found |= announced(above, lexicon, above.unit.label_words or len(above.unit.tokens))
    return found


def announced(one: Seen, lexicon: Lexicon, words: int) -> set[str]:
    found: set[str] = set()
    if not words or words > 10:
        return found
    for match in one.matches:
        if match.end <= words:
            concept = lexicon.concepts[match.concept]
            found |= concept.topics | concept.criteria
    return found


def describe(one: Seen, lexicon: Lexicon, lines: Lexicon, case_stems: frozenset[str]) -> None:
    """Fill in cues, figures, negation and marks of one unit."""
    unit = one.unit
    one.cues = lines.find(unit.tokens, unit.text, unit.start)
    one.figures = figures_in(unit.text, unit.start)
    one.negation = negation(unit.tokens, unit.text, unit.start)
    known = spelt_out(one, lexicon)
    for position, token in enumerate(unit.tokens):
        if says_something(token.word, token.stem):
            one.content += 1
            one.own += position not in known and not token.word[0].isdigit()
    marks: set[str] = set()
    strong = one.negation.strong
    for match in one.matches:
        concept = lexicon.concepts[match.concept]
        denied = match.start in strong or match.start in one.negation.weak
        if not denied or (concept.risk and rules_out(one, match.start)):
            marks |= concept.marks
    for match in one.cues:
        if match.start not in strong:
            marks |= lines.concepts[match.concept].marks - {match.concept} | {match.concept}
    marks |= {f"fig_{figure.kind}" for figure in one.figures}
    if one.figures:
        marks.add("figure")
    marks |= shape_marks(one)
    marks |= {f"label_{code}" for code in announced(one, lexicon, unit.label_words)}
    if gives_reason(one, case_stems):
        marks.add("reason")
    elif "reason_word" in marks:
        marks.discard("purpose")
    one.marks = frozenset(marks)


def spelt_out(one: Seen, lexicon: Lexicon) -> set[int]:
    """Return the positions of words that are terms of the field; ways of saying reach over other words."""
    return {
        position
        for match in one.matches
        if not lexicon.concepts[match.concept].said
        for position in range(match.start, match.end)
    }


def find_moulds(
    seen: list[Seen], findings: list[Finding], case_stems: frozenset[str], lexicon: Lexicon
) -> None:
    """Leave sentences poured into moulds no more than the techniques they name, when most are such."""
    naming = [one for one in seen if not one.dropped and len(one.unit.tokens) >= 6 and not one.unit.heading]

    def poured(words: int) -> set[int]:
        return {
            one.unit.index
            for one in naming
            if not SUBSTANCE & one.marks
            and gates.moulded(one.unit, spelt_out(one, lexicon), case_stems, words)
        }

    found = poured(1)
    if len(found) >= gates.MANY and len(found) >= MOST * len(naming):
        # Where so many are, those with a word or two more are, too.
        found = poured(MORE_WORDS)
        name_only(seen, found, findings, "stuffing", "Sentences that would fit any design around its terms.")


def rules_out(one: Seen, position: int) -> bool:
    """Is it the risk itself that there shall be none of: "no leakage"?"""
    before = [token.word for token in one.unit.tokens[max(0, position - 2) : position]]
    return bool(before) and ("no" in before[-1:] or before[-2:-1] == ["no"])


def says_something(word: str, stem: str) -> bool:
    return word not in STOP and stem not in GENERIC_STEMS and len(word) > 1


def shape_marks(one: Seen) -> set[str]:
    """Return marks that come from the form of a sentence rather than from its words."""
    unit, marks = one.unit, set[str]()
    words = [token.word for token in unit.tokens]
    arrows = words.count("->")
    if arrows:
        marks.add("arrow")
    if arrows >= 2:
        marks.add("arrows")
    if any(word in ("if", "when", "unless", "whenever", "once") for word in words):
        marks.add("condition")
    if _LIST_OF_FIELDS.search(unit.text) or (unit.label_words and unit.text.count(",") >= 3):
        marks.add("schema")
    if any(
        word in ("request", "user", "users", "app", "client", "page", "browser", "caller", "editor")
        for word in words
    ):
        marks.add("user_side")
    if _NOT_THE_OTHER.search(unit.text):
        marks.add("compare")
    if one.content >= 6:
        marks.add("specific")
    if one.content >= 12:
        marks.add("long")
    flows = {match.start for match in one.matches if match.concept == "flow_verbs"}
    if len(flows) >= 2:
        marks.add("flow_two")
    if len(flows) >= 3:
        marks.add("flow_three")
    return marks


def gives_reason(one: Seen, case_stems: frozenset[str]) -> bool:
    """Is there a reason that says something: two words neither small, generic nor the thing itself?"""
    unit = one.unit
    for position in reason_starts(one):
        fresh, named = set(), 0
        before = {token.stem for token in unit.tokens[:position]}
        for token in unit.tokens[position:]:
            if not says_something(token.word, token.stem) or token.stem in before:
                continue
            fresh.add(token.stem)
            named += token.stem not in case_stems
        if len(fresh) >= REASON_WORDS and named:
            return True
    return False


def reason_starts(one: Seen) -> list[int]:
    """Return the positions just after words that introduce a reason."""
    tokens, unit = one.unit.tokens, one.unit
    starts = [match.end for match in one.cues if match.concept == "reason_word"]
    for position, token in enumerate(tokens):
        following = tokens[position + 1].word if position + 1 < len(tokens) else ""
        gap = unit.text[tokens[position - 1].end - unit.start : token.start - unit.start] if position else ","
        if (
            token.word == "since"
            and following
            and (not position or tokens[position - 1].word not in _TIME_WORDS)
        ) or (
            token.word == "as"
            and ("," in gap or "(" in gap or ";" in gap or "-" in gap or not position)
            and following not in _NOT_CAUSAL
        ):
            starts.append(position + 1)
        elif (
            token.word == "so"
            and ("," in gap or "(" in gap or ";" in gap or not position)
            and following in _SO
        ):
            # "rare, so we keep all": what stands before is the reason.
            starts.append(position + 1)
    return starts


def answer_questions(seen: list[Seen]) -> None:
    """Cap the questions that nobody answers; an answer follows on the line, on the next one, or below."""
    only_asking = gates.only_asking([one.unit for one in seen])
    for position, one in enumerate(seen):
        if not one.unit.asks or one.dropped:
            continue
        after = seen[position + 1] if position + 1 < len(seen) else None
        same_step = (
            after is not None
            and after.unit.step == one.unit.step
            and not after.unit.asks
            and not after.unit.heading
        )
        close = (
            same_step
            and after is not None
            and (
                after.unit.line == one.unit.line
                or one.unit.index in after.unit.above
                or (bool(one.unit.speaker) and after.unit.speaker != one.unit.speaker)
                or after.unit.text.lstrip().startswith(("->", "=>", "→"))
            )
        )
        if not close or after is None or after.dropped:
            one.capped = True
            one.open_question = only_asking or gates.asks_openly(one.unit)
            one.marks = frozenset({"question"}) | (one.marks - {"figure"})
        else:
            one.marks = one.marks | {"question", "answered_question"} | after.marks

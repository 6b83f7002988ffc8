"""The sentences of a report: why a level was given, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from interviews.scoring.levels import Decision
from interviews.scoring.values import Rubric

# What a mark is called when it is told to a person, strongest first.
NAMES = (
    ("reason", "a reason"),
    ("compare", "an alternative weighed"),
    ("cost_of_error", "the cost of errors"),
    ("weigh", "a goal weighed against another"),
    ("guardrail", "a guardrail"),
    ("label_rule", "the rule behind the label"),
    ("label_tradeoff", "what the labels cost or hide"),
    ("metric_limit", "what the metric shows or hides"),
    ("cadence", "how often"),
    ("trigger", "a trigger"),
    ("promote", "a check before promotion"),
    ("loopback", "how logs become training data"),
    ("mitigate", "a mitigation"),
    ("scale_figure", "a figure for the volume"),
    ("deadline_figure", "a figure for the response time"),
    ("both_sides", "input and output"),
    ("arrows", "the flow through components"),
    ("flow_two", "the flow through components"),
    ("rep_two", "how features are encoded"),
    ("stage_plan", "the stage that follows"),
    ("stop_rule", "when it stops or ships"),
    ("split_unit", "who is split"),
    ("threshold", "a threshold"),
    ("react", "what happens then"),
    ("how", "how it is tested"),
    ("srcq", "how clean or how collected"),
    ("schema", "what it holds"),
    ("gain", "what it buys"),
    ("correction", "what is corrected afterwards"),
    ("guard_strong", "the mechanism"),
    ("boundary", "a boundary"),
    ("assume", "an assumption"),
    ("mapped", "how the goal maps to the task"),
    ("consequence", "a consequence"),
    ("capability", "what it is good at"),
    ("property", "what speaks for it"),
    ("purpose", "what it is for"),
    ("figure", "figures"),
)


def join(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def shown_marks(marks: Iterable[str], at_most: int = 3) -> list[str]:
    """Return what was found, in words, the most telling first."""
    found: list[str] = []
    for mark, says in NAMES:
        if mark in marks and says not in found:
            found.append(says)
    return found[:at_most]


def rationale(decision: Decision, *, capped: bool = False, elsewhere: bool = False) -> str:
    """Return one or two sentences that say why this level and no other."""
    if elsewhere:
        return "The answer is about another case, so it earns nothing here."
    if decision.level == 0:
        if decision.denied:
            return "It comes up only to be turned down, without a reason."
        if decision.near:
            return "Words of it occur, but not enough to speak of it."
        return "Nothing in the answer speaks of it."
    found = shown_marks(decision.marks)
    if decision.level >= 3:
        text = f"Explained, with {join(found)}." if found else "Explained."
        if capped:
            return f"{text} None of what this case expects here is said, so it stops at level 3."
        return text
    start = "Named in the words of this case" if decision.level == 2 else "Named"
    if all(one.unit.asks for one in decision.units):
        return f"{start}, as a question that is not answered."
    if all(one.capped or one.listed for one in decision.units):
        return f"{start}, in a list or without a reason."
    return (
        f"{start}, with {join(found)}; that does not explain it yet."
        if found
        else f"{start}, but not explained."
    )


def page(report: Mapping[str, Any], rubric: Rubric) -> str:
    """Return a full report as a page of plain text, for people at a terminal."""
    names = {criterion.code: criterion.name for criterion in rubric.criteria}
    lines = [headline(report)]
    lines += [f"! {flag['text']}" for flag in report["flags"]]
    for entry in report["criteria"]:
        lines += ["", *criterion_lines(entry, names)]
    if report["expectations"]:
        lines += ["", "What this case expects"]
        lines += [
            f"  {'yes' if entry['met'] else 'no '}  {entry['statement']}" for entry in report["expectations"]
        ]
    if report["checks"]:
        lines += ["", "Design checks"]
        lines += [
            f"  {CHECKED[entry['passed']]}  {entry['title']}. {entry['reason']}" for entry in report["checks"]
        ]
    return "\n".join(lines) + "\n"


CHECKED = {True: "passed", False: "failed", None: "not read"}


def headline(report: Mapping[str, Any]) -> str:
    if report["total"] is None:
        return "Nothing could be assessed."
    span = f"{report['total_low']:.0f} to {report['total_high']:.0f}"
    return f"{report['total']:.0f} of 100 (between {span}), speaks for: {report['level_estimate']}"


def criterion_lines(entry: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    level = "not assessed" if entry["level"] is None else f"level {entry['level']}"
    lines = [f"{entry['code']} {names[entry['code']]}: {level}", f"  {entry['rationale']}"]
    for cited in entry["evidence"]:
        if cited["kind"] == "text":
            lines.append(
                f"  [{cited['step']} {cited['start']}–{cited['end']}] {' '.join(cited['quote'].split())}"
            )
        else:
            lines.append(f"  [{cited['kind']} {cited['element']}]")
    if entry["next_level"]:
        lines.append(f"  Level {entry['level'] + 1} needs: {entry['next_level']}")
    return lines

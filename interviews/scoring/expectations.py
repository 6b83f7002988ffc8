"""What a case expects of a strong design: words in one passage, a figure within bounds, a way drawn."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from interviews.scoring.figures import Figure
from interviews.scoring.reading import Reading, Seen
from interviews.scoring.text import tokens_of

Evidence = dict[str, Any]
OnDrawing = Callable[[Mapping[str, Any]], Sequence[Evidence] | None]

MAX_EVIDENCE = 3
SLACK = 2  # words that may stand between those of a phrase
_TIME_UNITS = {
    "us": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "seconds": 1.0,
    "minutes": 60.0,
    "hours": 3600.0,
    "days": 86400.0,
    "weeks": 604800.0,
}


def quote(one: Seen) -> Evidence:
    """Return a unit as evidence: its place and its words, exactly as they stand."""
    unit = one.unit
    return {"kind": "text", "step": unit.step, "start": unit.start, "end": unit.end, "quote": unit.text}


def met(
    rule: Mapping[str, Any], reading: Reading | None, on_drawing: OnDrawing | None
) -> tuple[bool, list[Evidence]]:
    """Return whether a rule is met, and what shows it.

    Of several kinds of rule any one will do, unless the rule says `require: all`.
    """
    results: list[list[Evidence] | None] = []
    if "words" in rule:
        results.append(words_met(rule["words"], reading) if reading else None)
    if "bound" in rule:
        results.append(bound_met(rule["bound"], reading) if reading else None)
    if "graph" in rule:
        shown = on_drawing(rule["graph"]) if on_drawing else None
        results.append(list(shown) if shown is not None else None)
    found = [result for result in results if result is not None]
    enough = len(found) == len(results) if rule.get("require") == "all" else bool(found)
    return bool(results) and enough, [entry for result in found for entry in result] if enough else []


def alternatives(written: str) -> list[list[str]]:
    """Return the phrases of "a | b c", each as stems."""
    phrases = ([token.stem for token in tokens_of(part)] for part in written.split("|"))
    return [phrase for phrase in phrases if phrase]


def says(one: Seen, phrases: Iterable[list[str]]) -> bool:
    """Does a unit contain one of the phrases, not denied?"""
    stems = [token.stem for token in one.unit.tokens]
    return any(place not in one.negation.strong for phrase in phrases for place in places(stems, phrase))


def places(stems: Sequence[str], phrase: Sequence[str]) -> Iterable[int]:
    """Yield where a phrase begins, with a little slack between its words."""
    for start, first in enumerate(stems):
        if first != phrase[0]:
            continue
        position = start
        for wanted in phrase[1:]:
            window = stems[position + 1 : position + 2 + SLACK]
            if wanted not in window:
                break
            position += 1 + window.index(wanted)
        else:
            yield start


def usable(reading: Reading) -> list[Seen]:
    return [one for one in reading.seen if not one.dropped and not one.unit.asks]


def words_met(rule: Mapping[str, Any], reading: Reading) -> list[Evidence] | None:
    """Return the sentences in which all that is asked for stands together, or None."""
    all_of = [alternatives(item) for item in rule.get("all_of") or ()]
    any_of = [alternatives(item) for item in rule.get("any_of") or ()]
    units = usable(reading)
    for middle in range(len(units)):
        near = [
            one for one in units[max(0, middle - 1) : middle + 2] if one.unit.step == units[middle].unit.step
        ]
        shown: list[Seen] = []
        for phrases in all_of:
            speaking = [one for one in near if says(one, phrases)]
            if not speaking:
                break
            shown += speaking[:1]
        else:
            if any_of:
                speaking = [one for one in near if any(says(one, phrases) for phrases in any_of)]
                if not speaking:
                    continue
                shown += speaking[:1]
            if shown:
                ordered = sorted({one.unit.index: one for one in shown}.items())
                return [quote(one) for _, one in ordered][:MAX_EVIDENCE]
    return None


def bound_met(rule: Mapping[str, Any], reading: Reading) -> list[Evidence] | None:
    """Return the sentence with a figure of the right unit within the bounds, or None."""
    near = [phrase for item in listed(rule.get("near")) for phrase in alternatives(item)]
    low, high = float(rule.get("at_least", float("-inf"))), float(rule.get("at_most", float("inf")))
    units = usable(reading)
    for position, one in enumerate(units):
        values = [value for figure in one.figures for value in measured(str(rule.get("metric", "")), figure)]
        if not any(low <= value <= high for value in values):
            continue
        around = [
            other for other in units[max(0, position - 1) : position + 2] if other.unit.step == one.unit.step
        ]
        if not near or any(says(other, near) for other in around):
            return [quote(one)]
    return None


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def measured(metric: str, figure: Figure) -> list[float]:
    """Return what a figure measures in the unit of a metric; empty when it measures something else."""
    unit = metric.rsplit("_", 1)[-1]
    if unit in _TIME_UNITS:
        return [figure.value / _TIME_UNITS[unit]] if figure.kind in ("time", "span") else []
    if unit == "qps" or metric.endswith("_per_second"):
        return [figure.value] if figure.kind == "rate" else []
    if "_per_day" in metric:
        return [figure.value * 86400] if figure.kind == "rate" else []
    if unit in ("percent", "share", "rate", "availability", "precision", "recall", "fraction"):
        # Bounds may be written as 95 or as 0.95.
        return (
            [figure.value, figure.value / 100]
            if figure.kind == "percent"
            else [figure.value]
            if figure.kind == "plain"
            else []
        )
    if "_per_" in metric or unit == "ratio":
        return [figure.value] if figure.kind in ("ratio", "plain", "count", "times") else []
    if unit in ("bytes", "gb", "mb", "tb"):
        return (
            [figure.value / {"bytes": 1, "mb": 1e6, "gb": 1e9, "tb": 1e12}[unit]]
            if figure.kind == "bytes"
            else []
        )
    return [figure.value] if figure.kind in ("count", "plain", "rate") else []

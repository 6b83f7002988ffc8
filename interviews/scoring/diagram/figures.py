"""Figures that people write on boxes: how many milliseconds, how many items, how many a second."""

import math
import re

NUMBER = r"(?<![\w.])(\d{1,3}(?:,\d{3})+(?!\d)|\d{1,9}(?:[.,]\d{1,6})?)"
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
LATENCY = re.compile(
    NUMBER + r"\s*(µs|us|ms|msec|millis|milliseconds?|s|sec|secs|seconds?)\b(?!\s*-?\s*(?:window|ttl))", re.I
)
# A figure after these words is a period, not the time an answer takes.
PERIOD = re.compile(
    r"\b(?:every|each|ttl|window|last|past|over|refresh(?:ed)?|interval|retention|cadence|delay|lag|after|timeout)\W*(?:of\W*)?$",
    re.I,
)
COUNT = re.compile(
    NUMBER.replace(r"(?<![\w.])", r"(?<![\w.])")
    + r"\s*(k|m|mn|b|bn|million|billion|thousand|x|%)?\s*(?:/|per\s+|p)?\s*"
    r"(s|sec|second|day|hour|rps|qps|tps|req|requests?|items?|docs?|documents?|candidates?|ads?|posts?|videos?|users?|events?|results?|songs?|products?|vectors?|dims?|gb|tb|pb|shards?|replicas?)?(?![a-z])",
    re.I,
)
RATE = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,3})?)\s*(k|m|mn|million|thousand)?\s*"
    r"(?:[a-z]{2,12}\s*){0,2}(?:(?:/|per|a)\s*s(?:ec(?:ond)?)?\b|qps\b|rps\b|tps\b)",
    re.I,
)
# "L1", "v2" or "stage 2" count nothing.
MARKER = re.compile(r"\b(?:l|v|s|p|step|stage|phase|part|tier|level|version|h)\s*$", re.I)


def written(number: str) -> float:
    """Return a number as people write it: a comma before three digits groups them, else it is a point."""
    return float(number.replace(",", "" if GROUPED.fullmatch(number) else "."))


def milliseconds(text: str) -> float | None:
    """Return the time written in a label, in milliseconds; the largest of several, None if there is none."""
    found: list[float] = []
    for match in LATENCY.finditer(text[:400]):
        if PERIOD.search(text[max(0, match.start() - 16) : match.start()]):
            continue
        unit = match.group(2).lower()
        value = written(match.group(1))
        scale = 0.001 if unit in ("µs", "us") else 1.0 if unit.startswith("m") else 1000.0
        found.append(value * scale)
    return max(found) if found else None


def plain_number(value: object) -> float | None:
    """Return a finite number at or above 0, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9}


def per_second(text: str) -> float | None:
    """Return the largest rate written in a label or volume: "75,000/s", "5k req/s", "20 qps"."""
    found = [
        written(match.group(1)) * SCALE.get((match.group(2) or "").lower(), 1.0)
        for match in RATE.finditer(text[:400])
    ]
    return max(found) if found else None


def counts(text: str) -> tuple[float, ...]:
    """Return the counts written in a label ("1k → 200" gives 1000 and 200); times and versions left out."""
    cleaned = LATENCY.sub(" ", text[:400])
    found: list[float] = []
    for match in COUNT.finditer(cleaned):
        if MARKER.search(cleaned[max(0, match.start() - 9) : match.start()]):
            continue
        unit = (match.group(2) or "").lower()
        if unit == "x":
            continue
        value = written(match.group(1)) * SCALE.get(unit, 1.0)
        if not unit and not match.group(3) and value < 10:
            continue
        found.append(value)
    return tuple(found)

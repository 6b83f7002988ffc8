"""Figures with their units: "150 ms", "2.5k requests per second", "1:10", "two weeks"."""

import re
from dataclasses import dataclass

_WORD_NUMBERS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
    **{"ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"sixty": 60, "ninety": 90, "hundred": 100, "thousand": 1000, "dozen": 12, "couple": 2},
    **{"a couple of": 2, "half": 0.5, "a few": 3},
}
_MULTIPLIERS = {
    **{"hundred": 1e2, "k": 1e3, "thousand": 1e3, "m": 1e6, "mm": 1e6, "mio": 1e6, "million": 1e6},
    **{"millions": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "billions": 1e9, "t": 1e12, "trillion": 1e12},
}
_NUMBER = r"\d+(?:[,'’ ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_WORDS = "|".join(sorted(map(re.escape, _WORD_NUMBERS), key=len, reverse=True))
_UNITS = (
    r"%|percent|per cent|percentile|basis points|ms\b|msec\w*|milli\w+|µs|us\b|secs?\b|seconds?\b|s\b|"
    r"minutes?\b|mins?\b|hours?\b|hrs?\b|h\b|days?\b|weeks?\b|months?\b|quarters?\b|years?\b|qps\b|rps\b|tps\b|req/s|[KMGTP]i?B\b|"
    r"bytes?\b|x\b|times\b|px\b|"
    r"(?!(?:per|an?|of|and|or|in|on|at|for|to|by|with|the|is|are|as|each|every|max)\b)[a-zA-Z][a-zA-Z-]+"
)
_MULTIPLIER = r"hundred|thousand|millions?|billions?|trillion|mio|bn|[kKMBT]m?(?![a-zA-Z])|m(?=\s+[a-z]{3})"
_FIGURE = re.compile(
    rf"(?<![\w.@#/])(?P<ratio>(?:{_NUMBER})\s?(?::|/|\bin\b|\bout of\b|\bto\b)\s?"
    rf"(?:{_NUMBER})[kKmM]?(?![\w%]))"
    rf"|(?<![\w#.@])(?P<cur>[$€£])?\s?(?P<number>{_NUMBER}|(?<!\w)(?:{_WORDS})(?!\w))"
    rf"\+?(?:\s?(?P<mult>{_MULTIPLIER}))?(?:[\s-]?(?P<unit>{_UNITS}))?",
    re.UNICODE,
)
_PER = re.compile(
    r"[^.;,]{0,30}?(?:/|\bper\b|\ba\b|\beach\b|\bevery\b)\s?(?P<per>s\b|sec(?:ond)?s?\b|minute|min\b|hour|day|week|month|year)",
    re.IGNORECASE,
)

_A_SPAN = re.compile(
    r"\b(?:for|lasts?|after|within|last|takes?|over|past|wait|each) an? "
    r"(?P<unit>week|fortnight|month|day|hour|year|couple of weeks)\b",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"\b(?:a|an|one|two)[ -](?:third|fourth|quarter|fifth|tenth|hundredth)s? (?:of|the)?\b"
    r"|\bhalf (?:of|the)\b",
    re.IGNORECASE,
)
_POWER = re.compile(
    r"\b(?:(?P<lead>\d+(?:\.\d+)?)\s?[x×*·]\s?)?10\s?\^\s?(?P<ten>\d{1,2})\b"
    r"|\b(?P<base>\d+(?:\.\d+)?)e(?P<e>\d{1,2})\b",
    re.IGNORECASE,
)
_MAGNITUDE = re.compile(
    r"\b(?P<times>hundreds|tens|thousands|millions|billions)(?: of (?P<more>thousands|millions|billions))?"
    r" of (?P<noun>[a-z]+)",
    re.IGNORECASE,
)
_SIZES = {"hundreds": 1e2, "tens": 1e1, "thousands": 1e3, "millions": 1e6, "billions": 1e9}
_SECONDS = {"ms": 1e-3, "mse": 1e-3, "mil": 1e-3, "µs": 1e-6, "us": 1e-6, "s": 1, "sec": 1}
_SPANS = {
    "min": 60,
    "h": 3600,
    "hou": 3600,
    "hrs": 3600,
    "hr": 3600,
    "day": 86400,
    "wee": 604800,
    "mon": 2.63e6,
    "qua": 7.9e6,
    "yea": 3.156e7,
}
_BYTES = {"k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "p": 1e15}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as written: where it stands, what it counts and how much of it.

    `kind` is percent, time or span (seconds), rate (per second), ratio, bytes, times, money, count or plain.
    """

    start: int
    end: int
    kind: str
    value: float
    noun: str


def figures_in(text: str, offset: int = 0) -> list[Figure]:
    """Return the figures of a text, with offsets counted from `offset`."""
    found = []
    for match in _FIGURE.finditer(text):
        figure = ratio_of(match, offset) if match.group("ratio") else figure_of(match, text, offset)
        if figure is not None:
            found.append(figure)
    return found + figures_in_words(text, offset)


def figures_in_words(text: str, offset: int) -> list[Figure]:
    """Return figures that have no digits or a power: "for a week", "a third of", "millions of users"."""
    found = []

    def add(match: re.Match[str], kind: str, value: float, noun: str = "") -> None:
        found.append(Figure(offset + match.start(), offset + match.end(), kind, value, noun))

    for match in _A_SPAN.finditer(text):
        unit = match.group("unit").lower()
        two_weeks = unit in ("fortnight", "couple of weeks")
        add(match, "span", 1209600.0 if two_weeks else float(_SPANS.get(unit[:3], 3600)), unit)
    for match in _FRACTION.finditer(text):
        add(match, "times", 0.5)
    for match in _POWER.finditer(text):
        lead, power = match.group("lead") or match.group("base") or 1, match.group("ten") or match.group("e")
        noun = re.match(r"\s*([a-zA-Z]*)", text[match.end() :])
        add(match, "count", float(lead) * 10.0 ** int(power), noun.group(1).lower() if noun else "")
    for match in _MAGNITUDE.finditer(text):
        more = _SIZES.get((match.group("more") or "").lower(), 1)
        add(match, "count", _SIZES[match.group("times").lower()] * more, match.group("noun").lower())
    return found


def number_of(written: str) -> float:
    if written.lower() in _WORD_NUMBERS:
        return float(_WORD_NUMBERS[written.lower()])
    return float(re.sub(r"[,'’ ]", "", written))


def ratio_of(match: re.Match[str], offset: int) -> Figure | None:
    numbers = re.findall(_NUMBER, match.group("ratio"))
    low, high = sorted((number_of(numbers[0]), number_of(numbers[-1])))
    if low <= 0 or (" to " in match.group("ratio") and high > 1e5):
        return None
    return Figure(offset + match.start(), offset + match.end(), "ratio", high / low, "")


def figure_of(match: re.Match[str], text: str, offset: int) -> Figure | None:
    written = match.group("number")
    value, in_words = number_of(written), not written[0].isdigit()
    unit, multiplier = (match.group("unit") or ""), (match.group("mult") or "")
    if multiplier:
        value *= _MULTIPLIERS.get(multiplier.lower(), _MULTIPLIERS.get(multiplier[0].lower(), 1))
    kind, value, noun = kind_of(unit, value, bool(multiplier), bool(match.group("cur")))
    if in_words and kind in ("plain", "count") and not multiplier and value < 100:
        # "one model", "two towers": a word, not a measurement.
        return None
    end = match.end()
    if kind in ("count", "plain") and (per := _PER.match(text, end)):
        seconds = {"s": 1, "min": 60, "hou": 3600, "day": 86400, "wee": 604800, "mon": 2.63e6, "yea": 3.156e7}
        span = per.group("per").lower()
        value, kind, end = (
            value / seconds.get("s" if span.startswith("s") else span[:3], 1),
            "rate",
            per.end(),
        )
    return Figure(offset + match.start(), offset + end, kind, value, noun)


def kind_of(unit: str, value: float, multiplied: bool, money: bool) -> tuple[str, float, str]:
    """Return what a number with this unit is, its value in the base unit, and the noun it counts."""
    lower = unit.lower()
    if money or lower in ("dollars", "euros", "cents", "usd", "eur"):
        return "money", value, lower
    if lower in ("%", "percent", "per cent", "basis points"):
        return "percent", value, lower
    if lower in ("qps", "rps", "tps", "req/s"):
        return "rate", value, lower
    if re.fullmatch(r"[kmgtp]i?b|bytes?", lower):
        return "bytes", value * (_BYTES[lower[0]] if lower[0] != "b" else 1), lower
    if lower in ("x", "times"):
        return "times", value, lower
    if lower in ("ms", "µs", "us", "s") or re.fullmatch(r"msec\w*|millisec\w*|secs?|seconds?", lower):
        return "time", value * _SECONDS[lower[:3] if lower[:3] in _SECONDS else lower], lower
    if lower == "h" or re.fullmatch(
        r"minutes?|mins?|hours?|hrs?|days?|weeks?|months?|quarters?|years?", lower
    ):
        return (
            "span",
            value * _SPANS[lower[:3] if lower[:3] in _SPANS else lower[:2] if lower[:2] in _SPANS else lower],
            lower,
        )
    if multiplied or value >= 100:
        return "count", value, lower
    return "plain", value, lower

"""Answers cut into units (sentences, bullets, headings), each with its place in the original.

Offsets always point into the text as it was given: nothing is rewritten on the way.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from interviews.scoring.words import stem

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|->|=>|→|⇒|[=%<>]")
_BULLET = re.compile(r"[ \t]*(?:[-*+•–—◦▪‣○●]|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)]|\|)\s+(?=\S)")
_MARKDOWN = re.compile(r"\s*#{1,6}\s+")
_BOLD_LINE = re.compile(r"\s*(?:\*\*|__)[^*_]{1,80}(?:\*\*|__)\s*:?\s*$")
_SPEAKER = re.compile(r"\s*(?:candidate|interviewer|me|you|c|i|q|a|question|answer)\s*:\s*", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?:[\"'”’)\]]*)\s+(?=[\"'“‘(\[]?[A-Z0-9])|(?<=[!?])\s+|(?<=[a-z]{3})\.\s+(?=[a-z])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|ca|cf|fig|no|resp|incl|mr|dr|st|a\.k\.a)|\b[A-Z])\.$", re.IGNORECASE
)
_BOLD_LABEL = re.compile(r"\s*(?:\*\*|__)([^*_\n]{2,60}?)[.:]?(?:\*\*|__)[.:]?\s+(?=\S)")
_LABEL = re.compile(
    r"\s*(?:\*\*|__)?\s*([^\n:;.!?()=]{2,60}?)\s*(?:\*\*|__)?\s*(?::(?!\d|//)|\s(?:–|—|-)\s|=(?!=|>))\s*(?:\*\*|__)?\s*(?=\S)"
)
MAX_LABEL_WORDS = 6
MAX_HEADING_WORDS = 9
MAX_SENTENCE = 1200


class Token(NamedTuple):
    """One word: its place in the answer, as written, in lower case, and its stem."""

    start: int
    end: int
    surface: str
    word: str
    stem: str


@dataclass(slots=True)
class Unit:
    """One sentence, bullet or heading of an answer."""

    index: int
    step: str
    start: int
    end: int
    text: str
    tokens: list[Token]
    line: int
    heading: bool = False
    label_words: int = 0  # how many tokens at the front are a label, as in "Labels: ..."
    above: list[int] = field(default_factory=list)  # headings and parent bullets, nearest first
    asks: bool = False
    speaker: str = ""

    @property
    def stems(self) -> list[str]:
        return [token.stem for token in self.tokens]


class Line(NamedTuple):
    start: int
    end: int
    indent: int
    bullet: bool
    blank_before: bool


def tokens_of(text: str, offset: int = 0) -> list[Token]:
    """Return the words of a text, with offsets counted from `offset`."""
    found = []
    for match in _TOKEN.finditer(text):
        surface = match.group()
        word = surface.lower().replace("’", "'")
        if word in ("=>", "→", "⇒"):
            word = "->"
        found.append(Token(offset + match.start(), offset + match.end(), surface, word, stem(word)))
    return found


def read_units(answers: Mapping[str, str]) -> list[Unit]:
    """Return the units of all answers, steps in alphabetical order so that their order says nothing."""
    units: list[Unit] = []
    for step in sorted(answers):
        read_step(step, answers[step], units)
    return units


def lines_of(text: str) -> list[Line]:
    """Return the lines that hold something; hard-wrapped prose is joined again."""
    lines: list[Line] = []
    position, blank, width = 0, True, wrap_width(text)
    for raw in text.splitlines(keepends=True):
        body = raw.rstrip()
        start, position = position, position + len(raw)
        if not body.strip():
            blank = True
            continue
        bullet = _BULLET.match(body)
        inner = len(body) - len(body.lstrip())
        here = Line(
            start + (bullet.end() if bullet else inner), start + len(body), inner, bool(bullet), blank
        )
        before = lines[-1] if lines else None
        if before and not blank and not bullet and wrapped(text, before, here, width):
            lines[-1] = before._replace(end=here.end)
        else:
            lines.append(here)
        blank = False
    return lines


def wrap_width(text: str) -> int:
    """Return the width at which a text was hard-wrapped, or 0 when it was not."""
    lengths = [len(line.rstrip()) for line in text.splitlines() if line.strip()]
    widest = max(lengths, default=0)
    return widest if 50 <= widest <= 130 and sum(length >= 0.8 * widest for length in lengths) >= 3 else 0


def wrapped(text: str, before: Line, here: Line, width: int) -> bool:
    """Is `here` the rest of a sentence that a hard line break cut? Its first word did not fit above."""
    if (
        not width
        or text[before.end - 1] in ".!?:;"
        or not (text[here.start].islower() or text[here.start] in "(,")
    ):
        return False
    above = before.end - max(text.rfind("\n", 0, before.end) + 1, 0)
    word = text[here.start : here.end].split(maxsplit=1)[0]
    return above + 1 + len(word) > width


def is_heading(text: str, line: Line, following: Line | None) -> bool:
    """Is this line the title of what follows?"""
    body = text[line.start : line.end]
    words = len(body.split())
    if _MARKDOWN.match(body) or _BOLD_LINE.match(body):
        return words <= MAX_HEADING_WORDS + 3
    if words > MAX_HEADING_WORDS or following is None:
        return False
    if body.endswith(":"):
        return True
    if body[-1] in ".!?,;" or any(sign in body for sign in ("->", "=", ": ", ", ")):
        return False
    if line.bullet:
        # A bullet is a title only over deeper bullets, and only when it is short.
        return following.indent > line.indent and words <= 4
    return (
        words <= 4
        and (line.blank_before or following.bullet)
        and (following.bullet or not following.blank_before)
        and body[0].isupper()
    )


def read_step(step: str, text: str, units: list[Unit]) -> None:
    """Add the units of one answer."""
    lines = lines_of(text)
    open_above: list[tuple[int, int]] = []  # (rank, unit): a deeper rank closes first
    first_line = units[-1].line + 1 if units else 0
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        body = text[line.start : line.end]
        heading = is_heading(text, line, following)
        rank = heading_rank(body, line) if heading else 100 + line.indent
        plain_above = bool(open_above) and not line.bullet and not heading and line.blank_before
        while open_above and (open_above[-1][0] >= rank or (plain_above and open_above[-1][0] >= 60)):
            open_above.pop()
        above = [unit for _, unit in reversed(open_above)]
        first = len(units)
        for start, end in [(line.start, line.end)] if heading else sentences(text, line):
            add_unit(step, text, start, end, units, first_line + number, heading, above, first)
        if len(units) > first and (heading or (line.bullet and following and following.indent > line.indent)):
            open_above.append((rank, first))


def heading_rank(body: str, line: Line) -> int:
    """Return how high a heading stands: markdown levels first, then bold and plain lines, then bullets."""
    if match := _MARKDOWN.match(body):
        return match.group().count("#")
    if line.bullet:
        return 100 + line.indent
    return (40 if _BOLD_LINE.match(body) else 60 if body.endswith(":") else 50) + min(line.indent, 9)


def sentences(text: str, line: Line) -> list[tuple[int, int]]:
    """Return where the sentences of a line start and end."""
    found, start = [], line.start
    # A lead-in in bold belongs to the sentence behind it, even when it ends with a full stop.
    lead = _BOLD_LABEL.match(text[line.start : line.end])
    for match in _SENTENCE_END.finditer(text, line.start + (lead.end() if lead else 0), line.end):
        head = text[max(start, match.start() - 12) : match.start() + 1].rstrip()
        if _ABBREVIATION.search(head):
            continue
        end = match.start() + (1 if text[match.start()] == "." else 0)
        while end < match.end() and not text[end].isspace():
            end += 1
        found.append((start, end))
        start = match.end()
    if start < line.end:
        found.append((start, line.end))
    return [piece for first, last in found for piece in pieces(text, first, last)]


def pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return a sentence whole, or in pieces when it goes on for longer than anyone reads."""
    found = []
    while end - start > MAX_SENTENCE:
        cut = text.rfind(" ", start, start + MAX_SENTENCE)
        cut = cut if cut > start else start + MAX_SENTENCE
        found.append((start, cut))
        start = cut + 1 if text[cut].isspace() else cut
    return [*found, (start, end)] if start < end else found


def add_unit(
    step: str,
    text: str,
    start: int,
    end: int,
    units: list[Unit],
    line: int,
    heading: bool,
    above: list[int],
    first: int,
) -> None:
    body = text[start:end]
    speaker = ""
    if spoken := _SPEAKER.match(body):
        speaker = spoken.group().strip(" \t:").lower()
        if len(speaker) > 1 or spoken.end() > 1:
            start += spoken.end() if spoken.end() < len(body) else 0
            body = text[start:end]
    tokens = tokens_of(body, start)
    if not any(token.word[0].isalnum() for token in tokens):
        return
    labelled = 0
    if not heading and (label := _BOLD_LABEL.match(body) or _LABEL.match(body)):
        labelled = sum(token.end <= start + label.end(1) for token in tokens)
        if labelled > MAX_LABEL_WORDS or labelled == len(tokens):
            labelled = 0
    if len(units) > first and not speaker:
        speaker = units[-1].speaker
    unit = Unit(
        len(units), step, start, end, body, tokens, line, heading, labelled, list(above), speaker=speaker
    )
    # A question is asked when it ends with its mark, or stands before its own answer.
    unit.asks = body.rstrip(" \"')*_").endswith("?")
    if len(units) > first and units[first].label_words:
        unit.above.insert(0, first)
    units.append(unit)

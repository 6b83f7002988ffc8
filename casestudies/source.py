"""Content files as plain values, with the line each value came from.

Files may come from anybody: the size is capped, aliases (with which a few lines unfold into gigabytes),
tags and deep nesting are refused, and a key given twice is an error instead of a silent loss.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_VALUES = 20_000

# libyaml's parser where the wheel carries it: it is some twenty times as fast.
PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Of YAML's guesses about bare words only these are kept. The old ones read `no` as false, `12:30` as
# 750 and a date as an object, none of which an author of prose means.
WHOLE = re.compile(r"[-+]?[0-9][0-9_]{0,17}")
DECIMAL = re.compile(r"[-+]?(?:[0-9][0-9_]{0,17}(?:\.[0-9]{0,17})?|\.[0-9]{1,17})(?:[eE][-+]?[0-9]{1,2})?")
WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
# What neither PostgreSQL's text nor UTF-8 can hold, and what a terminal would obey.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# The way to a value: keys and list positions from the top of the file.
Where = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one file: where, and what to do."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


class SourceError(Exception):
    """A file that cannot be read at all."""

    def __init__(self, line: int, says: str) -> None:
        super().__init__(says)
        self.line = line
        self.says = says


@dataclass
class Source:
    """A file that was read: its value, and the line of everything in it."""

    file: str
    value: Any
    lines: dict[Where, int] = field(default_factory=dict)

    def line(self, where: Where) -> int:
        """Return the line of a value, or of the nearest thing around it that has one."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def problem(self, where: Where, says: str) -> Problem:
        return Problem(self.file, self.line(where), says)


def place(where: Where) -> str:
    """Return the way to a value as a person says it: `facts`, item 3, `answer`."""
    if not where:
        return "The file"
    parts = [f"item {part + 1}" if isinstance(part, int) else f"`{part}`" for part in where]
    parts[0] = parts[0][0].upper() + parts[0][1:]
    return ", ".join(parts)


def read(path: Path, name: str) -> Source:
    """Return what a file says; SourceError when it cannot be read."""
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except OSError as refusal:
        raise SourceError(
            1, f"The file cannot be read ({refusal.strerror}). Check its name and rights."
        ) from None
    if len(raw) > MAX_BYTES:
        raise SourceError(
            1, f"The file is larger than {MAX_BYTES // 1024} kB. Split it, or shorten its texts."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as refusal:
        line = raw.count(b"\n", 0, refusal.start) + 1
        raise SourceError(line, "This line is not UTF-8. Save the file as UTF-8.") from None
    return parse(text, name)


def parse(text: str, name: str) -> Source:
    """Return what a text in YAML says; SourceError when it is not one plain document."""
    source = Source(name, None)
    try:
        loader = PARSER(text)
        try:
            source.value = Builder(events_of(loader), source.lines).document()
        finally:
            loader.dispose()
    except yaml.reader.ReaderError as refusal:
        line = text.count("\n", 0, refusal.position) + 1
        raise SourceError(line, "This line has a character that cannot be printed. Remove it.") from None
    except yaml.MarkedYAMLError as refusal:
        mark = refusal.problem_mark or refusal.context_mark
        line = mark.line + 1 if mark else 1
        raise SourceError(
            line, f"This is not YAML: {refusal.problem}. Check indents, colons and quotes."
        ) from None
    except yaml.YAMLError:
        raise SourceError(1, "This is not YAML. Check indents, colons and quotes.") from None
    return source


def events_of(loader: Any) -> Iterator[Any]:
    while loader.check_event():
        yield loader.get_event()


class Builder:
    """Turns YAML events into values, and writes down the line of each."""

    def __init__(self, events: Iterator[Any], lines: dict[Where, int]) -> None:
        self.events = events
        self.lines = lines
        self.count = 0

    def document(self) -> Any:
        value, documents = None, 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise SourceError(
                        line_of(event), "Here a second document starts. Put it into a file of its own."
                    )
                value = self.value(next(self.events), ())
        if documents == 0:
            raise SourceError(1, "The file is empty. Fill it, or delete it.")
        return value

    def value(self, event: Any, where: Where) -> Any:
        line = line_of(event)
        if isinstance(event, yaml.AliasEvent):
            raise SourceError(
                line, f"`*{event.anchor}` is an alias; they are not read here. Write the value out."
            )
        self.lines.setdefault(where, line)
        self.count += 1
        if self.count > MAX_VALUES:
            raise SourceError(line, f"There are more than {MAX_VALUES} values in this file. Split it.")
        if len(where) > MAX_DEPTH:
            raise SourceError(
                line, f"This is nested deeper than {MAX_DEPTH} levels. Check the indents and brackets."
            )
        # "!" alone, as in `! text`, says nothing; anything after it asks for an object.
        if event.tag not in (None, "!") and not str(event.tag).startswith("tag:yaml.org,2002:str"):
            raise SourceError(line, f"`{event.tag}` is a tag; they are not read here. Remove it.")
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(where)
        return self.pairs(where)

    def items(self, where: Where) -> list[Any]:
        found: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self.value(event, (*where, len(found))))
        return found

    def pairs(self, where: Where) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = line_of(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise SourceError(
                    line, "A key must be a plain word. Check the colons and brackets of this line."
                )
            key = event.value
            if UNPRINTABLE.search(key):
                raise SourceError(line, "This key has a character that cannot be printed. Remove it.")
            if key in found:
                before = self.lines[(*where, key)]
                raise SourceError(line, f"`{key}` is given twice, first in line {before}. Keep one.")
            self.lines[(*where, key)] = line
            found[key] = self.value(next(self.events), (*where, key))
        return found


def line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


def scalar(event: Any, line: int) -> Any:
    """Return text, a number, true, false or None, as the author wrote it."""
    text: str = event.value
    # libyaml writes implicit[0] for a bare word, which is the only kind that may be a number.
    if event.implicit[0] and event.style in (None, ""):
        if text.lower() in WORDS:
            return WORDS[text.lower()]
        if WHOLE.fullmatch(text):
            return int(text.replace("_", ""))
        if DECIMAL.fullmatch(text):
            number = float(text.replace("_", ""))
            # 2.0 and 2 are one number: the hash of a rubric must not tell them apart.
            return int(number) if number.is_integer() and abs(number) < 1e18 else number
    if UNPRINTABLE.search(text):
        raise SourceError(line, "This text has a character that cannot be printed. Remove it.")
    return text

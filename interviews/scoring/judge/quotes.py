"""Quotes looked up in the candidate's words: found to the letter, or not counted."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from interviews.scoring.reading import Reading

LEAST_WORDS = 3
_SPACE = re.compile(r"\s+")
# What models and keyboards write for the same sign. Each pair has one character on both sides.
_SAME = str.maketrans("“”„«»‘’‚–—−\u00a0", '"""""\'\'\'--- ')


@dataclass(frozen=True)
class Passage:
    """A stretch of an answer that the gates let through; `weak` earns a mention at most."""

    step: str
    start: int
    end: int
    weak: bool


class Words:
    """What the second reader is given: the candidate's words without what the gates took out."""

    def __init__(self, answers: Mapping[str, str], reading: Reading) -> None:
        self._answers = answers
        self.passages = [
            Passage(one.unit.step, one.unit.start, one.unit.end, one.capped)
            for one in reading.seen
            if not one.dropped
        ]

    def text(self, most: int) -> tuple[str, bool]:
        """Return the words under the names of their steps, and whether they were cut at `most` characters."""
        lines: list[str] = []
        before: Passage | None = None
        for passage in self.passages:
            words = self._answers[passage.step][passage.start : passage.end]
            if before is None or before.step != passage.step:
                lines.append(f"[{passage.step}]\n{words}")
            else:
                between = self._answers[passage.step][before.end : passage.start]
                lines.append(("\n" if "\n" in between else " ") + words)
                lines[-2:] = ["".join(lines[-2:])]
            before = passage
        whole = "\n\n".join(lines)
        return whole[:most], len(whole) > most

    def find(self, quote: str) -> dict[str, Any] | None:
        """Return the place of a quote as evidence, or None when it does not stand in what was given."""
        wanted = _plain(quote)
        if len(wanted.split()) < LEAST_WORDS:
            return None
        for step in dict.fromkeys(passage.step for passage in self.passages):
            answer = self._answers[step]
            text, places = _mapped(answer)
            at = text.find(wanted)
            while at >= 0:
                start, end = places[at], places[at + len(wanted) - 1] + 1
                inside = self._covering(step, start, end)
                if inside:
                    return {
                        "kind": "text",
                        "step": step,
                        "start": start,
                        "end": end,
                        "quote": answer[start:end],
                        "weak": all(passage.weak for passage in inside),
                    }
                at = text.find(wanted, at + 1)
        return None

    def _covering(self, step: str, start: int, end: int) -> list[Passage]:
        """Return the passages a stretch lies in, none when part of it was taken out by a gate."""
        touched = [
            passage
            for passage in self.passages
            if passage.step == step and passage.start < end and passage.end > start
        ]
        answer, at = self._answers[step], start
        for passage in touched:
            if _is_word(answer[at : passage.start]):
                return []
            at = max(at, passage.end)
        return [] if _is_word(answer[at:end]) else touched


def _is_word(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.translate(_SAME)).strip()


def _mapped(text: str) -> tuple[str, list[int]]:
    """Return the text in plain signs and single spaces, with the place each character came from."""
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.translate(_SAME)):
        if character.isspace():
            if plain and plain[-1] == " ":
                continue
            character = " "
        plain.append(character)
        places.append(place)
    return "".join(plain), places


def found(words: Words, quotes: Iterable[str]) -> list[dict[str, Any]]:
    """Return the places of those quotes that do stand there, each place once."""
    places: dict[tuple[str, int, int], dict[str, Any]] = {}
    for quote in quotes:
        if place := words.find(quote):
            places.setdefault((place["step"], place["start"], place["end"]), place)
    return list(places.values())

"""What people do at a board when chance decides: draw, move, recolour, erase, bring back, write."""

import random
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Map, Text

from bench.board_page import Page

COLORS = ("#1e1e1e", "#e03131", "#2f9e44", "#1971c2", "#f08c00")
STEPS = ("scope", "data", "model")
MOST_ELEMENTS = 60
MOST_WORDS = 30


@dataclass
class Person:
    """Somebody at a page, with what they have drawn and written so far."""

    page: Page
    dice: random.Random
    writes_notes: bool
    own: list[str] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)  # step, word
    erased: list[str] = field(default_factory=list)
    count: int = 0

    def act(self) -> None:
        """Make one edit."""
        self.count += 1
        chance = self.dice.random()
        if self.writes_notes and chance < 0.3:
            self._write()
        elif self.writes_notes and chance < 0.33 and len(self.words) > MOST_WORDS:
            self._erase_word()
        elif not self.own or (chance < 0.5 and len(self.own) < MOST_ELEMENTS):
            self._draw()
        elif chance < 0.9:
            self._change("geom", place(self.dice, self.count))
        elif chance < 0.96:
            self._change("strokeColor", self.dice.choice(COLORS))
        else:
            self._change("isDeleted", self.dice.random() < 0.5)

    def _draw(self) -> None:
        name = f"{self.page.name}-{self.count}"
        self.own.append(name)
        with self.page.drawing():
            self.page.elements[name] = Map(
                {"type": "rectangle", "geom": place(self.dice, self.count), "isDeleted": False}
            )

    def _change(self, key: str, value: Any) -> None:
        names = [name for name in self.own if name in self.page.elements]
        with self.page.drawing():
            self.page.elements[self.dice.choice(names)][key] = value

    def _write(self) -> None:
        step, word = self.dice.choice(STEPS), f"{self.page.name}.{self.count} "
        self.words.append((step, word))
        with self.page.drawing(word):
            if step in self.page.notes:
                note = self.page.notes[step]
                note += word
            else:
                self.page.notes[step] = Text(word)

    def _erase_word(self) -> None:
        step, word = self.words.pop(self.dice.randrange(len(self.words) - 10))
        note = self.page.notes[step]
        start = str(note).find(word)
        self.erased.append(word)
        with self.page.drawing():
            del note[start : start + len(word)]


def place(dice: random.Random, x: float) -> dict[str, Any]:
    """Return a shape's place; no two edits of one person have the same."""
    return {
        "x": float(x),
        "y": float(dice.randrange(1000)),
        "width": 120.0,
        "height": 60.0,
        "angle": 0,
        "points": [],
    }

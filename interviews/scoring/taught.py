"""What there is to learn from: labelled answers with the passages that earned their levels, and sentences.

Every answer is read twice: as it is, and as if neither ways of saying nor boxes were known.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from interviews.scoring import soft
from interviews.scoring.boxes import homes
from interviews.scoring.evidence import Found, substance
from interviews.scoring.levels import rules
from interviews.scoring.reading import Reading, Seen, read
from interviews.scoring.verdict import found_by_rules

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
# Rules were written with the first three in view, so they say less about strangers.
SETS = {
    DATA / "scoring-dev": 1.0,
    DATA / "scoring": 1.0,
    DATA / "scoring" / "dev": 1.0,
    DATA / "scoring" / "more-a": 2.0,
    DATA / "scoring" / "more-b": 2.0,
    DATA / "scoring" / "more-d": 2.0,
    DATA / "scoring" / "more-e": 2.0,
    DATA / "scoring" / "more-f": 2.0,
}
SENTENCES = Path(__file__).parent / "sentences"
CONTENT = ROOT / "casestudies" / "content"
PACKS = ("classic", "genai", "platform")
FOLDS = 5
UNKNOWN = 0.5  # how much an answer counts when read without ways of saying, as strangers' words often are


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that somebody marked as speaking for a criterion."""

    step: str
    start: int
    end: int
    explains: bool


Passages = Mapping[str, list[Passage]]


@dataclass(slots=True)
class Unit:
    """One unit of a labelled answer: what it shows, and the criteria it speaks for and explains."""

    index: int
    shows: dict[str, float]
    speaks: frozenset[str]
    explains: frozenset[str]
    puts: dict[str, dict[str, float]]  # by criterion it speaks for


@dataclass(slots=True)
class Taught:
    """One labelled answer: its units, and what rules make of each criterion."""

    name: str
    folder: str
    plain: bool
    author: str
    weight: float
    labels: dict[str, int]
    reading: Reading
    units: list[Unit]
    found: dict[str, Found]
    words: int

    @property
    def fold(self) -> int:
        return zlib.crc32(self.author.encode()) % FOLDS


def answers() -> list[Taught]:
    """Return all labelled answers, each read in both ways."""
    found = []
    for folder, weight in SETS.items():
        labels = json.loads((folder / "labels" / "text.json").read_text(encoding="utf-8"))
        marked = json.loads((folder / "labels" / "evidence.json").read_text(encoding="utf-8"))
        for path in sorted((folder / "answers").glob("*.json")):
            body = json.loads(path.read_text(encoding="utf-8"))
            name = body["id"]
            passages = {code: [Passage(*one) for one in entries] for code, entries in marked[name].items()}
            for plain in (True, False):
                heavy = weight if plain else weight * UNKNOWN
                found.append(taught(body, folder.name, labels[name], passages, heavy, plain))
    return found


def taught(
    body: Mapping[str, Any],
    folder: str,
    labels: dict[str, int],
    passages: Passages,
    weight: float,
    plain: bool,
) -> Taught:
    reading = read(body["answers"], body["case"]["title"], body["case"]["prompt"], plain=plain)
    parts = homes(body["answers"]) if plain else {}
    return Taught(
        body["id"],
        folder,
        plain,
        body.get("author", body["id"]),
        weight,
        labels,
        reading,
        [
            unit_of(one, reading, parts.get(one.unit.step, ()), passages)
            for one in reading.seen
            if not (one.dropped or one.bare)
        ],
        {code: found_by_rules(code, reading) for code in sorted(rules())},
        substance(reading),
    )


def unit_of(one: Seen, reading: Reading, box: Sequence[str], passages: Passages) -> Unit:
    here = {
        code: [passage for passage in entries if overlaps(one, passage)] for code, entries in passages.items()
    }
    speaks = frozenset(code for code, entries in here.items() if entries)
    shown = soft.shows(one, reading) | {f"in:{part}" for part in box}
    puts = soft.puts(one, shown) - {soft.BASE}
    return Unit(
        one.unit.index,
        dict.fromkeys(sorted(shown), 1.0),
        speaks,
        frozenset(code for code in speaks if any(passage.explains for passage in here[code])),
        {code: dict.fromkeys(sorted(puts | soft.puts_of(code, one)), 1.0) for code in speaks},
    )


def overlaps(one: Seen, passage: Passage) -> bool:
    """Is at least half of the unit, or of the passage, the other's words?"""
    if one.unit.step != passage.step:
        return False
    both = min(one.unit.end, passage.end) - max(one.unit.start, passage.start)
    return 2 * both >= min(one.unit.end - one.unit.start, passage.end - passage.start)


def sentences() -> list[tuple[dict[str, float], frozenset[str]]]:
    """Return what sentences show that are known to speak for criteria, with these criteria."""
    found: list[tuple[str, str]] = []
    for path in sorted(SENTENCES.glob("*.yaml")):
        for code, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found += [(text, code) for text in texts]
    for entry in yaml.safe_load((CONTENT / "bank" / "criteria.yaml").read_text(encoding="utf-8")):
        texts = [entry["definition"], *entry["anchors"][2:], *entry["next"]]
        found += [(text, entry["code"]) for text in texts]
    for body in content().values():
        found += [(one["statement"], one["criterion"]) for one in body["expectations"]]
        found += [(one["ask"], one["criterion"]) for one in body["follow_ups"]]
    known = frozenset(rules())
    rows: list[tuple[dict[str, float], frozenset[str]]] = []
    for text, code in found:
        reading = read({"any": text}, "", "")
        if (code in known or code == "none") and len(reading.seen) == 1:
            shows = dict.fromkeys(sorted(soft.shows(reading.seen[0], reading)), 1.0)
            rows.append((shows, known & {code}))
    return rows


def content() -> dict[str, dict[str, Any]]:
    """Return all cases of the content by slug."""
    paths = sorted(path for pack in PACKS for path in (CONTENT / pack).glob("*.yaml"))
    bodies = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    return {body["slug"]: body for body in bodies}

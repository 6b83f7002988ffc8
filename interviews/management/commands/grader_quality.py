"""Prints how well the engine agrees with people's labels, as Markdown."""

import importlib.util
import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from interviews.scoring.lines import score_line
from interviews.scoring.values import ENGINE_VERSION

DATA = Path(settings.BASE_DIR) / "tests" / "data"
SETS = {
    "scoring-dev": DATA / "scoring-dev",
    "scoring": DATA / "scoring",
    "scoring/dev": DATA / "scoring" / "dev",
    "scoring/more-a": DATA / "scoring" / "more-a",
    "scoring/more-b": DATA / "scoring" / "more-b",
    "scoring/test": DATA / "scoring" / "test",
    "scoring/test-2": DATA / "scoring" / "test-2",
    "scoring/test-3": DATA / "scoring" / "test-3",
    "scoring/test-4": DATA / "scoring" / "test-4",
    "scoring/more-d": DATA / "scoring" / "more-d",
    "scoring/more-e": DATA / "scoring" / "more-e",
    "scoring/more-f": DATA / "scoring" / "more-f",
}
FOLDED = (0, 1, 1, 2, 2)


def evaluation() -> ModuleType:
    """Return the measuring program that comes with the labelled set."""
    spec = importlib.util.spec_from_file_location("scoring_evaluate", DATA / "scoring-dev" / "evaluate.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(DATA / "scoring-dev" / "evaluate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(folder: Path, kind: str) -> tuple[list[dict[str, Any]], dict[str, dict[str, int]]]:
    """Return the submissions of one kind in a folder, with their labels."""
    place = "answers" if kind == "text" else "diagrams"
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / place).glob("*.json"))]
    labels = json.loads((folder / "labels" / f"{kind}.json").read_text(encoding="utf-8"))
    return [{"type": kind, **one} for one in found], labels


def holds(folder: Path, kind: str) -> bool:
    return (folder / "labels" / f"{kind}.json").exists()


def levels_of(body: dict[str, Any], codes: Sequence[str]) -> list[int]:
    levels = score_line(body)["levels"]
    return [FOLDED[levels.get(code) or 0] for code in codes]


class Measured:
    """Agreement on one set: over all levels, per criterion, and in the order of totals."""

    def __init__(self, folder: Path, kind: str, program: ModuleType) -> None:
        bodies, labels = read(folder, kind)
        self.count = len(bodies)
        self.codes = sorted(next(iter(labels.values())))
        people = [[labels[one["id"]][code] for code in self.codes] for one in bodies]
        engine = [levels_of(one, self.codes) for one in bodies]
        self.flat = [[level for row in rows for level in row] for rows in (people, engine)]
        self.pooled = program.qwk(*self.flat)
        self.exact = sum(a == b for a, b in zip(*self.flat, strict=True)) / len(self.flat[0])
        self.per = {
            code: program.qwk([row[place] for row in people], [row[place] for row in engine])
            for place, code in enumerate(self.codes)
        }
        self.macro = sum(self.per.values()) / len(self.per)
        self.spearman = program.spearman([sum(row) for row in people], [sum(row) for row in engine])


def relations(program: ModuleType) -> tuple[float, float]:
    """Return the share of altered answers that keep what is asked of them, and that of the worst kind."""
    bodies, _ = read(SETS["scoring-dev"], "text")
    results = {one["id"]: score_line(one) for one in bodies}
    total = {key: sum(FOLDED[level] for level in one["levels"].values()) for key, one in results.items()}
    held: dict[str, list[bool]] = {}
    path = SETS["scoring-dev"] / "variants" / "text.json"
    for one in json.loads(path.read_text(encoding="utf-8")):
        result = score_line({"type": "text", **one})
        points = sum(FOLDED[level] for level in result["levels"].values())
        keeps = program.REL[one["kind"]][1](total[one["base"]], points, 44, one, result["flags"])
        held.setdefault(one["kind"], []).append(bool(keeps))
    every = [keeps for kind in held.values() for keeps in kind]
    return sum(every) / len(every), min(sum(kind) / len(kind) for kind in held.values())


def cited(folder: Path) -> tuple[int, float, float] | None:
    """Return how many passages the engine cites, and how it does so.

    That is the share people marked for the same criterion, and the share of awards that cite one of
    these. None where nobody marked passages. Awards that people did not give count against both.
    """
    path = folder / "labels" / "evidence.json"
    if not path.exists():
        return None
    marked = json.loads(path.read_text(encoding="utf-8"))
    passages, right, awards, backed = 0, 0, 0, 0
    for body in read(folder, "text")[0]:
        for code, entries in score_line(body)["evidence"].items():
            hits = [stands_in(entry, marked[body["id"]].get(code, [])) for entry in entries]
            passages, right = passages + len(hits), right + sum(hits)
            awards, backed = awards + bool(hits), backed + any(hits)
    return passages, right / passages, backed / awards


def stands_in(entry: dict[str, Any], marked: Sequence[Sequence[Any]]) -> bool:
    """Does a cited passage share half of the shorter one's letters with a marked one?"""
    for step, start, end, _ in marked:
        both = min(entry["end"], end) - max(entry["start"], start)
        if step == entry["step"] and 2 * both >= min(entry["end"] - entry["start"], end - start):
            return True
    return False


class Command(BaseCommand):
    help = "Measures the engine against all labelled sets and prints the tables in Markdown."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=["text", "graph"], help="measure words or drawings alone")

    def handle(self, *args: Any, **options: Any) -> None:
        program = evaluation()
        self.stdout.write(f"Engine {ENGINE_VERSION}\n")
        for kind in ("text", "graph"):
            if options["only"] in (None, kind):
                folders = {name: folder for name, folder in SETS.items() if holds(folder, kind)}
                found = {name: Measured(folder, kind, program) for name, folder in folders.items()}
                self.table(kind, found)
                self.together(kind, [one for name, one in found.items() if "/test" in name], program)
        if options["only"] != "graph":
            self.evidence()
            share, worst = relations(program)
            self.stdout.write(f"Relations kept: {share:.1%}, worst kind {worst:.1%}\n")

    def together(self, kind: str, aside: Sequence[Measured], program: ModuleType) -> None:
        """Print the agreement on all sets that are put aside, taken as one."""
        people, engine = ([level for one in aside for level in one.flat[side]] for side in (0, 1))
        self.stdout.write(
            f"Put aside, {kind}, {sum(one.count for one in aside)} together: "
            f"QWK {program.qwk(people, engine):.3f}\n"
        )

    def evidence(self) -> None:
        """Print how often what the engine cites is what people marked."""
        self.stdout.write("| evidence | cited | marked for it by people | awards that cite such |")
        self.stdout.write("|---|---|---|---|")
        for name, folder in SETS.items():
            if found := cited(folder):
                self.stdout.write(f"| {name} | {found[0]} | {found[1]:.1%} | {found[2]:.1%} |")
        self.stdout.write("")

    def table(self, kind: str, found: dict[str, Measured]) -> None:
        """Print the figures of all sets for words or for drawings."""
        self.stdout.write(f"| {kind} | number | QWK pooled | QWK macro | exact | Spearman |")
        self.stdout.write("|---|---|---|---|---|---|")
        for name, one in found.items():
            self.stdout.write(
                f"| {name} | {one.count} | {one.pooled:.3f} | {one.macro:.3f} | {one.exact:.1%} "
                f"| {one.spearman:.3f} |"
            )
        self.stdout.write(f"\n| criterion | {' | '.join(found)} |")
        self.stdout.write(f"|---|{'---|' * len(found)}")
        for code in next(iter(found.values())).codes:
            self.stdout.write(f"| {code} | {' | '.join(f'{one.per[code]:.2f}' for one in found.values())} |")
        self.stdout.write("")

"""What a reader stumbles over first: frequent misspellings, and a prompt told twice. Plain Python."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from casestudies.pack import files
from casestudies.source import Problem

WORD = re.compile(r"[^\W\d_]+")
# A wrong word and the right one on each line: what goes wrong most often in texts like ours.
MISSPELT = dict(
    line.split() for line in (Path(__file__).parent / "misspelt.txt").read_text("utf-8").splitlines()
)
# Two designs are asked for in like words, so this share of their runs of three words may be the same.
MOST_SHARED = 0.35


def misspellings(path: Path) -> Iterator[Problem]:
    """Yield every frequent misspelling in the content files of a path, with its line."""
    root = path if path.is_dir() else path.parent
    for file in files(path):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            for word in WORD.findall(line):
                if right := MISSPELT.get(word.lower()):
                    name = str(file.relative_to(root))
                    yield Problem(name, number, f"`{word}` is spelt `{right}`. Correct it.")


def told_twice(cases: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, float]]:
    """Yield the pairs of cases whose prompts are nearly the same, and the share of runs they share."""
    runs = {slug: runs_of(str(case["prompt"])) for slug, case in cases.items()}
    for one, other in combinations(sorted(runs), 2):
        fewest = min(len(runs[one]), len(runs[other]))
        shared = len(runs[one] & runs[other]) / fewest if fewest else 0.0
        if shared > MOST_SHARED or title_of(cases[one]) == title_of(cases[other]):
            yield one, other, shared


def title_of(case: Mapping[str, Any]) -> str:
    return " ".join(str(case["title"]).lower().split())


def runs_of(text: str) -> set[tuple[str, ...]]:
    words = [word.lower() for word in WORD.findall(text)]
    return set(zip(words, words[1:], words[2:], strict=False))

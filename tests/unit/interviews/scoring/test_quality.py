"""Agreement with people's labels, and what must not change it: floors that a new word may not break."""

import importlib.util
import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from interviews.scoring.lines import score_line

DATA = Path(__file__).parents[3] / "data"
DEV, OWN = DATA / "scoring-dev", DATA / "scoring"
TUNED, MORE_A, MORE_B = OWN / "dev", OWN / "more-a", OWN / "more-b"
MORE_D, MORE_E, MORE_F = OWN / "more-d", OWN / "more-e", OWN / "more-f"
# Measured only, their answers are never looked at.
HELD, HELD_2, HELD_3, HELD_4 = OWN / "test", OWN / "test-2", OWN / "test-3", OWN / "test-4"
EVERY = [DEV, OWN, TUNED, MORE_A, MORE_B, MORE_D, MORE_E, MORE_F, HELD, HELD_2, HELD_3, HELD_4]
# Levels 0 to 4 of the engine on the three of the labels.
FOLDED = (0, 1, 1, 2, 2)
TOP = 2 * 22


@cache
def evaluation() -> ModuleType:
    """Return the measuring program that comes with the labelled set."""
    spec = importlib.util.spec_from_file_location("scoring_evaluate", DEV / "evaluate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def answers(folder: Path) -> tuple[list[dict], dict]:
    texts = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "answers").glob("*.json"))
    ]
    return texts, json.loads((folder / "labels" / "text.json").read_text(encoding="utf-8"))


@cache
def results(folder: Path) -> dict[str, dict]:
    return {text["id"]: score_line({"type": "text", **text}) for text in answers(folder)[0]}


def folded(result: dict) -> dict[str, int]:
    return {code: FOLDED[level] for code, level in result["levels"].items()}


def total(result: dict) -> int:
    return sum(folded(result).values())


def agreement(folder: Path) -> tuple[float, float]:
    """Return the quadratic weighted kappa over all levels, and its mean over criteria."""
    texts, labels = answers(folder)
    qwk, codes = evaluation().qwk, sorted(labels[texts[0]["id"]])
    pairs = {
        code: [(labels[text["id"]][code], folded(results(folder)[text["id"]])[code]) for text in texts]
        for code in codes
    }
    flat = [pair for column in pairs.values() for pair in column]
    per_code = [qwk(*zip(*column, strict=True)) for column in pairs.values()]
    return qwk(*zip(*flat, strict=True)), sum(per_code) / len(per_code)


@pytest.mark.parametrize(
    ("folder", "pooled", "macro"),
    [
        (DEV, 0.90, 0.86),
        (OWN, 0.78, 0.70),
        (TUNED, 0.76, 0.74),
        (MORE_A, 0.71, 0.64),
        (MORE_B, 0.66, 0.61),
        (HELD, 0.51, 0.47),
        (HELD_2, 0.60, 0.56),
    ],
)
def test_levels_agree_with_people(folder, pooled, macro):
    reached = agreement(folder)
    assert reached[0] >= pooled
    assert reached[1] >= macro


def test_totals_put_answers_in_the_order_people_do():
    texts, labels = answers(DEV)
    people = [sum(labels[text["id"]].values()) for text in texts]
    assert evaluation().spearman(people, [total(results(DEV)[text["id"]]) for text in texts]) >= 0.95


@pytest.mark.parametrize("folder", EVERY, ids=lambda folder: folder.name)
def test_every_award_cites_words_that_stand_in_the_answer(folder):
    for text in answers(folder)[0]:
        result = results(folder)[text["id"]]
        for code, level in result["levels"].items():
            cited = result["evidence"].get(code, [])
            assert bool(level) == bool(cited)
            for entry in cited:
                assert text["answers"][entry["step"]][entry["start"] : entry["end"]] == entry["quote"]


def test_what_is_cited_is_what_people_would_cite():
    passages = json.loads((HELD_4 / "labels" / "evidence.json").read_text(encoding="utf-8"))
    awards, backed = 0, 0
    for name, result in results(HELD_4).items():
        for code, entries in result["evidence"].items():
            awards += 1
            backed += any(
                entry["step"] == step and entry["start"] < end and start < entry["end"]
                for entry in entries
                for step, start, end, _ in passages[name].get(code, [])
            )
    assert backed >= 0.8 * awards


@cache
def kept() -> dict[str, list[bool]]:
    """Return, for each kind of altered answer, whether the relation to its original holds."""
    found: dict[str, list[bool]] = defaultdict(list)
    relations = evaluation().REL
    for variant in json.loads((DEV / "variants" / "text.json").read_text(encoding="utf-8")):
        result = score_line({"type": "text", **variant})
        original = total(results(DEV)[variant["base"]])
        holds = relations[variant["kind"]][1](original, total(result), TOP, variant, result["flags"])
        found[variant["kind"]].append(bool(holds))
    return found


@pytest.mark.parametrize("kind", sorted(evaluation().REL))
def test_gaming_and_rearranging_do_not_pay(kind):
    held = kept()[kind]
    assert sum(held) >= 0.95 * len(held)


def test_hardly_any_altered_answer_breaks_its_relation():
    every = [keeps for held in kept().values() for keeps in held]
    assert sum(every) >= 0.97 * len(every)


def test_answers_are_read_within_milliseconds():
    import time

    def took(act):
        started = time.process_time()
        act()
        return time.process_time() - started

    # The best of three: what others do on the machine is not the engine's time. They also slow down what
    # shares a core with them, so time is counted in a plain loop's, 15 ms when nobody else is there.
    loop = min(took(lambda: sum(number * number % 7 for number in range(300_000))) for _ in range(5))
    taken = [
        min(took(lambda text=text: score_line({"type": "text", **text})) for _ in range(3))
        for text in answers(DEV)[0]
    ]
    assert sorted(taken)[-2] < 0.05 * max(1, loop / 0.015)

"""Which part of a design stands in which box: by name where that fits, else by what is written."""

import itertools
import random

import pytest

from interviews.scoring import boxes

SEVEN = ("clarify", "frame", "data", "model", "evaluation", "serving", "monitoring")
CODES = [code for codes in boxes.PARTS.values() for code in codes]


def holding(steps, held) -> dict[str, dict[str, float]]:
    """Return chances where each box holds mostly what `held` says it does."""
    return {
        step: {code: 1.0 if any(code in boxes.PARTS[part] for part in held[step]) else 0.1 for code in CODES}
        for step in steps
    }


@pytest.mark.parametrize(
    "steps",
    [
        SEVEN,
        ("clarify", "frame", "data", "model", "evaluation", "deployment"),
        ("scope", "data", "model", "operate"),
        tuple(boxes.BOXES),
    ],
    ids=["seven", "six", "four", "by dimension"],
)
def test_every_part_has_one_box_under_every_framework(steps):
    homes = boxes.homes(steps)
    assert set(homes) <= set(steps)
    assert sorted(itertools.chain(*homes.values())) == sorted(boxes.PARTS)


def test_boxes_that_hold_what_they_ask_for_are_told():
    homes = boxes.homes(SEVEN)
    assert boxes.parts_by_box(SEVEN, holding(SEVEN, homes)) == homes


def test_boxes_filled_in_another_order_are_told_by_what_they_hold():
    homes = boxes.homes(SEVEN)
    for seed in range(20):
        order = list(SEVEN)
        random.Random(seed).shuffle(order)
        held = dict(zip(SEVEN, (homes[step] for step in order), strict=True))
        assert boxes.parts_by_box(SEVEN, holding(SEVEN, held)) == held


def test_two_boxes_tell_nothing_apart():
    homes = boxes.homes(SEVEN)
    assert boxes.parts_by_box(SEVEN, holding(("data", "model"), homes)) == {}


def test_boxes_with_nothing_clear_in_them_are_left_out():
    held = dict.fromkeys(SEVEN, ())
    assert boxes.parts_by_box(SEVEN, holding(SEVEN, held)) == {}


def test_the_best_match_is_the_best_of_all():
    for seed in range(30):
        choose = random.Random(seed)
        worth = [[choose.random() for _ in range(4)] for _ in range(4)]
        found = boxes.matched(worth)
        reached = sum(worth[row][column] for row, column in enumerate(found) if column is not None)
        assert reached == pytest.approx(
            max(
                sum(worth[row][column] for row, column in enumerate(order))
                for order in itertools.permutations(range(4))
            )
        )

"""Which part of a design stands in which box of an answer, so that short notes are read by what is near.

A box is called after the part it asks for, and most people keep to it. Where what is written there says
otherwise, that counts, and whoever fills the boxes in another order is read in the same way.
"""

from collections.abc import Iterable, Mapping, Sequence

MANY = 3  # boxes that must be in use, or else they tell nothing apart
CLEAR = 0.15  # of a part must stand in the box it is taken to be in
KEPT = 0.6  # how well the names must fit what is written, beside the best that could fit
# Boxes in which a part is expected under any framework, the most fitting first.
BOXES: Mapping[str, tuple[str, ...]] = {
    "scope": ("clarify", "scope"),
    "framing": ("frame", "framing", "scope"),
    "data": ("data",),
    "features": ("features", "data"),
    "model": ("model",),
    "evaluation": ("evaluation", "model"),
    "serving": ("serving", "deployment", "operate"),
    "monitoring": ("monitoring", "deployment", "operate"),
}
PARTS: Mapping[str, tuple[str, ...]] = {
    "scope": ("C01", "C02", "C03"),
    "framing": ("C04", "C05"),
    "data": ("C06", "C07", "C09"),
    "features": ("C08", "C10"),
    "model": ("C11", "C12", "C13", "C14"),
    "evaluation": ("C15", "C16", "C17"),
    "serving": ("C18", "C19"),
    "monitoring": ("C20", "C21", "C22"),
}


def homes(steps: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the boxes of a form with these steps, each with the parts it asks for."""
    found: dict[str, tuple[str, ...]] = {}
    for part, names in BOXES.items():
        box = next((name for name in names if name in steps), names[0])
        found[box] = (*found.get(box, ()), part)
    return found


def parts_by_box(
    steps: Sequence[str], chances: Mapping[str, Mapping[str, float]]
) -> dict[str, tuple[str, ...]]:
    """Return the parts that each box holds: those it is called after, or else those that fit it best.

    `chances` has, for each box with something in it, how much its units speak for each criterion.
    """
    if len(chances) < MANY:
        return {}
    boxes = sorted(chances, key=lambda box: sorted(chances[box].items()))  # by what they hold, not by name
    asked = homes(steps)
    groups = list(asked.values())
    shares = [shares_of([sum_of(parts, chances[box]) for box in boxes]) for parts in groups]
    worth = [[shares[group][box] - CLEAR for group in range(len(groups))] for box in range(len(boxes))]
    best = matched(worth)
    fits = sum(worth[box][group] for box, group in enumerate(best) if group is not None)
    named = sum(worth[box][groups.index(asked[name])] for box, name in enumerate(boxes) if name in asked)
    if named >= KEPT * fits:
        return {name: asked[name] for name in boxes if name in asked}
    return {boxes[box]: groups[group] for box, group in enumerate(best) if group is not None}


def sum_of(parts: Iterable[str], expected: Mapping[str, float]) -> float:
    return sum(expected[code] for part in parts for code in PARTS[part])


def shares_of(values: Sequence[float]) -> list[float]:
    whole = sum(sorted(values))
    return [value / whole if whole else 0.0 for value in values]


def matched(worth: Sequence[Sequence[float]]) -> list[int | None]:
    """Return for each row the column it is matched with, each column once, so that the sum is greatest."""
    groups = len(worth[0])
    best: dict[int, tuple[float, list[int | None]]] = {0: (0.0, [])}
    for row in worth:
        after: dict[int, tuple[float, list[int | None]]] = {}
        for taken, (total, chosen) in best.items():
            for group in (None, *range(groups)):
                if group is not None and taken >> group & 1:
                    continue
                then = taken if group is None else taken | 1 << group
                reached = total + (row[group] if group is not None else 0.0)
                if then not in after or reached > after[then][0] + 1e-12:
                    after[then] = (reached, [*chosen, group])
        best = after
    return max(best.values(), key=lambda found: round(found[0], 9))[1]

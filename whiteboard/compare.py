"""Two designs side by side: what one has kept, gained, lost, renamed and rewired against the other.

Works on graphs as `graph` reads them, so on any two: a version and the board now, a design before and
after a curveball, a candidate's and the reference. What has the same id is the same thing; of the rest,
what has the same label and kind. Any JSON is read; what makes no sense is left out.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]
Key = Callable[[Item], Hashable]
Ends = tuple[str, str]
# What a box says besides its name. Where it stands is no part of a design.
FACTS = ("kind", "latency_ms", "volume")


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing in both designs, and the names of what differs about it."""

    before: Item
    after: Item
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the boxes, or of the arrows: each of either design stands in exactly one list.

    A pair that differs in several ways stands where it matters most: rewired, then renamed, then changed.
    """

    kept: tuple[Pair, ...] = ()
    changed: tuple[Pair, ...] = ()
    renamed: tuple[Pair, ...] = ()
    rewired: tuple[Pair, ...] = ()
    added: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not (self.changed or self.renamed or self.rewired or self.added or self.removed)

    def to_json(self) -> dict[str, Any]:
        """Return plain lists: pairs as [id before, id after, what differs], single things as ids."""
        pairs = {name: getattr(self, name) for name in ("kept", "changed", "renamed", "rewired")}
        return {
            **{
                name: [[one.before.get("id"), one.after.get("id"), list(one.differs)] for one in found]
                for name, found in pairs.items()
            },
            "added": [one.get("id") for one in self.added],
            "removed": [one.get("id") for one in self.removed],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two graphs against each other: boxes (groups among them), arrows, and text that stands alone."""

    nodes: Found
    edges: Found
    text: Found

    @property
    def is_same(self) -> bool:
        """Whether both designs say the same."""
        return self.nodes.is_same and self.edges.is_same and self.text.is_same

    def to_json(self) -> dict[str, Any]:
        """Return the whole as plain lists of ids."""
        return {"nodes": self.nodes.to_json(), "edges": self.edges.to_json(), "text": self.text.to_json()}


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Return what makes `after` another design than `before`."""
    old, new = _things(before, "nodes"), _things(after, "nodes")
    pairs = _paired(old, new, [(key, key) for key in (_identity, _label_and_kind, _label)])
    # Where each box of `before` is in `after`; one that is gone is nowhere.
    twins = {
        was: now
        for a, b in pairs
        if (was := _name(old[a].get("id"))) is not None and (now := _name(new[b].get("id"))) is not None
    }
    known = set(twins.values())
    return Comparison(
        _sorted_out(pairs, old, new, lambda a, b: _box_differs(a, b, twins, known)),
        _compare_edges(_things(before, "edges"), _things(after, "edges"), twins),
        _compare_text(_things(before, "text"), _things(after, "text")),
    )


def folded(words: Any) -> str:
    """Return a label as it is compared: case and spacing say nothing."""
    return " ".join(words.casefold().split()) if isinstance(words, str) else ""


# -- pairing ------------------------------------------------------------------------------------------


def _things(graph: Mapping[str, Any], name: str) -> list[Item]:
    found = graph.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list | tuple) else []


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _identity(one: Item) -> Hashable:
    return _name(one.get("id"))


def _label(node: Item) -> Hashable:
    words = folded(node.get("label"))
    return (words, node.get("kind") == "group") if words else None


def _label_and_kind(node: Item) -> Hashable:
    words = folded(node.get("label"))
    return (words, _name(node.get("kind"))) if words else None


def _paired(
    old: Sequence[Item], new: Sequence[Item], keys: Iterable[tuple[Key, Key]]
) -> list[tuple[int, int]]:
    """Return who is who, as places: first by the first key, what is left by the next; None matches nothing.

    A key is two functions, one for each side.
    """
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for of_old, of_new in keys:
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for place, one in enumerate(new):
            if place not in taken and (name := of_new(one)) is not None:
                waiting[name].append(place)
        for place, one in enumerate(old):
            if place not in pairs and (name := of_old(one)) is not None and waiting[name]:
                pairs[place] = waiting[name].popleft()
                taken.add(pairs[place])
    return sorted(pairs.items())


def _sorted_out(
    pairs: Sequence[tuple[int, int]],
    old: Sequence[Item],
    new: Sequence[Item],
    differs: Callable[[Item, Item], tuple[str, ...]],
) -> Found:
    lists: dict[str, list[Pair]] = {"kept": [], "changed": [], "renamed": [], "rewired": []}
    for a, b in pairs:
        ways = differs(old[a], new[b])
        if "ends" in ways or "heads" in ways:
            place = "rewired"
        elif "label" in ways:
            place = "renamed"
        else:
            place = "changed" if ways else "kept"
        lists[place].append(Pair(old[a], new[b], ways))
    stayed, came = {a for a, _ in pairs}, {b for _, b in pairs}
    return Found(
        **{name: tuple(found) for name, found in lists.items()},
        added=tuple(one for place, one in enumerate(new) if place not in came),
        removed=tuple(one for place, one in enumerate(old) if place not in stayed),
    )


def _box_differs(before: Item, after: Item, twins: Mapping[str, str], known: set[str]) -> tuple[str, ...]:
    ways = ["label"] if folded(before.get("label")) != folded(after.get("label")) else []
    ways += [name for name in FACTS if before.get(name) != after.get(name)]
    # A group that is new, or gone, is spoken of once, not again for each box in it.
    was, now = twins.get(_name(before.get("parent")) or ""), _name(after.get("parent"))
    if was != (now if now in known else None):
        ways.append("parent")
    return tuple(ways)


def _compare_text(old: Sequence[Item], new: Sequence[Item]) -> Found:
    def said(one: Item) -> Hashable:
        return folded(one.get("text")) or None

    pairs = _paired(old, new, [(_identity, _identity), (said, said)])
    return _sorted_out(pairs, old, new, lambda a, b: () if said(a) == said(b) else ("label",))


def _compare_edges(old: Sequence[Item], new: Sequence[Item], twins: Mapping[str, str]) -> Found:
    """Pair arrows by id, then by what they join and say, then by what they join, then either way round."""

    def ends_now(edge: Item) -> Ends | None:
        source, target = _name(edge.get("source")), _name(edge.get("target"))
        return None if source is None or target is None else (source, target)

    def ends_then(edge: Item) -> Ends | None:
        ends = ends_now(edge)
        if ends is None or ends[0] not in twins or ends[1] not in twins:
            return None
        return twins[ends[0]], twins[ends[1]]

    def and_said(ends: Callable[[Item], Ends | None]) -> Key:
        return lambda edge: (both := ends(edge)) and (*both, folded(edge.get("label")))

    def either_way(ends: Callable[[Item], Ends | None]) -> Key:
        return lambda edge: (both := ends(edge)) and frozenset(both)

    def differs(a: Item, b: Item) -> tuple[str, ...]:
        ways = [] if ends_then(a) == ends_now(b) else ["ends"]
        ways += ["heads"] if a.get("heads", "end") != b.get("heads", "end") else []
        ways += ["label"] if folded(a.get("label")) != folded(b.get("label")) else []
        return tuple(ways)

    keys: list[tuple[Key, Key]] = [
        (_identity, _identity),
        (and_said(ends_then), and_said(ends_now)),
        (ends_then, ends_now),
        (either_way(ends_then), either_way(ends_now)),
    ]
    return _sorted_out(_paired(old, new, keys), old, new, differs)

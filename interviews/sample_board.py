"""How a sample's board came about: its script turned into what changed on the board at which second.

Plain Python. A board is laid out once as it ends, and once more as it stood before each change; what an
element looked like at a time is what the layout of that time says of it, as far as a change touched it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from whiteboard import layout, scene

SECONDS_TO_JOIN = 6
CHANGES = ("moved", "renamed", "removed")
Fields = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What is set at one second: fields by element id, words by step."""

    second: int
    elements: dict[str, Fields] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """The board between two changes: the fields that its elements have from a second on."""

    since: int
    fields: dict[str, Fields]


def changes(sample: Mapping[str, Any]) -> list[Change]:
    """Return what is drawn, changed and written when; an arrow follows the later of its two boxes."""
    stages = stages_of(sample)
    seconds = drawn_at(sample, stages[0].fields)
    for before, after in pairwise(stages):  # an arrow to a box that is gone before is never drawn
        for name in before.fields.keys() - after.fields.keys():
            if seconds[name] >= after.since:
                del seconds[name]
    timeline: dict[int, Change] = {}
    for name, second in seconds.items():
        fields = next(stage.fields for stage in reversed(stages) if stage.since <= second)[name]
        elements = at(timeline, second).elements
        elements.setdefault(name, {}).update(fields)
        for box in ends(fields):  # a box learns of its arrows when they are drawn
            elements.setdefault(box, {})[f"b/{name}"] = "arrow"
    for before, after in pairwise(stages):
        for name, fields in before.fields.items():
            if seconds.get(name, after.since) >= after.since:
                continue
            new = after.fields.get(name, {"isDeleted": True})
            altered = {key: value for key, value in new.items() if fields.get(key) != value}
            if altered:
                at(timeline, after.since).elements.setdefault(name, {}).update(altered)
    write(timeline, sample)
    return [timeline[second] for second in sorted(timeline)]


def at(timeline: dict[int, Change], second: int) -> Change:
    return timeline.setdefault(second, Change(second))


def stages_of(sample: Mapping[str, Any]) -> list[Stage]:
    """Return the stages of the board, from the first second to the end."""
    script = [event for event in sample["events"] if event["kind"] in CHANGES]
    board, dropped = sample["board"], sample["dropped"]
    nodes = {node["id"]: node for node in board["nodes"]}
    away = {node["id"]: node for node in dropped["nodes"]}
    edges = dict(enumerate([*board["edges"], *dropped["edges"]]))
    groups = board.get("groups", [])
    fields = laid_out(groups, nodes, {number: edges[number] for number in range(len(board["edges"]))})
    order = dict.fromkeys(fields)
    stages: list[Stage] = []
    for event in reversed(script):  # backwards from the end: what was there before each change
        stages.append(Stage(event["at"], fields))
        name = event["node"]
        if event["kind"] == "renamed":
            nodes[name] = {**nodes[name], "label": event["was"]}
        elif event["kind"] == "moved":
            nodes[name] = {**nodes[name], "at": event["was_at"]}
        else:
            nodes[name] = away[name]
        own = laid_out(groups, nodes, around(name, nodes, edges) if event["kind"] != "renamed" else {})
        # The seed is how the line wobbles; an element keeps its own, whatever it is called here.
        fields = fields | {
            one: own[one] | {"seed": fields.get(one, own[one])["seed"]} for one in touched(name, own)
        }
        order |= dict.fromkeys(fields)
    stages.append(Stage(0, fields))
    keys = dict(zip(order, layout.indexes(), strict=False))
    return [
        Stage(stage.since, {name: {**one, "index": keys[name]} for name, one in stage.fields.items()})
        for stage in reversed(stages)
    ]


def around(
    name: str, nodes: Mapping[str, Any], edges: Mapping[int, Mapping[str, Any]]
) -> dict[int, Mapping[str, Any]]:
    """Return the arrows of a box whose other end stands then or later, by their numbers."""
    return {
        number: edge
        for number, edge in edges.items()
        if name in (edge["from"], edge["to"]) and edge["from"] in nodes and edge["to"] in nodes
    }


def laid_out(
    groups: list[Any], nodes: Mapping[str, Any], edges: Mapping[int, Mapping[str, Any]]
) -> dict[str, Fields]:
    """Return the fields of a board's elements; arrows are called by the numbers given, and not yet bound."""
    table = {"groups": groups, "nodes": list(nodes.values()), "edges": list(edges.values())}
    names = {f"arrow-{place}": f"arrow-{number}" for place, number in enumerate(edges)}
    names |= {f"{old}-label": f"{new}-label" for old, new in names.items()}
    found: dict[str, Fields] = {}
    for name, fields in scene.fields_by_id(layout.elements_of(table)).items():
        if "containerId" in fields:
            fields["containerId"] = names.get(fields["containerId"], fields["containerId"])
        found[names.get(name, name)] = {
            (f"b/{names.get(key[2:], key[2:])}" if key.startswith("b/") else key): value
            for key, value in fields.items()
            if value != "arrow" or not key.startswith("b/")
        }
    return found


def touched(name: str, fields: Mapping[str, Fields]) -> Iterator[str]:
    """Yield the elements that a change of a box is about: the box, its frame, its arrows, their labels."""
    frame = fields[name].get("frameId")
    if frame:
        yield frame
    for one, found in fields.items():
        if one == name or name in ends(found):
            yield one
            yield from (key[2:] for key in found if key.startswith("b/"))


def ends(fields: Fields) -> list[str]:
    """Return the boxes that an arrow is bound to; none for anything else."""
    if fields["type"] != "arrow":
        return []
    return [fields["geom"][end]["elementId"] for end in ("startBinding", "endBinding")]


def drawn_at(sample: Mapping[str, Any], fields: Mapping[str, Fields]) -> dict[str, int]:
    """Return the second at which each element is drawn."""
    script = {event["node"]: event["at"] for event in sample["events"] if event["kind"] == "drawn"}
    groups = {node["id"]: node.get("group") for node in sample["board"]["nodes"]}
    seconds: dict[str, int] = {}
    for name, one in fields.items():
        if name in script:
            seconds[name] = script[name]
        elif one["type"] == "arrow":
            seconds[name] = max(script[end] for end in ends(one)) + SECONDS_TO_JOIN
        elif one["type"] == "frame":
            seconds[name] = min((script[node] for node, group in groups.items() if group == name), default=0)
    for name, one in fields.items():  # a label comes with what it names
        if name not in seconds:
            seconds[name] = seconds[one["containerId"]]
    return seconds


def write(timeline: dict[int, Change], sample: Mapping[str, Any]) -> None:
    """Add the passages of the notes, each but a step's first behind an empty line."""
    begun: set[str] = set()
    for entry in sample["events"]:
        if entry["kind"] == "note":
            step = entry["step"]
            at(timeline, entry["at"]).notes[step] = ("\n\n" if step in begun else "") + entry["text"]
            begun.add(step)

"""What the schema cannot say about a sample interview: its times, people, boxes and what it refers to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casestudies import checks
from casestudies.checks import Found, unknown
from casestudies.source import Where

# What an event of a kind must say besides when it was.
NEEDS = {
    "drawn": ("node",),
    "moved": ("node", "was_at"),
    "renamed": ("node", "was"),
    "removed": ("node",),
    "asked": ("step", "fact", "text"),
    "hint": ("dimension", "rung"),
    "follow_up": ("step", "follow_up"),
    "curveball": ("step",),
    "private": ("step", "text"),
}
CHANGES = ("moved", "renamed", "removed")


def sample(
    document: dict[str, Any],
    cases: Mapping[str, Any],
    frameworks: Mapping[str, Any],
    bank: Mapping[str, Any],
) -> Found:
    """Yield what is wrong with one sample."""
    case = cases.get(document["case"])
    if case is None:
        yield ("case",), unknown(document["case"], "case", cases)
    framework = frameworks.get(document["framework"])
    if framework is None:
        yield ("framework",), unknown(document["framework"], "framework", frameworks)
    steps = [step["slug"] for step in framework["steps"]] if framework else []
    if framework:
        yield from minutes(document, steps)
    yield from people(document)
    yield from events(document, steps)
    if case is not None:
        yield from referred(document, case)
    yield from boxes(document)
    yield from checks.board(document["board"], ("board",))
    for who, marks in document.get("scores", {}).items():
        for code in marks:
            if code not in bank:
                yield ("scores", who, code), unknown(code, "criterion", ())


def minutes(document: Mapping[str, Any], steps: Sequence[str]) -> Found:
    """Yield what is wrong with the time spent on each step."""
    for slug in document["seconds_per_step"]:
        if slug not in steps:
            yield ("seconds_per_step", slug), unknown(slug, "step", steps)
    for slug in steps:
        if slug not in document["seconds_per_step"]:
            yield ("seconds_per_step",), f"`{slug}` has no seconds. Say how long each step took."


def people(document: Mapping[str, Any]) -> Found:
    """Yield what does not fit the number of people in the interview."""
    interviewer = document.get("interviewer")
    if document.get("mode", "solo") == "peer":
        if interviewer is None:
            yield ("mode",), "A peer interview needs an `interviewer`. Add the name."
        elif interviewer == document["candidate"]:
            yield ("interviewer",), "Nobody interviews themselves. Give the interviewer another name."
        return
    if interviewer is not None:
        yield (
            ("interviewer",),
            "A solo interview has no interviewer. Make it `mode: peer`, or remove the name.",
        )
    if "interviewer" in document.get("scores", {}):
        yield ("scores", "interviewer"), "Nobody scored a solo interview but the candidate. Remove these."
    for position, event in enumerate(document["events"]):
        if event["kind"] == "private":
            yield (
                ("events", position),
                "Private notes are an interviewer's. Make it `mode: peer`, or remove it.",
            )


def events(document: Mapping[str, Any], steps: Sequence[str]) -> Found:
    """Yield what is wrong with the order of the events, and with what each says."""
    earlier, end = 0, sum(document["seconds_per_step"].values())
    rungs: dict[str, int] = {}
    for position, event in enumerate(document["events"]):
        where: Where = ("events", position)
        kind = event["kind"]
        if event["at"] < earlier:
            yield (*where, "at"), "This event is earlier than the one above. Sort them by `at`."
        earlier = max(earlier, event["at"])
        if event["at"] > end:
            yield (*where, "at"), f"The interview ends at {end} seconds. Put this event before."
        missing = [key for key in NEEDS.get(kind, ()) if key not in event]
        if missing:
            yield where, f"`{kind}` needs {' and '.join(f'`{key}`' for key in missing)}. Add what is missing."
        if steps and kind == "note" and not (event.get("step") in steps and event.get("text")):
            yield where, "A note needs a `step` of the framework and its `text`. Add them."
        elif steps and "step" in event and event["step"] not in steps:
            yield (*where, "step"), unknown(event["step"], "step", steps)
        if kind == "hint" and not missing:
            if event["rung"] != rungs.get(event["dimension"], 0) + 1:
                yield (*where, "rung"), "Hints are given in order: 1, then 2, then 3."
            rungs[event["dimension"]] = event["rung"]
    curveballs = [place for place, event in enumerate(document["events"]) if event["kind"] == "curveball"]
    for position in curveballs[1:]:
        yield ("events", position), "There is one curveball in an interview. Remove this one."


def referred(document: Mapping[str, Any], case: Mapping[str, Any]) -> Found:
    """Yield facts, follow-ups and hints that the case does not have."""
    known: dict[str, tuple[str, set[str]]] = {
        "fact": ("fact", {item["id"] for item in case["facts"]}),
        "follow_up": ("follow-up", {item["id"] for item in case["follow_ups"]}),
        "dimension": ("ladder of hints", set(case["hints"])),
    }
    for position, event in enumerate(document["events"]):
        for key, (what, names) in known.items():
            if key in event and event[key] not in names:
                yield ("events", position, key), unknown(event[key], what, names)


def boxes(document: Mapping[str, Any]) -> Found:
    """Yield what is wrong with how the board came about: boxes drawn twice, never, or changed while away."""
    kept = {node["id"]: node for node in document["board"]["nodes"]}
    dropped = {node["id"]: node for node in document.get("dropped", {}).get("nodes", [])}
    known = {**kept, **dropped}
    stands: set[str] = set()
    drawn: set[str] = set()
    for position, event in enumerate(document["events"]):
        name, where = event.get("node"), ("events", position, "node")
        if name is None:
            continue
        if name not in known:
            yield where, unknown(name, "box of the board", known)
        elif event["kind"] == "drawn":
            if name in drawn:
                yield where, f"`{name}` has been drawn before. Remove one of the two events."
            drawn.add(name)
            stands.add(name)
        elif event["kind"] in CHANGES:
            if name not in stands:
                yield where, f"`{name}` does not stand on the board then. Draw it before."
            if event["kind"] == "removed":
                stands.discard(name)
                if name in kept:
                    yield where, f"`{name}` stands on the finished board. Move it to `dropped`."
    for position, node in enumerate(document["board"]["nodes"]):
        if node["id"] not in drawn:
            yield ("board", "nodes", position, "id"), f"`{node['id']}` is never drawn. Add an event for it."
    yield from left_out(document, kept, dropped, lambda name: name in drawn and name not in stands)
    yield from cells(document, known)


def left_out(
    document: Mapping[str, Any],
    kept: Mapping[str, Any],
    dropped: Mapping[str, Any],
    is_gone: Callable[[str], bool],
) -> Found:
    """Yield what is wrong with the boxes that were drawn and taken away again, and with their arrows."""
    known = {**kept, **dropped}
    for position, node in enumerate(document.get("dropped", {}).get("nodes", [])):
        where: Where = ("dropped", "nodes", position, "id")
        if node["id"] in kept:
            yield where, f"`{node['id']}` stands on the finished board as well. Give one another id."
        elif not is_gone(node["id"]):
            yield where, f"`{node['id']}` is not drawn and removed. Add both events, or move it to `board`."
        if "group" in node:
            yield (*where[:-1], "group"), "A box that goes again stands in no group. Remove this."
    for position, edge in enumerate(document.get("dropped", {}).get("edges", [])):
        for end in ("from", "to"):
            if edge[end] not in known:
                yield ("dropped", "edges", position, end), unknown(edge[end], "box of the board", known)
        if edge["from"] in kept and edge["to"] in kept:
            yield (
                ("dropped", "edges", position),
                "Both boxes stay, so this arrow stays too. Move it to `board`.",
            )


def cells(document: Mapping[str, Any], known: Mapping[str, Any]) -> Found:
    """Yield boxes that stand, or stood before they were moved, where another one has its place."""
    holders = {tuple(node["at"]): node["id"] for node in document["board"]["nodes"]}
    for position, node in enumerate(document.get("dropped", {}).get("nodes", [])):
        if holders.setdefault(tuple(node["at"]), node["id"]) != node["id"]:
            yield ("dropped", "nodes", position, "at"), taken(node["at"], holders)
    for position, event in enumerate(document["events"]):
        if event["kind"] != "moved" or "was_at" not in event or event.get("node") not in known:
            continue
        if holders.setdefault(tuple(event["was_at"]), event["node"]) != event["node"]:
            yield ("events", position, "was_at"), taken(event["was_at"], holders)


def taken(cell: Sequence[int], holders: Mapping[tuple[int, ...], str]) -> str:
    return f"The cell {list(cell)} belongs to `{holders[tuple(cell)]}`. Choose a free one."

"""A graph of boxes and arrows (see graph.py) written as the text of a Mermaid flowchart.

The same graph gives the same text, and no label can break it. frontend/src/mermaid/write.ts prints the
same in the browser; tests/data/mermaid holds both to it.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from whiteboard.graph import KINDS, MERMAID_ID, latency_in

DIRECTIONS = ("LR", "TD", "TB", "RL", "BT")
# What holds data is a cylinder, a queue a hexagon; every other kind is said by its class.
BRACKETS = {
    "client": ("([", "])"),
    "source": ("([", "])"),
    "service": ("(", ")"),
    "monitoring": ("(", ")"),
    "model": ("[[", "]]"),
    "training": ("[[", "]]"),
    "pipeline": ("[/", "/]"),
    "store": ("[(", ")]"),
    "index": ("[(", ")]"),
    "cache": ("[(", ")]"),
    "registry": ("[(", ")]"),
    "queue": ("{{", "}}"),
}
SAID_BY_BRACKETS = {"store", "queue"}
FORMS = {"diamond": ("{", "}"), "ellipse": ("((", "))")}
ARROWS = {"both": "<-->", "none": "---"}
# Words that mean something at the start of a statement.
RESERVED = {
    "end", "graph", "flowchart", "subgraph", "style", "default", "linkstyle", "interpolate", "classdef",
    "class", "href", "click", "call", "direction", "swimlane", "_self", "_blank", "_parent", "_top", "v",
    "constructor", "prototype", "__proto__",
}  # fmt: skip
DEEPEST = 12
LONGEST_NAME = 32
MOST_MS = 1e9

_ENTITIES = {'"': "quot", "<": "lt", ">": "gt", "&": "amp"}
# What ends a label or begins something else in it: an entity, a tag, a directive, Markdown, mathematics, a
# link, an icon, the direction of a subgraph. The letter that each match begins with is written as a number.
_SPECIAL = re.compile(
    r"[\"#<&`*\\@]|\A[-+=>]|\](?=\()|%(?=%)|(?<=%)%|\$(?=\$)|(?<=\$)\$|:(?=//|fa-)|(?<=www)\."
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=\A[0-9])[.)](?= |\Z)|(?<=\A[0-9]{2})[.)](?= |\Z)"
    r"|(?<=direction) (?=TB|TD|BT|RL|LR)"
)
_STYLE = re.compile(r"style|classDef")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")
_LONE = re.compile(r"[\ud800-\udfff]")
_LATENCY = re.compile(r"[0-9]+(?:[.,][0-9]+)? ?(?:[mM][sS]|[µμuU][sS]|[sS](?:[eE][cC])?)\Z")
_AMOUNT = re.compile(r"[~≈<>≤≥]? ?[0-9]")


def flowchart(graph: Mapping[str, Any], *, direction: str = "LR") -> str:
    """Return the Mermaid text of a graph, with a newline at its end."""
    return _Writing(graph, direction if direction in DIRECTIONS else "LR").text()


class _Writing:
    """One graph on its way to a text."""

    def __init__(self, graph: Mapping[str, Any], direction: str) -> None:
        self.direction = direction
        self.nodes: dict[str, Mapping[str, Any]] = {}
        for node in (
            *_dicts(graph.get("nodes")),
            *({**one, "kind": "group"} for one in _dicts(graph.get("frames"))),
        ):
            if isinstance(node.get("id"), str):
                self.nodes.setdefault(node["id"], node)
        self.edges = [
            edge
            for edge in _dicts(graph.get("edges"))
            if _within(edge.get("source"), self.nodes) and _within(edge.get("target"), self.nodes)
        ]
        self.names = names_of(self.nodes.values())
        self.members = self._members()

    def _members(self) -> dict[str | None, list[str]]:
        """Return who stands in what, None for what stands free; circles are cut, depth is limited."""
        holders: dict[str, tuple[str | None, int]] = {}
        for name in self.nodes:
            way: list[str] = []
            at: Any = name
            while _within(at, self.nodes) and at not in holders:
                way.append(at)
                holders[at] = (None, 0)
                at = self.nodes[at].get("parent")
            parent = at if _within(at, self.nodes) and at not in way else None
            for one in reversed(way):
                if parent is not None:
                    above, depth = holders[parent]
                    holders[one] = (parent, depth + 1) if depth < DEEPEST else (above, depth)
                parent = one
        members: dict[str | None, list[str]] = defaultdict(list)
        for name in self.nodes:
            members[holders[name][0]].append(name)
        return members

    def text(self) -> str:
        lines = [f"flowchart {self.direction}"]
        stack: list[tuple[int, str, bool]] = [(1, name, True) for name in reversed(self.members[None])]
        while stack:
            depth, name, opens = stack.pop()
            node, indent = self.nodes[name], "  " * depth
            if not opens:
                lines.append(f"{indent}end")
                if kind := _kind(node):
                    lines.append(f"{indent}class {self.names[name]} {kind}")
                continue
            inside = self.members.get(name, [])
            if not inside and node.get("kind") != "group":
                lines.append(f"{indent}{self.names[name]}{_box(node)}")
                continue
            lines.append(
                f'{indent}subgraph {self.names[name]}["{_escaped(_words(node.get("label"))) or " "}"]'
            )
            stack.append((depth, name, False))
            stack += [(depth + 1, one, True) for one in reversed(inside)]
        lines += [f"  {self._arrow(edge)}" for edge in self.edges]
        return "\n".join(lines) + "\n"

    def _arrow(self, edge: Mapping[str, Any]) -> str:
        heads, label = edge.get("heads"), _escaped(_words(edge.get("label")))
        line = ARROWS.get(heads, "-->") if isinstance(heads, str) else "-->"
        source, target = self.names[edge["source"]], self.names[edge["target"]]
        if heads == "start":
            source, target = target, source
        return f'{source} {line}|"{label}"| {target}' if label else f"{source} {line} {target}"


def names_of(nodes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return id → name in the text: the one somebody gave, else one made from the label; no two the same."""
    given, names = list(nodes), dict[str, str]()
    taken: set[str] = set()
    for node in given:
        name = node.get("mermaid_id")
        if isinstance(name, str) and MERMAID_ID.match(name) and name not in taken and not _is_reserved(name):
            names[node["id"]] = name
            taken.add(name)
    made: dict[str, int] = {}
    for node in given:
        if node["id"] in names:
            continue
        first = name = _name(node)
        while name in taken:
            made[first] = made.get(first, 1) + 1
            name = f"{first}_{made[first]}"
        names[node["id"]] = name
        taken.add(name)
    return names


def _name(node: Mapping[str, Any]) -> str:
    plain = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", _words(node.get("label"))))
    name = re.sub("[^A-Za-z0-9]+", "_", plain).strip("_")[:LONGEST_NAME].strip("_")
    name = re.sub("[A-Z]", lambda letter: letter[0].lower(), name)
    if not name:
        name = "group" if node.get("kind") == "group" else _kind(node) or "box"
    if name[0].isdigit():
        return f"n{name}"
    return f"{name}_" if _is_reserved(name) else name


def _is_reserved(name: str) -> bool:
    return name.split("-")[0].lower() in RESERVED


def _kind(node: Mapping[str, Any]) -> str | None:
    kind = node.get("kind")
    return kind if isinstance(kind, str) and kind in KINDS else None


def _box(node: Mapping[str, Any]) -> str:
    kind = _kind(node)
    opens, closes = BRACKETS[kind] if kind else FORMS.get(str(node.get("shape")), ("[", "]"))
    said = f":::{kind}" if kind and kind not in SAID_BY_BRACKETS else ""
    return f'{opens}"{_escaped(described(node)) or " "}"{closes}{said}'


def described(node: Mapping[str, Any]) -> str:
    """Return a box's label with its latency and volume behind it: "Ranker · 12 ms · 4,000/s"."""
    label, parts = _words(node.get("label")), []
    latency, volume = node.get("latency_ms"), node.get("volume")
    if not isinstance(latency, int | float) or isinstance(latency, bool):
        latency = math.nan
    if 0 <= latency < MOST_MS and latency_in(label) != latency:
        thousandths = math.floor(latency * 1000 + 0.5)
        amount = f"{thousandths // 1000}.{thousandths % 1000:03}".rstrip("0").rstrip(".")
        parts.append(f"{amount} ms")
    if isinstance(volume, str) and (amount := _words(volume).replace(" · ", ", ")):
        is_plain = _AMOUNT.match(amount) and not _LATENCY.match(amount)
        parts.append(amount if is_plain else f"volume {amount}")
    return " · ".join([label, *parts]) if label or not parts else f"· {' · '.join(parts)}"


def _words(text: Any) -> str:
    if not isinstance(text, str):
        return ""
    return " ".join(_UNSEEN.sub(" ", _LONE.sub("\ufffd", text)).split())


def _escaped(label: str) -> str:
    """Return a label that means nothing but itself, in quotes of a Mermaid text."""
    label = label.replace("\ufb02", "fl").replace("¶ß", "¶ ß")  # what Mermaid writes for # and ; itself
    places = {found.start() for found in _SPECIAL.finditer(label)}
    always = (":" if _STYLE.search(label) else "") + ("~" if label.count("~") > 1 else "")
    return "".join(
        f"#{_ENTITIES.get(letter) or ord(letter)};" if place in places or letter in always else letter
        for place, letter in enumerate(label)
    )


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _within(name: Any, nodes: Mapping[str, Any]) -> bool:
    return isinstance(name, str) and name in nodes

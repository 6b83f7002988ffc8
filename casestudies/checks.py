"""What a schema cannot say about content: references, sums, counts of words, arithmetic."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from casestudies import figures
from casestudies.source import Where, place

DIMENSIONS = (
    "scope",
    "framing",
    "data",
    "features",
    "model",
    "evaluation",
    "serving",
    "monitoring",
    "communication",
)
SOURCES = {"C": "text", "G": "graph", "P": "person"}
INTERVIEW_MINUTES = 45
SIGNS = "%=<>→⇒"  # signs that are read like words
RESERVED_SLUGS = {"frameworks", "surprise"}  # pages of the library with an address of their own

# Where something is wrong, and what to do about it.
Found = Iterator[tuple[Where, str]]


def words(text: str) -> int:
    return len(text.split())


def twice(items: Sequence[Mapping[str, Any]], key: str, where: Where) -> Found:
    """Yield every item whose `key` an earlier item already has."""
    seen: dict[Any, int] = {}
    for position, item in enumerate(items):
        first = seen.setdefault(item[key], position)
        if first != position:
            yield (
                (*where, position, key),
                f"`{item[key]}` already stands at item {first + 1}. Give this one another.",
            )


def dimensions(document: list[dict[str, Any]]) -> Found:
    slugs = tuple(item["slug"] for item in document)
    if slugs != DIMENSIONS:
        yield (
            (),
            f"The dimensions are fixed: {', '.join(DIMENSIONS)}, in this order. Change the rest.",
        )
        return
    total = sum(item["weight"] for item in document if item["slug"] != "communication")
    if abs(total - 100) > 1e-6:
        yield (0, "weight"), f"The weights of the eight dimensions sum to {total:g}. Make them sum to 100."
    if document[-1]["weight"] != 0:
        yield (len(document) - 1, "weight"), "Communication is scored by people only. Give it weight 0."


def criteria(document: list[dict[str, Any]]) -> Found:
    yield from twice(document, "code", ())
    for position, item in enumerate(document):
        if item["dimension"] not in DIMENSIONS:
            yield (position, "dimension"), unknown(item["dimension"], "dimension", DIMENSIONS)
        source = SOURCES[item["code"][0]]
        if item["source"] != source:
            yield (
                (position, "source"),
                f"The source of {item['code']} is `{item['source']}`. Codes like this are `{source}`.",
            )


def framework(document: dict[str, Any], bank: Mapping[str, Any]) -> Found:
    steps = document["steps"]
    yield from twice(steps, "slug", ("steps",))
    total = sum(step["minutes"] for step in steps)
    if total != INTERVIEW_MINUTES:
        yield ("steps",), f"The minutes of the steps sum to {total}. Make them sum to {INTERVIEW_MINUTES}."
    listed: dict[str, str] = {}
    for position, step in enumerate(steps):
        for rank, slug in enumerate(step["dimensions"]):
            if slug not in DIMENSIONS[:8]:
                yield ("steps", position, "dimensions", rank), unknown(slug, "dimension", DIMENSIONS[:8])
        for rank, code in enumerate(step["criteria"]):
            where: Where = ("steps", position, "criteria", rank)
            if code not in bank:
                yield where, unknown(code, "criterion", ())
            elif code in listed:
                yield where, f"{code} already stands in the step `{listed[code]}`. Keep it in one step."
            listed.setdefault(code, step["slug"])
    missing = [code for code in bank if code[0] in "CG" and code not in listed]
    if missing:
        yield ("steps",), f"No step lists {', '.join(missing)}. Put each into one step."
    covered = {slug for step in steps for slug in step["dimensions"]}
    bare = [slug for slug in DIMENSIONS[:8] if slug not in covered]
    if bare:
        yield ("steps",), f"No step covers {', '.join(bare)}. Name each dimension in a step."


def case(document: dict[str, Any], bank: Mapping[str, Any]) -> Found:
    if document["slug"] in RESERVED_SLUGS:
        yield ("slug",), f"`{document['slug']}` is an address of the library itself. Choose another slug."
    yield from at_most_words(document["prompt"], 120, ("prompt",))
    yield from at_most_words(document["brief"]["idea"], 180, ("brief", "idea"))
    for slug, answer in document["reference"]["answers"].items():
        yield from at_most_words(answer, 220, ("reference", "answers", slug), least=90)
    for name in ("requirements", "facts", "follow_ups", "expectations"):
        yield from twice(document[name], "id", (name,))
    yield from arithmetic(document)
    yield from tied(document["follow_ups"], "follow_ups", bank)
    yield from tied(document["expectations"], "expectations", bank)
    for position, item in enumerate(document["expectations"]):
        yield from rule(item["rule"], ("expectations", position, "rule"))
    for position, item in enumerate(document["requirements"]):
        yield from limits(item, ("requirements", position), needed="metric" in item)
    total = sum(item["minutes"] for item in document["run_sheet"])
    if total != INTERVIEW_MINUTES:
        yield (
            ("run_sheet",),
            f"The minutes of the run sheet sum to {total}. Make them sum to {INTERVIEW_MINUTES}.",
        )
    for position, item in enumerate(document["run_sheet"]):
        if item["dimension"] not in DIMENSIONS:
            yield ("run_sheet", position, "dimension"), unknown(item["dimension"], "dimension", DIMENSIONS)
    yield from board(document["reference"]["board"], ("reference", "board"))


def arithmetic(document: dict[str, Any]) -> Found:
    """Yield every check whose arithmetic does not come out."""
    known = document["figures"]
    for position, check in enumerate(document["checks"]):
        where: Where = ("checks", position)
        try:
            value = figures.compute(check["expr"], known)
        except figures.FigureError as refusal:
            yield (*where, "expr"), f"`{check['expr']}` cannot be computed: {refusal}. Correct it."
            continue
        target = check["equals"]
        if isinstance(target, str):
            if target not in known:
                yield (*where, "equals"), unknown(target, "figure", known)
                continue
            target = known[target]
        within = check.get("within", 0.02)
        if figures.differs(value, target, within):
            yield (
                where,
                (
                    f"`{check['expr']}` comes to {value:g}, but `{check['equals']}` is {target:g}, "
                    f"more than {within:.0%} away. Correct the figures or the check."
                ),
            )


def tied(items: Iterable[Mapping[str, Any]], name: str, bank: Mapping[str, Any]) -> Found:
    for position, item in enumerate(items):
        if item["criterion"] not in bank:
            yield (name, position, "criterion"), unknown(item["criterion"], "criterion", ())


def rule(body: Mapping[str, Any], where: Where) -> Found:
    """Yield what is wrong with the rule by which an expectation is met."""
    if not {"words", "bound", "graph"} & body.keys():
        yield where, "This rule asks for nothing. Give it `words`, `bound` or `graph`."
    for name, value in strings(body, where):
        if not all(part.strip() for part in value.split("|")):
            yield name, f"`{value}` has an empty alternative. Write something on both sides of every |."
        for part in value.split("|"):
            if part.strip() and not any(sign.isalnum() or sign in SIGNS for sign in part):
                yield name, f"`{part.strip()}` can never be met: only words are compared. Write it as a word."
    if "bound" in body:
        yield from limits(body["bound"], (*where, "bound"), needed=True)


def strings(body: Mapping[str, Any], where: Where) -> Iterator[tuple[Where, str]]:
    """Yield the sets of alternatives of a rule."""
    for name, options in body.get("words", {}).items():
        yield from (((*where, "words", name, rank), text) for rank, text in enumerate(options))
    for name, asked in body.get("graph", {}).items():
        if isinstance(asked, str):
            yield (*where, "graph", name), asked
        else:
            yield from (((*where, "graph", name, rank), text) for rank, text in enumerate(asked))
    if "near" in body.get("bound", {}):
        yield (*where, "bound", "near"), body["bound"]["near"]


def limits(item: Mapping[str, Any], where: Where, *, needed: bool) -> Found:
    least, most = item.get("at_least"), item.get("at_most")
    if needed and least is None and most is None:
        yield where, f"`{item['metric']}` has no limit. Add `at_most` or `at_least`."
    if least is not None and most is not None and least > most:
        yield where, f"`at_least` {least:g} is above `at_most` {most:g}. Turn them round."


def board(body: Mapping[str, Any], where: Where) -> Found:
    nodes, groups = body["nodes"], body.get("groups", [])
    yield from twice(nodes, "id", (*where, "nodes"))
    yield from twice(groups, "id", (*where, "groups"))
    ids, frames = {node["id"] for node in nodes}, {group["id"] for group in groups}
    cells: dict[tuple[int, int], str] = {}
    for position, node in enumerate(nodes):
        cell = (node["at"][0], node["at"][1])
        holder = cells.setdefault(cell, node["id"])
        if holder != node["id"]:
            yield (
                (*where, "nodes", position, "at"),
                f"The cell {list(cell)} already holds `{holder}`. Choose a free one.",
            )
        if "group" in node and node["group"] not in frames:
            yield (*where, "nodes", position, "group"), unknown(node["group"], "group", frames)
    drawn: set[tuple[str, str]] = set()
    for position, edge in enumerate(body["edges"]):
        here: Where = (*where, "edges", position)
        for end in ("from", "to"):
            if edge[end] not in ids:
                yield (*here, end), unknown(edge[end], "box of the board", ids)
        if edge["from"] == edge["to"]:
            yield here, f"This arrow leads from `{edge['from']}` to itself. Remove it."
        if (edge["from"], edge["to"]) in drawn:
            yield here, f"The arrow from `{edge['from']}` to `{edge['to']}` is drawn twice. Keep one."
        drawn.add((edge["from"], edge["to"]))


def at_most_words(text: str, most: int, where: Where, *, least: int = 0) -> Found:
    count = words(text)
    if count > most:
        yield where, f"{place(where)} has {count} words; at most {most} fit. Shorten it."
    if count < least:
        yield where, f"{place(where)} has {count} words; at least {least} are needed. Say more."


def unknown(value: object, what: str, known: Iterable[str]) -> str:
    names = sorted(known)
    listed = f" Known: {', '.join(names[:40])}." if names else " Check the bank."
    return f"There is no {what} `{value}`.{listed}"

"""Following arrows: the shortest way from some boxes to others, through boxes that let it pass."""

from collections import deque
from collections.abc import Callable, Iterable

from interviews.scoring.diagram.board import Arc, Diagram
from interviews.scoring.diagram.sides import KEEPS, TRAINS

Passes = Callable[[int], bool]
Neighbours = Callable[[int], Iterable[tuple[int, Arc]]]


def forward(diagram: Diagram) -> Neighbours:
    """Return the step along the arrows."""
    return lambda index: ((arc.target, arc) for arc in diagram.out[index])


def backward(diagram: Diagram) -> Neighbours:
    return lambda index: ((arc.source, arc) for arc in diagram.into[index])


def is_read(diagram: Diagram, arc: Arc) -> bool:
    """Return whether an arrow from training to a store is training reading it.

    A store that gives on to others what only training brings it is not read: that arrow runs backwards.
    """
    if not diagram.nodes[arc.source].parts & TRAINS or not diagram.nodes[arc.target].parts & (
        KEEPS - {"registry"}
    ):
        return False
    filled = any(other.source != arc.source for other in diagram.into[arc.target])
    return filled or not diagram.out[arc.target]


def along_data(diagram: Diagram) -> Neighbours:
    """Return the step along the data, which comes back along an arrow by which training reads a store."""

    def step(index: int) -> Iterable[tuple[int, Arc]]:
        for arc in diagram.out[index]:
            yield arc.target, arc
        for arc in diagram.into[index]:
            if is_read(diagram, arc):
                yield arc.source, arc

    return step


def against_data(diagram: Diagram) -> Neighbours:
    """Return the step against the data, a read from a store turned round."""

    def step(index: int) -> Iterable[tuple[int, Arc]]:
        for arc in diagram.into[index]:
            yield arc.source, arc
        for arc in diagram.out[index]:
            if is_read(diagram, arc):
                yield arc.target, arc

    return step


def either_way(diagram: Diagram) -> Neighbours:
    def step(index: int) -> Iterable[tuple[int, Arc]]:
        for arc in diagram.out[index]:
            yield arc.target, arc
        for arc in diagram.into[index]:
            yield arc.source, arc

    return step


def way(starts: Iterable[int], ends: Iterable[int], step: Neighbours, passes: Passes) -> list[Arc] | None:
    """Return the arrows of a shortest way of one arrow or more, or None; the boxes between must pass."""
    wanted = set(ends)
    came: dict[int, tuple[int, Arc] | None] = {}
    queue: deque[int] = deque()
    for start in starts:
        if start not in came:
            came[start] = None
            queue.append(start)
    origins = set(came)
    if not wanted or not origins:
        return None
    while queue:
        index = queue.popleft()
        if index not in origins and not passes(index):
            continue
        for following, arc in step(index):
            if following in wanted and following not in origins:
                return [*_back(came, index), arc]
            if following in came:
                continue
            came[following] = (index, arc)
            queue.append(following)
    return None


def _back(came: dict[int, tuple[int, Arc] | None], index: int) -> list[Arc]:
    arcs: list[Arc] = []
    here = came[index]
    while here is not None:
        previous, arc = here
        arcs.append(arc)
        here = came[previous]
    return arcs[::-1]


def reached(starts: Iterable[int], step: Neighbours, passes: Passes) -> set[int]:
    """Return every box on a way from the starts, the starts included."""
    seen = set(starts)
    queue = deque(seen)
    origins = frozenset(seen)
    while queue:
        index = queue.popleft()
        if index not in origins and not passes(index):
            continue
        for following, _ in step(index):
            if following not in seen:
                seen.add(following)
                queue.append(following)
    return seen


def boxes_on(arcs: Iterable[Arc]) -> list[int]:
    """Return the boxes along a way, in order, each once."""
    return list(dict.fromkeys(index for arc in arcs for index in (arc.source, arc.target)))

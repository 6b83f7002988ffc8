"""Reading a graph into a diagram: what is drawn, and what each box is taken for among the others."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from interviews.scoring.diagram.board import Diagram, as_drawn
from interviews.scoring.diagram.context import in_context


def read(graph: Mapping[str, Any]) -> Diagram:
    """Return the design that a graph describes. Anything odd in it is left out; nothing raises.

    Takes the graph of a board (`frames`, `frame`, edges with ids and heads) and the plain format
    of labelled files (`parent`, groups among the nodes, edges without ids).
    """
    drawn = as_drawn(graph)
    parts = in_context(drawn)
    return replace(drawn, nodes=tuple(replace(n, parts=p) for n, p in zip(drawn.nodes, parts, strict=True)))

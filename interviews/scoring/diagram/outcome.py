"""What a design check is told about the case, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from interviews.scoring.diagram.board import Arc
from interviews.scoring.diagram.figures import plain_number


@dataclass(frozen=True)
class Outcome:
    """Passed, not passed or not applicable, with a sentence and the boxes and arrows it is about."""

    passed: bool | None
    reason: str
    boxes: tuple[int, ...] = ()
    arcs: tuple[Arc, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What the case asks for in figures; None where it asks for nothing of the kind."""

    latency_ms: float | None = None
    items: float | None = None
    freshness_s: float | None = None
    peak_qps: float | None = None
    figures: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Mapping[str, Any] | None) -> "Asked":
        """Return the figures of a case's requirements; anything that is not a plain number is passed over."""
        case = case if isinstance(case, Mapping) else {}
        raw = case.get("figures")
        figures = {
            str(name): number
            for name, value in (raw.items() if isinstance(raw, Mapping) else ())
            if (number := plain_number(value)) is not None
        }
        bounds: dict[str, float] = {}
        requirements = case.get("requirements")
        for requirement in requirements if isinstance(requirements, list | tuple) else ():
            if not isinstance(requirement, Mapping):
                continue
            for key in ("at_most", "at_least"):
                number = plain_number(requirement.get(key))
                if number is not None:
                    bounds.setdefault(str(requirement.get("metric")), number)
        # A case whose requirements name no metric may still give the figure itself.
        for metric in ("latency_ms", "items", "freshness_s", "peak_qps"):
            if metric not in bounds and metric in figures and metric != "items":
                bounds[metric] = figures[metric]
        return cls(
            bounds.get("latency_ms"),
            bounds.get("items"),
            bounds.get("freshness_s"),
            bounds.get("peak_qps"),
            figures,
        )

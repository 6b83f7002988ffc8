"""What goes into the engine and what comes out of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ENGINE_VERSION = "3.0.0"
SCHEMA = 1


class SubmissionError(ValueError):
    """A submission or rubric of the wrong shape; the message says what to change."""


@dataclass(frozen=True)
class Submission:
    """What a candidate handed in: the case, the notes per step and the drawing."""

    case: Mapping[str, str]
    answers: Mapping[str, str] | None = None
    graph: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "case", checked_case(self.case))
        object.__setattr__(self, "answers", checked_answers(self.answers))
        if self.graph is not None and not isinstance(self.graph, Mapping):
            raise SubmissionError("The graph must be an object with nodes and edges.")

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Submission":
        """Return the submission a JSON object describes; SubmissionError says what is wrong with it."""
        if not isinstance(body, Mapping):
            raise SubmissionError("A submission must be a JSON object.")
        graph = body.get("graph")
        if graph is None and "nodes" in body:
            graph = {"nodes": body["nodes"], "edges": body.get("edges") or []}
        return cls(body.get("case") or {}, body.get("answers"), graph)

    @property
    def has_words(self) -> bool:
        return self.answers is not None


def checked_case(case: Any) -> dict[str, str]:
    if not isinstance(case, Mapping):
        raise SubmissionError("The case must be an object with id, title and prompt.")
    found = {}
    for key in ("id", "title", "prompt"):
        value = case.get(key)
        if value is not None and not isinstance(value, str):
            raise SubmissionError(f"The {key} of the case must be text.")
        found[key] = value or ""
    return found


def checked_answers(answers: Any) -> dict[str, str] | None:
    if answers is None:
        return None
    if not isinstance(answers, Mapping):
        raise SubmissionError("Answers must be an object with one text per step.")
    found = {}
    for step, text in answers.items():
        if not isinstance(step, str):
            raise SubmissionError("The name of a step must be text.")
        if text is not None and not isinstance(text, str):
            raise SubmissionError(f"The answer of the step {step!r} must be text.")
        found[step] = text or ""
    return found


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric."""

    code: str
    name: str
    dimension: str
    source: str
    weight: float
    definition: str = ""
    anchors: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    step: str | None = None
    guide: str = ""


@dataclass(frozen=True)
class Rubric:
    """A compiled rubric: criteria with anchors, the steps that list them, and what the case expects."""

    body: Mapping[str, Any]
    hash: str
    criteria: tuple[Criterion, ...]
    dimensions: Mapping[str, float]
    steps: tuple[tuple[str, tuple[str, ...]], ...]
    expectations: tuple[Mapping[str, Any], ...]
    case: Mapping[str, Any] | None = None

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Rubric":
        """Return the rubric a compiled body describes; SubmissionError says what is missing."""
        if not isinstance(body, Mapping):
            raise SubmissionError("A rubric must be a JSON object.")
        if body.get("schema") != SCHEMA:
            raise SubmissionError(
                f"A rubric of schema {SCHEMA} is needed, this one has {body.get('schema')!r}."
            )
        try:
            return cls(
                body,
                rubric_hash(body),
                tuple(criterion_of(entry) for entry in body["criteria"]),
                {slug: float(entry["weight"]) for slug, entry in body["dimensions"].items()},
                tuple((step["slug"], tuple(step["criteria"])) for step in body["framework"]["steps"]),
                tuple(body.get("expectations") or ()),
                body.get("case"),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise SubmissionError(f"The rubric lacks a part: {error}.") from error


def criterion_of(entry: Mapping[str, Any]) -> Criterion:
    return Criterion(
        entry["code"],
        entry["name"],
        entry["dimension"],
        entry["source"],
        float(entry["weight"]),
        entry.get("definition", ""),
        tuple(entry.get("anchors") or ()),
        tuple(entry.get("next") or ()),
        entry.get("step"),
        entry.get("guide", ""),
    )


def rubric_hash(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a rubric's canonical JSON, in hex."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class CriterionScore:
    """The level of one criterion; None when it was not assessed."""

    criterion: Criterion
    level: int | None
    evidence: tuple[dict[str, Any], ...] = ()
    rationale: str = ""
    missing: tuple[str, ...] = ()
    confidence: float = 1.0
    source: str = "engine"

    def to_json(self) -> dict[str, Any]:
        criterion, level = self.criterion, self.level
        following = criterion.next[level] if level is not None and level < len(criterion.next) else None
        return {
            "code": criterion.code,
            "dimension": criterion.dimension,
            "step": criterion.step,
            "source": self.source,
            "level": level,
            "anchor": criterion.anchors[level]
            if level is not None and level < len(criterion.anchors)
            else "",
            "weight": criterion.weight,
            "evidence": [dict(entry) for entry in self.evidence],
            "rationale": self.rationale,
            "missing": list(self.missing),
            "next_level": following,
            "confidence": self.confidence,
        }


@dataclass(frozen=True)
class ScoreReport:
    """Everything the engine says about a submission."""

    rubric_hash: str
    criteria: tuple[CriterionScore, ...]
    dimensions: tuple[dict[str, Any], ...]
    steps: tuple[dict[str, Any], ...]
    total: float | None
    total_low: float | None
    total_high: float | None
    level_estimate: str | None
    flags: tuple[dict[str, Any], ...] = ()
    expectations: tuple[dict[str, Any], ...] = ()
    expectations_share: float | None = None
    checks: tuple[dict[str, Any], ...] = ()
    judge: Mapping[str, Any] | None = None  # how a second reader came to its levels
    engine_version: str = field(default=ENGINE_VERSION)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON; the same submission and rubric give the same bytes."""
        return {
            "schema": SCHEMA,
            "engine_version": self.engine_version,
            "rubric_hash": self.rubric_hash,
            "criteria": [score.to_json() for score in self.criteria],
            "dimensions": [dict(entry) for entry in self.dimensions],
            "steps": [dict(entry) for entry in self.steps],
            "total": self.total,
            "total_low": self.total_low,
            "total_high": self.total_high,
            "level_estimate": self.level_estimate,
            "flags": [dict(entry) for entry in self.flags],
            "expectations": [dict(entry) for entry in self.expectations],
            "expectations_share": self.expectations_share,
            "checks": [dict(entry) for entry in self.checks],
            **({"judge": dict(self.judge)} if self.judge is not None else {}),
        }

"""The shape of what the API answers; what is not named here is not sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class Error(Schema):
    """Why something was refused, in a sentence for people."""

    error: str


class CaseLine(Schema):
    slug: str
    title: str
    one_line: str
    kind: str
    area: str
    difficulty: int
    minutes: int
    tags: list[str]


class CaseList(Schema):
    items: list[CaseLine]


class Spoilers(Schema):
    """What is behind a case, for those to whom it is open."""

    requirements: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    hints: list[dict[str, Any]]
    follow_ups: list[dict[str, Any]]
    expectations: list[dict[str, Any]]
    mistakes: list[str]
    curveball: dict[str, Any]
    reference: dict[str, Any]


class Case(CaseLine):
    prompt: str
    open: bool
    spoilers: Spoilers | None


class CaseName(Schema):
    slug: str
    title: str


class InterviewLine(Schema):
    id: UUID
    case: CaseName
    framework: str
    level: str
    mode: str
    state: str
    minutes: int
    extra_seconds: int
    strict: bool
    seen: bool
    imported: bool
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class InterviewList(Schema):
    items: list[InterviewLine]
    next: str | None


class Phase(Schema):
    step: str
    title: str
    budget_seconds: int
    started_at: datetime | None
    ended_at: datetime | None
    paused_seconds: int


class Interview(InterviewLine):
    prompt: str
    phases: list[Phase]
    events: list[dict[str, Any]]


class Submission(Schema):
    at: datetime
    hash: str
    answers: dict[str, str]
    seconds_per_step: dict[str, int]
    hints: list[dict[str, Any]]
    asked: list[dict[str, Any]]
    graph: dict[str, Any]


class Scorecard(Schema):
    id: UUID
    source: str
    framework: str
    engine_version: str
    rubric_hash: str
    total: float | None
    total_low: float | None
    total_high: float | None
    level_estimate: str
    dimensions: list[dict[str, Any]]
    created_at: datetime
    reason: str
    report: dict[str, Any]


class ScorecardList(Schema):
    items: list[Scorecard]


class Attempt(Schema):
    """One line of progress: the newest automatic reading of one design, `at` when it was handed in."""

    interview: UUID
    case: str
    framework: str
    level: str
    seen: bool
    imported: bool
    at: datetime
    total: float | None
    total_low: float | None
    total_high: float | None
    dimensions: dict[str, float | None]


class Progress(Schema):
    items: list[Attempt]
    next: str | None


class ExportState(Schema):
    id: UUID
    state: str
    done: int
    of: int
    asked_at: datetime
    expires_at: datetime
    size: int
    error: str


class Imported(Schema):
    id: UUID
    new: bool

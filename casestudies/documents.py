"""What the content files say, key by key, as the checked documents the rest of the house works with."""

from typing import Any, TypedDict


class Dimension(TypedDict):
    slug: str
    name: str
    weight: float
    says: str


class Criterion(TypedDict):
    code: str
    name: str
    dimension: str
    source: str
    weight: float
    definition: str
    anchors: list[str]
    next: list[str]
    guide: str


class Step(TypedDict):
    slug: str
    short: str
    title: str
    dimensions: list[str]
    minutes: int
    summary: str
    criteria: list[str]


class Framework(TypedDict):
    slug: str
    name: str
    position: int
    version: int
    summary: str
    steps: list[Step]


class Case(TypedDict):
    """One case as its file has it, and the pack it came in."""

    slug: str
    title: str
    one_line: str
    kind: str
    area: str
    difficulty: int
    minutes: int
    version: int
    status: str
    tags: list[str]
    prompt: str
    figures: dict[str, float]
    checks: list[dict[str, Any]]
    requirements: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    hints: dict[str, list[str]]
    follow_ups: list[dict[str, str]]
    curveball: dict[str, Any]
    expectations: list[dict[str, Any]]
    level_cues: dict[str, list[str]]
    mistakes: list[str]
    brief: dict[str, Any]
    run_sheet: list[dict[str, Any]]
    reference: dict[str, Any]
    pack: str


class Page(TypedDict):
    """One page of the guide; `figures` and `checks` are empty where nothing is computed."""

    slug: str
    title: str
    one_line: str
    group: str
    position: int
    criteria: list[str]
    body: str
    example: dict[str, str]
    figures: dict[str, float]
    checks: list[dict[str, Any]]
    board: dict[str, Any]
    say: list[str]
    pitfalls: list[str]
    see_also: list[str]


class Sample(TypedDict):
    """A sample interview: who designed what, under which framework, and when.

    `dropped` holds the boxes that were drawn and taken away again; `scores` what the candidate ("self")
    and the interviewer gave: criterion → {"level": 0 to 4 or None, "why"?}.
    """

    slug: str
    title: str
    position: int
    case: str
    framework: str
    level: str
    minutes: int
    mode: str
    candidate: str
    interviewer: str | None
    seconds_per_step: dict[str, int]
    board: dict[str, Any]
    dropped: dict[str, Any]
    scores: dict[str, dict[str, dict[str, Any]]]
    events: list[dict[str, Any]]

"""A running room on a small case of its own: three steps, three criteria; made in milliseconds."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from casestudies.models import Dimension, Framework, Rubric
from casestudies.rubrics import rubric_hash
from interviews import lifecycle
from interviews.models import Interview
from tests.factories.casestudies import CaseStudyFactory, FrameworkFactory, StepFactory

STEPS = [
    ("clarify", "Clarify", "scope", 5),
    ("data", "Data", "data", 20),
    ("serving", "Serve", "serving", 20),
]
CRITERIA = [
    ("C01", "Names the goal", "scope", "text", 2),
    ("C09", "Handles imbalance", "data", "text", 1),
    ("G01", "Draws the request path", "serving", "graph", 1),
    ("P01", "Leads the conversation", "communication", "person", 1),
]
ANCHORS = ["Absent", "Named", "Named for this case", "Explained", "Weighed"]


def small_framework() -> Framework:
    framework = FrameworkFactory(slug="small", name="Small")
    if not framework.steps.exists():
        for position, (slug, short, dimension, minutes) in enumerate(STEPS, 1):
            StepFactory(
                framework=framework, slug=slug, short=short, title=short, position=position, minutes=minutes,
                dimensions=[dimension],
            )  # fmt: skip
    return framework


def small_body() -> dict[str, Any]:
    """Return a compiled rubric of four criteria, one of them only for people."""
    dimensions = {each.value: {"name": each.label, "weight": 15} for each in Dimension}
    dimensions["communication"]["weight"] = 0
    step_of = {dimension: slug for slug, _, dimension, _ in STEPS}
    return {
        "schema": 1,
        "framework": {
            "slug": "small", "name": "Small", "version": 1,
            "steps": [
                {
                    "slug": slug, "short": short, "title": short, "dimensions": [dimension],
                    "minutes": minutes,
                    "criteria": [code for code, _, of, _, _ in CRITERIA if of == dimension],
                }
                for slug, short, dimension, minutes in STEPS
            ],
        },
        "case": {
            "slug": "small", "title": "Small", "prompt": "Design it.", "version": 1, "requirements": [],
            "figures": {}, "facts": [],
        },
        "dimensions": dimensions,
        "criteria": [
            {
                "code": code, "name": name, "dimension": dimension, "source": source, "weight": weight,
                "definition": f"{name}, in words.", "anchors": ANCHORS, "next": ["do it."] * 4,
                "step": step_of.get(dimension), "guide": "clarify-and-scope",
            }
            for code, name, dimension, source, weight in CRITERIA
        ],
        "expectations": [],
    }  # fmt: skip


def small_room(candidate: User, *, now: datetime | None = None, strict: bool = False) -> Interview:
    """Return a running interview of 45 minutes over three steps."""
    framework = small_framework()
    case = CaseStudyFactory()
    body = small_body()
    Rubric.objects.create(framework=framework, case=case, body=body, hash=rubric_hash(body))
    return lifecycle.start_solo(
        candidate, case, framework, level="senior", minutes=45, strict=strict, now=now or timezone.now()
    )

"""The rubric of one framework and case as a single JSON value: what the scoring engine takes.

A scorecard keeps a copy of the body it was scored with, so its shape is a contract: `schema` counts
up when it changes.
"""

from typing import Any

from casestudies.documents import Case, Criterion, Framework
from casestudies.pack import Pack, content_hash

SCHEMA = 1


def compile_rubric(pack: Pack, framework: str, case: str | None = None) -> dict[str, Any]:
    """Return the body of a rubric; without a case it is the generic one, which expects nothing in particular.

    LookupError names the framework or case that is not in the pack.
    """
    if framework not in pack.frameworks:
        raise LookupError(f"There is no framework `{framework}`. Known: {', '.join(pack.frameworks)}.")
    if case is not None and case not in pack.cases:
        raise LookupError(f"There is no case `{case}`. Known: {', '.join(pack.cases)}.")
    view = pack.frameworks[framework]
    study = pack.cases[case] if case is not None else None
    return {
        "schema": SCHEMA,
        "framework": framework_body(view),
        "case": case_body(study) if study else None,
        "dimensions": {
            slug: {"name": dimension["name"], "weight": dimension["weight"]}
            for slug, dimension in pack.dimensions.items()
        },
        "criteria": criteria_body(pack, view),
        "expectations": [
            {key: item[key] for key in ("id", "criterion", "weight", "statement", "rule")}
            for item in (study["expectations"] if study else [])
        ],
    }


def rubric_hash(body: dict[str, Any]) -> str:
    """Return the SHA-256 of a rubric's body, in hex."""
    return content_hash(body)


def framework_body(framework: Framework) -> dict[str, Any]:
    return {
        "slug": framework["slug"],
        "name": framework["name"],
        "version": framework["version"],
        "steps": [
            {
                "slug": step["slug"],
                "short": step["short"],
                "title": step["title"],
                "dimensions": step["dimensions"],
                "minutes": step["minutes"],
                "criteria": step["criteria"],
            }
            for step in framework["steps"]
        ],
    }


def case_body(case: Case) -> dict[str, Any]:
    return {
        "slug": case["slug"],
        "title": case["title"],
        "prompt": case["prompt"],
        "version": case["version"],
        "requirements": case["requirements"],
        "figures": case["figures"],
        "facts": [{key: fact[key] for key in ("id", "ask", "answer", "terms")} for fact in case["facts"]],
    }


def criteria_body(pack: Pack, framework: Framework) -> list[dict[str, Any]]:
    """Return every criterion of the bank, with the step of this framework that asks for it.

    Criteria that only people score stand in no step: their `step` is None.
    """
    steps = {code: step["slug"] for step in framework["steps"] for code in step["criteria"]}
    return [criterion_body(criterion, steps.get(code)) for code, criterion in pack.criteria.items()]


def criterion_body(criterion: Criterion, step: str | None) -> dict[str, Any]:
    return {
        "code": criterion["code"],
        "name": criterion["name"],
        "dimension": criterion["dimension"],
        "source": criterion["source"],
        "weight": criterion["weight"],
        "definition": criterion["definition"],
        "anchors": criterion["anchors"],
        "next": criterion["next"],
        "step": step,
        "guide": criterion["guide"],
    }

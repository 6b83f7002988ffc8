"""The library as content documents again, such that loading them changes nothing."""

from collections.abc import Iterator
from typing import Any

from casestudies.loading import CASE_FIELDS, CRITERION_FIELDS, FRAMEWORK_FIELDS, PAGE_FIELDS, STEP_FIELDS
from casestudies.models import CaseStudy, Criterion, Framework, GuidePage, Rubric
from casestudies.models.case import Status
from casestudies.pack import DEFAULT_CONTENT, Reading

# Where a document goes below the folder of the export, and what it says.
Written = tuple[str, Any]


def whole() -> Iterator[Written]:
    """Yield every document of a whole tree: bank, frameworks, guide and the cases of every pack.

    What was withdrawn or hidden is left out, as it has left the files. Samples are interviews, not rows of
    the library, and are not written.
    """
    newest = Rubric.objects.current().exclude(case__status=Status.WITHDRAWN).order_by("-pk").first()
    body: dict[str, Any] = newest.body if newest else {}
    yield "bank/dimensions.yaml", dimensions(body)
    yield "bank/criteria.yaml", criteria(body)
    yield from frameworks()
    yield from guide()
    packs = CaseStudy.objects.exclude(status=Status.WITHDRAWN).values_list("pack", flat=True)
    for name in sorted(set(packs)):
        for file, document in cases(name):
            yield f"{name}/{file}", document


def dimensions(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the dimensions with the names and weights in force; what each asks stands in no table."""
    shipped = Reading(DEFAULT_CONTENT, only=("bank", "frameworks")).pack().dimensions
    in_force = body.get("dimensions", {})
    return [{**entry, **in_force.get(slug, {})} for slug, entry in shipped.items()]


def criteria(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the bank in the order of the rubrics, which is part of them; criteria that left it stay out."""
    rows = {row.code: row for row in Criterion.objects.order_by("code")}
    codes = [entry["code"] for entry in body.get("criteria", [])] or list(rows)
    return [{"code": code, **fields(rows[code], CRITERION_FIELDS)} for code in codes]


def frameworks() -> Iterator[Written]:
    for framework in Framework.objects.offered().with_criteria():
        rubric = framework.rubrics.current().exclude(case__status=Status.WITHDRAWN).order_by("-pk").first()
        listed = (
            {step["slug"]: step["criteria"] for step in rubric.body["framework"]["steps"]} if rubric else {}
        )
        steps = [
            {
                "slug": step.slug,
                **fields(step, STEP_FIELDS),
                # A relation has no order; the rubric has the one of the file.
                "criteria": listed.get(step.slug) or [criterion.code for criterion in step.criteria.all()],
            }
            for step in framework.steps.all()
        ]
        yield (
            f"frameworks/{framework.slug}.yaml",
            {"slug": framework.slug, **fields(framework, FRAMEWORK_FIELDS), "steps": steps},
        )


def guide() -> Iterator[Written]:
    for page in GuidePage.objects.shown().order_by("slug").prefetch_related("criteria"):
        document = {"slug": page.slug, **fields(page, PAGE_FIELDS)}
        document["criteria"] = sorted(criterion.code for criterion in page.criteria.all())
        yield (
            f"guide/{page.slug}.yaml",
            {key: value for key, value in document.items() if is_said(key, value)},
        )


def is_said(key: str, value: Any) -> bool:
    """Whether a key of a page is written: one without arithmetic has neither figures nor checks."""
    return bool(value) or key not in ("figures", "checks")


def cases(pack: str) -> Iterator[Written]:
    """Yield the cases of one pack, as the files of a directory of that name."""
    for case in (
        CaseStudy.objects.filter(pack=pack).exclude(status=Status.WITHDRAWN).order_by("slug").with_spoilers()
    ):
        yield f"{case.slug}.yaml", case_document(case)


def case_document(case: CaseStudy) -> dict[str, Any]:
    """Return a case as its file says it; its facts, hints, follow-ups and expectations are at hand."""
    rubric = case.rubrics.filter(is_current=True).first()
    placed = {entry["id"]: place for place, entry in enumerate(rubric.body["expectations"])} if rubric else {}
    expectations = sorted(case.expectations.all(), key=lambda row: (placed.get(row.key, len(placed)), row.pk))
    hints: dict[str, list[str]] = {}
    for hint in case.hints.all():
        hints.setdefault(hint.dimension, []).append(hint.text)
    return {
        "slug": case.slug,
        **fields(case, CASE_FIELDS),
        "facts": [{"id": fact.key, **fields(fact, ("ask", "answer", "terms"))} for fact in case.facts.all()],
        "hints": hints,
        "follow_ups": [
            {"id": row.key, "criterion": row.criterion.code, "ask": row.ask} for row in case.follow_ups.all()
        ],
        "expectations": [
            {"id": row.key, "criterion": row.criterion.code, **fields(row, ("weight", "statement", "rule"))}
            for row in expectations
        ],
    }


def fields(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}

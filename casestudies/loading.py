"""Bringing the tables up to a content pack: one transaction, in place, nothing deleted that is in use."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from casestudies.documents import Case, Page
from casestudies.models import (
    CaseStudy,
    Criterion,
    Expectation,
    Fact,
    FollowUp,
    Framework,
    GuidePage,
    Hint,
    Rubric,
    Step,
)
from casestudies.models.case import Status
from casestudies.pack import Pack, content_hash
from casestudies.prose import to_text
from casestudies.rubrics import compile_rubric, rubric_hash

# Two processes that start together load one after the other; the number is only ours to know it by.
LOCK = 0x6D6F636B
CASE_FIELDS = (
    "title", "one_line", "prompt", "kind", "area", "difficulty", "minutes", "status", "tags", "version",
    "requirements", "figures", "checks", "curveball", "level_cues", "mistakes", "brief",
    "run_sheet", "reference",
)  # fmt: skip
CRITERION_FIELDS = ("name", "dimension", "definition", "source", "weight", "anchors", "next", "guide")
FRAMEWORK_FIELDS = ("name", "summary", "position", "version")
PAGE_FIELDS = (
    "title", "one_line", "group", "position", "body", "example", "figures", "checks", "board", "say",
    "pitfalls", "see_also",
)  # fmt: skip
STEP_FIELDS = ("title", "short", "dimensions", "minutes", "summary")

Row = TypeVar("Row", bound=models.Model)


class Changes(Counter[tuple[str, str]]):
    """How many rows of which kind were added, changed or taken away."""

    def summary(self) -> str:
        """Return one line for the person at the terminal."""
        if not self.total():
            return "Nothing changed."
        parts: dict[str, list[str]] = {}
        for (what, verb), count in (+self).items():
            parts.setdefault(what, []).append(f"{count} {verb}")
        return "; ".join(f"{what}: {', '.join(verbs)}" for what, verbs in parts.items()) + "."


@transaction.atomic
def load_pack(pack: Pack) -> Changes:
    """Make the tables say what the pack says, and return what was changed.

    Cases that left a pack which is there in full become withdrawn, frameworks and pages of the guide that
    left a whole tree are no longer offered or shown, and rubrics that were in force stay beside the new
    ones. ValidationError, and no change, when a case's slug belongs to another pack.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    changes = Changes()
    refuse_foreign_slugs(pack)
    criteria = load_criteria(pack, changes)
    frameworks = load_frameworks(pack, criteria, changes)
    cases = load_cases(pack, changes)
    load_parts(pack, cases, criteria, changes)
    load_guide(pack, criteria, changes)
    withdraw_absent(pack, changes)
    load_rubrics(pack, cases, frameworks, changes)
    return changes


def refuse_foreign_slugs(pack: Pack) -> None:
    """Stop when a case would take over one that came with another pack."""
    at_home = {case["pack"] for case in pack.cases.values()} | pack.covers
    foreign = CaseStudy.objects.filter(slug__in=pack.cases).exclude(pack__in=at_home).order_by("slug")
    taken = [f"`{slug}` belongs to the pack `{owner}`" for slug, owner in foreign.values_list("slug", "pack")]
    if taken:
        raise ValidationError(f"{', '.join(taken)}. Give these cases another slug. Nothing was changed.")


def load_criteria(pack: Pack, changes: Changes) -> dict[str, Criterion]:
    wanted = {code: picked(criterion, CRITERION_FIELDS) for code, criterion in pack.criteria.items()}
    rows = {row.code: row for row in Criterion.objects.all()}
    return settle(Criterion, rows, wanted, lambda code: {"code": code}, "criteria", changes)


def load_frameworks(pack: Pack, criteria: Mapping[str, Criterion], changes: Changes) -> dict[str, Framework]:
    rows = {row.slug: row for row in Framework.objects.all()}
    wanted = {
        slug: {**picked(body, FRAMEWORK_FIELDS), "is_offered": True} for slug, body in pack.frameworks.items()
    }
    frameworks = settle(Framework, rows, wanted, lambda slug: {"slug": slug}, "frameworks", changes)
    steps = {
        (slug, step["slug"]): {"position": position, **picked(step, STEP_FIELDS)}
        for slug, body in pack.frameworks.items()
        for position, step in enumerate(body["steps"], 1)
    }
    known = Step.objects.filter(framework__in=frameworks.values()).select_related("framework")
    rows_of_steps = {(row.framework.slug, row.slug): row for row in known.prefetch_related("criteria")}
    delete_absent(rows_of_steps, steps, "steps", changes)
    settled = settle(
        Step,
        rows_of_steps,
        steps,
        lambda key: {"framework": frameworks[key[0]], "slug": key[1]},
        "steps",
        changes,
    )
    for slug, body in pack.frameworks.items():
        for step in body["steps"]:
            row = settled[slug, step["slug"]]
            codes = {criteria[code].pk for code in step["criteria"]}
            if {criterion.pk for criterion in row.criteria.all()} != codes:
                row.criteria.set(codes)
                changes["steps", "changed"] += (slug, step["slug"]) in rows_of_steps
    return frameworks


def load_cases(pack: Pack, changes: Changes) -> dict[str, CaseStudy]:
    rows = {row.slug: row for row in CaseStudy.objects.filter(slug__in=pack.cases).defer("search")}
    wanted = {slug: case_fields(case) for slug, case in pack.cases.items()}
    return settle(CaseStudy, rows, wanted, lambda slug: {"slug": slug}, "cases", changes)


def case_fields(case: Case) -> dict[str, Any]:
    document = {key: value for key, value in case.items() if key != "pack"}
    return {
        **picked(document, CASE_FIELDS),
        "pack": case["pack"],
        "content_hash": content_hash(document),
    }


def picked(body: Mapping[str, object], fields: Iterable[str]) -> dict[str, Any]:
    return {field: body[field] for field in fields}


def load_parts(
    pack: Pack, cases: Mapping[str, CaseStudy], criteria: Mapping[str, Criterion], changes: Changes
) -> None:
    """Bring facts, hints, follow-ups and expectations of these cases up to date."""
    facts: dict[Any, dict[str, Any]] = {}
    hints: dict[Any, dict[str, Any]] = {}
    follow_ups: dict[Any, dict[str, Any]] = {}
    expectations: dict[Any, dict[str, Any]] = {}
    for slug, case in pack.cases.items():
        owner = cases[slug].pk
        for position, fact in enumerate(case["facts"], 1):
            facts[owner, fact["id"]] = {"position": position, **picked(fact, ("ask", "answer", "terms"))}
        for dimension, ladder in case["hints"].items():
            for rung, text in enumerate(ladder, 1):
                hints[owner, dimension, rung] = {"text": text}
        for position, item in enumerate(case["follow_ups"], 1):
            tied = {"criterion_id": criteria[item["criterion"]].pk, "ask": item["ask"]}
            follow_ups[owner, item["id"]] = {"position": position, **tied}
        for expected in case["expectations"]:
            values = picked(expected, ("weight", "statement", "rule"))
            values["criterion_id"] = criteria[expected["criterion"]].pk
            expectations[owner, expected["id"]] = values
    owners = [case.pk for case in cases.values()]
    keyed = ("case_id", "key")
    settle_parts(Fact, owners, keyed, facts, "facts", changes)
    settle_parts(Hint, owners, ("case_id", "dimension", "rung"), hints, "hints", changes)
    settle_parts(FollowUp, owners, keyed, follow_ups, "follow-ups", changes)
    settle_parts(Expectation, owners, keyed, expectations, "expectations", changes)


def settle_parts(
    model: type[models.Model],
    owners: list[int],
    key_fields: tuple[str, ...],
    wanted: Mapping[Any, Mapping[str, Any]],
    what: str,
    changes: Changes,
) -> None:
    """Make these cases' rows of one kind say what is wanted, and delete those that are gone."""
    found = model._default_manager.filter(case_id__in=owners)
    rows = {tuple(getattr(row, field) for field in key_fields): row for row in found}
    delete_absent(rows, wanted, what, changes)
    settle(model, rows, wanted, lambda key: dict(zip(key_fields, key, strict=True)), what, changes)


def load_guide(pack: Pack, criteria: Mapping[str, Criterion], changes: Changes) -> None:
    """Bring the pages of the guide up to date, with the criteria each teaches."""
    rows = {row.slug: row for row in GuidePage.objects.defer("search").prefetch_related("criteria")}
    wanted = {slug: page_fields(page) for slug, page in pack.guide.items()}
    settled = settle(GuidePage, rows, wanted, lambda slug: {"slug": slug}, "guide pages", changes)
    for slug, page in pack.guide.items():
        codes = {criteria[code].pk for code in page["criteria"]}
        if {criterion.pk for criterion in settled[slug].criteria.all()} != codes:
            settled[slug].criteria.set(codes)


def page_fields(page: Page) -> dict[str, Any]:
    example = page["example"]
    prose = [page["body"], example["title"], example["body"], *page["say"], *page["pitfalls"]]
    return {
        **picked(page, PAGE_FIELDS),
        "text": " ".join(to_text(passage) for passage in prose),
        "is_shown": True,
        # Which criteria a page teaches counts, not in which order it lists them.
        "content_hash": content_hash({**page, "criteria": sorted(page["criteria"])}),
    }


def withdraw_absent(pack: Pack, changes: Changes) -> None:
    """Take off the shelf what the pack no longer has; interviews keep what they were held with."""
    gone = CaseStudy.objects.filter(pack__in=pack.covers).exclude(slug__in=pack.cases)
    for case in gone.exclude(status=Status.WITHDRAWN).only("pk"):
        case.status = Status.WITHDRAWN
        case.save(update_fields=["status"])
        changes["cases", "withdrawn"] += 1
    closed = Framework.objects.exclude(slug__in=pack.frameworks).filter(is_offered=True)
    for framework in closed if pack.is_whole else ():
        framework.is_offered = False
        framework.save(update_fields=["is_offered"])
        changes["frameworks", "withdrawn"] += 1
    left = GuidePage.objects.shown().exclude(slug__in=pack.guide).only("pk")
    for page in left if pack.is_whole else ():
        page.is_shown = False
        page.save(update_fields=["is_shown"])
        changes["guide pages", "hidden"] += 1


def load_rubrics(
    pack: Pack, cases: Mapping[str, CaseStudy], frameworks: Mapping[str, Framework], changes: Changes
) -> None:
    """Put a rubric in force for each case and framework; the ones before it stay as they are."""
    known = Rubric.objects.filter(case__in=cases.values(), framework__in=frameworks.values()).defer("body")
    rows = {(row.case_id, row.framework_id, row.hash): row for row in known}
    current = {(row.case_id, row.framework_id): row for row in rows.values() if row.is_current}
    for slug, case in cases.items():
        for name, framework in frameworks.items():
            body = compile_rubric(pack, name, slug)
            digest = rubric_hash(body)
            pair = (case.pk, framework.pk)
            before = current.get(pair)
            if before is not None and before.hash == digest:
                continue
            Rubric.objects.filter(case=case, framework=framework, is_current=True).update(is_current=False)
            # A text that was changed and changed back: its old rubric is in force again.
            if again := rows.get((*pair, digest)):
                Rubric.objects.filter(pk=again.pk).update(is_current=True)
            else:
                Rubric.objects.create(case=case, framework=framework, hash=digest, body=body)
            changes["rubrics", "put in force"] += 1


def settle(
    model: type[Row],
    rows: Mapping[Any, Row],
    wanted: Mapping[Any, Mapping[str, Any]],
    identify: Callable[[Any], dict[str, Any]],
    what: str,
    changes: Changes,
) -> dict[Any, Row]:
    """Add what is missing and change what differs; return the row of every key wanted."""
    settled: dict[Any, Row] = {}
    added: list[Row] = []
    for key, values in wanted.items():
        row = rows.get(key)
        if row is None:
            settled[key] = model(**identify(key), **values)
            added.append(settled[key])
            continue
        settled[key] = row
        differing = [field for field, value in values.items() if getattr(row, field) != value]
        if differing:
            for field in differing:
                setattr(row, field, values[field])
            row.save(update_fields=differing)
            changes[what, "changed"] += 1
    if added:
        model._default_manager.bulk_create(added)
        changes[what, "added"] += len(added)
    return settled


def delete_absent(
    rows: Mapping[Any, models.Model], wanted: Iterable[Any], what: str, changes: Changes
) -> None:
    """Delete the rows whose key is no longer wanted; nothing above the library points at them."""
    gone = [row for key, row in rows.items() if key not in set(wanted)]
    for row in gone:
        row.delete()
    if gone:
        changes[what, "removed"] += len(gone)

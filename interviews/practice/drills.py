"""Drills: some minutes on one step of one case, in words, read by the engine on that step alone."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from casestudies.models import CaseStudy, Framework, Rubric
from interviews import access
from interviews.models import CriterionScore, Drill, Source
from interviews.scoring import Rubric as ReadRubric
from interviews.scoring import Submission as ReadSubmission
from interviews.scoring import score
from interviews.scoring.values import rubric_hash

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)
MINUTES = (5, 7, 10)
LONGEST_NOTES = 20_000


def narrowed(body: Mapping[str, Any], step: str) -> dict[str, Any]:
    """Return a compiled rubric cut down to what is read from words in one step.

    ValidationError when nothing is.
    """
    words = {criterion["code"] for criterion in body["criteria"] if criterion["source"] == "text"}
    found = next((one for one in body["framework"]["steps"] if one["slug"] == step), None)
    codes = [code for code in found["criteria"] if code in words] if found else []
    if not found or not codes:
        raise ValidationError("This step has nothing that is read from words. Choose another one.")
    return {
        **body,
        "framework": {**body["framework"], "steps": [{**found, "criteria": codes}]},
        "criteria": [one for one in body["criteria"] if one["code"] in codes],
        "expectations": [one for one in body["expectations"] if one["criterion"] in codes],
    }


def drillable(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps of a compiled rubric in which something is read from words, each with its criteria."""
    by_code = {one["code"]: one for one in body["criteria"] if one["source"] == "text"}
    steps = [
        {**step, "criteria": [by_code[code] for code in step["criteria"] if code in by_code]}
        for step in body["framework"]["steps"]
    ]
    return [step for step in steps if step["criteria"]]


def rubric_for(case: CaseStudy, framework: Framework | None = None) -> Rubric:
    """Return the rubric in force for a case, under a framework or the first one on offer."""
    current = Rubric.objects.current().filter(case=case).select_related("framework")
    if framework is not None:
        found = current.filter(framework=framework).first()
    else:
        offered = current.filter(framework__is_offered=True)
        preferred = offered.filter(framework__slug="seven-step").first()
        found = preferred or offered.order_by("framework__position").first()
    if found is None:
        raise ValidationError("There is no rubric for this case. Ask for load_content to be run.")
    return found


def step_of(body: Mapping[str, Any], criterion: str) -> str:
    """Return the step of a criterion that is read from words; nothing when it has none."""
    for step in drillable(body):
        if any(one["code"] == criterion for one in step["criteria"]):
            return str(step["slug"])
    return ""


def start(
    user: "User", case: CaseStudy, rubric: Rubric, *, step: str, focus: str, minutes: int, now: datetime
) -> Drill:
    """Begin a drill and return it; its rubric is kept as it is now."""
    if minutes not in MINUTES:
        raise ValidationError("A drill takes 5, 7 or 10 minutes.")
    body = narrowed(rubric.body, step)
    codes = {one["code"] for one in body["criteria"]}
    return Drill.objects.create(
        user=user,
        case=case,
        framework=rubric.framework,
        step=step,
        focus=focus if focus in codes else "",
        minutes=minutes,
        rubric=body,
        rubric_hash=rubric_hash(body),
        started_at=now,
    )


def save(drill: Drill, notes: str) -> None:
    """Keep what is written so far; ValidationError once it is handed in, or when it is too long."""
    notes = readable(notes)
    if not Drill.objects.filter(pk=drill.pk, handed_in_at=None).update(notes=notes):
        raise ValidationError(Drill.IMMUTABLE)


def readable(notes: str) -> str:
    notes = notes.replace("\x00", "").replace("\r\n", "\n")
    if len(notes) > LONGEST_NOTES:
        raise ValidationError(f"Notes of a drill have at most {LONGEST_NOTES:,} characters. Shorten them.")
    return notes


def hand_in(drill: Drill, notes: str, *, now: datetime) -> Drill:
    """Freeze the words, then read them; a second call changes nothing.

    Reading takes some ten milliseconds, so nobody waits for a worker. Should it fail, the words are kept
    and `read` may be called again.
    """
    notes = readable(notes)
    if not notes.strip():
        raise ValidationError("There is nothing written yet. A sentence or two is enough to be read.")
    Drill.objects.filter(pk=drill.pk, handed_in_at=None).update(notes=notes, handed_in_at=now)
    drill.refresh_from_db()
    return read(drill)


def read(drill: Drill) -> Drill:
    """Score a drill that is handed in and has no report yet, and return it; written once."""
    if drill.handed_in_at is None or drill.report is not None:
        return drill
    case = {"id": drill.case.slug, "title": drill.case.title, "prompt": drill.case.prompt}
    try:
        found = score(
            ReadSubmission(case=case, answers={drill.step: drill.notes}), ReadRubric.from_json(drill.rubric)
        )
    except Exception:
        log.exception("drill %s could not be read", drill.pk)
        return drill
    report = found.to_json()
    Drill.objects.filter(pk=drill.pk, report__isnull=True).update(
        report=report,
        engine_version=report["engine_version"],
        level=next((one["level"] for one in report["steps"] if one["slug"] == drill.step), None),
        levels_then=levels_then(drill),
    )
    drill.refresh_from_db()
    return drill


def levels_then(drill: Drill) -> dict[str, int | None]:
    """Return what the criteria of a drill had in the newest scored attempt of its case, {} without one."""
    codes = [one["code"] for one in drill.rubric["criteria"]]
    attempts = access.scores_open_to(drill.user).filter(case=drill.case_id)
    scores = CriterionScore.objects.filter(
        scorecard__submission__interview__in=attempts, scorecard__source=Source.ENGINE, criterion__in=codes
    )
    newest = scores.order_by("-scorecard__submission__at", "-scorecard__created_at").first()
    if newest is None:
        return {}
    return dict(
        CriterionScore.objects.filter(scorecard=newest.scorecard_id, criterion__in=codes).values_list(
            "criterion", "level"
        )
    )


def latest(user: "User") -> QuerySet[Drill]:
    """Return a person's drills, newest first, without what they are read by."""
    listed = Drill.objects.filter(user=user).select_related("case", "framework")
    return listed.defer("rubric", "report", "notes", "case__reference", "case__run_sheet").order_by(
        "-started_at"
    )

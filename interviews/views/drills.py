"""Drills: choosing a step, some minutes with one field for notes, and what the engine makes of them."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casestudies.models import CaseStudy, Framework, GuidePage
from interviews import access, report_page
from interviews.models import Drill, Interview
from interviews.practice import drills as practice
from interviews.views.asking import PersonRequest, words_of

PAGE = 20
NOTHING_DRAWN: dict[str, Any] = {"nodes": [], "edges": []}


def drill_or_404(request: PersonRequest, drill_id: UUID) -> Drill:
    mine = Drill.objects.select_related("case", "framework", "user")
    spoilers = (f"case__{name}" for name in access.SPOILER_COLUMNS)
    return access.own_or_404(request.user, mine.defer(*spoilers), pk=drill_id)


@login_required
@require_safe
def drills(request: PersonRequest) -> HttpResponse:
    page = Paginator(practice.latest(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "practice/drills.html", {"page": page})


def offered_cases(request: PersonRequest) -> tuple[list[CaseStudy], list[CaseStudy]]:
    """Return the cases a person has tried, the latest first, and all others on offer."""
    tried_ids = list(
        dict.fromkeys(
            Interview.objects.of_candidate(request.user)
            .done()
            .order_by("-created_at")
            .values_list("case_id", flat=True)[:60]
        )
    )
    cases = {case.pk: case for case in CaseStudy.objects.published().for_cards()}
    tried = [cases.pop(pk) for pk in tried_ids if pk in cases]
    return tried, list(cases.values())


def chosen_case(request: PersonRequest, cases: list[CaseStudy]) -> CaseStudy:
    """Return the case of the request, else the first; Http404 for one that is not on offer."""
    slug = request.POST.get("case") or request.GET.get("case")
    found = next((case for case in cases if not slug or case.slug == slug), None)
    if found is None:
        raise Http404("There is no such case. Choose one from the library.")
    return found


def chosen_framework(request: PersonRequest) -> Framework | None:
    slug = request.POST.get("framework") or request.GET.get("framework")
    return Framework.objects.filter(slug=slug).first() if slug else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_drill(request: PersonRequest) -> HttpResponse:
    """Offer the steps of a case; a POST starts the drill on the chosen one."""
    tried, others = offered_cases(request)
    case = chosen_case(request, [*tried, *others])
    asked = request.POST if request.method == "POST" else request.GET
    focus, given = asked.get("criterion", ""), asked.get("minutes", "5")
    rubric, steps, step, error = None, [], asked.get("step", ""), ""
    try:
        rubric = practice.rubric_for(case, chosen_framework(request))
        steps = practice.drillable(rubric.body)
        step = step or practice.step_of(rubric.body, focus)
        if request.method == "POST":
            minutes = int(given) if given in map(str, practice.MINUTES) else 0
            now = timezone.now()
            return redirect(
                practice.start(request.user, case, rubric, step=step, focus=focus, minutes=minutes, now=now)
            )
    except ValidationError as refusal:
        error = words_of(refusal)
    context = {
        "case": case,
        "tried": tried,
        "others": others,
        "steps": steps,
        "step": step or (steps[0]["slug"] if steps else ""),
        "focus": focus,
        "framework": rubric.framework if rubric else None,
        "minutes": practice.MINUTES,
        "error": error,
    }
    return render(request, "practice/new_drill.html", context, status=422 if error else 200)


@login_required
@require_safe
def drill(request: PersonRequest, drill_id: UUID) -> HttpResponse:
    """Show a drill: its field while it runs, afterwards what was read, with the level then and now."""
    found = drill_or_404(request, drill_id)
    if found.handed_in_at is None:
        return render(request, "practice/drill.html", running_context(found))
    if found.report is None:
        return render(request, "practice/drill_read.html", {"drill": found, "step": step_of(found)})
    return render(request, "practice/drill_read.html", read_context(found))


def step_of(found: Drill) -> dict[str, Any]:
    """Return the step of a drill as its rubric has it."""
    step: dict[str, Any] = found.rubric["framework"]["steps"][0]
    return step


def running_context(found: Drill) -> dict[str, Any]:
    spent = (timezone.now() - found.started_at).total_seconds()
    context: dict[str, Any] = {
        "drill": found,
        "step": step_of(found),
        "criteria": found.rubric["criteria"],
        "budget": found.minutes * 60,
        "spent": round(spent, 1),
        "left": max(0, found.minutes * 60 - spent),
    }
    if access.may_see_spoilers(found.user, found.case):
        context["facts"] = list(found.case.facts.order_by("position").values_list("ask", "answer"))
    return context


def read_context(found: Drill) -> dict[str, Any]:
    """Return what is shown of a drill that has been read."""
    step = step_of(found)
    answers, titles = {found.step: found.notes}, {found.step: step["title"]}
    report = found.report or {}
    sections = report_page.sections(report, found.rubric, answers, NOTHING_DRAWN, titles, {})
    now = {entry["code"]: entry["level"] for entry in report["criteria"]}
    names = {one["code"]: one["name"] for one in found.rubric["criteria"]}
    spent = (found.handed_in_at - found.started_at).total_seconds() if found.handed_in_at else 0
    return {
        "drill": found,
        "step": step,
        "section": sections[0],
        "notes": report_page.marked_notes(report, answers, titles),
        "levels": [
            {"code": code, "name": names[code], "then": found.levels_then.get(code), "now": level}
            for code, level in now.items()
        ],
        "flags": report["flags"],
        "spent": spent,
        "guide": GuidePage.objects.titles(),
    }


@login_required
@require_POST
def save(request: PersonRequest, drill_id: UUID) -> HttpResponse:
    """Keep what is written so far, and say so in a word."""
    found = drill_or_404(request, drill_id)
    try:
        practice.save(found, request.POST.get("notes", ""))
    except ValidationError as refusal:
        return HttpResponse(words_of(refusal), status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse("Saved", content_type="text/plain; charset=utf-8")


@login_required
@require_POST
def hand_in(request: PersonRequest, drill_id: UUID) -> HttpResponse:
    """Freeze the notes and read them; asked again, only what has not been read is read."""
    found = drill_or_404(request, drill_id)
    if found.handed_in_at is not None:
        return redirect(practice.read(found))
    notes = request.POST.get("notes", "")
    try:
        return redirect(practice.hand_in(found, notes, now=timezone.now()))
    except ValidationError as refusal:
        context = running_context(found) | {"error": words_of(refusal), "written": notes}
        return render(request, "practice/drill.html", context, status=422)

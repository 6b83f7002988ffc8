"""The library, its cases and the frameworks they are read under."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from casestudies import access, asks
from casestudies.forms import FilterForm, areas_of
from casestudies.models import CaseStudy, Criterion, Dimension, Framework, GuidePage, Hint
from casestudies.models.case import MINUTES
from casestudies.views.pictures import readable

# What the form of a new interview offers first, and its levels; the app above checks what is sent.
FRAMEWORK = "seven-step"
# How many pages of the guide a search among the cases shows below them.
MOST_BESIDE = 6
LEVELS = (("mid", "Mid"), ("senior", "Senior"), ("staff", "Staff"))


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Show the cases that fit the filter in the address; htmx asks for the list alone."""
    listed = CaseStudy.objects.listed_for(request.user)
    results = asks.results_for(request.user)
    form = FilterForm(request.GET)
    form.is_valid()
    words = form.words()
    found = list(form.narrow(listed, set(results)).for_cards(words))
    context = {
        "form": form,
        "words": words,
        "pages": GuidePage.objects.speaking_of(words)[:MOST_BESIDE] if words else [],
        "cards": [(case, results.get(case.pk)) for case in found],
        "total": listed.count(),
        "tried": len(results),
        "is_filtered": bool(form.query()),
        "dimensions": assessed_dimensions(),
    }
    status = 422 if form.errors else 200
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        response = render(request, "casestudies/library.html#list", context, status=status)
        query = form.query()
        response = push_url(response, f"{request.path}?{query}" if query else request.path)
    else:
        context["areas"] = areas_of(listed)
        response = render(request, "casestudies/library.html", context, status=status)
    # One address, two answers: without this the Back button may show the list without its page.
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def surprise(request: HttpRequest) -> HttpResponse:
    """Go to some case that fits the filter, one not yet tried if there is one."""
    results = asks.results_for(request.user)
    form = FilterForm(request.GET)
    form.is_valid()
    fitting = form.narrow(CaseStudy.objects.published(), set(results))
    choice = list(fitting.values_list("pk", "slug"))
    fresh = [slug for pk, slug in choice if pk not in results] or [slug for _, slug in choice]
    if not fresh:
        return redirect(f"{reverse('casestudies:list')}?{form.query()}")
    return redirect("casestudies:case", slug=secrets.choice(fresh))


@require_safe
def case(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a case: its prompt and how to start, and what is behind it to those for whom it is open."""
    study, is_open = access.case_or_404(request.user, slug)
    offered = list(Framework.objects.offered().with_steps())
    context: dict[str, Any] = {
        "case": study.face(),
        "frameworks": offered,
        "framework": next((view.slug for view in offered if view.slug == FRAMEWORK), ""),
        "levels": LEVELS,
        "minutes": MINUTES,
        "result": asks.results_for(request.user).get(study.pk),
        "is_open": is_open,
    }
    # What is closed is not in the context at all: a template cannot give away what it does not have.
    if is_open:
        context |= spoilers(study)
    return render(request, "casestudies/case.html", context)


@require_safe
def frameworks(request: HttpRequest) -> HttpResponse:
    return render(
        request, "casestudies/frameworks.html", {"frameworks": Framework.objects.offered().with_steps()}
    )


@require_safe
def framework(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a framework: its steps, their minutes, and every criterion with its five anchors."""
    view = access.framework_or_404(slug)
    context = {
        "framework": view,
        "others": Framework.objects.offered().exclude(pk=view.pk),
        "spoken": Criterion.objects.with_guide().filter(source="person").order_by("code"),
    }
    return render(request, "casestudies/framework.html", context)


def spoilers(study: CaseStudy) -> dict[str, Any]:
    """Return everything about a case that is closed until an attempt was submitted."""
    full = CaseStudy.objects.with_spoilers().get(pk=study.pk)
    names = dict(Dimension.choices)
    return {
        "requirements": full.requirements,
        "facts": full.facts.all(),
        "ladders": ladders(full),
        "follow_ups": full.follow_ups.all(),
        "expectations": full.expectations.all(),
        "rubric": rubric_by_dimension(),
        "answers": [(slug, names[slug], text) for slug, text in ordered(full.reference.get("answers", {}))],
        "board_picture": readable(asks.board_picture(full)),
        "curveball": full.curveball,
        "mistakes": full.mistakes,
    }


def ladders(study: CaseStudy) -> list[tuple[str, str, list[Hint]]]:
    """Return the hints of a case as (dimension, its name, rungs), in the order of the dimensions."""
    rungs: dict[str, list[Hint]] = {}
    for hint in study.hints.all():
        rungs.setdefault(hint.dimension, []).append(hint)
    return [(d.value, d.label, rungs[d.value]) for d in Dimension if d.value in rungs]


def rubric_by_dimension() -> list[tuple[str, str, list[Criterion]]]:
    """Return the bank of criteria as (dimension, its name, criteria): one query."""
    criteria: dict[str, list[Criterion]] = {}
    for criterion in Criterion.objects.with_guide().order_by("code"):
        criteria.setdefault(criterion.dimension, []).append(criterion)
    return [(d.value, d.label, criteria[d.value]) for d in Dimension if d.value in criteria]


def ordered(answers: dict[str, str]) -> list[tuple[str, str]]:
    return [(d.value, answers[d.value]) for d in Dimension if d.value in answers]


def assessed_dimensions() -> list[tuple[str, str]]:
    return [choice for choice in Dimension.choices if choice[0] != Dimension.COMMUNICATION]

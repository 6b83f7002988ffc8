"""The guide: its pages in order, a search over them and over the cases, and each page."""

from itertools import groupby
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from casestudies import access, asks
from casestudies.forms import SearchForm
from casestudies.models import CaseStudy, GuidePage
from casestudies.models.case import LISTED
from casestudies.models.guide import Group
from casestudies.views.pictures import readable

# Of its natural size at least; few boxes, so there is room for the small words too.
SHARE_OF_DRAWING = 0.85
# How many cases a search in the guide, and a page of it, name.
MOST_CASES = 6


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """Show the guide by groups, or what a search finds in it; htmx asks for the list alone."""
    form = SearchForm(request.GET)
    form.is_valid()
    words = form.words()
    context: dict[str, Any] = {"form": form, "words": words}
    if words:
        context |= found(request, words)
    else:
        context["sections"] = sections(list(GuidePage.objects.shown().for_cards()))
    status = 422 if form.errors else 200
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        response = render(request, "casestudies/guide.html#list", context, status=status)
        response = push_url(response, f"{request.path}?{form.query()}" if words else request.path)
    else:
        response = render(request, "casestudies/guide.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def found(request: HttpRequest, words: str) -> dict[str, Any]:
    """Return the pages and the cases that speak of the words, the best first."""
    listed = CaseStudy.objects.listed_for(request.user)
    return {
        "pages": GuidePage.objects.speaking_of(words),
        "cases": listed.matching(words).for_cards(words)[:MOST_CASES],
    }


def sections(shown: list[GuidePage]) -> list[tuple[str, str, list[GuidePage]]]:
    """Return pages that stand in the order of the guide as (group, its name, pages)."""
    return [
        (group, Group(group).label, list(members))
        for group, members in groupby(shown, key=lambda page: str(page.group))
    ]


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page of the guide: what it teaches, an example, a drawing, and where to go from there."""
    shown = access.page_or_404(slug)
    cards = list(GuidePage.objects.shown().for_cards())
    by_slug = {card.slug: card for card in cards}
    group = [card for card in cards if card.group == shown.group]
    place = [card.slug for card in group].index(shown.slug)
    criteria = list(shown.criteria.order_by("code"))
    context = {
        "page": shown,
        "picture": readable(asks.page_picture(shown), SHARE_OF_DRAWING),
        "group": Group(shown.group).label,
        "before": group[place - 1] if place else None,
        "after": group[place + 1] if place + 1 < len(group) else None,
        "see_also": [by_slug[other] for other in shown.see_also if other in by_slug],
        "criteria": criteria,
        "cases": cases_that_ask(request, [criterion.pk for criterion in criteria]),
    }
    return render(request, "casestudies/guide_page.html", context)


def cases_that_ask(request: HttpRequest, criteria: list[int]) -> list[CaseStudy]:
    """Return the cases that expect most of these criteria; which words they expect stays a spoiler."""
    if not criteria:
        return []
    listed = CaseStudy.objects.listed_for(request.user).filter(expectations__criterion__in=criteria)
    weighed = listed.annotate(asked=Sum("expectations__weight")).only(*LISTED)
    return list(weighed.order_by("-asked", "title")[:MOST_CASES])

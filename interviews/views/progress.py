"""A candidate's own progress: charts, what stands behind them, and what they practise for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from interviews import attendance
from interviews.forms import AimForm
from interviews.progress import crosstab, drawing, filters, page, plan, rows
from interviews.progress.charts import count
from interviews.progress.filters import Filters, address
from interviews.progress.next_case import suggest
from interviews.progress.tables import Table
from interviews.progress.values import EIGHT, ENOUGH, NAMES, Attempt, Reading
from interviews.views.asking import PersonRequest

PAGE = 20
STRIP = 12
MOST_RUNNING = 20


@login_required
@require_safe
def progress(request: PersonRequest) -> HttpResponse:
    return shown(request, None)


@login_required
@require_POST
def set_aim(request: PersonRequest) -> HttpResponse:
    """Keep what a person practises for; the plan is worked out from it."""
    form = AimForm(request.POST, instance=page.target_of(request.user)[0])
    if not form.is_valid():
        return shown(request, form)
    form.save()
    return redirect(f"{reverse('interviews:history')}#plan")


def shown(request: PersonRequest, form: AimForm | None) -> HttpResponse:
    """Return the progress page; with a form that could not be kept, it says why."""
    user, now = request.user, timezone.localtime()
    every = rows.attempts_of(user, now.tzinfo or timezone.get_current_timezone())
    wanted, problems = filters.read(request.GET, filters.FIXED, page.FILTERS)
    options = page.options_for(user)
    aim, target = page.target_of(user)
    running, unread = attendance.under_way(user, timezone.now(), most=MOST_RUNNING)
    context: dict[str, Any] = {
        "problems": problems,
        "form": form or AimForm(instance=aim),
        "plan": plan.plan(options, every, target, now.date()),
        "next": suggest(options, every, target, now.date()),
        "running": running,
        "unread": unread[:PAGE],
    }
    attempts: Sequence[Attempt]
    if every:
        attempts = wanted.chosen(every, now)
        context |= links(wanted, every) | listed(request, attempts, wanted)
        context["looked_at"], context["missed"] = page.missed_lately(user)
        context["lead"] = f"{count(len(every))} since {every[0].at:%-d %B %Y}."
    else:
        attempts = every = page.sample_attempts(now.tzinfo or timezone.get_current_timezone())
        context |= {"is_sample": True, "strip": strip(attempts)}
    context["attempts"] = attempts
    context["few"] = 0 < len(attempts) < ENOUGH
    context["charts"] = page.drawn(every, attempts, wanted, page.areas_of(options), now)
    wrong = form is not None and form.errors
    return render(
        request, "progress/progress.html", context, status=422 if wrong else 400 if problems else 200
    )


def here(**values: str) -> str:
    """Return the address of the progress page; in full, for it is also shown where a form was sent to."""
    return f"{reverse('interviews:history')}{address(**values)}"


def links(wanted: Filters, every: Sequence[Attempt]) -> dict[str, Any]:
    """Return the choices at the head of the page as (label, address, is it the one shown)."""

    def choice(name: str, default: str, offered: dict[str, str]) -> list[tuple[str, str, bool]]:
        now = wanted.get(name) or default
        return [
            (label, here(**{**wanted.values, name: "" if value == default else value}), value == now)
            for value, label in offered.items()
        ]

    sources = page.sources_of(every)
    return {
        "periods": choice("period", "all", dict(filters.PERIODS)),
        "sources": choice("source", "engine", sources) if len(sources) > 1 else [],
        "seen_choices": choice("seen", "", {"": "All", "out": "Leave out seen"})
        if any(attempt.seen for attempt in every)
        else [],
        "query": address(**wanted.values),
    }


@dataclass(frozen=True)
class Line:
    """An attempt in a list, in words: a page has dozens, and templates take ten times as long to find them.

    `named` is what the column of an attempt is called by whom it is read out to.
    """

    title: str
    day: str
    named: str
    when: str
    terms: str
    bars: str
    card: Reading | None
    scorecard: str
    replay: str


def lines(attempts: Sequence[Attempt]) -> list[Line]:
    """Return attempts as a list shows them."""
    nobody = str(UUID(int=0))
    roads = [reverse(f"interviews:{page}", args=[nobody]) for page in ("scorecard", "replay")]
    return [
        Line(
            one.title,
            f"{one.at:%-d %b}",
            f"{one.at:%-d %b, %Y}, {one.title}{', imported' if one.imported else ''}",
            f"{one.at:%-d %B %Y, %H:%M}",
            " · ".join(terms(one)),
            bars(one),
            one.by("engine"),
            *(road.replace(nobody, one.id) for road in roads),
        )
        for one in attempts
    ]


def terms(attempt: Attempt) -> Iterator[str]:
    """Yield under what terms an attempt was made, and what is to be known of its score."""
    yield from (attempt.framework_name, attempt.level)
    if attempt.seen:
        yield "seen before"
    if attempt.retry:
        yield "goes on from an earlier attempt"
    if attempt.imported:
        yield "imported"
    yield from (f"with {name}" for _, name in attempt.partners)


def bars(attempt: Attempt) -> str:
    levels = attempt.levels_by("engine")
    return drawing.strip(
        [(slug, NAMES[slug], level) for slug, level in zip_longest(EIGHT, levels[: len(EIGHT)])]
    )


def strip(attempts: Sequence[Attempt]) -> list[Line]:
    """Return the last attempts with their eight columns, the oldest first."""
    return lines(attempts[-STRIP:])


def listed(request: HttpRequest, attempts: Sequence[Attempt], wanted: Filters) -> dict[str, Any]:
    """Return the list of attempts, the newest first, a page of it."""
    part = Paginator(attempts[::-1], PAGE).get_page(request.GET.get("page"))
    before = here(**wanted.values, page=str(part.number - 1)) if part.has_previous() else ""
    after = here(**wanted.values, page=str(part.number + 1)) if part.has_next() else ""
    return {
        "strip": strip(attempts),
        "page": part,
        "listed": lines(list(part.object_list)),
        "newer": before,
        "older": after,
    }


@login_required
@require_safe
def chart_csv(request: PersonRequest, name: str) -> HttpResponse:
    """Return the table behind a chart, for the same attempts that the page shows."""
    if name not in page.CHARTS:
        raise Http404("There is no such table. The progress page links to those there are.")
    now = timezone.localtime()
    zone = now.tzinfo or timezone.get_current_timezone()
    every = rows.attempts_of(request.user, zone, with_steps=name == "minutes")
    wanted, problems = filters.read(request.GET, filters.FIXED, page.FILTERS)
    if problems:
        return HttpResponse(" ".join(problems), status=400, content_type="text/plain; charset=utf-8")
    library = page.areas_of(page.options_for(request.user)) if name == "areas" else {}
    return as_file(page.table_of(name, wanted.chosen(every, now), wanted, library, now))


@login_required
@require_safe
def ask(request: PersonRequest, form: str = "html") -> HttpResponse:
    """Answer one question about a person's own attempts: its address is the question."""
    now = timezone.localtime()
    zone = now.tzinfo or timezone.get_current_timezone()
    every = rows.attempts_of(request.user, zone, with_steps=request.GET.get("by", "").strip() == "step")
    offered = filters.choices(every)
    question, problems = crosstab.read(request.GET, offered)
    if not problems and question.refusal:
        problems = [question.refusal]
    attempts = question.filters.chosen(every, now)
    cells = [] if problems else crosstab.answer(question, attempts)
    if form == "csv":
        if problems:
            return HttpResponse(" ".join(problems), status=400, content_type="text/plain; charset=utf-8")
        return as_file(crosstab.table(question, cells))
    metric, full = crosstab.METRICS[question.metric], crosstab.scale(question, cells)
    draw = drawing.signed_bar if metric.signed else drawing.bar
    here = {"metric": question.metric, "by": question.by, **question.filters.values}
    context = {
        "question": question,
        "metric": metric,
        "problems": problems,
        "cells": [(cell, draw(cell.value / full)) for cell in cells],
        "overall": crosstab.overall(question, attempts) if cells else None,
        "presets": [(words, address(**values), values == here) for words, values in crosstab.PRESETS],
        "metrics": {name: one.label for name, one in crosstab.METRICS.items()},
        "rows": crosstab.BY,
        "row_label": crosstab.BY[question.by],
        "fields": [
            (name, filters.LABELS[name], offered[name], question.filters.get(name))
            for name in crosstab.FILTERS
            if offered[name]
        ],
        "filter_words": question.filters.words(offered),
        "query": address(**here),
        "attempts": len(attempts),
        "total": len(every),
    }
    return render(request, "progress/crosstab.html", context, status=400 if problems else 200)


def as_file(table: Table) -> HttpResponse:
    return HttpResponse(
        table.csv(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="progress-{table.name}.csv"',
            "Cache-Control": "private, no-store",
        },
    )

"""The review queue: one card at a time, answered in one's own words before anything else is shown."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casestudies.models import CaseStudy, Criterion, GuidePage
from interviews import access
from interviews.models import Grade, Review, ReviewCard
from interviews.practice import ladder, reviewing
from interviews.practice.cards import local_day
from interviews.views.asking import PersonRequest, words_of

PAGE = 40


def card_or_404(request: PersonRequest, card_id: int) -> ReviewCard:
    mine = reviewing.cards_of(request.user).select_related("case")
    return access.own_or_404(request.user, mine, pk=card_id)


def review_or_404(request: PersonRequest, review_id: int) -> Review:
    mine = Review.objects.filter(card__in=reviewing.cards_of(request.user)).select_related("card__case")
    return access.own_or_404(request.user, mine, by="card__user", pk=review_id)


def queue_context(request: PersonRequest) -> dict[str, Any]:
    """Return what is due today, with the first card to answer and a grade that can be taken back."""
    now = timezone.now()
    due = reviewing.due_for(request.user, now)
    card = due.cards[0] if due.cards else None
    return {
        "due": due,
        "card": card,
        "criterion": Criterion.objects.filter(code=card.criterion).first() if card else None,
        "guide": GuidePage.objects.titles() if card else {},
        "draft": card.reviews.filter(grade="").first() if card else None,
        "last": reviewing.last_graded(request.user, now),
    }


@login_required
@require_safe
def queue(request: PersonRequest) -> HttpResponse:
    return render(request, "practice/queue.html", queue_context(request))


@login_required
@require_safe
def cards(request: PersonRequest) -> HttpResponse:
    """List all cards of a person: what comes back when, what is learned, what was put away."""
    mine = reviewing.cards_of(request.user).select_related("case").only(*reviewing.LISTED)
    page = Paginator(mine.order_by("due_on", "pk"), PAGE).get_page(request.GET.get("page"))
    names = dict(Criterion.objects.values_list("code", "name"))
    context = {
        "page": page,
        "rows": [(card, names.get(card.criterion, card.criterion)) for card in page.object_list],
        "today": local_day(request.user, timezone.now()),
        "learned": ladder.LEARNED,
    }
    return render(request, "practice/cards.html", context)


@login_required
@require_POST
def answer(request: PersonRequest, card_id: int) -> HttpResponse:
    """Keep what was written to a card, then show what the rubric asks."""
    card = card_or_404(request, card_id)
    words = request.POST.get("answer", "")
    try:
        return redirect(reviewing.answer(card, words, now=timezone.now()))
    except ValidationError as refusal:
        context = queue_context(request) | {"error": words_of(refusal), "written": words}
        return render(request, "practice/queue.html", context, status=422)


@login_required
@require_safe
def review(request: PersonRequest, review_id: int) -> HttpResponse:
    """Show the back of a card: what the rubric asks, the reference where it is open, words then and now."""
    found = review_or_404(request, review_id)
    card = found.card
    criterion = Criterion.objects.filter(code=card.criterion).first()
    context: dict[str, Any] = {
        "review": found,
        "card": card,
        "criterion": criterion,
        "asked_level": min(4, card.level + 1),
        "then": reviewing.words_then(card),
        "before": card.reviews.exclude(pk=found.pk).exclude(answer="").order_by("-at")[:3],
        "guide": GuidePage.objects.titles(),
        "grades": [(Grade(slug), ladder.words(ladder.after(card.rung, slug)[1])) for slug in ladder.GRADES],
    }
    if access.may_see_spoilers(request.user, card.case):
        context |= reference_context(card)
    return render(request, "practice/review.html", context)


def reference_context(card: ReviewCard) -> dict[str, Any]:
    """Return what the case's reference says of a card's dimension, and what is expected on its criterion."""
    case = CaseStudy.objects.only("reference").get(pk=card.case_id)
    wanted = case.expectations.filter(criterion__code=card.criterion).order_by("-weight")
    return {
        "reference": case.reference.get("answers", {}).get(card.dimension, ""),
        "expected": list(wanted.values_list("statement", flat=True)),
    }


@login_required
@require_POST
def grade(request: PersonRequest, review_id: int) -> HttpResponse:
    found = review_or_404(request, review_id)
    given = request.POST.get("grade", "")
    if given not in Grade.values:
        messages.error(request, "Choose one of the four grades.")
        return redirect(found)
    reviewing.grade(found, given, now=timezone.now())
    return redirect("practice:queue")


@login_required
@require_POST
def undo(request: PersonRequest) -> HttpResponse:
    """Take the last grade of today back and show its card again."""
    try:
        return redirect(reviewing.undo(request.user, timezone.now()))
    except ValidationError as refusal:
        messages.error(request, words_of(refusal))
        return redirect("practice:queue")


@login_required
@require_POST
def tomorrow(request: PersonRequest) -> HttpResponse:
    """Put one card, or all that is due, off until tomorrow."""
    mine = reviewing.cards_of(request.user)
    chosen = request.POST.get("card", "")
    if chosen:
        mine = mine.filter(
            pk=int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
        )
    moved = reviewing.postpone(mine, request.user, timezone.now())
    messages.info(request, "It waits until tomorrow." if moved == 1 else "They wait until tomorrow.")
    return redirect("practice:queue")


@login_required
@require_POST
def put_away(request: PersonRequest, card_id: int) -> HttpResponse:
    reviewing.put_away(card_or_404(request, card_id))
    return redirect("practice:queue" if request.POST.get("to") == "queue" else "practice:cards")


@login_required
@require_POST
def bring_back(request: PersonRequest, card_id: int) -> HttpResponse:
    reviewing.bring_back(card_or_404(request, card_id), request.user, timezone.now())
    return redirect("practice:cards")

"""The library: what everybody may read of a case, and what is behind it for those to whom it is open."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from casestudies import access as library
from casestudies.models import CaseStudy
from interviews.api import answers
from interviews.api.callers import may, person_of
from interviews.models import Scope

router = Router(tags=["cases"])
LINE = ("slug", "title", "one_line", "kind", "area", "difficulty", "minutes", "tags")


def line(case: CaseStudy) -> dict[str, Any]:
    return {name: getattr(case, name) for name in LINE}


@router.get("", response=answers.CaseList, auth=may(Scope.READ_CASES), operation_id="list_cases")
def list_cases(request: HttpRequest) -> dict[str, Any]:
    """All cases of the library, by title."""
    cases = CaseStudy.objects.listed_for(person_of(request)).only(*LINE).order_by("title", "pk")
    return {"items": [line(case) for case in cases]}


@router.get("/{slug}", response=answers.Case, auth=may(Scope.READ_CASES), operation_id="read_case")
def read_case(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One case with its prompt; `spoilers` only when they are open to you, as on its page."""
    case, is_open = library.case_or_404(person_of(request), slug)
    return line(case) | {
        "prompt": case.prompt,
        "open": is_open,
        "spoilers": spoilers(case) if is_open else None,
    }


def spoilers(case: CaseStudy) -> dict[str, Any]:
    full = CaseStudy.objects.with_spoilers().get(pk=case.pk)
    return {
        "requirements": full.requirements,
        "facts": [{"key": one.key, "ask": one.ask, "answer": one.answer} for one in full.facts.all()],
        "hints": [
            {"dimension": one.dimension, "rung": one.rung, "text": one.text} for one in full.hints.all()
        ],
        "follow_ups": [{"criterion": one.criterion.code, "ask": one.ask} for one in full.follow_ups.all()],
        "expectations": [
            {"criterion": one.criterion.code, "weight": one.weight, "statement": one.statement}
            for one in full.expectations.all()
        ],
        "mistakes": full.mistakes,
        "curveball": full.curveball,
        "reference": full.reference,
    }

"""What the library asks of the app above it, by the names in settings, so that it need not import it.

Each has a quiet answer for when nobody is there: no results, spoilers closed, no picture.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from casestudies.models import CaseStudy, GuidePage

    Person = AbstractBaseUser | AnonymousUser


def asked(setting: str) -> Callable[..., Any] | None:
    name = getattr(settings, setting, "")
    answer: Callable[..., Any] | None = import_string(name) if name else None
    return answer


def results_for(person: "Person") -> dict[int, Any]:
    """Return this person's best result per case id: {"total": 68, "bars": [eight columns]}."""
    answer = asked("CASE_RESULTS")
    return dict(answer(person)) if answer and person.is_authenticated else {}


def may_see_spoilers(person: "Person", case: "CaseStudy") -> bool:
    """Whether facts, hints, rubric details and reference of this case are open to this person."""
    answer = asked("CASE_SPOILERS")
    return answer is not None and answer(person, case) is True


def board_picture(case: "CaseStudy") -> SafeString:
    """Return the reference board of a case as SVG, or nothing; the app above escapes its labels."""
    answer = asked("CASE_BOARD_SVG")
    return mark_safe(answer(case)) if answer else mark_safe("")


def page_picture(page: "GuidePage") -> SafeString:
    """Return the drawing of a page of the guide as SVG, or nothing; the app above escapes its labels."""
    answer = asked("GUIDE_BOARD_SVG")
    return mark_safe(answer(page)) if answer else mark_safe("")

"""Who may: the one way to a case for a person."""

import difflib
from typing import TYPE_CHECKING

from django.http import Http404

from casestudies import asks
from casestudies.models import CaseStudy, Framework, GuidePage
from casestudies.models.case import Status

if TYPE_CHECKING:
    from casestudies.asks import Person


def case_or_404(person: "Person", slug: str) -> tuple[CaseStudy, bool]:
    """Return a case, and whether its spoilers are open to this person.

    Drafts are there for staff only, and a withdrawn case for who has it open; to others they do not exist.
    """
    case = CaseStudy.objects.filter(slug=slug).first()
    if case is None or (case.status == Status.DRAFT and not getattr(person, "is_staff", False)):
        raise Http404(no_such_case(slug))
    is_open = asks.may_see_spoilers(person, case)
    if case.status == Status.WITHDRAWN and not is_open:
        raise Http404(no_such_case(slug))
    return case, is_open


def no_such_case(slug: str) -> str:
    """Return what to say of an address without a case, with the nearest published title if one is near."""
    titles = dict(CaseStudy.objects.published().values_list("slug", "title"))
    near = difflib.get_close_matches(slug, titles, 1)
    hint = f"Did you mean “{titles[near[0]]}”?" if near else "It may have another name now."
    return f"There is no case at this address. {hint} Every case is in the library."


def framework_or_404(slug: str) -> Framework:
    """Return a framework with its steps and criteria; one that is no longer offered can still be read."""
    framework: Framework | None = Framework.objects.with_criteria().filter(slug=slug).first()
    if framework is None:
        names = ", ".join(Framework.objects.offered().values_list("name", flat=True))
        raise Http404(f"There is no framework at this address. There are: {names or 'none yet'}.")
    return framework


def page_or_404(slug: str) -> GuidePage:
    """Return a page of the guide, which everybody may read; one whose file is gone does not exist."""
    page: GuidePage | None = GuidePage.objects.shown().defer("search", "text").filter(slug=slug).first()
    if page is None:
        titles = GuidePage.objects.titles()
        near = difflib.get_close_matches(slug, titles, 1)
        hint = f"Did you mean “{titles[near[0]]}”?" if near else "It may have another name now."
        raise Http404(f"There is no page of the guide at this address. {hint}")
    return page

"""What a request looks like to our views, and how a refusal is put into words."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from interviews.models import Interview


class HtmxRequest(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


class PersonRequest(HtmxRequest):
    """A request by somebody who is signed in, as `login_required` sees to."""

    user: User


def words_of(refusal: ValidationError) -> str:
    return " ".join(refusal.messages)


def plain_answer(request: HttpRequest, interview: Interview, error: str) -> HttpResponse:
    """Return where a form of the room leads without scripts: back to it, or to a page with the refusal."""
    if not error:
        return redirect("interviews:room", interview.pk)
    context = {"interview": interview, "reason": error}
    return render(request, "interviews/submit_refused.html", context, status=422)

"""What a request looks like to our views, and how a refusal is put into words."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class HtmxRequest(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


class PersonRequest(HtmxRequest):
    """A request by somebody who is signed in, as `login_required` sees to."""

    user: User


def words_of(refusal: ValidationError) -> str:
    return " ".join(refusal.messages)

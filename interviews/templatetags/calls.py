"""What the call's own part of a page has to know of the settings."""

from django import template
from django.conf import settings

from interviews.access import Seat
from interviews.calls import roster

register = template.Library()


@register.simple_tag
def relay() -> str:
    """Return "only" where calls always go through a relay, "offered" where a person may choose, else ""."""
    if settings.ICE_SERVERS.relay_only:
        return "only"
    return "offered" if settings.ICE_SERVERS.turn else ""


@register.simple_tag
def listens(seat: Seat) -> bool:
    """Return whether a person in this seat would only listen to the call."""
    return seat.role not in roster.SPEAKS

"""What the call's own part of a page has to know of the settings."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def relay() -> str:
    """Return "only" where calls always go through a relay, "offered" where a person may choose, else ""."""
    if settings.ICE_SERVERS.relay_only:
        return "only"
    return "offered" if settings.ICE_SERVERS.turn else ""

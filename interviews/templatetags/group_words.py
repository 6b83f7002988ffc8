"""How moments of a group are written on pages: in the zone of whoever reads, with the zone named."""

from datetime import datetime

from django import template

from interviews.groups import when

register = template.Library()


@register.filter
def in_zone(moment: datetime, zone: str) -> str:
    """Return a moment on the clocks of a zone: Tue 24 November 2026, 19:30 (Europe/Vienna)."""
    return when.shown(moment, zone)

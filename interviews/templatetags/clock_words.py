"""How times and shares are written on pages."""

from django import template

from interviews import clock

register = template.Library()


@register.filter
def as_clock(seconds: float) -> str:
    """Return seconds as a clock writes them: 5:07."""
    return clock.shown(seconds)


@register.filter
def as_percent(share: float) -> int:
    """Return a share as whole per cent between 0 and 100, for the classes of numbers.css."""
    return max(0, min(100, round(share * 100)))

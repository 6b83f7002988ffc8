"""How progress writes its numbers, and its pictures, on a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from interviews import rounding
from interviews.progress import tables

LATEST = 8
register = template.Library()
shown = register.filter("shown", tables.shown)
# What floatformat says, at a tenth of its price.
written = register.filter("written", rounding.written)


@register.filter
def drawing(svg: str) -> SafeString:
    """Return a picture of `progress.drawing` as markup; whatever people wrote in it is escaped there."""
    return mark_safe(svg)


@register.filter
def latest(table: tables.Table) -> str:
    """Return the newest few rows without their last column, in whole numbers, as the body of a table."""
    return tables.as_body([row[:-1] for row in table.newest(LATEST)], digits=0)

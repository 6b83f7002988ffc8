"""How progress writes its numbers, and its pictures, on a page."""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

from interviews.progress import tables

register = template.Library()
shown = register.filter("shown", tables.shown)


@register.filter
def drawing(svg: str) -> SafeString:
    """Return a picture of `progress.drawing` as markup; whatever people wrote in it is escaped there."""
    return mark_safe(svg)


@register.filter
def is_number(cell: tables.Cell) -> bool:
    return tables.is_number(cell)


@register.filter
def newest(table: tables.Table) -> list[Sequence[tables.Cell]]:
    return table.newest()

import json
from collections.abc import Mapping

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from casestudies.models.found import MARK_BEGINS, MARK_ENDS
from casestudies.prose import to_html

register = template.Library()


@register.filter
def page_markdown(text: str, shift: int = 0) -> SafeString:
    """Return a passage of the guide as safe HTML; its headings go down by `shift` levels."""
    return mark_safe(to_html(text, shift))


@register.filter
def marked(excerpt: str | None) -> SafeString:
    """Return the excerpt of a search with its hits marked, or nothing when nothing in it was hit."""
    if not excerpt or MARK_BEGINS not in excerpt:
        return mark_safe("")
    safe = str(escape(" ".join(excerpt.split())))
    return mark_safe(safe.replace(MARK_BEGINS, "<mark>").replace(MARK_ENDS, "</mark>"))


@register.filter
def hit_tags(marked_tags: str | None) -> list[SafeString]:
    """Return the tags that a search has hit, each with its hits marked."""
    if not marked_tags or MARK_BEGINS not in marked_tags:
        return []
    return [marked(str(tag)) for tag in json.loads(marked_tags) if MARK_BEGINS in str(tag)]


@register.filter
def guide_link(slug: str | None, titles: Mapping[str, str]) -> SafeString:
    """Return a link to a page of the guide, or nothing when there is no such page."""
    title = titles.get(slug or "")
    if not title:
        return mark_safe("")
    return format_html(
        '<a class="guide-link" href="{}">Guide: {}</a>', reverse("guide:page", args=[slug]), title
    )

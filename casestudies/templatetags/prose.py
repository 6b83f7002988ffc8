from django import template
from django.utils.safestring import SafeString, mark_safe

from casestudies.prose import to_html

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Return Markdown as safe HTML."""
    return mark_safe(to_html(text))

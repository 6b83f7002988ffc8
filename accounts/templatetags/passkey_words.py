"""What pages have to know of passkeys."""

from typing import Any

from django import template

from accounts import passkeys

register = template.Library()


@register.simple_tag(takes_context=True)
def passkeys_work(context: dict[str, Any]) -> bool:
    """Say whether browsers offer passkeys at the address this page was opened by."""
    return passkeys.work_here(context["request"])

"""A candidate's own levels beside others' on the scorecard."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(values: Mapping[str, Any] | None, key: str) -> Any:
    """Return what a table of values holds for a dimension or criterion, None where it holds nothing."""
    return values.get(key) if values else None

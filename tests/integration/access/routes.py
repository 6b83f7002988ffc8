"""Every address of the site, by its name."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

Route = tuple[str, Callable[[dict[str, Any]], str], set[str]]


def routes() -> Iterator[Route]:
    """Yield name, address (as a function of what stands in it) and the names of what stands in it."""
    yield from _under(get_resolver(), (), "/")


def _under(resolver: URLResolver, spaces: tuple[str, ...], before: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _under(pattern, inner, path)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*spaces, pattern.name or path)), _filled(path), set(_NAMES.findall(path))


_NAMES = re.compile(r"<(?:\w+:)?(\w+)>")


def _filled(path: str) -> Callable[[dict[str, Any]], str]:
    return lambda values: _NAMES.sub(lambda found: str(values[found[1]]), path)

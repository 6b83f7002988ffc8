"""Full text search over rows that have a `search` column: English, words in their stems, best first.

The column also holds the words as they are written, so that one that is still being typed finds them too.
"""

import re
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db import models
from django.db.models.functions import Cast

CONFIG, AS_WRITTEN = "english", "simple"
# Of the private use area: no text of ours has them, and no browser shows them.
MARK_BEGINS, MARK_ENDS = "\ue000", "\ue001"
# A word that may still be being typed: the last one, when nothing says it is finished.
HALF_TYPED = re.compile(r"(?:^|\s)([^\W\d_]\w{1,39})\Z")
OPERATORS = re.compile(r'["|]|(?:^|\s)-|\b(?:or|and)\b', re.IGNORECASE)

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def asked(words: str) -> Any:
    """Return what people typed as a query: all words, "phrases", -without; the last may be half typed."""
    query: Any = SearchQuery(words, config=CONFIG, search_type="websearch")
    half = HALF_TYPED.search(words)
    if half is None or OPERATORS.search(words):
        return query
    begun: Any = SearchQuery(f"{half[1]}:*", config=CONFIG, search_type="raw")
    begun |= SearchQuery(f"{half[1]}:*", config=AS_WRITTEN, search_type="raw")
    before = words[: half.start(1)].strip()
    if before:
        begun = SearchQuery(before, config=CONFIG, search_type="websearch") & begun
    return query | begun


def matching(rows: Rows, words: str) -> Rows:
    """Return the rows that hold all words, those first that hold them in their title."""
    query = asked(words)
    ranked = rows.filter(search=query).annotate(rank=SearchRank(models.F("search"), query))
    return ranked.order_by("-rank", "title", "pk")


def with_excerpt(rows: Rows, field: str, words: str) -> Rows:
    """Return the rows with `excerpt`, a short passage of a field in which the words stand."""
    return rows.annotate(excerpt=_headline(field, words, max_fragments=1, max_words=24, min_words=12))


def with_marked_tags(rows: Rows, words: str) -> Rows:
    """Return the rows with `marked_tags`, their tags as one text in which the words are marked."""
    tags = Cast("tags", models.TextField())
    return rows.annotate(marked_tags=_headline(tags, words, highlight_all=True))


def _headline(expression: Any, words: str, **how: Any) -> SearchHeadline:
    return SearchHeadline(
        expression,
        asked(words),
        config=CONFIG,
        start_sel=MARK_BEGINS,
        stop_sel=MARK_ENDS,
        **how,
    )

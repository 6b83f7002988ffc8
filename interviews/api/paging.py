"""Long lists a page at a time: a cursor says after which row to go on, so nothing is missed or told twice."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from ninja import Field, Schema
from ninja.errors import HttpError

BAD = "This cursor is none of ours. Leave it out to begin anew."


class Page(Schema):
    """Which part of a list is wanted."""

    cursor: str = Field("", max_length=200, description="`next` of the page before; nothing for the first.")
    limit: int = Field(50, ge=1, le=200)


def read(cursor: str) -> tuple[datetime, UUID]:
    """Return the moment and id of the row a cursor stands behind; HttpError when it is none of ours."""
    try:
        at, pk = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=="))
        moment = parse_datetime(at)
        if moment is None or moment.tzinfo is None:
            raise ValueError(at)
        return moment, UUID(pk)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise HttpError(422, BAD) from error


def written(at: datetime, pk: UUID) -> str:
    words = json.dumps([at.isoformat(), str(pk)]).encode()
    return base64.urlsafe_b64encode(words).decode().rstrip("=")


def newest_first(
    rows: QuerySet[Any], page: Page, *, moment: str, as_json: Callable[[list[Any]], list[dict[str, Any]]]
) -> dict[str, Any]:
    """Return a page of rows by a moment of theirs, newest first: {"items": […], "next": cursor or null}."""
    if page.cursor:
        at, pk = read(page.cursor)
        rows = rows.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at}, pk__lt=pk))
    found = list(rows.order_by(f"-{moment}", "-pk")[: page.limit + 1])
    shown = found[: page.limit]
    last = shown[-1] if len(found) > page.limit else None
    return {
        "items": as_json(shown),
        "next": written(getattr(last, moment), last.pk) if last is not None else None,
    }

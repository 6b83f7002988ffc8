"""What is asked of PostgreSQL about people at boards, in statements that are put together once.

A whole room comes at the same time when a server comes back, and everybody's rights are asked for again
every second. Putting the queries together anew each time took longer than PostgreSQL did.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from interviews.models import Interview, Participant, Role
from whiteboard.models import Board

if TYPE_CHECKING:
    from accounts.models import User

# Rights follow from five rows (session, seat, person, interview, board's epoch). PostgreSQL writes a new
# version of a row for every change, at a place (ctid) and with a number (xmin) of its own. Only that a strict
# clock has run out is in no row.
_MARKS = """
SELECT w.place, concat_ws('.', p.ctid, p.xmin, i.ctid, i.xmin, u.ctid, u.xmin, b.epoch,
    i.strict AND i.started_at + i.paused_for
        + make_interval(secs => i.minutes * 60 + i.extra_seconds) <= %s)
FROM unnest(%s::text[], %s::bigint[], %s::uuid[]) WITH ORDINALITY AS w (key, person, board, place)
JOIN {session} s ON s.session_key = w.key AND s.expire_date > %s
JOIN {interview} i ON i.board_id = w.board
JOIN {board} b ON b.id = i.board_id
JOIN {participant} p ON p.interview_id = i.id AND p.user_id = w.person AND p.removed_at IS NULL
JOIN {user} u ON u.id = p.user_id AND u.is_active
    AND NOT (u.is_guest AND u.guest_until IS NOT NULL AND u.guest_until <= %s)
"""
_SESSIONS = "SELECT session_key, session_data FROM {session} WHERE session_key = ANY(%s) AND expire_date > %s"
_SEATS = """
SELECT p.role, {columns}
FROM {participant} p
JOIN {interview} i ON i.id = p.interview_id
JOIN {board} b ON b.id = i.board_id
JOIN {user} u ON u.id = p.user_id
WHERE p.user_id = ANY(%s) AND i.board_id = ANY(%s) AND p.removed_at IS NULL AND u.is_active
"""
# The columns that rights and names follow from; should others be asked for, Django reads them then.
_WANTED = {
    "i": {
        "id", "state", "board_id", "strict", "minutes", "extra_seconds", "started_at", "paused_for",
    },
    "b": {"id", "seq", "epoch"},
    "u": {
        "id", "username", "first_name", "last_name", "email", "password", "display_name",
        "is_active", "is_guest", "guest_until",
    },
}  # fmt: skip


@cache
def _models() -> dict[str, Any]:
    return {"i": Interview, "b": Board, "u": get_user_model()}


@cache
def _names(letter: str) -> tuple[str, ...]:
    """Return the wanted columns of a model in its own order, as `from_db` takes them."""
    fields = _models()[letter]._meta.concrete_fields
    return tuple(field.attname for field in fields if field.attname in _WANTED[letter])


@cache
def _statement(text: str) -> str:
    quote = connection.ops.quote_name
    tables: dict[str, Any] = {
        "session": Session, "interview": Interview, "board": Board, "participant": Participant,
        "user": get_user_model(),
    }  # fmt: skip
    columns = ", ".join(f"{letter}.{quote(name)}" for letter in _WANTED for name in _names(letter))
    return text.format(
        columns=columns, **{name: quote(model._meta.db_table) for name, model in tables.items()}
    )


def _ask(text: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(text), values)
        return cursor.fetchall()


def marks_at_boards(wanted: Sequence[tuple[str | None, int, UUID]]) -> list[str | None]:
    """Return a mark for each (session key, user, board): the same again when the seat is as it was.

    None when there may be no seat any more.
    """
    now = timezone.now()
    marks: list[str | None] = [None] * len(wanted)
    keys, people, boards = ([each[at] for each in wanted] for at in range(3))
    for place, mark in _ask(_MARKS, now, keys, people, boards, now, now):
        marks[place - 1] = mark
    return marks


def living_sessions(keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what is in those of the sessions that are not over."""
    rows = _ask(_SESSIONS, list(keys), timezone.now())
    return {key: Session(session_key=key, session_data=data).get_decoded() for key, data in rows}


def seated(users: Collection[int], boards: Collection[UUID]) -> Iterator[tuple["User", Interview, Role]]:
    """Yield who of these people sits at which of these boards, as what; no guest whose visit is over."""
    ends: list[int] = []
    for letter in _WANTED:
        ends.append((ends[-1] if ends else 1) + len(_names(letter)))
    for row in _ask(_SEATS, list(users), list(boards)):
        starts = [1, *ends]
        interview, board, user = (
            _models()[letter].from_db("default", _names(letter), row[start:end])
            for letter, start, end in zip(_WANTED, starts, ends, strict=False)
        )
        if not user.guest_visit_is_over():
            interview.board = board
            yield user, interview, Role(row[0])

"""A session as one person's calendar shows it."""

from collections.abc import Iterable

from django.conf import settings

from casestudies.models import Dimension
from interviews.groups import tokens
from interviews.groups.calendars import Address, Entry, calendar_file
from interviews.models import GroupSeat, GroupSession, Role

AREAS = dict(Dimension.choices)


def part(role: str, areas: Iterable[str]) -> str:
    """Return in a sentence what somebody does in a session."""
    if role == Role.INTERVIEWER:
        names = [str(AREAS.get(area, area)) for area in areas]
        which = f" for {', '.join(names)}" if 0 < len(names) < len(AREAS) - 1 else ""
        return f"You are an interviewer{which}."
    return {Role.CANDIDATE: "You are the candidate."}.get(Role(role), "You observe.")


def entry(session: GroupSession, seat: GroupSeat | None) -> Entry:
    """Return a session as an entry; never with its case, which calendars would show to anybody."""
    link = tokens.absolute(session.get_absolute_url())
    role = part(seat.role, seat.areas) if seat else ""
    terms = (
        f"{session.minutes} minutes, {session.framework.name.lower()}, {session.get_level_display().lower()}."
    )
    return Entry(
        uid=f"{session.pk}@mockboard",
        sequence=session.sequence,
        changed_at=session.changed_at,
        starts_at=session.starts_at,
        minutes=session.minutes,
        summary=f"Mock interview: {session.group.name}",
        description="\n".join(line for line in (role, terms, link) if line),
        url=link,
        cancelled=session.cancelled_at is not None,
        answer=seat.answer if seat else "",
    )


def file_of(entries: Iterable[Entry], *, method: str, name: str = "", to: Address | None = None) -> bytes:
    """Return the calendar file of entries; `to` names the person a request or a cancellation is for."""
    return calendar_file(
        entries, method=method, name=name, organizer=sender() if to is not None else None, attendee=to
    )


def sender() -> Address:
    """Return this server as the organizer: the address its mails come from."""
    name, _, rest = str(settings.DEFAULT_FROM_EMAIL).rpartition("<")
    return Address(name.strip() or "Mockboard", rest.rstrip("> "))

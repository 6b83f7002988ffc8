"""Sessions as calendar files (RFC 5545), the same for a download, a mail and a feed. Plain Python.

Times are in UTC, which every calendar shows in its owner's zone. No entry says which case it will be.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
PARTSTAT = {"yes": "ACCEPTED", "maybe": "TENTATIVE", "no": "DECLINED"}


@dataclass(frozen=True)
class Entry:
    """One session in somebody's calendar. `sequence` grows with each change; `uid` never changes."""

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    minutes: int
    summary: str
    description: str
    url: str
    cancelled: bool = False
    # What its reader said about coming: "yes", "maybe", "no", or nothing yet.
    answer: str = ""


@dataclass(frozen=True)
class Address:
    name: str
    email: str


def one_line(words: str) -> str:
    """Return words with every control character and line break turned into a space."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())


def calendar_file(
    entries: Iterable[Entry],
    *,
    method: str = PUBLISH,
    name: str = "",
    organizer: Address | None = None,
    attendee: Address | None = None,
) -> bytes:
    """Return a calendar with these entries. A request or a cancellation names who sends and who gets it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Mockboard//Groups//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", one_line(name))
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("sequence", entry.sequence)
        event.add("dtstamp", entry.changed_at)
        event.add("last-modified", entry.changed_at)
        event.add("dtstart", entry.starts_at)
        event.add("dtend", entry.starts_at + timedelta(minutes=entry.minutes))
        event.add("summary", one_line(entry.summary))
        event.add("description", entry.description)
        event.add("url", entry.url)
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        if organizer is not None:
            event.add("organizer", _address(organizer))
        if attendee is not None:
            event.add("attendee", _attendee(attendee, entry))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _attendee(of: Address, entry: Entry) -> vCalAddress:
    """Return the reader as one whose answer is asked for on the page: nobody reads one sent by mail."""
    address = _address(of)
    address.params["partstat"] = vText(PARTSTAT.get(entry.answer, "NEEDS-ACTION"))
    address.params["rsvp"] = vText("FALSE")
    return address


def _address(of: Address) -> vCalAddress:
    address = vCalAddress(f"mailto:{one_line(of.email).replace(' ', '')}")
    address.params["cn"] = vText(one_line(of.name))
    return address

"""Calendar files, read back by a parser."""

from dataclasses import replace
from datetime import UTC, datetime

from icalendar import Calendar

from interviews.groups.calendars import CANCEL, REQUEST, Address, Entry, calendar_file, one_line

ENTRY = Entry(
    uid="1@mockboard",
    sequence=0,
    changed_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    starts_at=datetime(2026, 11, 24, 18, 30, tzinfo=UTC),
    minutes=45,
    summary="Mock interview: Tuesdays",
    description="You are the candidate.\n45 minutes.",
    url="https://mock.example/groups/1/",
)


def test_an_entry_comes_back_as_it_was():
    [event] = Calendar.from_ical(calendar_file([ENTRY])).walk("VEVENT")
    assert event["UID"] == "1@mockboard"
    assert event["SEQUENCE"] == 0
    assert event.decoded("DTSTART") == ENTRY.starts_at
    assert (event.decoded("DTEND") - event.decoded("DTSTART")).seconds == 45 * 60
    assert event["DESCRIPTION"] == ENTRY.description
    assert event["STATUS"] == "CONFIRMED"


def test_a_cancellation_says_so_in_both_places():
    sent = calendar_file(
        [replace(ENTRY, sequence=3, cancelled=True)],
        method=CANCEL,
        organizer=Address("Mockboard", "mockboard@localhost"),
        attendee=Address("Ana", "ana@example.org"),
    )
    calendar = Calendar.from_ical(sent)
    assert calendar["METHOD"] == "CANCEL"
    [event] = calendar.walk("VEVENT")
    assert (event["UID"], event["STATUS"], event["SEQUENCE"]) == ("1@mockboard", "CANCELLED", 3)
    assert str(event["ATTENDEE"]) == "mailto:ana@example.org"


def test_names_cannot_begin_lines_of_their_own():
    wicked = 'Tuesdays\r\nATTENDEE:mailto:all@example.org\nX";CN=b'
    sent = calendar_file(
        [replace(ENTRY, summary=wicked, description=wicked)],
        method=REQUEST,
        name=wicked,
        organizer=Address(wicked, "a@example.org\r\nX-A:1"),
        attendee=Address(wicked, "b@example.org"),
    )
    calendar = Calendar.from_ical(sent)
    [event] = calendar.walk("VEVENT")
    assert str(event["ATTENDEE"]) == "mailto:b@example.org"
    assert b"\r\nX-A" not in sent
    assert b"\r\nATTENDEE:mailto:all" not in sent


def test_one_line_is_one_line():
    assert one_line(" a\r\nBcc: b\x00\u2028c\td ") == "a Bcc: b c d"

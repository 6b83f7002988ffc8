"""Notes as they read: made safe, stored nowhere, for who is in the room."""

import pytest
from django.urls import reverse

from interviews.models import Role
from tests.factories.interviews import seat
from tests.factories.rooms import small_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(candidate):
    return small_room(candidate)


def preview(browser, room, text):
    return browser.post(reverse("interviews:preview_notes", args=[room.pk]), {"text": text})


def test_markdown_reads_as_it_is_meant(room, candidate, client_of):
    page = preview(
        client_of(candidate), room, "# Goal\n\n- **lower** the losses\n- keep `p99`"
    ).content.decode()
    assert "<h3>Goal</h3>" in page
    assert "<li><strong>lower</strong> the losses</li>" in page
    assert "<code>p99</code>" in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](https://e.org/a.png)",
    ],
)
def test_nothing_that_runs_or_loads_comes_out(room, candidate, client_of, text):
    page = preview(client_of(candidate), room, text).content.decode()
    for bad in ("<script", "<img", 'href="javascript'):
        assert bad not in page


def test_empty_and_very_long_notes_say_what_they_are(room, candidate, client_of):
    browser = client_of(candidate)
    assert "Nothing written" in preview(browser, room, "  \n").content.decode()
    assert "The preview ends here" in preview(browser, room, "word " * 5000).content.decode()


def test_who_is_in_the_room_may_and_nobody_else(
    room, candidate, interviewer, observer, stranger, client_of, client
):
    seat(room, interviewer, Role.INTERVIEWER)
    seat(room, observer, Role.OBSERVER)
    for person in (candidate, interviewer, observer):
        assert preview(client_of(person), room, "Words").status_code == 200
    assert preview(client_of(stranger), room, "Words").status_code == 404
    assert preview(client, room, "Words").status_code == 302
    address = reverse("interviews:preview_notes", args=[room.pk])
    assert client_of(candidate).get(address).status_code == 405


def test_only_who_writes_has_the_tools_for_it(room, candidate, interviewer, client_of):
    seat(room, interviewer, Role.INTERVIEWER)
    address = reverse("interviews:room", args=[room.pk])
    own = client_of(candidate).get(address).content.decode()
    theirs = client_of(interviewer).get(address).content.decode()
    assert 'data-act="bold"' in own
    assert 'data-act="bold"' not in theirs
    for page in (own, theirs):
        assert 'data-act="preview"' in page
        assert "data-words" in page

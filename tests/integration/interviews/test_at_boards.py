"""The mark of a seat: the same while nothing about it changes, another as soon as something does."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from interviews.at_boards import marks_at_boards
from interviews.models import Interview, Participant, State
from whiteboard.models import Board

Wanted = tuple[str | None, int, UUID]


@pytest.fixture
def wanted(full_room: Interview, observer: User, client_of: Callable) -> Wanted:
    key = client_of(observer).session.session_key
    assert key
    return key, observer.pk, full_room.board_id


def mark_of(wanted: Wanted) -> str | None:
    [mark] = marks_at_boards([wanted])
    return mark


def test_a_seat_that_is_as_it_was_has_the_same_mark_found_in_one_query(
    wanted: Wanted, full_room: Interview, django_assert_num_queries: Callable
) -> None:
    mark = mark_of(wanted)
    assert mark
    Board.objects.filter(pk=full_room.board_id).update(seq=40)  # somebody draws
    with django_assert_num_queries(1):
        assert marks_at_boards([wanted, ("nobody's", *wanted[1:]), wanted]) == [mark, None, mark]


@pytest.mark.parametrize(
    "change",
    [
        lambda room, person: Participant.objects.filter(interview=room, user=person).update(
            role="interviewer"
        ),
        lambda room, person: Interview.objects.filter(pk=room.pk).update(state=State.SUBMITTED),
        lambda room, person: User.objects.filter(pk=person.pk).update(password="another"),
        lambda room, person: User.objects.filter(pk=person.pk).update(display_name="Another"),
        lambda room, person: Board.objects.filter(pk=room.board_id).update(epoch=2),
    ],
    ids=["role", "state", "password", "name", "epoch"],
)
def test_a_change_changes_the_mark(
    wanted: Wanted, full_room: Interview, observer: User, change: Callable
) -> None:
    before = mark_of(wanted)
    change(full_room, observer)
    after = mark_of(wanted)
    assert after
    assert after != before


@pytest.mark.parametrize(
    "change",
    [
        lambda room, person: Participant.objects.filter(interview=room, user=person).update(
            removed_at=timezone.now()
        ),
        lambda room, person: User.objects.filter(pk=person.pk).update(is_active=False),
        lambda room, person: User.objects.filter(pk=person.pk).update(
            is_guest=True, guest_until=timezone.now() - timedelta(seconds=1)
        ),
        lambda room, person: Session.objects.all().delete(),
        lambda room, person: Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1)),
    ],
    ids=["removed", "inactive", "guest whose visit is over", "signed out", "session too old"],
)
def test_who_may_have_lost_the_seat_has_no_mark(
    wanted: Wanted, full_room: Interview, observer: User, change: Callable
) -> None:
    change(full_room, observer)
    assert mark_of(wanted) is None


def test_other_boards_and_people_without_a_session_have_none(wanted: Wanted) -> None:
    key, person, board = wanted
    assert marks_at_boards([(key, person, uuid4()), (None, person, board), (key, 0, board)]) == [None] * 3
    assert marks_at_boards([]) == []

"""Interviews with people in them, as rows: what the site's own pages would have made.

Everybody has an account and a signed-in session. Of each room the first three draw: the candidate, who
alone writes notes, and two interviewers; the others watch, and point.
"""

from dataclasses import dataclass
from datetime import timedelta

ROLES = ("candidate", "interviewer", "interviewer")


@dataclass(frozen=True)
class Person:
    """Somebody with a seat: what their browser would send."""

    user_id: int
    role: str
    cookie: str  # "sessionid=…"


@dataclass(frozen=True)
class Place:
    """A room: its board, and who may come."""

    board_id: str
    interview_id: str
    people: tuple[Person, ...]
    epoch: int = 1

    @property
    def path(self) -> str:
        """Where its board's socket is."""
        return f"/ws/boards/{self.board_id}/?epoch={self.epoch}"


def rooms(count: int, people: int = 8) -> list[Place]:
    """Return new rooms of a running interview each, with that many people; needs Django set up."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.db import connection
    from django.utils import timezone
    from django.utils.crypto import get_random_string

    from accounts.models import User
    from casestudies.models import CaseStudy, Framework
    from interviews.models import Interview, Participant, State
    from whiteboard.models import Board

    now = timezone.now()
    case, _ = CaseStudy.objects.get_or_create(
        slug="bench",
        defaults={
            "title": "Bench",
            "kind": "classic",
            "difficulty": 1,
            "status": "published",
            "pack": "bench",
        },
    )
    framework, _ = Framework.objects.get_or_create(
        slug="bench", defaults={"name": "Bench", "summary": "One step.", "position": 99}
    )
    boards = Board.objects.bulk_create(Board() for _ in range(count))
    interviews = Interview.objects.bulk_create(
        Interview(
            case=case,
            framework=framework,
            board=board,
            state=State.RUNNING,
            created_at=now,
            started_at=now,
            minutes=180,
        )
        for board in boards
    )
    batch = get_random_string(8)
    users = [User(username=f"bench-{batch}-{n}", display_name=f"Person {n}") for n in range(count * people)]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users)
    roles = [ROLES[n] if n < len(ROLES) else "observer" for n in range(people)]
    Participant.objects.bulk_create(
        Participant(interview=interview, user=users[at * people + n], role=role, joined_at=now)
        for at, interview in enumerate(interviews)
        for n, role in enumerate(roles)
    )
    store = SessionStore()
    sessions = [
        Session(
            session_key=get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"),
            session_data=store.encode(
                {
                    SESSION_KEY: str(user.pk),
                    BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
                    HASH_SESSION_KEY: user.get_session_auth_hash(),
                }
            ),
            expire_date=now + timedelta(days=1),
        )
        for user in users
    ]
    Session.objects.bulk_create(sessions)
    connection.close()
    seated = [
        Person(user.pk, roles[n % people], f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
        for n, (user, session) in enumerate(zip(users, sessions, strict=True))
    ]
    return [
        Place(str(interview.board_id), str(interview.pk), tuple(seated[at * people : (at + 1) * people]))
        for at, interview in enumerate(interviews)
    ]

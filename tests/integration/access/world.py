"""One world for the whole matrix: eleven kinds of person, four rooms, and words that must not get about.

`home` and `away` are two rooms that know nothing of each other, each in the three states that matter:
running, handed in with its scorecards still closed, and with them open. The eleven are seen from `home`:
this candidate, interviewer and observer sit there, the other candidate and interviewer sit in `away`.
"""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from interviews import events, marking, scored_by_people, submitting, tasks
from interviews.belongings import requests
from interviews.models import (
    ApiToken,
    DraftLevel,
    EventKind,
    Interview,
    Invitation,
    Job,
    Mode,
    Participant,
    Role,
    Scope,
    Source,
)
from interviews.scored_by_people import Mark
from tests.factories.accounts import UserFactory
from tests.factories.interviews import seat
from tests.factories.passkeys import Device
from tests.factories.rooms import small_room
from tests.integration.access import groups
from tests.integration.interviews.drawing_aid import design
from whiteboard.models import Image, Version

ANONYMOUS, SHARE, TOKEN = "anonymous", "share viewer", "token"
CANDIDATE, INTERVIEWER, OBSERVER, REMOVED = "candidate", "interviewer", "observer", "removed"
OTHER_CANDIDATE, OTHER_INTERVIEWER = "other candidate", "other interviewer"
OWNER, STAFF = "group owner", "staff"
KINDS = (
    ANONYMOUS, SHARE, CANDIDATE, OTHER_CANDIDATE, INTERVIEWER, OTHER_INTERVIEWER, OBSERVER, OWNER, STAFF,
    TOKEN, REMOVED,
)  # fmt: skip
# Running; handed in and read; and with the scorecards opened to all.
LIVE, DONE, OPEN = "live", "done", "open"
STATES = (LIVE, DONE, OPEN)
HOME, AWAY = "home", "away"


@dataclass
class Room:
    """An interview, and what stands in its addresses."""

    interview: Interview
    names: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """Everybody's browser, and every room by place and state."""

    browsers: dict[str, Client]
    people: dict[str, User]
    rooms: dict[tuple[str, str], Room]
    # What stands in addresses that belong to no room.
    names: dict[str, Any]
    # Where a name stands for something else than in the other addresses.
    by_route: dict[str, dict[str, Any]]

    def arguments(self, name: str, wanted: set[str], place: str, state: str) -> dict[str, Any]:
        """Return what stands in a route's address; KeyError when a new name is not known here yet."""
        known = self.names | self.rooms[place, state].names | self.by_route.get(name, {})
        return {name: known[name] for name in wanted}


def build() -> World:
    """Make the world; the caller's transaction."""
    people = {
        CANDIDATE: UserFactory(display_name="Cleo"),
        INTERVIEWER: UserFactory(display_name="Ivo"),
        OBSERVER: UserFactory(display_name="Olga"),
        REMOVED: UserFactory(display_name="Remo"),
        OTHER_CANDIDATE: UserFactory(display_name="Cara"),
        OTHER_INTERVIEWER: UserFactory(display_name="Ines"),
        OWNER: UserFactory(display_name="Gale"),
        STAFF: UserFactory(display_name="Stef", is_staff=True),
    }
    casts = {
        HOME: (people[CANDIDATE], people[INTERVIEWER]),
        AWAY: (people[OTHER_CANDIDATE], people[OTHER_INTERVIEWER]),
    }
    rooms = {}
    for place, (candidate, interviewer) in casts.items():
        for state in STATES:
            rooms[place, state] = furnished(small_room(candidate), f"{place}-{state}", candidate, interviewer)
    for state in STATES:
        interview = rooms[HOME, state].interview
        seat(interview, people[OBSERVER], Role.OBSERVER)
        gone = seat(interview, people[REMOVED], Role.INTERVIEWER)
        Participant.objects.filter(pk=gone.pk).update(removed_at=timezone.now())
    for place, (candidate, interviewer) in casts.items():
        for state in (DONE, OPEN):
            hand_in(rooms[place, state].interview, f"{place}-{state}", candidate, interviewer)
        open_cards(rooms[place, OPEN].interview)
    export = requests.ask(people[CANDIDATE], now=timezone.now())
    tasks.run_job(export.job_id)
    token, secret = ApiToken.objects.issue(people[CANDIDATE], "one", list(Scope.values), timezone.now())
    home = rooms[HOME, OPEN].interview
    members = {Role.CANDIDATE: people[CANDIDATE], Role.INTERVIEWER: people[INTERVIEWER]}
    grouped, by_route = groups.group_with_session(
        people[OWNER], members, people[OTHER_CANDIDATE], rooms[AWAY, LIVE].interview
    )
    shared, by_share = groups.shares(people[CANDIDATE], home)
    by_route |= by_share | {
        "casestudies:framework": {"slug": "small"},
        "interviews:progress_csv": {"name": "attempts"},
    }
    names = grouped | shared | groups.practice(people[CANDIDATE], home)
    names |= {
        "token": "no-such-invitation",
        "token_id": token.pk,
        "export_id": export.pk,
        "passkey_id": Device().kept_by(people[CANDIDATE]).pk,
    }
    browsers = {kind: browser_of(person) for kind, person in people.items()}
    browsers |= {
        ANONYMOUS: Client(),
        SHARE: Client(),
        TOKEN: Client(headers={"Authorization": f"Bearer {secret}"}),
    }
    return World(browsers, people, rooms, names, by_route)


def browser_of(person: User) -> Client:
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def furnished(interview: Interview, name: str, candidate: User, interviewer: User) -> Room:
    """Fill a room with all that an address may name, and its case with words nobody should read too early."""
    now = timezone.now()
    Interview.objects.filter(pk=interview.pk).update(mode=Mode.PEER)
    interview.refresh_from_db()
    plant(interview, name)
    interviewing = seat(interview, interviewer, Role.INTERVIEWER)
    design(interview, notes={"clarify": f"CANARY-DESIGN-{name}", "data": "Only 0.2 % is fraud."})
    DraftLevel.objects.create(seat=interviewing, criterion="C01", level=2, why=f"CANARY-NOTE-{name}", at=now)
    note = {"text": f"CANARY-NOTE-{name}", "step": "clarify"}
    stamped = events.record(interview, EventKind.NOTE_STAMPED, actor=interviewer, now=now, payload=note)
    question = {"text": "How much is it?", "fact": None, "step": "clarify"}
    asked = events.record(interview, EventKind.ASKED, actor=candidate, now=now, payload=question)
    invitation, _ = Invitation.objects.issue(interview, Role.OBSERVER, candidate, now)
    version = Version.objects.create(board=interview.board, name="First", seq=1, author=candidate)
    image = Image.objects.create(
        board=interview.board, file_id=f"img-{'0' * 36}", content_type="image/png", width=1, height=1,
        data=b"\x89PNG", author=candidate,
    )  # fmt: skip
    names = {
        "interview_id": interview.pk,
        "question": asked.seq,
        "seq": stamped.seq,
        "participant_id": interviewing.pk,
        "invitation_id": invitation.pk,
        "version_id": version.pk,
        "file_id": image.file_id,
        "slug": interview.case.slug,
    }
    return Room(interview, names)


def plant(interview: Interview, name: str) -> None:
    """Write canaries wherever a case keeps what is closed: each word is found again in any answer."""
    case, word = interview.case, f"CANARY-CASE-{name}"
    case.facts.create(key="load", position=1, ask=word, answer=word, terms=["zzz"])
    case.hints.create(dimension="scope", rung=1, text="A hint that may be given.")
    case.hints.create(dimension="scope", rung=2, text=word)
    case.requirements = [{"id": "r", "text": word}]
    case.figures = {word: 1}
    case.curveball = {
        "change": "A change that may be given.",
        "minutes": 5,
        "expects": [word],
        "keeps": [word],
    }
    case.level_cues = {"mid": [word], "senior": [word], "staff": [word]}
    case.mistakes = [word]
    case.brief = {"idea": word, "weak_points": [word], "do_not_say": [word]}
    case.run_sheet = [{"minutes": 45, "dimension": "scope", "now": word, "say": word}]
    board = {
        "groups": [],
        "nodes": [{"id": "a", "label": word, "kind": "model", "at": [0, 0]}],
        "edges": [],
    }
    case.reference = {"answers": {"scope": word}, "board": board}
    case.save()


def hand_in(interview: Interview, name: str, candidate: User, interviewer: User) -> None:
    now = timezone.now()
    interview.board.refresh_from_db()
    submission = submitting.submit(interview, actor=candidate, now=now)
    marking.run(Job.objects.get(arguments__submission=submission.pk).pk)
    rubric = interview.case.rubrics.get()
    marks = {"C01": Mark(3, f"CANARY-CARD-{name}")}
    scored_by_people.write(submission, rubric, marks, source=Source.PERSON, author=interviewer, now=now)
    interview.refresh_from_db()


def open_cards(interview: Interview) -> None:
    """Open the scorecards of an interview to all, as they are once everybody has spoken."""
    now = timezone.now()
    Participant.objects.filter(interview=interview, removed_at=None).exclude(role=Role.OBSERVER).update(
        handed_in_at=now
    )
    Interview.objects.filter(pk=interview.pk).update(cards_opened_at=now)
    interview.refresh_from_db()

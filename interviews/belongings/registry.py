"""Every model of ours, with how its rows are exported and what becomes of them when a person is erased.

A test holds this against the models there are: one without an entry fails it, and so does one whose entry
says what its foreign keys do not do. For a new model add one entry:

- `exported`: the rows that are this person's own, as a function of the person; None where there are none to
  give, and `says` tells why. Its columns go into `data/<model>.json` of the export, but those in `hidden`,
  and with what the function adds to them under the names in `added`.
- `erased`: one of `Erased`. `scrub` (a function of person and time) is called before the person's row goes,
  for words of theirs that stand in rows which stay.

docs/privacy.md says the same to people; change it with this file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from interviews.belongings import scrubbing
from interviews.groups import people
from interviews.models import (
    Aim,
    ApiToken,
    Attempt,
    CalendarFeed,
    Calibration,
    DraftLevel,
    Drill,
    Event,
    Export,
    Group,
    GroupInvitation,
    GroupSeat,
    Interview,
    Invitation,
    Membership,
    Participant,
    Phase,
    Rating,
    Reveal,
    Review,
    ReviewCard,
    Role,
    Scorecard,
    Share,
    Source,
)
from interviews.models.interview import cards_are_open
from whiteboard.models import Image, Update, Version

Rows = Callable[[Any], QuerySet[Any]]
Scrub = Callable[[Any, datetime], None]


class Erased(Enum):
    """What becomes of a model's rows."""

    NOTHING_PERSONAL = "holds nobody's words or acts"
    WITH_PERSON = "goes with the person's row"
    WITH_INTERVIEW = "goes with the interviews and boards of which the person was the candidate"
    SCRUBBED = "stays with the interviews of others, without the person's name and words"
    BY_HAND = "has no foreign key to follow, and is deleted by the act that erases"


@dataclass(frozen=True)
class Entry:
    """How one model is exported and erased, and in a sentence why so."""

    erased: Erased
    says: str
    exported: Rows | None = None
    hidden: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    scrub: Scrub | None = None


def own_interviews(person: Any) -> QuerySet[Interview]:
    """Return the interviews that are a person's own: those they are, or were, the candidate of."""
    return Interview.objects.filter(participants__user=person, participants__role=Role.CANDIDATE)


def of_own(model: Any, path: str = "interview") -> Rows:
    """Return a function that gives the rows of a model that belong to a person's own interviews."""
    return lambda person: model.objects.filter(**{f"{path}__in": own_interviews(person)})


def by(model: Any, field: str) -> Rows:
    """Return a function that gives the rows of a model that name the person in `field`."""
    return lambda person: model.objects.filter(**{field: person})


LIBRARY = Entry(Erased.NOTHING_PERSONAL, "The library: what ships with Mockboard, the same for everybody.")
IN_RECORD = "In each interview's record (interviews/…/interview.json), not as a table."

REGISTRY: Mapping[str, Entry] = {
    "accounts.User": Entry(
        Erased.WITH_PERSON,
        "Name, address and settings; the password stays hidden.",
        exported=lambda person: get_user_model().objects.filter(pk=person.pk),
        hidden=("password", "is_superuser", "is_staff", "is_active"),
    ),
    **dict.fromkeys(
        (
            "casestudies.Criterion", "casestudies.Framework", "casestudies.Step", "casestudies.Rubric",
            "casestudies.CaseStudy", "casestudies.Fact", "casestudies.Hint", "casestudies.FollowUp",
            "casestudies.Expectation", "casestudies.GuidePage",
        ),
        LIBRARY,
    ),
    "whiteboard.Board": Entry(
        Erased.WITH_INTERVIEW, "The drawing is exported as a file per interview (board.excalidraw)."
    ),
    "whiteboard.Update": Entry(
        Erased.SCRUBBED,
        "The log of an own board is erased with it. What somebody else drew on a candidate's board is "
        "part of the candidate's design and stays, without a name; notes are written by the candidate alone.",
        exported=by(Update, "author"),
        hidden=("data",),
    ),
    "whiteboard.Snapshot": Entry(
        Erased.WITH_INTERVIEW, "A shortcut into the log, made from it; nothing of its own to export."
    ),
    "whiteboard.Version": Entry(
        Erased.SCRUBBED,
        "Moments with a name. On a board of somebody else the moment stays and its name goes.",
        exported=by(Version, "author"),
        scrub=scrubbing.version_names,
    ),
    "whiteboard.Image": Entry(
        Erased.SCRUBBED,
        "Pictures on an own board stand in its file. On somebody else's they stay in the drawing.",
        exported=by(Image, "author"),
        hidden=("data",),
    ),
    "interviews.ApiToken": Entry(
        Erased.WITH_PERSON,
        "Names, scopes, days of use and of expiry; the secret is stored hashed and not given out.",
        exported=by(ApiToken, "user"),
        hidden=("hash",),
    ),
    "interviews.Export": Entry(
        Erased.WITH_PERSON, "When exports were asked for; the files go too.", exported=by(Export, "user")
    ),
    "interviews.ExportPart": Entry(Erased.WITH_PERSON, "The exports themselves are not put into an export."),
    "interviews.Interview": Entry(
        Erased.WITH_INTERVIEW, "The candidate's, with all that is in it.", exported=own_interviews
    ),
    "interviews.Participant": Entry(
        Erased.WITH_PERSON,
        "One's seats in all interviews; the seats of others are theirs.",
        exported=by(Participant, "user"),
    ),
    "interviews.Invitation": Entry(
        Erased.SCRUBBED,
        "Links that were made; only their hash is stored. Without their maker they are revoked.",
        exported=by(Invitation, "created_by"),
        hidden=("token_hash",),
        scrub=scrubbing.invitations,
    ),
    "interviews.Job": Entry(
        Erased.BY_HAND, "Work the server did; numbers and states, and what came of it is exported itself."
    ),
    "interviews.Submission": Entry(
        Erased.SCRUBBED,
        IN_RECORD + " In that of another candidate, answers an interviewer gave in their own words go.",
        scrub=scrubbing.answers,
    ),
    "interviews.Scorecard": Entry(
        Erased.SCRUBBED,
        "Cards of own designs stand in the record. Cards one wrote for others are exported as a table; the "
        "levels stay with the candidate, the words go.",
        exported=lambda person: Scorecard.objects.filter(author=person, source=Source.PERSON),
        hidden=("rubric",),
        scrub=scrubbing.scorecards,
    ),
    "interviews.CriterionScore": Entry(Erased.SCRUBBED, "Part of a scorecard, and treated with it."),
    "interviews.Evidence": Entry(
        Erased.WITH_INTERVIEW, "Quotes of the candidate's own words; part of a scorecard."
    ),
    "interviews.Reveal": Entry(
        Erased.WITH_PERSON, "Cases opened before an interview.", exported=by(Reveal, "user")
    ),
    "interviews.DraftLevel": Entry(
        Erased.WITH_PERSON,
        "Levels an interviewer has not handed in yet.",
        exported=by(DraftLevel, "seat__user"),
    ),
    "interviews.Rating": Entry(
        Erased.WITH_PERSON,
        "What a candidate thought of an interviewer: exported to both, gone with either.",
        exported=lambda person: Rating.objects.filter(
            Q(seat__user=person) | Q(seat__interview__in=own_interviews(person))
        ),
    ),
    "interviews.Calibration": Entry(
        Erased.WITH_PERSON, "Levels given to samples for practice.", exported=by(Calibration, "user")
    ),
    "interviews.Group": Entry(
        Erased.SCRUBBED,
        "Its name. A group one owns passes to who joined first, and is deleted where nobody else is in it.",
        exported=lambda person: Group.objects.of_member(person),
        scrub=people.take_leave,
    ),
    "interviews.Membership": Entry(
        Erased.WITH_PERSON, "Groups one is in, and what one shares.", exported=by(Membership, "user")
    ),
    "interviews.GroupInvitation": Entry(
        Erased.SCRUBBED,
        "Invitations one made, revoked without their maker; one to the person's own address is deleted.",
        exported=by(GroupInvitation, "created_by"),
        hidden=("token_hash",),
    ),
    "interviews.CalendarFeed": Entry(
        Erased.WITH_PERSON, "Since when there is a calendar address.", exported=by(CalendarFeed, "user"),
        hidden=("token_hash",),
    ),
    "interviews.GroupSession": Entry(
        Erased.SCRUBBED, "When a group meets, and on which case; it is the group's, without who planned it."
    ),
    "interviews.GroupSeat": Entry(
        Erased.WITH_PERSON, "One's turns, answers and attendance.", exported=by(GroupSeat, "user")
    ),
    "interviews.SwapRequest": Entry(Erased.WITH_PERSON, "Whom one asked to change roles; no words."),
    "interviews.GroupMail": Entry(
        Erased.WITH_PERSON, "That a mail went out; its words are dropped once it has."
    ),
    "interviews.ReviewCard": Entry(
        Erased.WITH_PERSON,
        "Questions to come back to, and when; those of a scorecard that is not open yet come with it.",
        exported=lambda person: ReviewCard.objects.filter(cards_are_open("interview__"), user=person),
    ),
    "interviews.Review": Entry(
        Erased.WITH_PERSON, "Answers to review cards, with their grades.", exported=by(Review, "card__user")
    ),
    "interviews.Drill": Entry(
        Erased.WITH_PERSON,
        "Notes of a drill and what was read in them.",
        exported=by(Drill, "user"),
        hidden=("rubric",),
    ),
    "interviews.Share": Entry(
        Erased.WITH_PERSON,
        "Links to scorecards and replays with what they show; a link ends with its owner. The token is "
        "stored hashed and not given out.",
        exported=by(Share, "owner"),
        hidden=("token_hash", "recording"),
    ),
    "interviews.Aim": Entry(
        Erased.WITH_PERSON, "The day and level one practises for.", exported=by(Aim, "user")
    ),
    "interviews.Attempt": Entry(
        Erased.WITH_PERSON,
        "What progress is read from: figures of own interviews, made from what is exported itself.",
        exported=by(Attempt, "user"),
    ),
    "interviews.AttemptScore": Entry(
        Erased.WITH_INTERVIEW,
        "Levels of the scorecards of own interviews, which stand in their records.",
    ),
    "interviews.Phase": Entry(
        Erased.WITH_INTERVIEW, "The parts of the clock.", exported=of_own(Phase)
    ),
    "interviews.Event": Entry(
        Erased.SCRUBBED,
        "What one did, in all interviews, with the words one said. In the interviews of others it stays that "
        "something happened, and when; who did it and their words go.",
        exported=by(Event, "actor"),
        scrub=scrubbing.events_of,
    ),
}  # fmt: skip

# Models that other libraries bring and that name a person.
OF_LIBRARIES: Mapping[str, Entry] = {
    "admin.LogEntry": Entry(
        Erased.SCRUBBED, "Acts of administration; what names the person is cut.", scrub=scrubbing.admin_log
    ),
    "account.EmailAddress": Entry(Erased.WITH_PERSON, "The address, as in the profile."),
    "account.EmailConfirmation": Entry(Erased.WITH_PERSON, "A link that was mailed."),
    "mfa.Authenticator": Entry(
        Erased.WITH_PERSON,
        "Passkeys: what they are called, when they were added and used last; the keys are not given out.",
        exported=lambda person: Authenticator.objects.filter(user=person).annotate(name=KT("data__name")),
        hidden=("data",),
        added=("name",),
    ),
    "sessions.Session": Entry(Erased.BY_HAND, "Where one is signed in; a number and no words."),
}

__all__ = ["OF_LIBRARIES", "REGISTRY", "Entry", "Erased", "own_interviews"]

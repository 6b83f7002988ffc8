"""Who is in the call of an interview: places kept in the cache for some seconds, read by every process.

Each person has one place, under their own key, so nobody overwrites another's. Name, role and the right to be
there come from the database each time: a place whose owner has been removed is not seen by anybody.

Candidate and interviewers speak, observers listen. A listener has a place only where nobody who speaks and
has a seat would need it: observers crowd nobody out, and no listener goes because somebody comes late.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.core.cache import cache

from interviews.models import Participant, Role, State
from interviews.models.interview import LIVE_STATES

MOST = 4  # everybody sends to everybody, and five cameras are more than most lines carry
SPEAKS = (Role.CANDIDATE, Role.INTERVIEWER)
# Before the first one is ready the lobby's page is open already.
OPEN_STATES = (State.SCHEDULED, State.LOBBY, *LIVE_STATES)
# A place is renewed every few seconds while its socket is open, and waits as long for a page that lost it.
HELD_SECONDS = 20


@dataclass(frozen=True)
class Place:
    """What the cache knows: an id that browsers see, and the channel that leads to it, which they do not."""

    connection: str
    channel: str
    joined: float
    audio: bool
    video: bool
    listens: bool = False


@dataclass(frozen=True)
class Member:
    """Somebody in the call, as everybody in it sees them."""

    user_id: int
    name: str
    role: str
    place: Place

    def sender(self) -> dict[str, Any]:
        """Return who this is, for the head of a message."""
        return {"id": self.place.connection, "user": str(self.user_id), "name": self.name, "role": self.role}

    def shown(self) -> dict[str, Any]:
        place = self.place
        return self.sender() | {"audio": place.audio, "video": place.video, "listens": place.listens}


@dataclass(frozen=True)
class Roster:
    """`speakers` and `listeners` may be in the call as things stand, `members` are: the first of each."""

    speakers: frozenset[int]
    listeners: frozenset[int]
    members: tuple[Member, ...]

    @property
    def allowed(self) -> frozenset[int]:
        return self.speakers | self.listeners

    @property
    def most_listeners(self) -> int:
        """How many places the seated speakers leave, whether they are in the call or not."""
        return max(0, MOST - len(self.speakers))

    def is_full_for(self, user_id: int) -> bool:
        """Whether others have all the places there are for somebody like this person."""
        listens = user_id in self.listeners
        others = sum(one.place.listens == listens and one.user_id != user_id for one in self.members)
        return others >= (self.most_listeners if listens else MOST)

    def of(self, user_id: int) -> Member | None:
        return next((member for member in self.members if member.user_id == user_id), None)

    def at(self, connection: str) -> Member | None:
        return next((member for member in self.members if member.place.connection == connection), None)

    def shown_to(self, user_id: int) -> list[dict[str, Any]]:
        return [member.shown() for member in self.members] if user_id in self.allowed else []


def read(interview_id: UUID) -> Roster:
    """Return who is in the call now; one query and one question to the cache."""
    seats = list(
        Participant.objects.filter(
            interview_id=interview_id,
            removed_at=None,
            interview__state__in=OPEN_STATES,
            user__is_active=True,
        ).select_related("user")
    )
    speakers = frozenset(seat.user_id for seat in seats if seat.role in SPEAKS)
    listeners = frozenset(seat.user_id for seat in seats) - speakers
    held = cache.get_many([_key(interview_id, seat.user_id) for seat in seats])
    found = [
        Member(seat.user_id, seat.user.name, seat.role, Place(**place))
        for seat in seats
        if (place := held.get(_key(interview_id, seat.user_id))) is not None
    ]
    found.sort(key=lambda member: (member.place.joined, member.place.connection))
    # Who got another role since has no place: the one they had was for somebody who speaks, or who does not.
    speaking = [one for one in found if not one.place.listens and one.user_id in speakers]
    listening = [one for one in found if one.place.listens and one.user_id in listeners]
    empty = Roster(speakers, listeners, ())
    return replace(empty, members=(*speaking[:MOST], *listening[: empty.most_listeners]))


def keep(interview_id: UUID, user_id: int, place: Place) -> None:
    """Take or renew this person's place."""
    cache.set(_key(interview_id, user_id), asdict(place), HELD_SECONDS)


def held(interview_id: UUID, user_id: int) -> Place | None:
    """Return this person's place, whoever else is in the call."""
    place = cache.get(_key(interview_id, user_id))
    return Place(**place) if place is not None else None


def give_up(interview_id: UUID, user_id: int, channel: str) -> None:
    """Free this person's place if it still leads to `channel`."""
    place = held(interview_id, user_id)
    if place is not None and place.channel == channel:
        cache.delete(_key(interview_id, user_id))


def _key(interview_id: UUID, user_id: int) -> str:
    return f"call:{interview_id}:{user_id}"

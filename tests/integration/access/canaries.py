"""Words that somebody must not read yet, or ever, are in nothing that is sent to them.

Four kinds of canary stand in every room of the world: CASE (facts, hints, reference, brief, run sheet and
mistakes of its case), NOTE (what its interviewer stamps and drafts), CARD (what its interviewer writes on the
scorecard) and DESIGN (the candidate's notes). Every answer to every kind of person is searched for them.
"""

import re

from tests.integration.access.world import (
    AWAY,
    CANDIDATE,
    DONE,
    HOME,
    INTERVIEWER,
    OBSERVER,
    OPEN,
    OTHER_CANDIDATE,
    OTHER_INTERVIEWER,
    STAFF,
    STATES,
    TOKEN,
)

CANARY = re.compile(r"CANARY-(CASE|NOTE|CARD|DESIGN)-(home|away)-(live|done|open)")
Rooms = set[tuple[str, str]]


def rooms(place: str, *states: str) -> Rooms:
    return {(place, state) for state in states}


def of_candidate(place: str) -> dict[str, Rooms]:
    return {
        "DESIGN": rooms(place, *STATES),
        "CASE": rooms(place, DONE, OPEN),
        "CARD": rooms(place, OPEN),
    }


def of_interviewer(place: str) -> dict[str, Rooms]:
    return dict.fromkeys(("DESIGN", "CASE", "NOTE", "CARD"), rooms(place, *STATES))


# Who may read which canary in which rooms; who is not named here may read none.
READERS: dict[str, dict[str, Rooms]] = {
    CANDIDATE: of_candidate(HOME),
    TOKEN: of_candidate(HOME),
    INTERVIEWER: of_interviewer(HOME),
    OBSERVER: {"DESIGN": rooms(HOME, *STATES)},
    OTHER_CANDIDATE: of_candidate(AWAY),
    OTHER_INTERVIEWER: of_interviewer(AWAY),
    STAFF: {"CASE": rooms(HOME, *STATES) | rooms(AWAY, *STATES)},
}
# What those who are in the room at home must have read, or the search would prove nothing.
MUST_BE_SEEN = {
    INTERVIEWER: {("CASE", "live"), ("NOTE", "live"), ("CARD", "open")},
    CANDIDATE: {("CASE", "open"), ("CARD", "open"), ("DESIGN", "open")},
}


def canaries(text: str) -> set[tuple[str, str, str]]:
    """Return the canaries in a text: (which, place, state)."""
    return set(CANARY.findall(text))


def leaks(kind: str, text: str) -> set[tuple[str, str, str]]:
    """Return those that this kind of person may not read."""
    allowed = READERS.get(kind, {})
    return {
        (word, place, state)
        for word, place, state in canaries(text)
        if (place, state) not in allowed.get(word, set())
    }

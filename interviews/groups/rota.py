"""Whose turn it is: one candidate, up to two interviewers, observers. Plain Python.

The seat of a role goes to whoever has had it least recently; who never had it comes first, and of two who
never had it the one who joined first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

CANDIDATE, INTERVIEWER, OBSERVER = "candidate", "interviewer", "observer"
MOST_INTERVIEWERS = 2
# How two interviewers split the eight areas: what the system is for and learns, and what it does.
HALVES = (("scope", "framing", "data", "features"), ("model", "evaluation", "serving", "monitoring"))


@dataclass(frozen=True)
class Turn:
    """That a person had, or will have, a role at a moment."""

    person: int
    role: str
    at: datetime


@dataclass(frozen=True)
class Rota:
    """Who does what in one session; `candidate` is None only when nobody can come."""

    candidate: int | None
    interviewers: tuple[int, ...]
    observers: tuple[int, ...]

    def roles(self) -> dict[int, str]:
        """Return everybody's role by person."""
        roles = dict.fromkeys(self.observers, OBSERVER) | dict.fromkeys(self.interviewers, INTERVIEWER)
        return roles if self.candidate is None else roles | {self.candidate: CANDIDATE}

    def areas(self) -> dict[int, list[str]]:
        """Return the areas each interviewer looks after; all of them where there is only one."""
        return areas_of(self.interviewers)


def propose(
    people: Sequence[int],
    turns: Iterable[Turn],
    *,
    most_interviewers: int = MOST_INTERVIEWERS,
    kept: Mapping[int, str] | None = None,
    absent: Collection[int] = (),
) -> Rota:
    """Return who does what next.

    `people` stand in the order in which they joined. Those in `kept` keep their role; those who are
    `absent` get no turn and watch, should they come after all.
    """
    turns = list(turns)
    here = [person for person in people if person not in absent]
    kept = {person: role for person, role in (kept or {}).items() if person in here}
    candidate = next((person for person in here if kept.get(person) == CANDIDATE), None)
    interviewers = [person for person in here if kept.get(person) == INTERVIEWER][:most_interviewers]
    if candidate is None:
        # Who prepares to interview knows the case: asked last, so that it need not be chosen anew.
        free = [person for person in here if person not in interviewers] or here
        candidate = next(iter(by_turn(free, turns, CANDIDATE)), None)
        interviewers = [person for person in interviewers if person != candidate]
    others = [person for person in here if person != candidate and person not in interviewers]
    interviewers += by_turn(others, turns, INTERVIEWER)[: max(0, most_interviewers - len(interviewers))]
    watching = [person for person in people if person != candidate and person not in interviewers]
    return Rota(candidate, tuple(interviewers), tuple(watching))


def by_turn(people: Sequence[int], turns: Iterable[Turn], role: str) -> list[int]:
    """Return people with whoever had this role least recently first."""
    last: dict[int, datetime] = {}
    for turn in turns:
        if turn.role == role:
            last[turn.person] = max(turn.at, last.get(turn.person, turn.at))
    never = [person for person in people if person not in last]
    return never + sorted((person for person in people if person in last), key=lambda person: last[person])


def areas_of(interviewers: Sequence[int]) -> dict[int, list[str]]:
    """Return the areas each of one or two interviewers looks after."""
    if len(interviewers) < len(HALVES):
        return {person: [area for half in HALVES for area in half] for person in interviewers}
    return {person: list(half) for person, half in zip(interviewers, HALVES, strict=False)}

"""An attempt beside the one it went on from: what each criterion was worth before, and is now."""

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from interviews import access, clock
from interviews.models import EventKind, Interview, Scorecard, Source

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True)
class Line:
    """A criterion in both attempts; a level of None was not assessed there."""

    code: str
    name: str
    dimension: str
    before: int | None
    now: int | None

    @property
    def difference(self) -> int:
        return (self.now or 0) - (self.before or 0)

    @property
    def words(self) -> str:
        """The difference in words: +2, −1, new, same."""
        if self.before is None or self.now is None:
            return "same" if self.before == self.now else "new" if self.before is None else "not assessed"
        return signed(self.difference)


def shown(total: float) -> int:
    """Return a total as pages write it: halves go up."""
    return floor(total + 0.5)


def signed(difference: int) -> str:
    """Return a difference with its sign, as tables write it: +2, −1, same."""
    return f"{difference:+d}".replace("-", "−") if difference else "same"


@dataclass(frozen=True)
class Beside:
    """Two readings of two attempts by the same framework, the earlier one first."""

    before: Scorecard
    now: Scorecard
    since: Interview
    forked_at: str
    lines: list[Line]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.before != line.now]

    @property
    def same(self) -> list[Line]:
        return [line for line in self.lines if line.before == line.now]

    @property
    def difference(self) -> int | None:
        """Points of the total gained since, None when one of them has none."""
        if self.before.total is None or self.now.total is None:
            return None
        return shown(self.now.total) - shown(self.before.total)

    @property
    def words(self) -> str:
        return "–" if self.difference is None else signed(self.difference)

    @property
    def by_other_engine(self) -> bool:
        return self.before.engine_version != self.now.engine_version


def beside_before(user: "User | AnonymousUser", interview: Interview, card: Scorecard) -> Beside | None:
    """Return `card` beside that of the attempt before; None without one, or when it is not for this person.

    Somebody who was invited to the new attempt alone learns nothing of the old one.
    """
    if card.source != Source.ENGINE or interview.retry_of_id is None:
        return None
    if not access.may_see_scores(user, interview.retry_of_id):
        return None
    cards = Scorecard.objects.filter(
        submission__interview=interview.retry_of_id, source=Source.ENGINE, framework=card.framework_id
    )
    before = cards.select_related("submission__interview").order_by("-created_at").first()
    if before is None:
        return None
    return Beside(before, card, before.submission.interview, forked_at(interview), lines_of(before, card))


def forked_at(interview: Interview) -> str:
    """Return where on the old attempt's clock a new one went on, as the clock writes it."""
    payloads = interview.events.filter(kind=EventKind.STARTED).values_list("payload", flat=True)
    return clock.shown(int((payloads.first() or {}).get("at", 0)) // 1000)


def lines_of(before: Scorecard, now: Scorecard) -> list[Line]:
    """Return every criterion that either card knows, the most changed first, then in the card's own order."""
    levels = {entry["code"]: entry["level"] for entry in before.report["criteria"]}
    names = {criterion["code"]: criterion["name"] for criterion in now.rubric["criteria"]}
    lines = [
        Line(
            entry["code"],
            names.get(entry["code"], entry["code"]),
            entry["dimension"],
            levels.get(entry["code"]),
            entry["level"],
        )
        for entry in now.report["criteria"]
    ]
    lines = [line for line in lines if line.before is not None or line.now is not None]
    return sorted(lines, key=lambda line: -abs(line.difference))

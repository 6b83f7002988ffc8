"""Scoring a sample interview before a friend's: how far one's levels lie from those of its interviewer."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews.models import Calibration, Scorecard, Source, Submission
from interviews.peer import drafts
from interviews.peer.drafts import Change, Draft
from interviews.peer.ending import still_open

if TYPE_CHECKING:
    from accounts.models import User

# Within one level on four of five criteria: two careful readers of the same anchors get there.
ENOUGH = 0.8
# Who has read the reference remembers it; a sample counts again after this long.
FORGOTTEN = timedelta(days=30)


@dataclass(frozen=True)
class Distance:
    """One criterion by the reader and by the sample's interviewer."""

    code: str
    name: str
    dimension: str
    mine: int | None
    theirs: int
    my_why: str
    their_why: str

    @property
    def apart(self) -> int | None:
        """How much higher the reader is; None where the reader did not observe it."""
        return None if self.mine is None else self.mine - self.theirs

    @property
    def is_near(self) -> bool:
        return self.apart is not None and abs(self.apart) <= 1

    @property
    def words(self) -> str:
        if self.apart is None:
            return "not observed"
        return f"{self.apart:+d}".replace("-", "−") if self.apart else "same"


@dataclass(frozen=True)
class Offer:
    """A sample that can be scored, with what this person has made of it so far, the newest first."""

    submission: Submission
    open: Calibration | None
    done: list[Calibration]


def reference_of(submission: Submission) -> Scorecard | None:
    """Return the card of a sample's interviewer."""
    return submission.scorecards.filter(source=Source.PERSON).order_by("created_at").first()


def offers(user: "User") -> list[Offer]:
    """Return the samples that have an interviewer's card; two queries."""
    samples = (
        Submission.objects.filter(interview__is_sample=True, scorecards__source=Source.PERSON)
        .select_related("interview__case", "interview__framework")
        .only("at", "interview__case__title", "interview__framework__name", "interview__level")
        .order_by("interview__created_at")
        .distinct()
    )
    mine = list(Calibration.objects.filter(user=user).order_by("-started_at"))
    return [
        Offer(
            sample,
            next(
                (one for one in mine if one.interview_id == sample.interview_id and not one.locked_at), None
            ),
            [one for one in mine if one.interview_id == sample.interview_id and one.locked_at],
        )
        for sample in samples
    ]


def past_of(user: "User") -> list[Calibration]:
    """Return what this person has locked, the newest first."""
    locked = Calibration.objects.filter(user=user, locked_at__isnull=False)
    return list(locked.select_related("interview__case").order_by("-locked_at"))


def drafts_of(calibration: Calibration | None) -> dict[str, Draft]:
    return {code: Draft(**kept) for code, kept in (calibration.marks if calibration else {}).items()}


@transaction.atomic
def save(
    user: "User", submission: Submission, changes: Mapping[str, Change], *, now: datetime
) -> Calibration:
    """Keep levels for a sample; the first of them opens a new reading of it."""
    mine = Calibration.objects.select_for_update()
    open_one, _ = mine.get_or_create(
        user=user, interview_id=submission.interview_id, locked_at=None, defaults={"started_at": now}
    )
    standing = drafts_of(open_one)
    for code, change in changes.items():
        standing[code] = change.applied_to(standing.get(code, Draft()))
    open_one.marks = {code: asdict(draft) for code, draft in standing.items()}
    open_one.save(update_fields=["marks"])
    return open_one


@transaction.atomic
def lock(
    user: "User", submission: Submission, body: Mapping[str, Any], *, rest_not_observed: bool, now: datetime
) -> Calibration:
    """Lock a reading and measure it; ValidationError while something is left open, or without a reference."""
    mine = Calibration.objects.select_for_update()
    open_one = mine.filter(user=user, interview_id=submission.interview_id, locked_at=None).first()
    if open_one is None:
        raise ValidationError("Give at least one criterion a level first.")
    standing = drafts_of(open_one)
    left = drafts.left_open(drafts.sections(body, standing))
    if left and not rest_not_observed:
        raise ValidationError(still_open([str(section.dimension.label) for section in left]))
    if not any(draft.level is not None for draft in standing.values()):
        raise ValidationError("Give at least one criterion a level first.")
    found = distances(open_one, submission)
    if not found:
        raise ValidationError("This sample has no levels to compare yours with.")
    before = Calibration.objects.filter(user=user, interview_id=submission.interview_id)
    apart = [abs(one.apart) for one in found if one.apart is not None]
    open_one.locked_at = now
    open_one.compared = len(found)
    open_one.within_one = sum(one.is_near for one in found)
    open_one.mean_distance = round(sum(apart) / len(apart), 2) if apart else None
    open_one.counts = not before.filter(locked_at__gt=now - FORGOTTEN).exists()
    open_one.save()
    return open_one


def distances(calibration: Calibration, submission: Submission) -> list[Distance]:
    """Return every criterion that the sample's interviewer gave a level, beside the reader's."""
    reference = reference_of(submission)
    if reference is None:
        return []
    names = {criterion["code"]: criterion["name"] for criterion in reference.rubric["criteria"]}
    standing = drafts_of(calibration)
    return [
        Distance(
            entry["code"],
            names[entry["code"]],
            entry["dimension"],
            standing.get(entry["code"], Draft()).level,
            entry["level"],
            standing.get(entry["code"], Draft()).why,
            entry["rationale"],
        )
        for entry in reference.report["criteria"]
        if entry["level"] is not None
    ]


def kinder_by(found: Iterable[Distance]) -> float | None:
    """Return how much higher the reader is on average, in levels; negative: stricter."""
    apart = [one.apart for one in found if one.apart is not None]
    return round(sum(apart) / len(apart), 1) if apart else None


def share_of(calibration: Calibration) -> float:
    return (calibration.within_one or 0) / (calibration.compared or 1)


def calibrated(people: Iterable[int]) -> set[int]:
    """Return which of these people's last reading that counts lay near enough; one query."""
    newest = (
        Calibration.objects.filter(user__in=list(people), locked_at__isnull=False, counts=True)
        .order_by("user", "-locked_at")
        .distinct("user")
    )
    return {one.user_id for one in newest if share_of(one) >= ENOUGH}

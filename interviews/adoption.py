"""What becomes of a guest's interviews when the guest signs in to an account of theirs."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from interviews.groups import people
from interviews.models import (
    ApiToken,
    Drill,
    Event,
    Interview,
    Invitation,
    Participant,
    Reveal,
    ReviewCard,
    Role,
    Share,
)
from interviews.progress import recording
from whiteboard import wakeups
from whiteboard.models import Image, Update, Version

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def adopt(guest: "User", account: "User") -> None:
    """Give everything `guest` made to `account`; of two seats the candidate's stays, else the account's."""
    designed = Participant.objects.filter(user=guest, role=Role.CANDIDATE, removed_at=None)
    Participant.objects.filter(user=account, interview__in=designed.values("interview")).delete()
    both = Participant.objects.filter(user=account).values("interview")
    Participant.objects.filter(user=guest).exclude(interview__in=both).update(user=account)
    Interview.objects.filter(created_by=guest).update(created_by=account)
    Interview.objects.filter(host=guest).update(host=account)
    Event.objects.filter(actor=guest).update(actor=account)
    people.adopt(guest, account)
    ApiToken.objects.filter(user=guest).update(user=account)
    Invitation.objects.filter(created_by=guest).update(created_by=account)
    boards = tuple(Interview.objects.filter(participants__user=account).values_list("board_id", flat=True))
    for drawn in (Update, Version, Image):  # what was drawn, named or added stays its author's own
        drawn.objects.filter(board__in=boards, author=guest).update(author=account)
    recording.rebuild(account)  # before the guest, whose attempts they were, is gone
    transaction.on_commit(lambda: wakeups.rights_changed(*boards), robust=True)
    known = Reveal.objects.filter(user=account).values("case")
    Reveal.objects.filter(user=guest).exclude(case__in=known).update(user=account)
    own = ReviewCard.objects.filter(user=account, case=OuterRef("case"), criterion=OuterRef("criterion"))
    ReviewCard.objects.filter(Exists(own), user=guest).delete()
    ReviewCard.objects.filter(user=guest).update(user=account)
    Drill.objects.filter(user=guest).update(user=account)
    Share.objects.filter(owner=guest).update(owner=account)

"""What the settings page shows of a person's belongings: tokens, the export, what deleting would take."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from interviews.belongings import requests
from interviews.belongings.forms import TokenForm
from interviews.belongings.registry import own_interviews
from interviews.models import ApiToken, JobState, Participant, Role

if TYPE_CHECKING:
    from accounts.models import User


def for_person(person: "User") -> dict[str, Any]:
    """Return the sections of a person's settings beside the profile."""
    tokens = ApiToken.objects.filter(user=person, revoked_at=None).order_by("-created_at")
    now = timezone.now()
    marked = [(token, token.has_expired(now)) for token in tokens]
    return {"tokens": marked, "token_form": TokenForm()} | export_section(person)


def export_section(person: "User") -> dict[str, Any]:
    """Return how the export of a person stands."""
    export = requests.newest(person, timezone.now())
    state = export.job.state if export else ""
    progress = export.job.progress if export else {}
    return {
        "export": export,
        "export_waits": state in (JobState.QUEUED, JobState.RUNNING),
        "export_failed": state == JobState.FAILED,
        "export_progress": progress if progress.get("of") else {},
    }


def taken(person: "User") -> dict[str, int]:
    """Return how much goes when a person deletes everything, and what they leave behind without a name."""
    others = Participant.objects.filter(user=person).exclude(role=Role.CANDIDATE)
    return {"interviews": own_interviews(person).count(), "others": others.count()}

from interviews.models.interview import Interview, Level, Mode, Participant, Role, State
from interviews.models.invitation import Invitation
from interviews.models.job import Job, JobState
from interviews.models.marks import CriterionScore, Evidence, Scorecard, Source, Submission
from interviews.models.progress import Aim, Attempt, AttemptScore
from interviews.models.reveal import Reveal
from interviews.models.timeline import Event, EventKind, Phase

__all__ = [
    "Aim",
    "Attempt",
    "AttemptScore",
    "CriterionScore",
    "Event",
    "EventKind",
    "Evidence",
    "Interview",
    "Invitation",
    "Job",
    "JobState",
    "Level",
    "Mode",
    "Participant",
    "Phase",
    "Reveal",
    "Role",
    "Scorecard",
    "Source",
    "State",
    "Submission",
]

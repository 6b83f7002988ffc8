from interviews.models.belongings import ApiToken, Export, ExportPart, Scope
from interviews.models.calibration import Calibration
from interviews.models.interview import Interview, Level, Mode, Participant, Role, State
from interviews.models.invitation import Invitation
from interviews.models.job import Job, JobState
from interviews.models.marks import CriterionScore, Evidence, Scorecard, Source, Submission
from interviews.models.peer import DraftLevel, Rating
from interviews.models.progress import Aim, Attempt, AttemptScore
from interviews.models.reveal import Reveal
from interviews.models.timeline import Event, EventKind, Phase

__all__ = [
    "Aim",
    "ApiToken",
    "Attempt",
    "AttemptScore",
    "Calibration",
    "CriterionScore",
    "DraftLevel",
    "Event",
    "EventKind",
    "Evidence",
    "Export",
    "ExportPart",
    "Interview",
    "Invitation",
    "Job",
    "JobState",
    "Level",
    "Mode",
    "Participant",
    "Phase",
    "Rating",
    "Reveal",
    "Role",
    "Scope",
    "Scorecard",
    "Source",
    "State",
    "Submission",
]

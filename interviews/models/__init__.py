from interviews.models.belongings import ApiToken, Export, ExportPart, Scope
from interviews.models.interview import Interview, Level, Mode, Participant, Role, State
from interviews.models.invitation import Invitation
from interviews.models.job import Job, JobState
from interviews.models.marks import CriterionScore, Evidence, Scorecard, Source, Submission
from interviews.models.reveal import Reveal
from interviews.models.timeline import Event, EventKind, Phase

__all__ = [
    "ApiToken",
    "CriterionScore",
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
    "Reveal",
    "Role",
    "Scope",
    "Scorecard",
    "Source",
    "State",
    "Submission",
]

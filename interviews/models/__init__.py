from interviews.models.belongings import ApiToken, Export, ExportPart, Scope
from interviews.models.calibration import Calibration
from interviews.models.interview import Interview, Level, Mode, Participant, Role, State
from interviews.models.invitation import Invitation
from interviews.models.job import Job, JobState
from interviews.models.marks import CriterionScore, Evidence, Scorecard, Source, Submission
from interviews.models.peer import DraftLevel, Rating
from interviews.models.practice import Drill, Grade, Review, ReviewCard
from interviews.models.reveal import Reveal
from interviews.models.shared import Share, ShareKind
from interviews.models.timeline import Event, EventKind, Phase

__all__ = [
    "ApiToken",
    "Calibration",
    "CriterionScore",
    "DraftLevel",
    "Drill",
    "Event",
    "EventKind",
    "Evidence",
    "Export",
    "ExportPart",
    "Grade",
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
    "Review",
    "ReviewCard",
    "Role",
    "Scope",
    "Scorecard",
    "Share",
    "ShareKind",
    "Source",
    "State",
    "Submission",
]

from interviews.models.belongings import ApiToken, Export, ExportPart, Lasts, Scope
from interviews.models.calibration import Calibration
from interviews.models.group import CalendarFeed, Group, GroupInvitation, Membership, Shares, Standing
from interviews.models.group_session import Answer, GroupMail, GroupSeat, GroupSession, SwapRequest
from interviews.models.interview import Interview, Level, Mode, Participant, Role, State
from interviews.models.invitation import Invitation
from interviews.models.job import Job, JobState
from interviews.models.marks import CriterionScore, Evidence, Scorecard, Source, Submission
from interviews.models.peer import DraftLevel, Rating
from interviews.models.practice import Drill, Grade, Review, ReviewCard
from interviews.models.progress import Aim, Attempt, AttemptScore
from interviews.models.reveal import Reveal
from interviews.models.shared import Share, ShareKind
from interviews.models.timeline import Event, EventKind, Phase

__all__ = [
    "Aim",
    "Answer",
    "ApiToken",
    "Attempt",
    "AttemptScore",
    "CalendarFeed",
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
    "Group",
    "GroupInvitation",
    "GroupMail",
    "GroupSeat",
    "GroupSession",
    "Interview",
    "Invitation",
    "Job",
    "JobState",
    "Lasts",
    "Level",
    "Membership",
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
    "Shares",
    "Source",
    "Standing",
    "State",
    "Submission",
    "SwapRequest",
]

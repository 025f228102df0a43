"""Tables of `people`, lowest first: accounts and duty, staff and their facts, training, rosters."""

from lianjing.domain.people.models.access import AccessReview, AccessReviewLine
from lianjing.domain.people.models.accounts import ApiToken, DeskProfile, Duty, DutySource, Membership, PoliceArea, User
from lianjing.domain.people.models.rosters import (
    CoverRule,
    DutyPass,
    LeaveRequest,
    RosterEntry,
    RosterRules,
    ShiftKind,
    Swap,
    Team,
    TeamMember,
)
from lianjing.domain.people.models.staff import Appointment, GateSetting, Photo, StaffFact, StaffMember
from lianjing.domain.people.models.training import Assignment, Attempt, Course, Question, TrainingGroup
from lianjing.domain.people.models.work_list import DigestEvery, WorkListSetting

__all__ = [
    "AccessReview",
    "AccessReviewLine",
    "ApiToken",
    "Appointment",
    "Assignment",
    "Attempt",
    "Course",
    "CoverRule",
    "DeskProfile",
    "DigestEvery",
    "Duty",
    "DutyPass",
    "DutySource",
    "GateSetting",
    "LeaveRequest",
    "Membership",
    "Photo",
    "PoliceArea",
    "Question",
    "RosterEntry",
    "RosterRules",
    "ShiftKind",
    "StaffFact",
    "StaffMember",
    "Swap",
    "Team",
    "TeamMember",
    "TrainingGroup",
    "User",
    "WorkListSetting",
]

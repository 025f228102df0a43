"""Whose sheet it is: nobody scores in another's place, and nobody his own department among the others."""

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.assessments.models import ScoreSheet
from lianjing.domain.assessments.policy import SCORE
from lianjing.domain.people.models import StaffMember


def is_evaluator(viewer: Viewer, sheet: ScoreSheet) -> bool:
    """Whether the viewer's account is that of the sheet's evaluator. Needs `evaluator` loaded."""
    me = person_id(viewer)
    return me is not None and sheet.evaluator is not None and sheet.evaluator.user_id == me


def can_score(member: StaffMember, company_id: int) -> bool:
    """Whether somebody has an account with which he can fill in a sheet of the company. Needs `user` loaded."""
    user = member.user
    return user is not None and user.is_active and user.as_viewer().scope(SCORE).holds(company_id)

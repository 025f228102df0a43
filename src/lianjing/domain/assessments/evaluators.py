"""Who scores for a department: somebody of it, for it alone, and never his own among the others. Steps of actions."""

from collections.abc import Iterable
from datetime import datetime

from lianjing.core.days import centre_day
from lianjing.core.refusals import Refused
from lianjing.domain.assessments.covering import people_of
from lianjing.domain.assessments.models import ScoreSheet
from lianjing.domain.assessments.permissions import can_score
from lianjing.domain.people.models import StaffMember
from lianjing.terms.assessments import SheetKind
from lianjing.terms.sentences import marked as _


def check_evaluator(sheet: ScoreSheet, member: StaffMember, at: datetime) -> None:
    """Raises Refused for who may not score for the department that the sheet is filled in by. The assessor scores for
    none. Whoever has a post in two departments scores for one of them in an assessment."""
    if sheet.by_department_id is None:
        return
    told = {"name": member.name, "department": str(sheet.department), "by": str(sheet.by_department)}
    people = people_of(sheet.cycle.company_id, centre_day(at))
    if sheet.kind == SheetKind.MUTUAL and member in people.get(sheet.department_id, []):
        raise Refused("evaluator", _("%(name)s是%(department)s的人，不能互评自己的部门。"), **told)
    if member not in people.get(sheet.by_department_id, []):
        raise Refused("evaluator", _("%(name)s今天不在%(by)s任职，不能代表它评分。"), **told)
    other = _scores_for(sheet, member)
    if other is not None:
        sentence = _("%(name)s在这次考核里已代表%(other)s评分；一个人只代表一个部门，请由%(by)s的另一人评分。")
        raise Refused("evaluator", sentence, **told, other=str(other.by_department))


def _scores_for(sheet: ScoreSheet, member: StaffMember) -> ScoreSheet | None:
    """A sheet of the same assessment by which he scores for another department."""
    rows = ScoreSheet.objects.filter(cycle=sheet.cycle_id, evaluator=member, returned_at=None)
    rows = rows.exclude(by_department=None).exclude(by_department=sheet.by_department_id)
    return rows.select_related("by_department").order_by("submitted_at", "pk").first()


class Handed:
    """Hands out the sheets of an assessment: each person scores for one department at most."""

    def __init__(self, company_id: int, people: dict[int, list[StaffMember]]) -> None:
        self._company_id, self._people = company_id, people
        self._of: dict[int, int] = {}

    def evaluator(self, by: int, barred: Iterable[StaffMember] = ()) -> StaffMember | None:
        """The first of department `by` who has an account and scores for no other; None: somebody has to be named."""
        kept_out = set(barred)
        for one in self._people.get(by, []):
            free = self._of.get(one.pk, by) == by
            if free and one not in kept_out and can_score(one, self._company_id):
                self._of[one.pk] = by
                return one
        return None

"""Who scores for a department: somebody of it, for it alone, and never his own among the others. Steps of actions."""

from collections import Counter
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
    """Hands out the sheets of an assessment: each person scores for one department at most, and has one sheet where
    somebody else can have the other. Whoever has a post in two departments is left for where he is needed."""

    def __init__(self, company_id: int, people: dict[int, list[StaffMember]], assessor: StaffMember) -> None:
        """`people`: of the departments that are assessed. `assessor` has a sheet of each."""
        self._company_id, self._people = company_id, people
        self._of: dict[int, int] = {}
        self._sheets = Counter({assessor.pk: len(people)})
        self._posts = Counter(one.pk for members in people.values() for one in set(members))

    def evaluator(self, by: int, barred: Iterable[StaffMember] = ()) -> StaffMember | None:
        """Of department `by`, who has an account and scores for no other, the one with the fewest sheets; None:
        somebody has to be named."""
        kept_out = set(barred)
        members = self._people.get(by, [])
        for one in sorted(members, key=lambda one: (self._posts[one.pk], self._sheets[one.pk])):
            free = self._of.get(one.pk, by) == by
            if free and one not in kept_out and can_score(one, self._company_id):
                self._of[one.pk] = by
                self._sheets[one.pk] += 1
                return one
        return None

"""What clauses 8.3.1 to 8.3.3 ask of the company with everything: a log, an assessment to its end."""

from datetime import timedelta
from typing import Any

from lianjing.domain.companies.departments import add_post, write_duties
from lianjing.domain.companies.models import Department
from lianjing.domain.people.appointments import Appointed, appoint
from lianjing.domain.people.models import StaffMember
from tests.cast import NOON, Cast
from tests.clauses.whole_company import BEFORE, SINCE
from tests.domain.assessments.assessed import Assessed, analysed, closed, logged, scored


def assess_whole_company(cast: Cast, people: list[StaffMember]) -> None:
    """Somebody with an account for each department, who scores for it; and every department looked at today."""
    who: dict[str, Any] = {"by": cast.viewer("mia"), "at": BEFORE}
    departments = list(Department.objects.filter(company=cast.company).order_by("pk"))
    for department, member, name in zip(departments, people[2:], ("mia", "leo", "olivia"), strict=False):
        member.user = cast.users[name]
        member.save()
        post = add_post(department.pk, {"title": f"{department}联系人"}, SINCE, **who)
        write_duties(post, "为部门评分。", SINCE.begins, **who)
        appoint(post.pk, Appointed(member.staff_no, SINCE), **who)
        logged(cast, department)
    whole = Assessed({row.name: row for row in departments}, {})
    cycle = scored(cast, whole, NOON - timedelta(days=3), responsible_no=people[2].staff_no)
    closed(cast, analysed(cast, cycle))

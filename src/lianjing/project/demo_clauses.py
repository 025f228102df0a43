"""How the demo company stood over the last year, as if its clauses had been judged then, and who sees to some."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company

MONTHS = 11


def make_clauses(company: "Company", by: "Viewer", at: datetime, today: date) -> None:
    """Only once: where verdicts are kept already, nothing is added. By the papers and people of the demo, as their days
    say; the counts of the year are invented as far as nobody had recorded any of it then."""
    from lianjing.domain.compliance.clause_work import GivenWork, set_work
    from lianjing.domain.compliance.models import VerdictCount
    from lianjing.domain.compliance.verdict_keeping import judge_all
    from lianjing.terms.verdicts import WorkStatus

    if VerdictCount.objects.filter(company=company).exists():
        return
    for on in _month_ends(today):
        judge_all(company.pk, by=by, at=datetime.combine(on, time(12), at.tzinfo))
    judge_all(company.pk, by=by, at=at)
    for clause, given in (
        ("5.2", GivenWork("manager", WorkStatus.IN_WORK, today + timedelta(days=14), "招聘中（演示）")),
        ("8.1.1", GivenWork("leader", WorkStatus.PLANNED, today + timedelta(days=30), "")),
        ("6.1", GivenWork("leader", WorkStatus.WAITING, today - timedelta(days=3), "等平面图（演示）")),
    ):
        set_work(company.pk, clause, given, by=by, at=at, source="demo-data")


def _month_ends(today: date) -> list[date]:
    """The last days of the months before today's, the earliest first."""
    month = today.year * 12 + today.month - 1
    years = [divmod(one, 12) for one in range(month - MONTHS, month)]
    return [date(year, of + 1, monthrange(year, of + 1)[1]) for year, of in years]

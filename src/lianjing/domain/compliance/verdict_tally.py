"""A point of the year's line: how many clauses stood how on a day. A step of actions."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from lianjing.domain.compliance.models import StandingVerdict, VerdictCount
from lianjing.terms.verdicts import Verdict


def count_today(company_id: int, on: date, at: datetime) -> None:
    """Counts what stands. What has no answer is 证据不足."""
    rows = StandingVerdict.objects.filter(company_id=company_id).values_list("verdict", "defect")
    keep_count(company_id, on, ["" if defect else verdict for verdict, defect in rows], at, in_retrospect=False)


def keep_count(company_id: int, on: date, verdicts: Iterable[str], at: datetime, *, in_retrospect: bool) -> None:
    found = Counter(one or Verdict.INSUFFICIENT.value for one in verdicts)
    told = {verdict.value: found[verdict.value] for verdict in Verdict}
    VerdictCount.objects.update_or_create(
        company_id=company_id, on=on, defaults={**told, "in_retrospect": in_retrospect, "judged_at": at}
    )

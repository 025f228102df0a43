"""How many clauses stood how at month's ends before the first count, in retrospect."""

import logging
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from lianjing.core.days import centre_day
from lianjing.core.retrying import AWAY
from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.local_judging import all_judged
from lianjing.domain.compliance.models import JudgedCompany, VerdictCount
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.compliance.putting_off import put_off
from lianjing.domain.compliance.verdict_tally import keep_count
from lianjing.domain.records.models import Record

log = logging.getLogger(__name__)

DAY, YEAR = timedelta(days=1), timedelta(days=365)
A_NIGHT = 200
"""Month's ends that are judged in one day: the first night of many companies is no storm of its own."""


def judge_past_month(*, by: Viewer, at: datetime) -> int:
    """Judges one month's end that lies before the first count, as it was known then; 0: there is none left today.

    Before anything of the company was on record there is nothing to judge.
    """
    today = centre_day(at)
    oldest = _month_end_before(today - YEAR + DAY * 31)
    midnight = timezone.make_aware(datetime.combine(today, time()), timezone.get_default_timezone())
    if VerdictCount.objects.filter(in_retrospect=True, judged_at__gte=midnight).count() >= A_NIGHT:
        return 0
    rows = JudgedCompany.objects.exclude(swept_on=None).filter(Q(looked_back_to=None) | Q(looked_back_to__gt=oldest))
    row = rows.exclude(retry_at__gt=at).order_by("pk").first()
    if row is None:
        return 0
    try:
        _look_back(row, oldest, today, by, at)
    except AWAY:
        raise
    except Exception as wrong:
        log.exception("company %d: its past months cannot be judged", row.pk)
        put_off(row.pk, wrong, by=by, at=at)
    return 1


def _look_back(row: JudgedCompany, oldest: date, today: date, by: Viewer, at: datetime) -> None:
    first = VerdictCount.objects.filter(company_id=row.pk).order_by("on").values_list("on", flat=True).first()
    on = _month_end_before(row.looked_back_to or first or today)
    known = end_of(on, None)
    if on < oldest or not Record.objects.filter(company_id=row.pk, at__lte=known).exists():
        on = oldest
    else:
        judged = all_judged(by, row.pk, on, known)
        keep_count(row.pk, on, [one.judgement.verdict.value for one in judged], at, in_retrospect=True)
    JudgedCompany.objects.filter(pk=row.pk).update(looked_back_to=on)


def _month_end_before(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - DAY

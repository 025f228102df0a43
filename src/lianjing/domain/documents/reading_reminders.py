"""Reminders by mail of what people have to read: one mail a person, with everything that is open."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.deliveries.actions import SENDS, NewDelivery, Unsendable, queue_delivery
from lianjing.domain.deliveries.channels import channel_state
from lianjing.domain.deliveries.policy import Channel
from lianjing.domain.documents.distributing import complete_readings
from lianjing.domain.documents.models import Distribution, Reading

PURPOSE = "reading"
HOUR = 8
"""From this hour of the centre's day on."""
AHEAD, EVERY = timedelta(days=3), timedelta(days=3)
"""First that long before it is due, then every so many days until it is read. Ours."""
LINES_AT_MOST = 60


def send_reading_reminders(company_id: int, *, by: Viewer, at: datetime, source: str = "") -> int:
    """Queues a mail to each person who has something to read that is due soon or late, and an address; to how many. Who
    came since is asked first, and what has ended is asked of nobody from the first turn of its day on. Runs as the
    system.

    The day is taken by an optimistic UPDATE in the transaction that queues the mail: of any number of workers one sends
    it, once. What is due is read outside of it: on SQLite nobody else writes meanwhile.
    """
    require(by, SENDS, None)
    here = timezone.localtime(at, timezone.get_default_timezone())
    company, today = Company.objects.get(pk=company_id), here.date()
    if not _distributed(company_id):
        return 0
    complete_readings(company_id, by=by, at=at, source=source)
    if here.hour < HOUR:
        return 0
    due = _due(company_id, today)
    if not due or not channel_state(company, Channel.EMAIL).available:
        return 0
    return sum(_reminded(company, rows, today, by, at, source) for rows in due)


def _distributed(company_id: int) -> bool:
    return Distribution.objects.filter(company_id=company_id, ended_at=None).exists()


def _due(company_id: int, today: date) -> list[list[Reading]]:
    """What is open, by person, of those who are due to be told of something."""
    rows = Reading.objects.filter(company_id=company_id, confirmed_at=None, dropped_at=None, due_on__lte=today + AHEAD)
    rows = rows.filter(member__user__is_active=True).exclude(member__user__email="")
    by_person: dict[int, list[Reading]] = defaultdict(list)
    for row in rows.select_related("document", "edition", "member__user").order_by("due_on", "pk"):
        by_person[row.member_id].append(row)
    return [mine for mine in by_person.values() if any(_is_due(row, today) for row in mine)]


def _is_due(row: Reading, today: date) -> bool:
    return row.reminded_on is None or row.reminded_on + EVERY <= today


@transaction.atomic
def _reminded(company: Company, rows: list[Reading], today: date, by: Viewer, at: datetime, source: str) -> int:
    """Everything that he has open goes into one mail, and counts as told."""
    mine = Reading.objects.filter(pk__in=[row.pk for row in rows])
    if not mine.filter(Q(reminded_on=None) | Q(reminded_on__lt=today)).update(reminded_on=today):
        return 0
    user = rows[0].member.user
    new = NewDelivery(
        company=company,
        channel=Channel.EMAIL,
        address=user.email if user else "",
        subject=_("请阅读文件：%(count)d 份（%(day)s）") % {"count": len(rows), "day": today},
        body=_body(rows, today),
        purpose=PURPOSE,
        about=f"company:{company.pk}",
    )
    try:
        with transaction.atomic():
            queue_delivery(new, by=by, at=at, source=source)
    except Unsendable:
        # One address that is none keeps nobody else from his.
        return 0
    return 1


def _body(rows: list[Reading], today: date) -> str:
    told = [_line(row, today) for row in rows[:LINES_AT_MOST]]
    if len(rows) > LINES_AT_MOST:
        told.append(_("……另有 %(count)d 份，见“我的文件”。") % {"count": len(rows) - LINES_AT_MOST})
    where = f"{settings.PUBLIC_URL}/learn/documents/" if settings.PUBLIC_URL else ""
    head = _("请您阅读并确认以下文件，共 %(count)d 份。") % {"count": len(rows)}
    return "\n\n".join(part for part in (head, "\n".join(told), where) if part)


def _line(row: Reading, today: date) -> str:
    told = {"number": row.document.number, "title": row.document.title, "label": row.edition.label}
    told["day"] = str(row.due_on)
    if row.due_on < today:
        return _("- 已逾期 %(days)d 天（%(day)s 截止）：%(number)s %(title)s（%(label)s）") % {
            **told,
            "days": (today - row.due_on).days,
        }
    return _("- %(day)s 截止：%(number)s %(title)s（%(label)s）") % told

"""Reminders by mail of what people were asked for: one mail a person, with everything that is due."""

from collections import defaultdict
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.evidence_policy import REJECTED
from lianjing.domain.compliance.models import EvidenceRequest
from lianjing.domain.compliance.reminder_policy import HOUR, reminder_day
from lianjing.domain.deliveries.actions import SENDS, NewDelivery, Unsendable, queue_delivery
from lianjing.domain.deliveries.channels import channel_state
from lianjing.domain.deliveries.policy import Channel

PURPOSE = "evidence"
LINES_AT_MOST = 60


@transaction.atomic
def send_reminders(company_id: int, *, by: Viewer, at: datetime, source: str = "") -> int:
    """Queues a mail to each person of a company who is due to be reminded and has an address; to how many. Runs as the
    system.

    The day is taken by an optimistic UPDATE in the transaction that queues the mail: of any number of workers one sends
    it, once. Whoever has no address is shown as such on the campaign's page.
    """
    require(by, SENDS, None)
    here = timezone.localtime(at, timezone.get_default_timezone())
    if here.hour < HOUR:
        return 0
    due = _due(company_id, here.date())
    company = Company.objects.get(pk=company_id)
    if not due or not channel_state(company, Channel.EMAIL).available:
        return 0
    return sum(_reminded(company, rows, here.date(), by, at, source) for rows in due)


def _due(company_id: int, today: date) -> list[list[EvidenceRequest]]:
    """What is still open and due to be told of, by person."""
    rows = EvidenceRequest.objects.filter(company_id=company_id, campaign__closed_at=None, asked__is_active=True)
    undelivered = Q(evidence=None) | Q(evidence__decision=REJECTED) | Q(evidence__retracted_at__isnull=False)
    rows = rows.filter(undelivered).exclude(asked__email="").select_related("campaign", "asked")
    by_person: dict[int, list[EvidenceRequest]] = defaultdict(list)
    for row in rows.order_by("due_on", "pk"):
        by_person[row.asked_id].append(row)
    return [mine for mine in by_person.values() if any(_is_due(row, today) for row in mine)]


def _is_due(row: EvidenceRequest, today: date) -> bool:
    opened_on = centre_day(row.campaign.opened_at)
    return reminder_day(opened_on, row.due_on, row.reminded_on, today) is not None


def _reminded(company: Company, rows: list[EvidenceRequest], today: date, by: Viewer, at: datetime, source: str) -> int:
    """Everything that he has open goes into one mail, and counts as told."""
    mine = EvidenceRequest.objects.filter(pk__in=[row.pk for row in rows])
    untold = Q(reminded_on=None) | Q(reminded_on__lt=today)
    if not mine.filter(untold).update(reminded_on=today):
        return 0
    new = NewDelivery(
        company=company,
        channel=Channel.EMAIL,
        address=rows[0].asked.email,
        subject=_("请提交证据：%(count)d 项（%(day)s）") % {"count": len(rows), "day": today},
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


def _body(rows: list[EvidenceRequest], today: date) -> str:
    told = [_line(row, today) for row in rows[:LINES_AT_MOST]]
    if len(rows) > LINES_AT_MOST:
        told.append(_("……另有 %(count)d 项，见“证据”页。") % {"count": len(rows) - LINES_AT_MOST})
    where = f"{settings.PUBLIC_URL}/office/evidence/" if settings.PUBLIC_URL else ""
    head = _("请您提交以下证据，共 %(count)d 项。") % {"count": len(rows)}
    return "\n\n".join(part for part in (head, "\n".join(told), where) if part)


def _line(row: EvidenceRequest, today: date) -> str:
    clause = catalogue().clauses.get(row.clause)
    told = {"clause": row.clause, "title": _(clause.title) if clause else "", "campaign": row.campaign.title}
    told["day"] = str(row.due_on)
    if row.due_on < today:
        return _("- 已逾期 %(days)d 天（%(day)s 截止）：%(clause)s %(title)s（%(campaign)s）") % {
            **told,
            "days": (today - row.due_on).days,
        }
    return _("- %(day)s 截止：%(clause)s %(title)s（%(campaign)s）") % told

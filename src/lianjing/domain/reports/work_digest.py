"""The digest of the work-list by mail: who is due for what, by staff numbers, to the company's managers; and what of
findings, documents, equipment, premises, supervision and drills is late or near."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.deliveries.actions import SENDS, NewDelivery, Unsendable, queue_delivery
from lianjing.domain.deliveries.channels import channel_state
from lianjing.domain.deliveries.policy import Channel
from lianjing.domain.documents.due_list import readings_late, reviews_due
from lianjing.domain.drills.due_list import drills_due, retests_due, reviews_waiting
from lianjing.domain.facilities.due_list import facilities_due
from lianjing.domain.findings.queries import findings_due
from lianjing.domain.people.digest_policy import Rhythm, due_day
from lianjing.domain.people.models import User, WorkListSetting
from lianjing.domain.people.work_list import work_lines
from lianjing.domain.reports.digest_sources import told_by_others
from lianjing.domain.reports.digest_text import FINDINGS_WITHIN, PRACTICE_WITHIN, REVIEWS_WITHIN, Work, digest_text
from lianjing.domain.sites.schedules import workdays
from lianjing.terms.roles import Role

PURPOSE = "work_list"


@transaction.atomic
def send_digest(company_id: int, *, by: Viewer, at: datetime, source: str = "") -> int:
    """Queues the digest that is due to each manager who has a mail address; to how many. Runs as the system.

    The due day is taken by an optimistic UPDATE in the transaction that queues the messages: of any number of workers
    one sends it, once, whatever is started again in between. Nothing to do makes no message.
    """
    require(by, SENDS, None)
    company = Company.objects.get(pk=company_id)
    setting, _made = WorkListSetting.objects.get_or_create(company=company, defaults={"since": at})
    due = due_day(_rhythm(setting), timezone.localtime(at, timezone.get_default_timezone()))
    addresses = _addresses(company_id) if due is not None else []
    if due is None or not addresses or not channel_state(company, Channel.EMAIL).available:
        return 0
    rows = WorkListSetting.objects.filter(Q(digest_for=None) | Q(digest_for__lt=due), pk=company_id)
    if not rows.update(digest_for=due):
        return 0
    today = centre_day(at)
    work = _work(by, company_id, today, at)
    if not work.count:
        return 0
    letter = Letter(_subject(work, today), digest_text(work, today))
    return sum(_queued(company, address, letter, by, at, source) for address in addresses)


@dataclass(frozen=True, slots=True)
class Letter:
    """What every manager of a company is sent."""

    subject: str
    body: str


def _work(by: Viewer, company_id: int, today: date, at: datetime) -> Work:
    near = (by, company_id, today)
    return Work(
        work_lines(by, company_id, today, workdays(by)),
        findings_due(by, company_id, today, FINDINGS_WITHIN),
        reviews_due(by, company_id, today, REVIEWS_WITHIN),
        readings_late(by, company_id, today),
        facilities_due(by, [company_id], today),
        told_by_others(*near, PRACTICE_WITHIN),
        [
            *drills_due(*near, PRACTICE_WITHIN),
            *reviews_waiting(*near, at, PRACTICE_WITHIN),
            *retests_due(*near, PRACTICE_WITHIN),
        ],
    )


def _subject(work: Work, on: date) -> str:
    told = {"count": work.count, "day": on}
    if work.of_practice:
        return _("人员、资质、装备、文件、整改与演练待办：%(count)d 项（%(day)s）") % told
    if work.facilities:
        return _("人员、资质、装备、文件与整改待办：%(count)d 项（%(day)s）") % told
    if work.of_documents:
        return _("人员、资质、文件与整改待办：%(count)d 项（%(day)s）") % told
    if work.findings:
        return _("人员、资质与整改待办：%(count)d 项（%(day)s）") % told
    return _("人员与资质待办：%(count)d 项（%(day)s）") % told


def _rhythm(setting: WorkListSetting) -> Rhythm:
    return Rhythm(setting.digest, setting.weekday, setting.hour, setting.since, setting.digest_for)


def _addresses(company_id: int) -> list[str]:
    managers = User.objects.filter(
        memberships__company_id=company_id, memberships__role=Role.MANAGER.value, is_active=True
    )
    return sorted({user.email for user in managers.exclude(email="")})


def _queued(company: Company, address: str, letter: Letter, by: Viewer, at: datetime, source: str) -> int:
    new = NewDelivery(
        company=company,
        channel=Channel.EMAIL,
        address=address,
        subject=letter.subject,
        body=letter.body,
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

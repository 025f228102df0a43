"""The supervision log: what was looked at in a department on a day; written once, taken back with a reason."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.entering import enter
from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan, filed
from lianjing.core.viewer import Viewer, person_id, require
from lianjing.domain.assessments.covering import department_on, post_on
from lianjing.domain.assessments.models import SupervisionEntry, SupervisionLimit
from lianjing.domain.assessments.policy import EDIT, LOG, LOG_CHANGED, SEE, check_limits, check_log_day
from lianjing.domain.companies.models import Company
from lianjing.domain.findings.actions import raise_finding
from lianjing.domain.findings.raising import NewFinding, Source
from lianjing.domain.records.changing import Actor, locked, reason_given, take_back, write_down
from lianjing.terms.assessments import SupervisionResult
from lianjing.terms.findings import FindingSource
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

FOUND_LIMIT = 1000
CLAUSE = "8.3.1"


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What was looked at. `grade`: of the finding that a problem raises in the same step; "": none."""

    day: date | None
    department_id: int
    looked_at: str
    result: str
    found: str = ""
    post_id: int | None = None
    grade: str = ""


@transaction.atomic
def log_supervision(
    company_id: int, new: NewEntry, scan: Scan | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> SupervisionEntry:
    """Writes down a look at a department or one of its posts; a problem may raise its finding with it.

    Raises Missing, Forbidden, or Refused naming the field.
    """
    company, actor = _company(company_id, by, LOG), Actor(by, at, source)
    day = check_log_day(new.day, centre_day(at))
    place = department_on(company_id, new.department_id, day)
    row = SupervisionEntry(company=company, department_id=place.id, valid_from=day, valid_until=day)
    row.recorded_at, row.recorded_by, row.author_id = at, by.name[:150], person_id(by)
    enter(row, {"looked_at": new.looked_at, "result": new.result})
    row.found = _found(new)
    row.post_id = post_on(company_id, new.post_id, place.id, day) if new.post_id else None
    if new.grade:
        row.finding = _raise(row, place.name, new.grade, actor)
    told = {"day": str(day), "department": place.name, "looked_at": row.looked_at, "result": row.result}
    told |= {"found": row.found} if row.found else {}
    told |= {"finding": row.finding.number} if row.finding else {}
    _save(row, scan, told, actor)
    return row


@transaction.atomic
def retract_entry(entry_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> SupervisionEntry:
    """Takes back an entry that was wrong; it stays on file, and a finding that it raised goes its own way. Raises
    Missing, Forbidden or Refused."""
    row = locked(SupervisionEntry.objects.filter(retracted_at=None), entry_id, by, see=SEE)
    require(by, LOG, row.company_id)
    actor, why = Actor(by, at, source), reason_given(reason)
    take_back(row, why, actor)
    write_down("supervision.retracted", row, row.company_id, actor, after={"reason": why}, topic=LOG_CHANGED)
    return row


@transaction.atomic
def set_supervision_limits(
    company_id: int, gap_days: int, evaluation_months: int, origin: str, *, by: Viewer, at: datetime, source: str = ""
) -> SupervisionLimit:
    """Sets how many workdays a department may be without an entry, and for how many months an evaluation counts.

    Raises Missing, Forbidden or Refused.
    """
    company, actor = _company(company_id, by, EDIT), Actor(by, at, source)
    check_limits(gap_days, evaluation_months)
    for earlier in SupervisionLimit.objects.filter(company=company, retracted_at=None):
        take_back(earlier, _("改为新的设定"), actor)
    row = SupervisionLimit(company=company, gap_days=gap_days, evaluation_months=evaluation_months)
    enter(row, {"origin": origin})
    row.recorded_at, row.recorded_by = at, by.name[:150]
    row.save()
    told = {"gap_days": gap_days, "evaluation_months": evaluation_months, "origin": row.origin}
    write_down("supervision.limits_set", row, company_id, actor, after=told, topic=LOG_CHANGED)
    return row


def _company(company_id: int, by: Viewer, permission: str) -> Company:
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="pk")
    require(by, permission, company_id)
    return company


def _found(new: NewEntry) -> str:
    text = new.found.strip()
    if not storable(text):
        raise Refused("found", _("含有不能保存的字符。"))
    if len(text) > FOUND_LIMIT:
        raise Refused("found", _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=FOUND_LIMIT, count=len(text))
    is_problem = new.result == SupervisionResult.PROBLEM
    if is_problem and not text:
        raise Refused("found", _("有问题的请写明发现了什么。"))
    if new.grade and not is_problem:
        raise Refused("grade", _("结果正常的不提出整改。"))
    return text


def _raise(row: SupervisionEntry, department: str, grade: str, actor: Actor) -> Any:
    words = f"{row.valid_from} {department}：{row.looked_at}"[:200]
    new = NewFinding(
        f"{department}：{row.looked_at}"[:100],
        grade,
        row.found,
        Source(FindingSource.ASSESSMENT.value, "", words),
        (CLAUSE,),
    )
    return raise_finding(row.company_id, new, by=actor.by, at=actor.at, source=actor.source)


def _save(row: SupervisionEntry, scan: Scan | None, told: dict[str, Any], actor: Actor) -> None:
    """The row with its file."""
    if scan is not None:
        row.scan_sha256 = scan.sha256
        told |= {"scan_sha256": scan.sha256, "bytes": len(scan.content)}
    with filed(row.scan, scan):
        row.save()
        write_down("supervision.logged", row, row.company_id, actor, after=told, topic=LOG_CHANGED)

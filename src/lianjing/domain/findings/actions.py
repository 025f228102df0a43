"""Raising a finding, and everything that people do to it until it is closed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lianjing.core.entering import enter
from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import Scan, filed
from lianjing.core.viewer import Viewer, person_id, require, visible
from lianjing.domain.companies.models import Company, Department
from lianjing.domain.findings.conditions import conditions_of
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.moving import (
    centre_day,
    closed_by_itself,
    finding_to_move,
    given,
    moved,
    undo_work,
    written,
)
from lianjing.domain.findings.policy import (
    EDIT,
    check_due,
    check_effect_day,
    check_retest,
    keeps_what_it_revises,
)
from lianjing.domain.findings.raising import WORDS_LIMIT, NewFinding, Source, raised
from lianjing.domain.people.models import StaffMember
from lianjing.domain.people.staff_facts import facts_of, is_employed
from lianjing.domain.records.changing import Actor, reason_given
from lianjing.terms.findings import Effect, FindingGrade, FindingState
from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who puts it right, by staff number, and until when."""

    owner_no: str
    due_on: date | None
    department_id: int | None = None
    reason: str = ""
    """Why the day is put off."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Why it came to it, and what is done so that it does not again."""

    cause: str
    measure: str
    revises: Source | None = None
    """The plan or document that has to be revised."""
    needs_retest: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """What somebody else has seen. `check_on`: when it is looked at whether it has worked."""

    note: str
    retested_on: date | None = None
    check_on: date | None = None


@transaction.atomic
def raise_finding(company_id: int, new: NewFinding, *, by: Viewer, at: datetime, source: str = "") -> Finding:
    """Enters something that is not as it must be. Raises Missing, Forbidden or Refused naming the field."""
    company = visible(Company.objects.all(), by, "findings.see", company_field="pk").filter(pk=company_id).first()
    if company is None:
        raise Missing(str(company_id))
    require(by, EDIT, company_id)
    return raised(company_id, new, Actor(by, at, source))


@transaction.atomic
def confirm_finding(
    finding_id: int, grade: str, note: str = "", *, by: Viewer, at: datetime, source: str = ""
) -> Finding:
    """It is so, and so grave. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    finding = finding_to_move(finding_id, "confirm", actor)
    had = _set_grade(finding, grade)
    finding.confirmed_at, finding.confirmed_by = at, by.name[:150]
    told = given({"remark": written("note", note)})
    return moved(finding, "confirm", actor, {"grade": finding.grade, **told}, {"grade": had})


@transaction.atomic
def regrade_finding(finding_id: int, grade: str, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Finding:
    """Another grade, for a reason. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    finding = finding_to_move(finding_id, "regrade", actor)
    had, why = _set_grade(finding, grade), reason_given(reason)
    if had == finding.grade:
        raise Refused("grade", _("级别没有变化。"))
    return moved(finding, "regrade", actor, {"grade": finding.grade, "reason": why}, {"grade": had})


@transaction.atomic
def assign_finding(finding_id: int, to: Assignment, *, by: Viewer, at: datetime, source: str = "") -> Finding:
    """Names who puts it right and until when; later on another person or another day, which is put off only with a
    reason. Raises Missing, Forbidden or Refused."""
    actor, today = Actor(by, at, source), centre_day(at)
    finding = finding_to_move(finding_id, "assign", actor)
    owner = _owner(finding.company_id, to.owner_no, today)
    due_on = finding.due_on if to.due_on == finding.due_on and finding.owner else check_due(to.due_on, today)
    why = written("reason", to.reason, limit=WORDS_LIMIT)
    if finding.due_on is not None and due_on is not None and due_on > finding.due_on and not why:
        raise Refused(
            "reason", _("期限从 %(had)s 推迟到 %(has)s，请写明原因。"), had=str(finding.due_on), has=str(due_on)
        )
    before = _whose(finding) if finding.owner else {}
    finding.owner, finding.due_on = owner, due_on
    finding.department = _department(finding.company_id, to.department_id)
    after = {**_whose(finding), **given({"reason": why})}
    return moved(finding, "assign", actor, after, {name: told for name, told in before.items() if told != after[name]})


@transaction.atomic
def plan_measure(finding_id: int, plan: Measure, *, by: Viewer, at: datetime, source: str = "") -> Finding:
    """Writes down the cause and what is done about it. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    finding = finding_to_move(finding_id, "plan", actor)
    before = given({"cause": finding.cause, "measure": finding.measure})
    finding.cause = written("cause", plan.cause, required=True)
    finding.measure = written("measure", plan.measure, required=True)
    # Whoever asked for a re-test keeps it: it is not for who puts it right to waive.
    finding.needs_retest = finding.needs_retest or plan.needs_retest
    kept = keeps_what_it_revises(finding.source_kind, finding.needs_retest) and bool(finding.revises_kind)
    if plan.revises is not None and not kept:
        finding.revises_kind = written("revises", plan.revises.kind, limit=12)
        finding.revises_ref = written("revises", plan.revises.ref, limit=64)
        finding.revises_words = written("revises", plan.revises.words, limit=WORDS_LIMIT)
    after = {"cause": finding.cause, "measure": finding.measure, "needs_retest": finding.needs_retest}
    return moved(finding, "plan", actor, after | given({"revises": finding.revises_words}), before)


@transaction.atomic
def note_on_finding(finding_id: int, note: str, *, by: Viewer, at: datetime, source: str = "") -> Finding:
    """Keeps how far it has got, in the records. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    finding = finding_to_move(finding_id, "note", actor)
    return moved(finding, "note", actor, {"remark": written("note", note, required=True)})


@transaction.atomic
def finish_finding(
    finding_id: int, proof: str, scan: Scan | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> Finding:
    """Reports it as done, with what shows that it is: words, and a picture or PDF besides.

    Raises Missing, Forbidden or Refused.
    """
    actor = Actor(by, at, source)
    finding = finding_to_move(finding_id, "finish", actor)
    finding.proof = written("proof", proof, required=True)
    finding.done_at, finding.done_by, finding.done_user_id = at, by.name[:150], person_id(by)
    told: dict[str, Any] = {"proof": finding.proof}
    finding.proof_file, finding.proof_sha256 = "", scan.sha256 if scan is not None else ""
    if scan is not None:
        told |= {"scan_sha256": scan.sha256, "bytes": len(scan.content)}
    with filed(finding.proof_file, scan):
        return moved(finding, "finish", actor, told)


@transaction.atomic
def verify_finding(finding_id: int, seen: Verification, *, by: Viewer, at: datetime, source: str = "") -> Finding:
    """Somebody who neither answers for it nor reported it as done has seen that it is; never before its conditions are
    met (`conditions.py`). What watches itself and is good again closes with it. Raises Missing, Forbidden or
    Refused."""
    actor, today = Actor(by, at, source), centre_day(at)
    finding = finding_to_move(finding_id, "verify", actor)
    if person_id(by) is None:
        raise Refused("", _("复核须由人进行。"))
    finding.verification = written("note", seen.note, required=True)
    finding.retested_on = _retested(finding, seen, today)
    finding.check_on = check_effect_day(seen.check_on, today)
    finding.effect, finding.effect_at, finding.effect_by, finding.effect_note = "", None, "", ""
    finding.verified_at, finding.verified_by = at, by.name[:150]
    told = {"remark": finding.verification, "retested_on": finding.retested_on, "check_on": finding.check_on}
    moved(finding, "verify", actor, given({name: str(value or "") for name, value in told.items()}))
    return closed_by_itself(finding, actor)


@transaction.atomic
def return_finding(finding_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Finding:
    """It is not done, or not well enough. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    finding = finding_to_move(finding_id, "return", actor)
    why = reason_given(reason)
    undo_work(finding)
    return moved(finding, "return", actor, {"reason": why})


@transaction.atomic
def close_finding(finding_id: int, note: str = "", *, by: Viewer, at: datetime, source: str = "") -> Finding:
    """Ends what was verified. Raises Missing, Forbidden or Refused: its source may still not be good, the plan that it
    revises not in force, or not tried again."""
    actor = Actor(by, at, source)
    finding = finding_to_move(finding_id, "close", actor)
    finding.closed_at, finding.closed_by = at, by.name[:150]
    return moved(finding, "close", actor, given({"remark": written("note", note)}))


@transaction.atomic
def dismiss_finding(finding_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Finding:
    """It was none, or none any more: for a reason, and not by who answers for it. Raises Missing, Forbidden or
    Refused."""
    actor = Actor(by, at, source)
    finding = finding_to_move(finding_id, "dismiss", actor)
    finding.dismissed_for = reason_given(reason)
    finding.closed_at, finding.closed_by = at, by.name[:150]
    return moved(finding, "dismiss", actor, {"reason": finding.dismissed_for})


@transaction.atomic
def reopen_finding(
    finding_id: int, reason: str, due_on: date | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> Finding:
    """Takes up again what was closed, with a new day, or what was dismissed. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    finding = finding_to_move(finding_id, "reopen", actor)
    why = reason_given(reason)
    before = given({"due_on": str(finding.due_on or "")})
    if finding.state == FindingState.CLOSED:
        finding.due_on = check_due(due_on, centre_day(at))
    undo_work(finding)
    finding.dismissed_for, finding.check_on = "", None
    return moved(finding, "reopen", actor, given({"reason": why, "due_on": str(finding.due_on or "")}), before)


@transaction.atomic
def judge_effect(
    finding_id: int,
    effect: str,
    note: str,
    due_on: date | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Finding:
    """Whether the measure has worked; one that has not opens the finding again, with a new day.

    Raises Missing, Forbidden or Refused.
    """
    actor, chosen = Actor(by, at, source), Effect.of(effect)
    if chosen is None:
        raise Refused("effect", _("没有这个选项。"))
    finding = finding_to_move(finding_id, chosen.value, actor)
    finding.effect, finding.effect_at, finding.effect_by = chosen.value, at, by.name[:150]
    finding.effect_note = written("note", note, required=True)
    told = {"effect": chosen.value, "remark": finding.effect_note}
    if chosen is Effect.EFFECTIVE:
        return moved(finding, chosen.value, actor, told)
    finding.due_on = check_due(due_on, centre_day(at))
    undo_work(finding)
    return moved(finding, chosen.value, actor, told | {"due_on": str(finding.due_on)})


def _retested(finding: Finding, seen: Verification, today: date) -> date | None:
    """The day of the re-test that is on file; without one, that which the verification names."""
    on_file = max((one.tested_on for one in conditions_of(finding) if one.tested_on), default=None)
    if on_file is not None or not finding.needs_retest or finding.done_at is None:
        return on_file
    return check_retest(seen.retested_on, centre_day(finding.done_at), today)


def _set_grade(finding: Finding, grade: str) -> str:
    """The grade that it had."""
    had = finding.grade
    enter(finding, {"grade": grade})
    finding.grade_rank = FindingGrade(finding.grade).rank
    return had


def _owner(company_id: int, staff_no: str, on: date) -> StaffMember:
    number = written("owner", staff_no, required=True, limit=32)
    member = StaffMember.objects.filter(company_id=company_id, staff_no=number).first()
    if member is None:
        raise Refused("owner", _("本单位没有工号 %(number)s 的人员。"), number=number)
    if not is_employed(facts_of([member.pk]).get(member.pk, []), on):
        raise Refused("owner", _("%(name)s（工号 %(number)s）今天不在职。"), name=member.name, number=number)
    return member


def _department(company_id: int, department_id: int | None) -> Department | None:
    if department_id is None:
        return None
    row = Department.objects.filter(company_id=company_id, first=None, pk=department_id).first()
    if row is None:
        raise Refused("department", _("本单位没有这个部门。"))
    return row


def _whose(finding: Finding) -> dict[str, Any]:
    owner = finding.owner
    told = {"owner": f"{owner.staff_no} {owner.name}" if owner else "", "due_on": str(finding.due_on or "")}
    return told | {"department": finding.department.name if finding.department else ""}

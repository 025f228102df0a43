"""What records with two times are called where they are listed, and where each is looked at."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from lianjing.core.viewer import Viewer
from lianjing.domain.assessments.models import SupervisionEntry, SupervisionLimit
from lianjing.domain.companies.models import CompanyFact, CompanySetting, Department, DutyText, Post
from lianjing.domain.compliance.evidence_policy import ACCEPTED
from lianjing.domain.compliance.judging import Evidence
from lianjing.domain.compliance.models import CapabilityFact, ServiceLimit
from lianjing.domain.compliance.models import Evidence as EvidencePiece
from lianjing.domain.documents.models import DocumentReview, InForce, Ownership, StandardStatus
from lianjing.domain.drills.models import Drill, Observation, ReviewTerm
from lianjing.domain.facilities.models import (
    CertificateNeed,
    EquipmentCertificate,
    MaintenanceRecord,
    Measurement,
    Place,
    PlaceFact,
    PlaceFile,
    RoomLimit,
    ServiceSpan,
)
from lianjing.domain.facilities.quantities import QUANTITIES
from lianjing.domain.incidents.models import PaperEntry
from lianjing.domain.people.access_list import MONTHS_SETTING
from lianjing.domain.people.fact_kinds import SPECS
from lianjing.domain.people.models import Appointment, StaffFact
from lianjing.domain.plans.models import PlanReview
from lianjing.domain.sites.models import ContractSpan, WorkdayEntry
from lianjing.terms.alarm_service import ServiceHeading
from lianjing.terms.equipment import CertificateKind
from lianjing.terms.facilities import PlaceFactKind, PlaceFileKind, PlaceKind, PlaceStanding
from lianjing.terms.plans import ReviewConclusion, ReviewKind
from lianjing.terms.premises import ContractStanding, CustomerUnit
from lianjing.terms.sentences import Figures, Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import CompanyFactKind, StaffFactKind
from lianjing.terms.verdicts import Verdict

SPAN = _("%(what)s（%(begins)s 至 %(until)s）")


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whether their owner may learn the names of people, and read their files."""

    names: bool
    files: bool

    @classmethod
    def of(cls, viewer: Viewer, company_id: int | None) -> "Eyes":
        return cls(*(viewer.scope(needed).holds(company_id) for needed in ("people.see", "people.files")))


def of_person(row: StaffFact, eyes: Eyes) -> Evidence:
    kind = StaffFactKind(row.kind)
    name = f"{row.member.staff_no} {row.member.name}" if eyes.names else _("未具名人员")
    member_id = row.member_id if eyes.names else None
    if SPECS[kind].private and not eyes.files:
        return Evidence("person", member_id, name, _("不便公开的记录"), is_private=True)
    return Evidence("person", member_id, name, SPAN, _days(row, kind.zh))


def of_company(row: CompanyFact, eyes: Eyes) -> Evidence:
    kind = CompanyFactKind(row.kind)
    return Evidence("company_fact", row.pk, kind.zh, SPAN, _days(row, kind.zh), key=row.kind)


def of_setting(row: CompanySetting, eyes: Eyes) -> Evidence:
    if row.name == "counted_unit":
        return Evidence("contracts", None, _("户数计法"), CustomerUnit(row.value).zh)
    if row.name == MONTHS_SETTING:
        return Evidence("access_review", None, _("权限复核周期"), _("%(months)s 个月"), {"months": row.value})
    return Evidence("company_fact", None, _("要求年限"), _("%(years)s 年"), {"years": row.value}, key="manager")


def of_workday(row: WorkdayEntry, eyes: Eyes) -> Evidence:
    said = _("%(day)s 上班") if row.is_workday else _("%(day)s 放假")
    return Evidence("workdays", None, _("工作日历"), said, {"day": str(row.valid_from)})


def of_department(row: Department, eyes: Eyes) -> Evidence:
    return Evidence("department", row.first_id or row.pk, _("部门"), SPAN, _days(row, row.name))


def of_post(row: Post, eyes: Eyes) -> Evidence:
    return Evidence("post", row.first_id or row.pk, _("岗位"), SPAN, _days(row, row.title))


def of_document(row: InForce | Ownership | DocumentReview | StandardStatus, eyes: Eyes) -> Evidence:
    """What was entered about a document: that it is in force, who answers for it, a review, what became of it."""
    kinds = {InForce: _("施行"), Ownership: _("责任人"), DocumentReview: _("复审"), StandardStatus: _("现行状态")}
    name = f"{row.document.number} {row.document.title}"
    return Evidence("document", row.document_id, name, SPAN, _days(row, kinds[type(row)]))


def of_duty(row: DutyText, eyes: Eyes) -> Evidence:
    kind, pk = ("post", row.post_id) if row.post_id else ("department", row.department_id)
    return Evidence(kind, pk, _("职责"), SPAN, _days(row, _("书面职责")))


def of_appointment(row: Appointment, eyes: Eyes) -> Evidence:
    return Evidence("post", row.post_id, _("任命"), SPAN, _days(row, row.post.title))


def of_contract(row: ContractSpan, eyes: Eyes) -> Evidence:
    told = _days(row, ContractStanding(row.state).zh)
    return Evidence("contract", row.contract_id, row.contract.number, SPAN, told)


def of_evidence(row: EvidencePiece, eyes: Eyes) -> Evidence:
    return Evidence("evidence", row.pk, row.title, SPAN, _days(row, Verdict(row.shows).zh))


def of_decision(row: EvidencePiece) -> Evidence:
    accepted = row.decision == ACCEPTED
    return Evidence("evidence", row.pk, row.title, _("接受证据") if accepted else _("退回证据"))


def of_limit(row: ServiceLimit, eyes: Eyes) -> Evidence:
    told = _days(row, ServiceHeading(row.heading).zh)
    return Evidence("service_limit", row.pk, _("限值"), SPAN, told, key=row.heading)


def of_plan_review(row: PlanReview, eyes: Eyes) -> Evidence:
    kind, conclusion = Phrase(ReviewKind(row.kind).zh), Phrase(ReviewConclusion(row.conclusion).zh)
    what = Phrase(_("%(kind)s：%(conclusion)s"), {"kind": kind, "conclusion": conclusion})
    return Evidence("plan", row.plan_id, row.plan.title, SPAN, {**_days(row, ""), "what": what})


def of_capability(row: CapabilityFact, eyes: Eyes) -> Evidence:
    return Evidence("capability", row.pk, _("能力记录"), SPAN, _days(row, row.item), key=row.heading)


def of_service(row: ServiceSpan, eyes: Eyes) -> Evidence:
    return _of_equipment(row, _("在用"))


def of_paper_of_equipment(row: EquipmentCertificate, eyes: Eyes) -> Evidence:
    return _of_equipment(row, CertificateKind(row.kind).zh)


def of_maintenance(row: MaintenanceRecord, eyes: Eyes) -> Evidence:
    return _of_equipment(row, _("维护"))


def _of_equipment(row: ServiceSpan | EquipmentCertificate | MaintenanceRecord, what: str) -> Evidence:
    name = f"{row.equipment.number} {row.equipment.name}"
    return Evidence("equipment", row.equipment_id, name, SPAN, _days(row, what))


def of_need(row: CertificateNeed, eyes: Eyes) -> Evidence:
    return Evidence("equipment", None, _("装备台账"), SPAN, _days(row, CertificateKind(row.certificate).zh))


def of_place(row: Place, eyes: Eyes) -> Evidence:
    first = row.first_id or row.pk
    return Evidence("place", first, row.name, SPAN, _days(row, PlaceKind(row.kind).zh), key=str(first))


def of_place_fact(row: PlaceFact, eyes: Eyes) -> Evidence:
    told, kind = _days(row, PlaceStanding(row.standing).zh), PlaceFactKind(row.kind)
    return Evidence("place_fact", row.pk, kind.zh, SPAN, told, key=str(row.place_id))


def of_place_file(row: PlaceFile, eyes: Eyes) -> Evidence:
    told = _days(row, PlaceFileKind(row.kind).zh)
    return Evidence("place", row.place_id, row.title, SPAN, told, key=str(row.place_id))


def of_measurement(row: Measurement, eyes: Eyes) -> Evidence:
    told, key = _days(row, row.as_read), f"{row.place_id}/{row.quantity}"
    return Evidence("measurement", row.pk, QUANTITIES[row.quantity].zh, SPAN, told, key=key)


def of_room_limit(row: RoomLimit, eyes: Eyes) -> Evidence:
    told = _days(row, PlaceKind(row.place_kind).zh)
    return Evidence("room_limit", row.pk, QUANTITIES[row.quantity].zh, SPAN, told, key=row.quantity)


def of_paper(row: PaperEntry) -> Evidence:
    return Evidence("case", row.pk, _("警情"), _("纸质补录，警情时间 %(at)s"), {"at": _minute(row.incident.opened_at)})


def of_supervision(row: SupervisionEntry) -> Evidence:
    told = {"day": str(row.valid_from), "at": _minute(row.recorded_at)}
    return Evidence("supervision", row.department_id, str(row.department), _("%(day)s 的日常监督，%(at)s 记入"), told)


def of_supervision_limit(row: SupervisionLimit, eyes: Eyes) -> Evidence:
    told = {"days": row.gap_days, "months": row.evaluation_months}
    said = _("日常监督最多间隔 %(days)d 个工作日，评价有效 %(months)d 个月")
    return Evidence("supervision_limits", None, _("监督与评价的限值"), said, told)


def of_review_term(row: ReviewTerm, eyes: Eyes) -> Evidence:
    return Evidence("review_term", None, _("复盘期限"), _("%(days)d 天"), {"days": row.days})


def of_drill(row: Drill) -> Evidence:
    """By its two times: when it was held, when that was recorded."""
    told = {"held": _minute(row.began_at), "at": _minute(row.held_at)}
    return Evidence("drill", row.pk, f"{row.number} {row.title}", _("%(held)s 举行，%(at)s 记入"), told)


def of_observation(row: Observation) -> Evidence:
    told = {"seen": _minute(row.seen_at), "at": _minute(row.recorded_at)}
    return Evidence(
        "drill", row.drill_id, f"{row.drill.number} {row.drill.title}", _("%(seen)s 的观察，%(at)s 记入"), told
    )


def _minute(at: datetime | None) -> str:
    return f"{timezone.localtime(at, timezone.get_default_timezone()):%Y-%m-%d %H:%M}" if at else "…"


def _days(row: Any, what: str) -> Figures:
    return {"what": Phrase(what.replace("%", "%%")), "begins": _day(row.valid_from), "until": _day(row.valid_until)}


def _day(day: date | None) -> str:
    return str(day) if day else "…"

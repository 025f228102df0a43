"""What was entered or taken back after a moment and is about a day: of every table with two times that rules read."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.assessments.models import SupervisionLimit
from lianjing.domain.assessments.policy import LOG_CHANGED
from lianjing.domain.companies.models import CompanyFact, CompanySetting, Department, DutyText, Post
from lianjing.domain.compliance import entry_words as words
from lianjing.domain.compliance.attested_rule import CHANGED
from lianjing.domain.compliance.cases_known import known_cases
from lianjing.domain.compliance.entry_words import Eyes
from lianjing.domain.compliance.judging import Evidence
from lianjing.domain.compliance.models import CapabilityFact, EvidenceClause, ServiceLimit
from lianjing.domain.compliance.models import Evidence as EvidencePiece
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.documents.models import DocumentReview, InForce, Ownership, StandardStatus
from lianjing.domain.documents.policy import CHANGED as DOCUMENT_CHANGED
from lianjing.domain.drills.models import ReviewTerm
from lianjing.domain.drills.policy import REVIEWED as LOOKED_BACK
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
from lianjing.domain.facilities.policy import CHANGED as PREMISES
from lianjing.domain.incidents.models import PaperEntry
from lianjing.domain.incidents.paper import ENTERED
from lianjing.domain.people.access_list import MONTHS_SETTING
from lianjing.domain.people.models import Appointment, StaffFact
from lianjing.domain.plans.models import PlanReview
from lianjing.domain.plans.plan_reviewing import REVIEWED
from lianjing.domain.records.dated import holding_on
from lianjing.domain.sites.actions.workdays import CHANGED as WORKDAYS
from lianjing.domain.sites.models import ContractSpan, WorkdayEntry
from lianjing.domain.sites.served_rows import holds_between
from lianjing.terms.alarm_service import ServiceHeading
from lianjing.terms.facilities import PlaceFactKind
from lianjing.terms.premises import ContractStanding

SEE = "compliance.see"
LIMITS, EQUIPMENT = "compliance.limits_changed", "equipment.changed"
YEAR = timedelta(days=365)
SETTING_TOPICS = {MONTHS_SETTING: "access.changed"}
"""Settings of a company that are told by another topic than the rest."""
READ_AT_MOST = 2000
"""Rows of one table: whoever brings in ten thousand late sees the latest."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A record that was entered, or taken back, with who did it and when."""

    kind: str
    """What it is about, as rules name it in `reads`: `staff:guard_certificate`, `company:guard_licence`, `contract`."""
    topic: str
    """Of the outbox, by which its changes are told."""
    tell: Callable[[], Evidence]
    by: str
    at: datetime
    is_taken_back: bool
    clauses: frozenset[str] = frozenset()
    """Of evidence: which it serves; empty: whatever reads this kind."""

    @property
    def what(self) -> Evidence:
        """Told when it is asked for: of thousands a few are listed."""
        return self.tell()


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `content`: what a row says of a day; the same said anew is no change."""

    model: Any
    topic: str
    kind: Callable[[Any], str]
    content: Callable[[Any], Hashable]
    tell: Callable[[Any, Eyes], Evidence]
    joined: tuple[str, ...] = ()
    clauses: Callable[[Any], frozenset[str]] | None = None


TABLES = (
    Table(
        StaffFact,
        "staff.changed",
        lambda row: f"staff:{row.kind}",
        lambda row: (row.member_id, row.kind, row.value, row.number, str(row.details)),
        words.of_person,
        ("member",),
    ),
    Table(
        CompanyFact,
        "company.changed",
        lambda row: f"company:{row.kind}",
        lambda row: (row.kind, row.value, row.number, row.issuer, str(row.details), row.valid_from, row.valid_until),
        words.of_company,
    ),
    Table(
        CompanySetting,
        "company.changed",
        lambda row: row.name,
        lambda row: (row.name, row.value, row.origin),
        words.of_setting,
    ),
    Table(
        Department,
        "company.changed",
        lambda row: "department",
        lambda row: (row.first_id or row.pk, row.kind, row.parent_id, row.name),
        words.of_department,
    ),
    Table(
        Post,
        "company.changed",
        lambda row: "post",
        lambda row: (row.first_id or row.pk, row.department_id, row.title, row.is_key, row.post_kind, row.places),
        words.of_post,
    ),
    Table(
        DutyText,
        "company.changed",
        lambda row: "duty",
        lambda row: (row.department_id, row.post_id),
        words.of_duty,
    ),
    Table(
        Appointment,
        "company.changed",
        lambda row: "appointment",
        lambda row: (row.post_id, row.member_id, row.is_deputy),
        words.of_appointment,
        ("post", "member"),
    ),
    Table(
        ServiceLimit,
        LIMITS,
        lambda row: f"limit:{ServiceHeading(row.heading).clause}",
        lambda row: (row.heading, row.measure, row.share, row.item, row.comparison, row.limit, row.unit),
        words.of_limit,
    ),
    Table(
        CapabilityFact,
        LIMITS,
        lambda row: f"capability:{ServiceHeading(row.heading).clause}",
        lambda row: (row.heading, row.item, row.equipment_id, row.subject, row.figure, row.unit),
        words.of_capability,
    ),
    Table(
        ServiceSpan,
        EQUIPMENT,
        lambda row: "equipment",
        lambda row: (row.equipment_id, row.kind, row.cycle_months, row.life_ends_on, row.valid_from, row.valid_until),
        words.of_service,
        ("equipment",),
    ),
    Table(
        EquipmentCertificate,
        EQUIPMENT,
        lambda row: "equipment",
        lambda row: (row.equipment_id, row.kind, row.valid_from, row.valid_until),
        words.of_paper_of_equipment,
        ("equipment",),
    ),
    Table(
        MaintenanceRecord,
        EQUIPMENT,
        lambda row: "equipment",
        lambda row: (row.equipment_id, row.valid_from),
        words.of_maintenance,
        ("equipment",),
    ),
    Table(
        CertificateNeed,
        EQUIPMENT,
        lambda row: "equipment",
        lambda row: (row.kind, row.certificate),
        words.of_need,
    ),
    Table(
        Place,
        PREMISES,
        lambda row: "place",
        lambda row: (row.first_id or row.pk, row.kind, row.name, row.centre_id, row.area_m2),
        words.of_place,
    ),
    Table(
        PlaceFact,
        PREMISES,
        lambda row: f"place_fact:{PlaceFactKind(row.kind).clause}",
        lambda row: (row.place_id, row.kind, row.standing),
        words.of_place_fact,
    ),
    Table(
        PlaceFile,
        PREMISES,
        lambda row: "place_file",
        lambda row: (row.place_id, row.kind, row.sha256),
        words.of_place_file,
    ),
    Table(
        Measurement,
        PREMISES,
        lambda row: "measurement",
        lambda row: (row.place_id, row.quantity, row.value, row.measured_at, row.calibrated_until),
        words.of_measurement,
    ),
    Table(
        RoomLimit,
        PREMISES,
        lambda row: "room_limit",
        lambda row: (row.quantity, row.place_kind, row.low, row.high, row.confidence),
        words.of_room_limit,
    ),
    Table(
        InForce,
        DOCUMENT_CHANGED,
        lambda row: "document",
        lambda row: (row.edition_id, row.review_by),
        words.of_document,
        ("document", "edition"),
    ),
    Table(
        Ownership,
        DOCUMENT_CHANGED,
        lambda row: "document",
        lambda row: (row.document_id, row.member_id),
        words.of_document,
        ("document",),
    ),
    Table(
        DocumentReview,
        DOCUMENT_CHANGED,
        lambda row: "document",
        lambda row: (row.document_id, row.valid_from, row.next_on),
        words.of_document,
        ("document",),
    ),
    Table(
        StandardStatus,
        DOCUMENT_CHANGED,
        lambda row: "document",
        lambda row: (row.document_id, row.state, row.successor, row.valid_from),
        words.of_document,
        ("document",),
    ),
    Table(
        PlanReview,
        REVIEWED,
        lambda row: "plan_review",
        lambda row: (row.version_id, row.kind, row.conclusion),
        words.of_plan_review,
        ("plan",),
    ),
    Table(
        SupervisionLimit,
        LOG_CHANGED,
        lambda row: "supervision_limits",
        lambda row: (row.gap_days, row.evaluation_months),
        words.of_supervision_limit,
    ),
    Table(
        ReviewTerm,
        LOOKED_BACK,
        lambda row: "review_term",
        lambda row: row.days,
        words.of_review_term,
    ),
)
EVIDENCE = Table(
    EvidencePiece,
    CHANGED,
    lambda row: "evidence",
    lambda row: row.pk,
    words.of_evidence,
)
CALENDAR = Table(
    WorkdayEntry,
    WORKDAYS,
    lambda row: "workday",
    lambda row: (row.valid_from, row.is_workday),
    words.of_workday,
)
CONTRACTS = Table(
    ContractSpan,
    "contract.changed",
    lambda row: "contract",
    lambda row: (row.contract_id, row.state, row.has_scan, frozenset(site.pk for site in row.sites.all())),
    words.of_contract,
    ("contract",),
)


def entered_after(viewer: Viewer, company_id: int, on: date, after: datetime) -> list[Entered]:
    """The latest first. Two queries for contracts, three for evidence, one for each other table and for paper."""
    eyes = Eyes.of(viewer, company_id)
    found = [one for table in TABLES for one in _entered(table, _rows(table, viewer, company_id, on), after, eyes)]
    spans = _rows(CONTRACTS, viewer, company_id, on).filter(_tells(on)).prefetch_related("sites")
    found += _entered(CONTRACTS, spans, after, eyes)
    found += _evidence(viewer, company_id, on, after, eyes)
    found += _from_paper(viewer, company_id, end_of(on, None), after)
    found += _of_the_calendar(viewer, after)
    return sorted(found, key=lambda one: one.at, reverse=True)


def _tells(on: date) -> Q:
    """Spans that say something of the day: it serves, within its term; or it has ended."""
    serves = Q(state=ContractStanding.IN_SERVICE) & holds_between(on, "term_from", "term_until")
    return serves | Q(state=ContractStanding.ENDED)


def _rows(table: Table, viewer: Viewer, company_id: int, on: date) -> "QuerySet[Any]":
    rows = visible(table.model.objects.filter(company_id=company_id), viewer, SEE)
    return holding_on(rows, on).select_related(*table.joined)


def _entered(table: Table, rows: "QuerySet[Any]", after: datetime, eyes: Eyes) -> Iterator[Entered]:
    come = Q(recorded_at__gt=after, retracted_at=None)
    gone = Q(recorded_at__lte=after, retracted_at__gt=after)
    changed = list(rows.filter(come | gone).order_by("-pk")[:READ_AT_MOST])
    said = {is_gone: {table.content(row) for row in changed if _is_gone(row) == is_gone} for is_gone in (False, True)}
    for row in changed:
        if table.content(row) not in said[not _is_gone(row)]:
            by, at = (row.retracted_by, row.retracted_at) if _is_gone(row) else (row.recorded_by, row.recorded_at)
            topic = SETTING_TOPICS.get(table.kind(row), table.topic)
            clauses = table.clauses(row) if table.clauses else frozenset()
            yield Entered(table.kind(row), topic, partial(table.tell, row, eyes), by, at, _is_gone(row), clauses)


def _evidence(viewer: Viewer, company_id: int, on: date, after: datetime, eyes: Eyes) -> Iterator[Entered]:
    """Pieces that were submitted or withdrawn, and, an act of its own, accepted or rejected."""
    pieces = _rows(EVIDENCE, viewer, company_id, on)
    served: dict[int, set[str]] = defaultdict(set)
    for pk, clause in EvidenceClause.objects.filter(evidence__in=pieces).values_list("evidence_id", "clause"):
        served[pk].add(clause)
    yield from _entered(replace(EVIDENCE, clauses=lambda row: frozenset(served[row.pk])), pieces, after, eyes)
    for row in pieces.filter(decided_at__gt=after, retracted_at=None).order_by("-pk")[:READ_AT_MOST]:
        told = partial(words.of_decision, row)
        yield Entered("evidence", CHANGED, told, row.decided_by, row.decided_at, False, frozenset(served[row.pk]))


def _from_paper(viewer: Viewer, company_id: int, ended: datetime, after: datetime) -> Iterator[Entered]:
    """Cases of the year before the day, which rules that look back judge by, that were entered from paper."""
    cases = known_cases(viewer, company_id, None).filter(opened_at__lte=ended, opened_at__gt=ended - YEAR)
    rows = PaperEntry.objects.filter(incident__in=cases, entered_at__gt=after).order_by("-pk")
    for row in rows.select_related("incident", "entered_by")[:READ_AT_MOST]:
        yield Entered("case", ENTERED, partial(words.of_paper, row), row.entered_by.shown_name, row.entered_at, False)


def _of_the_calendar(viewer: Viewer, after: datetime) -> Iterator[Entered]:
    """Dates that the centre counts otherwise, whatever their day: a term in workdays runs over many."""
    yield from _entered(CALENDAR, WorkdayEntry.objects.order_by(), after, Eyes.of(viewer, None))


def _is_gone(row: Any) -> bool:
    return row.retracted_at is not None

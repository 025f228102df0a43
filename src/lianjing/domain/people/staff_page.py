"""One person: what is on file of him now, what was, and who was shown his identity number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from lianjing.core.scans import KeptScan, read_scan
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.people.eligibility import Reason, eligibility
from lianjing.domain.people.fact_kinds import SPECS, Spec
from lianjing.domain.people.facts import as_fact
from lianjing.domain.people.holdings import Held, held_by, last_day_of
from lianjing.domain.people.models import Photo, StaffFact, StaffMember, User
from lianjing.domain.people.staff_facts import is_employed, member_by_id, post_kind_on
from lianjing.domain.people.telling import told_reasons
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import PostKind, StaffFactKind

FILES = "people.files"
REVEALED = "staff.identity_revealed"
REVEALS_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one kind: those that hold on the day or later, and what was before or is retracted."""

    spec: Spec
    standing: list[StaffFact] = field(default_factory=list)
    earlier: list[StaffFact] = field(default_factory=list)

    @property
    def kind(self) -> StaffFactKind:
        return self.spec.kind


@dataclass(frozen=True, slots=True)
class StaffPage:
    """As far as the viewer may know. Without `sees_file`: no facts, no number, nothing held."""

    member: StaffMember
    on: date
    sees_file: bool
    post_kind: PostKind
    employed: bool
    eligible: bool
    reasons: tuple[Reason, ...]
    groups: list[FactGroup]
    held: Held | None
    left_on: date | None
    has_photo: bool

    @property
    def against(self) -> int:
        return sum(not reason.met for reason in self.reasons)


def staff_page(viewer: Viewer, member_id: int, on: date, now: datetime) -> StaffPage | None:
    """None when there is none for the viewer. `on`: the day for which eligibility is told."""
    member = member_by_id(viewer, member_id)
    if member is None:
        return None
    sees_file = viewer.scope(FILES).holds(member.company_id)
    rows = list(StaffFact.objects.filter(member=member).order_by("pk"))
    facts = [as_fact(row) for row in rows if row.retracted_at is None]
    answer = eligibility(facts, on)
    return StaffPage(
        member,
        on,
        sees_file,
        post_kind_on(facts, on),
        is_employed(facts, on),
        answer.eligible,
        told_reasons(answer, sees_file=sees_file),
        _groups(rows, on) if sees_file else [],
        held_by(member, on, now) if sees_file else None,
        last_day_of(rows),
        sees_file and Photo.objects.filter(member=member).exists(),
    )


def _groups(rows: Iterable[StaffFact], on: date) -> list[FactGroup]:
    """Of every kind, in the order of the table; the latest first."""
    groups: dict[StaffFactKind, FactGroup] = {kind: FactGroup(spec) for kind, spec in SPECS.items()}
    for row in rows:
        group = groups[StaffFactKind(row.kind)]
        gone = row.retracted_at is not None or (row.valid_until is not None and row.valid_until < on)
        (group.earlier if gone else group.standing).insert(0, row)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class Reveal:
    at: datetime
    actor: str
    reason: str


def reveals_of(viewer: Viewer, member_id: int) -> list[Reveal]:
    """Who was shown the whole identity number, when and why, latest first."""
    rows = Record.objects.filter(
        subject_type="staffmember", subject_id=str(member_id), action=REVEALED, erased_by=None
    ).order_by("-id")[:REVEALS_AT_MOST]
    scope = viewer.scope(FILES)
    return [
        Reveal(row.at, row.actor_name, (row.after or {}).get("reason", ""))
        for row in rows
        if scope.holds(row.company_id)
    ]


def fact_by_id(viewer: Viewer, fact_id: int) -> StaffFact | None:
    """Any fact, retracted ones too, for whoever may read the file."""
    rows = visible(StaffFact.objects.select_related("member__company"), viewer, FILES)
    return rows.filter(pk=fact_id).first()


def scan_of_fact(viewer: Viewer, fact: StaffFact) -> KeptScan | None:
    """None when there is none, or the viewer may not read the file."""
    return read_scan(fact.scan, fact.scan_sha256) if viewer.scope(FILES).holds(fact.company_id) else None


def latest_of_kind(viewer: Viewer, member_id: int, kind: StaffFactKind) -> StaffFact | None:
    """The standing fact of a kind that begins last: what a new one mostly repeats."""
    rows = visible(StaffFact.objects.all(), viewer, FILES)
    mine = rows.filter(member_id=member_id, kind=kind.value, retracted_at=None)
    return max(mine.order_by("pk"), key=lambda fact: fact.valid_from or date.min, default=None)


def photo_of(viewer: Viewer, member: StaffMember) -> KeptScan | None:
    """None when there is none, or the viewer may not read the file."""
    photo = Photo.objects.filter(member=member).first()
    if photo is None or not viewer.scope(FILES).holds(member.company_id):
        return None
    return read_scan(photo.file, photo.sha256)


def accounts_for(viewer: Viewer, member: StaffMember) -> list[User]:
    """The accounts of his company that are nobody's, and his own."""
    if not viewer.scope(FILES).holds(member.company_id):
        return []
    free = Q(staff_member=None) | Q(staff_member=member)
    return list(User.objects.filter(free, memberships__company=member.company_id).distinct().order_by("username"))

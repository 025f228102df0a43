"""The year's programme, the list of drills, one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lianjing.core.cursors import behind
from lianjing.core.scans import KeptScan, read_scan
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.drills.models import Attachment, Drill, PlannedDrill, Programme
from lianjing.domain.drills.policy import EDIT, SEE
from lianjing.domain.people.holders import at_work_on
from lianjing.domain.people.models import RosterEntry, StaffMember
from lianjing.terms.drills import DrillState, ProgrammeState

NEWEST = ("-planned_on", "-id")
OFFERED_AT_MOST = 5000


@dataclass(frozen=True, slots=True)
class DrillsWanted:
    """What to list; empty means whatever."""

    company_id: int | None = None
    state: str = ""
    kind: str = ""
    year: int | None = None
    text: str = ""


def drills(viewer: Viewer, wanted: DrillsWanted, *, after: int | None = None, limit: int = 50) -> list[Drill]:
    """The latest day first. One query, two behind a cursor."""
    rows = behind(visible(Drill.objects.all(), viewer, SEE), NEWEST, after)
    chosen = {"company_id": wanted.company_id, "state": wanted.state, "kind": wanted.kind, "year": wanted.year}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    if wanted.text:
        rows = rows.filter(title__icontains=wanted.text) | rows.filter(number__icontains=wanted.text)
    return list(rows.select_related("company")[:limit])


def drill_by_id(viewer: Viewer, drill_id: int) -> Drill | None:
    """One with its company; None when there is none for the viewer."""
    return visible(Drill.objects.select_related("company"), viewer, SEE).filter(pk=drill_id).first()


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of a programme, and the drill that was made of it."""

    line: PlannedDrill
    drill: Drill | None


@dataclass(frozen=True, slots=True)
class ProgrammeShown:
    """A year's programme: the edition that is approved, the draft beside it, and the lines of the one shown."""

    year: int
    approved: Programme | None
    draft: Programme | None
    shown: Programme | None
    lines: Sequence[LineShown]

    def of_month(self, month: int) -> list[LineShown]:
        return [one for one in self.lines if one.line.month == month]


def programme_shown(viewer: Viewer, company_id: int, year: int, *, draft: bool = False) -> ProgrammeShown:
    """`draft`: show the draft, where there is one, else what is approved. Three queries."""
    rows = visible(Programme.objects.filter(company_id=company_id, year=year), viewer, SEE)
    editions = {row.state: row for row in rows.exclude(state=ProgrammeState.REPLACED)}
    approved, drafted = editions.get(ProgrammeState.APPROVED.value), editions.get(ProgrammeState.DRAFT.value)
    shown = drafted if drafted is not None and (draft or approved is None) else approved
    if shown is None:
        return ProgrammeShown(year, None, None, None, ())
    held = Drill.objects.filter(company_id=company_id, year=year).exclude(state=DrillState.CANCELLED)
    by_line = {drill.line: drill for drill in held}
    lines = tuple(LineShown(line, by_line.get(line.line)) for line in shown.lines.order_by("month", "line"))
    return ProgrammeShown(year, approved, drafted, shown, lines)


def programme_by_id(viewer: Viewer, programme_id: int) -> Programme | None:
    """An edition with its company; None when there is none for the viewer."""
    return visible(Programme.objects.select_related("company"), viewer, SEE).filter(pk=programme_id).first()


def line_by_id(viewer: Viewer, line_id: int) -> PlannedDrill | None:
    """A line with its programme and company; None when there is none for the viewer."""
    rows = visible(PlannedDrill.objects.all(), viewer, SEE, company_field="programme__company_id")
    return rows.select_related("programme__company").filter(pk=line_id).first()


def kept_attachment(viewer: Viewer, attachment_id: int) -> tuple[Attachment, KeptScan] | None:
    """A file of a drill, compared with its digest; None when there is none, or the viewer may not see it."""
    rows = visible(Attachment.objects.all(), viewer, SEE, company_field="drill__company_id")
    row = rows.select_related("drill").filter(pk=attachment_id).first()
    kept = read_scan(row.file, row.file_sha256) if row is not None else None
    return (row, kept) if row is not None and kept is not None else None


@dataclass(frozen=True, slots=True)
class PersonOffered:
    """Somebody who may take part. `shift`: what he stands on the day; "": none."""

    staff_no: str
    name: str
    shift: str


def people_offered(viewer: Viewer, company_id: int, on: date) -> list[PersonOffered]:
    """Who is at work on the day, those on the roster first. Three queries."""
    rows = visible(StaffMember.objects.filter(company_id=company_id), viewer, EDIT).order_by("staff_no")
    named = list(rows.values_list("pk", "staff_no", "name")[:OFFERED_AT_MOST])
    there = at_work_on([pk for pk, _number, _name in named], on)
    entries = RosterEntry.objects.filter(company_id=company_id, day=on).exclude(state="cancelled")
    shifts = dict(entries.order_by("-begins_at").values_list("member_id", "shift"))
    offered = [PersonOffered(number, name, shifts.get(pk, "")) for pk, number, name in named if pk in there]
    return sorted(offered, key=lambda one: not one.shift)


def held_since(viewer: Viewer, company_id: int, since: date, limit: int = 50) -> list[Drill]:
    """Those that were held on or after a day, the latest first: in which something may have been tried again."""
    rows = visible(Drill.objects.filter(company_id=company_id, planned_on__gte=since), viewer, SEE)
    states = (DrillState.HELD, DrillState.REVIEWED, DrillState.ARCHIVED)
    return list(rows.filter(state__in=states).order_by(*NEWEST)[:limit])

"""Goes through the rows of the sheet `equipment` and compares each with what stands. Reads, and writes nothing."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from lianjing.core.refusals import Refused
from lianjing.core.viewer import visible
from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import Change, Plan, What, compared
from lianjing.core.workbooks.reading import Book, Row
from lianjing.domain.companies.models import Department
from lianjing.domain.companies.workbooks import Errand
from lianjing.domain.facilities.equipment_keeping import TEXTS, VALUES
from lianjing.domain.facilities.equipment_policy import (
    EDIT,
    SEE,
    NewCertificate,
    NewEquipment,
    NewMaintenance,
    check_certificate,
    check_equipment,
    check_maintenance,
)
from lianjing.domain.facilities.importing.columns import EQUIPMENT
from lianjing.domain.facilities.models import Equipment, EquipmentCertificate, MaintenanceRecord, Place
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.dated import OLDEST_FIRST, known_at
from lianjing.terms.equipment import MaintenanceResult
from lianjing.terms.sentences import marked as _

KEY = EQUIPMENT.key
CERTIFICATES, MAINTENANCES = "certificates", "maintenances"
"""What of `Plan.beside` holds the papers, and the maintenances, that are to be recorded."""
AT_ONCE = 900
"""Values of one query: SQLite takes no more than 999 by Django's count."""
_PAPER = {"kind": "certificate_kind", "number": "certificate_no", "issuer": "certificate_issuer"}
_PAPER |= {"valid_from": "certificate_from", "valid_until": "certificate_until"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate that is to be recorded of a piece, in the place of one that stands or beside all."""

    piece: Equipment
    new: NewCertificate
    instead: EquipmentCertificate | None


@dataclass(frozen=True, slots=True)
class Done:
    """A maintenance that is to be recorded of a piece."""

    piece: Equipment
    new: NewMaintenance


@dataclass(slots=True)
class Scene:
    """One file, being entered into one company, and what stands there of what it names."""

    errand: Errand
    today: date
    pieces: Mapping[str, Equipment]
    serials: Mapping[tuple[str, str], str]
    places: Mapping[str, Place]
    departments: Mapping[str, Department]
    keepers: Mapping[str, StaffMember]
    papers: Mapping[int, Sequence[EquipmentCertificate]]
    done: Mapping[int, Sequence[date]]
    plan: Plan = field(default_factory=Plan)
    first: dict[tuple[str, Hashable], int] = field(default_factory=dict)

    def fault(self, row: Row, column: str, sentence: str, /, **figures: Any) -> None:
        """One thing that is wrong with a cell; a cell that is at fault already is not told again."""
        if column not in row.broken:
            row.break_(column)
            self.plan.faults.append(Fault(KEY, row.number, column, sentence, figures))

    def is_first(self, row: Row, column: str, key: Hashable) -> bool:
        """Whether no earlier row has the same in this column."""
        earlier = self.first.setdefault((column, key), row.number)
        if earlier != row.number:
            self.fault(row, column, _("与第 %(row)d 行重复。"), row=earlier)
        return earlier == row.number


def plan_of(book: Book, errand: Errand) -> Plan:
    """What a file would make of the register of a company."""
    rows = book.rows(KEY)
    scene = _scene(errand, rows)
    if KEY in book.sheets:
        scene.plan.rows[KEY] = len(rows)
    for row in rows:
        if "number" in row.values:
            _enter(scene, row)
    return scene.plan


def _scene(errand: Errand, rows: Sequence[Row]) -> Scene:
    """Some queries a table, however many rows there are."""
    company, by = errand.company_id, errand.by
    mine = visible(Equipment.objects.filter(company_id=company), by, SEE)
    pieces = {row.number: row for row in _among(mine.select_related("place", "department", "keeper"), "number", rows)}
    serials = {(row.model, row.serial): row.number for row in _among(mine, "serial", rows)}
    people = visible(StaffMember.objects.filter(company_id=company), by, EDIT)
    keepers = {row.staff_no: row for row in _among(people, "staff_no", rows, "keeper")}
    ids = [row.pk for row in pieces.values()]
    papers: dict[int, list[EquipmentCertificate]] = defaultdict(list)
    for paper in _of(known_at(visible(EquipmentCertificate.objects.all(), by, SEE)), ids):
        papers[paper.equipment_id].append(paper)
    done: dict[int, list[date]] = defaultdict(list)
    for one in _of(known_at(visible(MaintenanceRecord.objects.all(), by, SEE)), ids):
        done[one.equipment_id].append(one.valid_from)
    today = timezone.localdate(errand.at)
    return Scene(errand, today, pieces, serials, _places(errand), _departments(errand), keepers, papers, done)


def _among(rows: Any, name: str, wanted: Iterable[Row], column: str = "") -> Iterable[Any]:
    values = list(dict.fromkeys(row.values[column or name] for row in wanted if row.values.get(column or name)))
    for start in range(0, len(values), AT_ONCE):
        yield from rows.filter(**{f"{name}__in": values[start : start + AT_ONCE]})


def _of(rows: Any, ids: Sequence[int]) -> Iterable[Any]:
    for start in range(0, len(ids), AT_ONCE):
        yield from rows.filter(equipment_id__in=ids[start : start + AT_ONCE]).order_by("pk")


def _places(errand: Errand) -> dict[str, Place]:
    """By their latest names, each its first row."""
    rows = visible(Place.objects.filter(company_id=errand.company_id, retracted_at=None), errand.by, SEE)
    return {row.name: row.first or row for row in rows.select_related("first").order_by(OLDEST_FIRST, "pk")}


def _departments(errand: Errand) -> dict[str, Department]:
    rows = visible(Department.objects.filter(company_id=errand.company_id, retracted_at=None), errand.by, EDIT)
    return {row.name: row.first or row for row in rows.select_related("first").order_by(OLDEST_FIRST, "pk")}


def _enter(scene: Scene, row: Row) -> None:
    number = row.values["number"]
    if not scene.is_first(row, "number", number):
        return
    piece = scene.pieces.get(number)
    if piece is None:
        piece = Equipment(company_id=scene.errand.company_id, number=number, added_at=scene.errand.at)
        _check_needed(scene, row)
    change = Change(KEY, row.number, number, What.CHANGED if piece.pk else What.CREATED, piece)
    compared(EQUIPMENT, row, piece, change)
    _name(scene, row, change)
    _check(scene, row, piece)
    paper, done = _paper(scene, row, change), _done(scene, row, change)
    if row.broken:
        return
    if change.is_nothing:
        scene.plan.unchanged[KEY] += 1
        return
    scene.plan.changes.append(change)
    scene.plan.put(CERTIFICATES, *([paper] if paper else []))
    scene.plan.put(MAINTENANCES, *([done] if done else []))


def _check_needed(scene: Scene, row: Row) -> None:
    for column in EQUIPMENT.needed:
        if not row.values.get(column) and column not in row.broken:
            scene.fault(row, column, _("新装备须填写%(title)s。"), title=EQUIPMENT.column(column).zh)


def _name(scene: Scene, row: Row, change: Change) -> None:
    """Where it is and who answers for it, by the names of what the company has."""
    _named(scene, row, change, ("place", scene.places, _("本单位没有名为 %(name)s 的场地。"), lambda one: one.name))
    said = _("本单位没有名为 %(name)s 的部门。")
    _named(scene, row, change, ("department", scene.departments, said, lambda one: one.name))
    said = _("本单位没有工号 %(name)s 的人员。")
    _named(scene, row, change, ("keeper", scene.keepers, said, lambda one: one.staff_no))


def _named(
    scene: Scene, row: Row, change: Change, about: tuple[str, Mapping[str, Any], str, Callable[[Any], str]]
) -> None:
    column, known, sentence, called = about
    if column not in row.values or column in row.broken:
        return
    name, piece = row.values[column], change.instance
    if name and name not in known:
        scene.fault(row, column, sentence, name=name)
        return
    had, has = getattr(piece, column), known.get(name) if name else None
    if (had.pk if had else None) != (has.pk if has else None):
        change.note(column, called(had) if had else None, name or None)
        setattr(piece, column, has)
        change.fields.append(column)


def _check(scene: Scene, row: Row, piece: Equipment) -> None:
    """What no form would take."""
    if row.broken:
        return
    try:
        check_equipment(NewEquipment(**{name: getattr(piece, name) for name in (*TEXTS, *VALUES)}))
    except Refused as refused:
        scene.fault(row, refused.field, refused.sentence, **refused.figures)
        return
    if not piece.serial:
        return
    other = scene.serials.get((piece.model, piece.serial))
    if other is not None and other != piece.number:
        said = _("型号 %(model)s 的序列号 %(serial)s 已登记为 %(number)s。")
        scene.fault(row, "serial", said, model=piece.model or "—", serial=piece.serial, number=other)
    scene.is_first(row, "serial", (piece.model, piece.serial))


def _paper(scene: Scene, row: Row, change: Change) -> Paper | None:
    told = {name: row.values[column] for name, column in _PAPER.items() if column in row.values}
    if not told or any(column in row.broken for column in _PAPER.values()):
        return None
    for name in ("kind", "number", "valid_from"):
        if name not in told:
            said = _("写了证书，还须填写%(title)s。")
            scene.fault(row, _PAPER[name], said, title=EQUIPMENT.column(_PAPER[name]).zh)
            return None
    piece: Any = change.instance
    same = [one for one in scene.papers.get(piece.pk, ()) if (one.kind, one.number) == (told["kind"], told["number"])]
    had = same[0] if same else None
    if had is not None:
        told = {"issuer": had.issuer, "valid_until": had.valid_until} | told
        if all(getattr(had, name) == value for name, value in told.items()):
            return None
    return _sound_paper(scene, row, change, (NewCertificate(**told), had))


def _sound_paper(
    scene: Scene, row: Row, change: Change, told: tuple[NewCertificate, EquipmentCertificate | None]
) -> Paper | None:
    new, had = told
    try:
        check_certificate(new, scene.today)
    except Refused as refused:
        scene.fault(row, _PAPER[refused.field], refused.sentence, **refused.figures)
        return None
    for name, column in _PAPER.items():
        before, after = (getattr(had, name) or None) if had else None, getattr(new, name) or None
        if before != after:
            change.note(column, before, after)
    piece: Any = change.instance
    return Paper(piece, new, had)


def _done(scene: Scene, row: Row, change: Change) -> Done | None:
    day, who = row.values.get("maintained_on"), row.values.get("maintained_by")
    piece: Any = change.instance
    if {"maintained_on", "maintained_by"} & set(row.broken) or day is None or day in scene.done.get(piece.pk, ()):
        return None
    if not who:
        scene.fault(row, "maintained_by", _("请填写维护人：写了上次维护日期。"))
        return None
    new = NewMaintenance(day, who, f"导入文件 {scene.errand.file}"[:500], MaintenanceResult.NORMAL.value)
    try:
        check_maintenance(new, scene.today, piece.manufactured_on)
    except Refused as refused:
        scene.fault(row, "maintained_on", refused.sentence, **refused.figures)
        return None
    change.note("maintained_on", None, day)
    change.note("maintained_by", None, who)
    return Done(piece, new)

"""Steps of what changes a piece of equipment: what must be so, what verdicts read of it, what its list is sorted by."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lianjing.core.entering import enter, once
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Department
from lianjing.domain.facilities.equipment_policy import (
    DAY,
    EDIT,
    SEE,
    NewEquipment,
    certified_until,
    life_end,
    next_maintenance,
)
from lianjing.domain.facilities.models import (
    Equipment,
    EquipmentCertificate,
    MaintenanceRecord,
    Place,
    ServiceSpan,
)
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.changing import Actor, locked, take_back
from lianjing.domain.records.dated import known_at
from lianjing.terms.sentences import marked as _

TEXTS = (
    *("number", "kind", "name", "manufacturer", "model", "serial", "place_words", "plate", "cycle_source", "notes"),
)
VALUES = ("manufactured_on", "commissioned_on", "decommissioned_on", "warranty_until", "life_months", "cycle_months")
DAYS = ("life_ends_on", "maintenance_due_on", "certificate_until")
Told = dict[str, Any]


def piece_to_change(equipment_id: int, by: Viewer) -> Equipment:
    """The piece, locked. Raises Missing or Forbidden."""
    row = locked(Equipment.objects.all(), equipment_id, by, see=SEE)
    require(by, EDIT, row.company_id)
    return row


def put(row: Equipment, new: NewEquipment) -> None:
    """Puts what was told into a row that is not saved yet. Raises Refused naming the field."""
    enter(row, {name: getattr(new, name) for name in TEXTS})
    for name in VALUES:
        setattr(row, name, getattr(new, name))
    row.place, row.department = _place(row.company_id, new.place), _department(row.company_id, new.department)
    row.keeper = _keeper(row.company_id, new.keeper)


def save_once(row: Equipment) -> None:
    """Saves it. Raises Refused when its number, or its serial of the same model, is taken."""
    with once("number", _("编号 %(number)s 已登记。"), number=row.number):
        _check_serial(row)
        row.save()


def _check_serial(row: Equipment) -> None:
    same = Equipment.objects.filter(company_id=row.company_id, model=row.model, serial=row.serial).exclude(pk=row.pk)
    other = same.values_list("number", flat=True).first() if row.serial else None
    if other is not None:
        raise serial_taken(row, other)


def serial_taken(row: Equipment, other: str) -> Refused:
    said = _("型号 %(model)s 的序列号 %(serial)s 已登记为 %(number)s。")
    return Refused("serial", said, model=row.model or "—", serial=row.serial, number=other)


def _place(company_id: int, place_id: int | None) -> Place | None:
    if place_id is None:
        return None
    row = Place.objects.filter(company_id=company_id, first=None, pk=place_id).first()
    if row is None:
        raise Refused("place", _("本单位没有这个场地。"))
    return row


def _department(company_id: int, department_id: int | None) -> Department | None:
    if department_id is None:
        return None
    row = Department.objects.filter(company_id=company_id, first=None, pk=department_id).first()
    if row is None:
        raise Refused("department", _("本单位没有这个部门。"))
    return row


def _keeper(company_id: int, staff_no: str) -> StaffMember | None:
    number = staff_no.strip()
    if not number:
        return None
    row = StaffMember.objects.filter(company_id=company_id, staff_no=number).first()
    if row is None:
        raise Refused("keeper", _("本单位没有工号 %(number)s 的人员。"), number=number[:32])
    return row


def keep_days(row: Equipment) -> None:
    """The days by which lists are narrowed, from what is taken for true now. Two queries and a save."""
    done = known_at(MaintenanceRecord.objects.filter(equipment=row)).values_list("valid_from", flat=True)
    papers = known_at(EquipmentCertificate.objects.filter(equipment=row)).values_list("valid_from", "valid_until")
    put_days(row, [day for day in done if day], list(papers))
    row.save(update_fields=[*DAYS, "next_due_on"])


def put_days(row: Equipment, done: list[date], papers: list[tuple[date | None, date | None]]) -> None:
    row.life_ends_on = life_end(row.commissioned_on, row.life_months)
    row.maintenance_due_on = next_maintenance(row.commissioned_on, done, row.cycle_months)
    row.certificate_until = certified_until(papers)
    row.next_due_on = min((day for name in DAYS if (day := getattr(row, name)) is not None), default=date.max)


def keep_span(row: Equipment, actor: Actor) -> None:
    """Takes back what no longer is so of when it served, and records what is; the same said anew is no change."""
    wanted = span_of(row)
    for earlier in ServiceSpan.objects.filter(equipment=row, retracted_at=None):
        if wanted is not None and says_same(earlier, wanted):
            return
        take_back(earlier, _("装备有变更"), actor)
    if wanted is not None:
        wanted.recorded_at, wanted.recorded_by = actor.at, actor.by.name
        wanted.save()


def span_of(row: Equipment) -> ServiceSpan | None:
    """Not saved yet; None when it never served."""
    begins, ends = row.commissioned_on, row.decommissioned_on
    if begins is None or begins == ends:
        return None
    return ServiceSpan(
        company_id=row.company_id,
        equipment=row,
        kind=row.kind,
        cycle_months=row.cycle_months,
        life_ends_on=life_end(begins, row.life_months),
        valid_from=begins,
        valid_until=ends - DAY if ends else None,
    )


def says_same(one: ServiceSpan, other: ServiceSpan) -> bool:
    names = ("kind", "cycle_months", "life_ends_on", "valid_from", "valid_until")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def told_of(row: Equipment) -> Told:
    """What the records say of it."""
    told: Told = {name: getattr(row, name) for name in (*TEXTS, *VALUES)}
    told["place"] = row.place.name if row.place else ""
    told["department"] = row.department.name if row.department else ""
    told["keeper"] = row.keeper.staff_no if row.keeper else ""
    return told


def without_empty(told: Mapping[str, Any]) -> Told:
    return {name: value for name, value in told.items() if value not in ("", None)}

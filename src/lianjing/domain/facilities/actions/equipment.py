"""Putting a piece of equipment on the register, changing what is known of it, taking it out of service."""

from datetime import date, datetime

from django.db import transaction

from lianjing.core.changes import difference
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.facilities.equipment_keeping import (
    keep_days,
    keep_span,
    piece_to_change,
    put,
    save_once,
    told_of,
    without_empty,
)
from lianjing.domain.facilities.equipment_policy import EDIT, SEE, NewEquipment, check_equipment
from lianjing.domain.facilities.models import Equipment
from lianjing.domain.records.changing import Actor, locked, reason_given, write_down
from lianjing.terms.sentences import marked as _

CHANGED = "equipment.changed"
"""Topic: what is known of a company's equipment has changed; the payload holds the id of what was written."""


@transaction.atomic
def add_equipment(company_id: int, new: NewEquipment, *, by: Viewer, at: datetime, source: str = "") -> Equipment:
    """Puts a piece on the register of a company. Raises Missing, Forbidden, or Refused naming the field: a number or a
    serial of the model that is there already, days that cannot be, a place, department or person of another company."""
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="id")
    require(by, EDIT, company.pk)
    check_equipment(new)
    row, actor = Equipment(company=company, added_at=at), Actor(by, at, source)
    put(row, new)
    save_once(row)
    keep_days(row)
    keep_span(row, actor)
    _before, after = difference({}, without_empty(told_of(row)))
    write_down("equipment.added", row, row.company_id, actor, after=after, topic=CHANGED)
    return row


@transaction.atomic
def change_equipment(equipment_id: int, new: NewEquipment, *, by: Viewer, at: datetime, source: str = "") -> Equipment:
    """Changes what is known of a piece; what verdicts read of it is kept as it was known before. The same said anew
    writes nothing. Raises Missing, Forbidden, or Refused naming the field."""
    row, actor = piece_to_change(equipment_id, by), Actor(by, at, source)
    check_equipment(new)
    had = told_of(row)
    put(row, new)
    before, after = difference(had, told_of(row))
    if not after:
        return row
    save_once(row)
    keep_days(row)
    keep_span(row, actor)
    write_down("equipment.changed", row, row.company_id, actor, after=after, before=before, topic=CHANGED)
    return row


@transaction.atomic
def decommission_equipment(
    equipment_id: int, on: date | None, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> Equipment:
    """Takes a piece out of service from a day on: since then nothing of it counts. Raises Missing, Forbidden, or
    Refused: before it served, without a day or a reason, or when it is out of service already."""
    row, actor = piece_to_change(equipment_id, by), Actor(by, at, source)
    if row.decommissioned_on is not None:
        raise Refused("on", _("已于 %(day)s 停用。"), day=str(row.decommissioned_on))
    if on is None:
        raise Refused("on", _("请写明停用日期。"))
    if row.commissioned_on is None or on < row.commissioned_on:
        begins = str(row.commissioned_on or "—")
        raise Refused("on", _("停用日期 %(ends)s 早于启用日期 %(begins)s。"), ends=str(on), begins=begins)
    why = reason_given(reason)
    row.decommissioned_on = on
    row.save(update_fields=["decommissioned_on"])
    keep_span(row, actor)
    after = {"decommissioned_on": str(on), "reason": why}
    write_down("equipment.ended", row, row.company_id, actor, after=after, topic=CHANGED)
    return row

"""Certificates and maintenance of a piece of equipment, and which kinds need which certificate."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lianjing.core.entering import enter
from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan, filed
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.facilities.actions.equipment import CHANGED
from lianjing.domain.facilities.equipment_keeping import keep_days, piece_to_change, without_empty
from lianjing.domain.facilities.equipment_policy import (
    EDIT,
    SEE,
    NewCertificate,
    NewMaintenance,
    check_certificate,
    check_maintenance,
)
from lianjing.domain.facilities.models import (
    CertificateNeed,
    Equipment,
    EquipmentCertificate,
    MaintenanceRecord,
)
from lianjing.domain.records.changing import Actor, locked, reason_given, take_back, write_down
from lianjing.terms.sentences import marked as _


@transaction.atomic
def record_certificate(
    equipment_id: int, new: NewCertificate, scan: Scan | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> EquipmentCertificate:
    """Records a certificate of a piece, with its scan. Raises Missing, Forbidden, or Refused naming the field."""
    return _enter(piece_to_change(equipment_id, by), new, _Entry(Actor(by, at, source), scan))


@transaction.atomic
def correct_certificate(
    certificate_id: int,
    new: NewCertificate,
    reason: str,
    scan: Scan | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> EquipmentCertificate:
    """Puts another certificate in the place of one that was wrong; both stay on file, and an earlier scan goes with the
    new one unless another is given. Raises Missing, Forbidden or Refused."""
    earlier, piece = _standing(EquipmentCertificate, certificate_id, by)
    actor = Actor(by, at, source)
    take_back(earlier, reason_given(reason), actor)
    return _enter(piece, new, _Entry(actor, scan, earlier))


@transaction.atomic
def retract_certificate(
    certificate_id: int, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> EquipmentCertificate:
    """Takes back a certificate: it counts for no day, and stays on file. Raises Missing, Forbidden or Refused."""
    row, piece = _standing(EquipmentCertificate, certificate_id, by)
    _retracted(row, piece, "equipment.certificate_retracted", reason, Actor(by, at, source))
    return row


@transaction.atomic
def record_maintenance(
    equipment_id: int, new: NewMaintenance, *, by: Viewer, at: datetime, source: str = ""
) -> MaintenanceRecord:
    """Records a maintenance that was done; the next is due a cycle later. Raises Missing, Forbidden, or Refused."""
    piece, actor = piece_to_change(equipment_id, by), Actor(by, at, source)
    day = check_maintenance(new, timezone.localdate(at), piece.manufactured_on)
    row = MaintenanceRecord(company_id=piece.company_id, equipment=piece, valid_from=day)
    enter(row, {name: getattr(new, name) for name in ("done_by", "content", "result")})
    row.recorded_at, row.recorded_by = at, by.name
    row.save()
    keep_days(piece)
    write_down("equipment.maintained", piece, piece.company_id, actor, after=_told(row), topic=CHANGED)
    return row


@transaction.atomic
def retract_maintenance(
    maintenance_id: int, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> MaintenanceRecord:
    """Takes back a maintenance record: it counts for no day, and stays on file. Raises Missing, Forbidden, Refused."""
    row, piece = _standing(MaintenanceRecord, maintenance_id, by)
    _retracted(row, piece, "equipment.maintenance_retracted", reason, Actor(by, at, source))
    return row


@transaction.atomic
def need_certificate(
    company_id: int,
    kind: str,
    certificate: str,
    origin: str,
    valid_from: date | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> CertificateNeed:
    """Sets that equipment of a kind needs such a certificate, from a day on, and where that stands. Raises Missing,
    Forbidden, or Refused naming the field; the same once more, too."""
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="id")
    require(by, EDIT, company.pk)
    row = CertificateNeed(company=company, valid_from=valid_from, recorded_at=at, recorded_by=by.name)
    enter(row, {"kind": kind, "certificate": certificate, "origin": origin})
    same = CertificateNeed.objects.filter(company=company, kind=row.kind, certificate=row.certificate)
    if same.filter(retracted_at=None).exists():
        raise Refused("certificate", _("这一种类须有这种证书，已经设定。"))
    row.save()
    after = {"kind": row.kind, "certificate": row.certificate, "origin": row.origin, "from": str(valid_from or "")}
    actor = Actor(by, at, source)
    write_down("equipment.need_set", row, company.pk, actor, after=without_empty(after), topic=CHANGED)
    return row


@transaction.atomic
def drop_need(need_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> CertificateNeed:
    """Takes back that a kind needs a certificate. Raises Missing, Forbidden or Refused without a reason."""
    row = locked(CertificateNeed.objects.filter(retracted_at=None), need_id, by, see=SEE)
    require(by, EDIT, row.company_id)
    actor, why = Actor(by, at, source), reason_given(reason)
    take_back(row, why, actor)
    after = {"kind": row.kind, "certificate": row.certificate, "reason": why}
    write_down("equipment.need_dropped", row, row.company_id, actor, after=after, topic=CHANGED)
    return row


@dataclass(frozen=True, slots=True)
class _Entry:
    """How a certificate comes in: by whom, with what scan, in place of what."""

    actor: Actor
    scan: Scan | None = None
    replaces: EquipmentCertificate | None = None


def _enter(piece: Equipment, new: NewCertificate, entry: _Entry) -> EquipmentCertificate:
    check_certificate(new, timezone.localdate(entry.actor.at))
    row = EquipmentCertificate(company_id=piece.company_id, equipment=piece, replaces=entry.replaces)
    enter(row, {name: getattr(new, name) for name in ("kind", "number", "issuer")})
    row.valid_from, row.valid_until = new.valid_from, new.valid_until
    row.recorded_at, row.recorded_by = entry.actor.at, entry.actor.by.name
    if entry.replaces is not None:
        row.scan, row.scan_sha256 = entry.replaces.scan, entry.replaces.scan_sha256
    if entry.scan is not None:
        row.scan_sha256 = entry.scan.sha256
    with filed(row.scan, entry.scan):
        return _saved(row, entry)


def _saved(row: EquipmentCertificate, entry: _Entry) -> EquipmentCertificate:
    row.save()
    keep_days(row.equipment)
    action = f"equipment.{'certificate_corrected' if entry.replaces else 'certified'}"
    before = _told(entry.replaces) if entry.replaces else None
    after = _told(row) | ({"reason": entry.replaces.retract_reason} if entry.replaces else {})
    write_down(action, row.equipment, row.company_id, entry.actor, after=after, before=before, topic=CHANGED)
    return row


def _standing(model: type[Any], pk: int, by: Viewer) -> tuple[Any, Equipment]:
    """A row that is taken for true now, and its piece, both locked. Raises Missing or Forbidden."""
    row = locked(model.objects.filter(retracted_at=None), pk, by, see=SEE)
    return row, piece_to_change(row.equipment_id, by)


def _retracted(row: Any, piece: Equipment, action: str, reason: str, actor: Actor) -> None:
    why = reason_given(reason)
    take_back(row, why, actor)
    keep_days(piece)
    write_down(action, piece, piece.company_id, actor, before=_told(row), after={"reason": why}, topic=CHANGED)


def _told(row: EquipmentCertificate | MaintenanceRecord) -> dict[str, Any]:
    """What the records say of it."""
    if isinstance(row, MaintenanceRecord):
        told = {"fact": row.pk, "done_on": str(row.valid_from or ""), "done_by": row.done_by}
        return told | {"content": row.content, "result": row.result}
    told = {"fact": row.pk, "kind": row.kind, "number": row.number, "issuer": row.issuer}
    told |= {"from": str(row.valid_from or ""), "until": str(row.valid_until or ""), "scan_sha256": row.scan_sha256}
    return without_empty(told)

"""Entering, correcting and taking back limits of the edition that a company holds, and what its equipment can do."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from lianjing.core.entering import enter
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.limit_policy import (
    NewCapability,
    NewLimit,
    checked_capability,
    checked_limit,
    named,
)
from lianjing.domain.compliance.models import CapabilityFact, ServiceLimit
from lianjing.domain.facilities.models import Equipment
from lianjing.domain.records.changing import Actor, locked, reason_given, take_back, write_down
from lianjing.terms.sentences import marked as _

SEE, EDIT = "compliance.see", "compliance.settings"
CHANGED = "compliance.limits_changed"
"""Topic: limits or capabilities of a company have changed."""
LIMIT_TEXTS = ("heading", "measure", "share", "item", "comparison", "unit", "edition", "source_clause", "confidence")
CAPABILITY_TEXTS = ("heading", "item", "subject", "unit", "number", "origin")


@transaction.atomic
def record_limit(company_id: int, new: NewLimit, *, by: Viewer, at: datetime, source: str = "") -> ServiceLimit:
    """Enters a limit with where it stands. Raises Missing, Forbidden, or Refused naming the field."""
    return _enter_limit(_company(company_id, by), new, Actor(by, at, source))


@transaction.atomic
def correct_limit(
    limit_id: int, new: NewLimit, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> ServiceLimit:
    """Puts another limit in the place of one that was wrong; both stay on file. Raises Missing, Forbidden, Refused."""
    earlier: ServiceLimit = _standing(ServiceLimit, limit_id, by)
    actor = Actor(by, at, source)
    take_back(earlier, reason_given(reason), actor)
    return _enter_limit(earlier.company, new, actor, earlier)


@transaction.atomic
def retract_limit(limit_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> ServiceLimit:
    """Takes back a limit: it counts for no day, and stays on file. Raises Missing, Forbidden or Refused."""
    row: ServiceLimit = _standing(ServiceLimit, limit_id, by)
    _take_back_told(row, "limit.retracted", reason, Actor(by, at, source))
    return row


@transaction.atomic
def record_capability(
    company_id: int, new: NewCapability, *, by: Viewer, at: datetime, source: str = ""
) -> CapabilityFact:
    """Records what a piece of equipment was found able to do. Raises Missing, Forbidden, or Refused with the field."""
    return _enter_capability(_company(company_id, by), new, Actor(by, at, source))


@transaction.atomic
def correct_capability(
    fact_id: int, new: NewCapability, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> CapabilityFact:
    """Puts another finding in the place of one that was wrong. Raises Missing, Forbidden or Refused."""
    earlier = _standing(CapabilityFact, fact_id, by)
    actor = Actor(by, at, source)
    take_back(earlier, reason_given(reason), actor)
    return _enter_capability(earlier.company, new, actor, earlier)


@transaction.atomic
def retract_capability(fact_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> CapabilityFact:
    """Takes back a finding: it counts for no day, and stays on file. Raises Missing, Forbidden or Refused."""
    row: CapabilityFact = _standing(CapabilityFact, fact_id, by)
    _take_back_told(row, "capability.retracted", reason, Actor(by, at, source))
    return row


def _company(company_id: int, by: Viewer) -> Company:
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="id")
    require(by, EDIT, company.pk)
    return company


def _standing(model: type[Any], pk: int, by: Viewer) -> Any:
    """The row as it is taken for true now, and its company, locked. Raises Missing or Forbidden."""
    row = locked(model.objects.filter(retracted_at=None).select_related("company"), pk, by, see=SEE)
    _company(row.company_id, by)
    return row


def _take_back_told(row: ServiceLimit | CapabilityFact, action: str, reason: str, actor: Actor) -> None:
    why = reason_given(reason)
    take_back(row, why, actor)
    write_down(action, row, row.company_id, actor, before=_told(row), after={"reason": why}, topic=CHANGED)


def _enter_limit(company: Company, new: NewLimit, actor: Actor, earlier: ServiceLimit | None = None) -> ServiceLimit:
    sound = checked_limit(new)
    row = ServiceLimit(company=company, limit=sound.limit)
    enter(row, {name: getattr(sound, name) for name in (*LIMIT_TEXTS, "note")})
    _check_alone(row, sound.valid_from, sound.valid_until)
    _keep(row, (sound.valid_from, sound.valid_until), actor, ("limit", earlier))
    return row


def _check_alone(row: ServiceLimit, begins: date | None, ends: date | None) -> None:
    """On one day there is one limit of the same thing: which of two would count, nobody could say."""
    same = ServiceLimit.objects.filter(
        company=row.company, heading=row.heading, measure=row.measure, share=row.share, retracted_at=None
    )
    for other in same:
        meets = (other.valid_from or date.min) <= (ends or date.max)
        meets = meets and (begins or date.min) <= (other.valid_until or date.max)
        if meets and named(other.item) == named(row.item) and _same_kind(other, row):
            said = _("%(begins)s 至 %(until)s 已有同一指标的限值，请先更正那一条的起止日期。")
            until = str(other.valid_until or "…")
            raise Refused("valid_from", said, begins=str(other.valid_from or "…"), until=until)


def _same_kind(one: ServiceLimit, other: ServiceLimit) -> bool:
    """Both directions may have a limit; that the edition has none excludes nothing else than itself."""
    return one.comparison == other.comparison


def _enter_capability(
    company: Company, new: NewCapability, actor: Actor, earlier: CapabilityFact | None = None
) -> CapabilityFact:
    sound = checked_capability(new, timezone.localdate(actor.at))
    piece = _piece(company, sound.equipment)
    row = CapabilityFact(company=company, figure=sound.value, equipment=piece)
    told = {name: getattr(sound, name) for name in (*CAPABILITY_TEXTS, "note")}
    enter(row, told | ({"subject": f"{piece.number} {piece.name}"} if piece else {}))
    _keep(row, (sound.valid_from, sound.valid_until), actor, ("capability", earlier))
    return row


def _piece(company: Company, number: str) -> Equipment | None:
    wanted = number.strip()
    if not wanted:
        return None
    row = Equipment.objects.filter(company=company, number=wanted).first()
    if row is None:
        raise Refused("equipment", _("台账里没有编号为 %(number)s 的装备。"), number=wanted[:32])
    return row


def _keep(row: Any, days: tuple[date | None, date | None], actor: Actor, place: tuple[str, Any]) -> None:
    """Saves the row with its days, in the place of an earlier one, and writes it down."""
    name, earlier = place
    row.valid_from, row.valid_until = days
    row.recorded_at, row.recorded_by, row.replaces = actor.at, actor.by.name, earlier
    row.save()
    action = f"{name}.{'corrected' if earlier else 'recorded'}"
    before, after = (_told(earlier) if earlier else None), _told(row)
    if earlier:
        after["reason"] = earlier.retract_reason
    write_down(action, row, row.company_id, actor, after=after, before=before, topic=CHANGED)


def _told(row: ServiceLimit | CapabilityFact) -> dict[str, Any]:
    """What the records say of it."""
    names = LIMIT_TEXTS if isinstance(row, ServiceLimit) else CAPABILITY_TEXTS
    figure = row.limit if isinstance(row, ServiceLimit) else row.figure
    told: dict[str, Any] = {name: getattr(row, name) for name in (*names, "note")}
    told |= {"figure": _plain(figure), "from": str(row.valid_from or ""), "until": str(row.valid_until or "")}
    return {name: value for name, value in told.items() if value != ""}


def _plain(figure: Decimal | None) -> str:
    return "" if figure is None else format(figure.normalize(), "f")

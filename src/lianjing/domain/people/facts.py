"""Recording what is known of a person, taking it back, and what it said before."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan, filed
from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.fact_kinds import SPECS, Fact
from lianjing.domain.people.fact_policy import NewFact, checked, overlapping
from lianjing.domain.people.models import StaffFact, StaffMember
from lianjing.domain.records.changing import Actor, locked, owner_of, reason_given, take_back, write_down
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import StaffFactKind

SEE, EDIT = "people.files", "people.edit"
CHANGED = "staff.changed"
"""Topic: what is known of a person has changed; the payload holds the member's id."""


@transaction.atomic
def record_fact(
    member_id: int, new: NewFact, scan: Scan | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> StaffFact:
    """Records a fact about a person. Of a kind of which only one can hold on a day, the one that holds when it begins
    ends on the day before. Raises Missing, Forbidden, or Refused naming the part."""
    member = member_to_change(member_id, by)
    return enter_fact(member, new, Entry(Actor(by, at, source), scan))


@transaction.atomic
def correct_fact(
    fact_id: int, new: NewFact, reason: str, scan: Scan | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> StaffFact:
    """Puts another fact of the same kind in the place of one that was wrong; both stay on file. An earlier scan goes
    with the new one unless another is given. Raises Missing, Forbidden or Refused."""
    earlier = _standing_fact(fact_id, by)
    if earlier.kind != new.kind.value:
        raise Refused("", _("更正不能改变种类。"))
    actor = Actor(by, at, source)
    take_back(earlier, reason_given(reason), actor)
    return enter_fact(earlier.member, new, Entry(actor, scan, earlier))


@transaction.atomic
def retract_fact(fact_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> StaffFact:
    """Takes back a fact: it no longer counts for any day, and stays on file. Raises Missing, Forbidden or Refused."""
    fact = _standing_fact(fact_id, by)
    actor, why = Actor(by, at, source), reason_given(reason)
    take_back(fact, why, actor)
    told = {"kind": fact.kind, "fact": fact.pk, "reason": why}
    write_down("staff.fact_retracted", fact.member, fact.company_id, actor, after=told, topic=CHANGED)
    return fact


@dataclass(frozen=True, slots=True)
class Entry:
    """How a fact comes in: by whom, with what scan, in place of what."""

    actor: Actor
    scan: Scan | None = None
    replaces: StaffFact | None = None


def enter_fact(member: StaffMember, new: NewFact, entry: Entry) -> StaffFact:
    """A step of actions, in their transaction, on a member that they have locked. Raises Refused."""
    sound = checked(new)
    if SPECS[sound.kind].single:
        _make_room(member, sound, entry.actor)
    fact = _row(member, sound, entry)
    if entry.scan is not None:
        fact.scan_sha256 = entry.scan.sha256
    with filed(fact.scan, entry.scan):
        return _told_and_saved(fact, entry)


def _told_and_saved(fact: StaffFact, entry: Entry) -> StaffFact:
    fact.save()
    told = {"fact": fact.pk, **told_of(fact)}
    before = told_of(entry.replaces) if entry.replaces else None
    action = "staff.fact_corrected" if entry.replaces else "staff.fact_recorded"
    write_down(action, fact.member, fact.company_id, entry.actor, after=told, before=before, topic=CHANGED)
    return fact


def member_to_change(member_id: int, by: Viewer) -> StaffMember:
    """The person, locked. Raises Missing or Forbidden."""
    member = locked(StaffMember.objects.all(), member_id, by, see=SEE)
    require(by, EDIT, member.company_id)
    return member


def as_fact(row: StaffFact) -> Fact:
    kind = StaffFactKind(row.kind)
    return Fact(kind, row.value, row.valid_from, row.valid_until, row.number, row.details, row.pk)


def told_of(fact: StaffFact) -> dict[str, Any]:
    """What the records say of a fact: of private ones no more than their days."""
    told: dict[str, Any] = {"kind": fact.kind, "from": _day(fact.valid_from), "until": _day(fact.valid_until)}
    if SPECS[StaffFactKind(fact.kind)].private:
        return told
    told |= {"value": fact.value, "number": fact.number, "issuer": fact.issuer, "details": fact.details}
    told["scan_sha256"] = fact.scan_sha256
    return {name: value for name, value in told.items() if value not in ("", {}, None)}


def _day(day: date | None) -> str | None:
    return str(day) if day else None


def new_fact_of(row: StaffFact) -> NewFact:
    """What a row says, as it would be told anew."""
    kind = StaffFactKind(row.kind)
    return NewFact(kind, row.value, row.valid_from, row.valid_until, row.number, row.issuer, row.details)


def _row(member: StaffMember, new: NewFact, entry: Entry) -> StaffFact:
    return fact_row(member, new, entry.actor.by, entry.actor.at, entry.replaces)


def fact_row(
    member: StaffMember, new: NewFact, by: Viewer, at: datetime, earlier: StaffFact | None = None
) -> StaffFact:
    """A row that is not saved yet; the scan of the earlier one goes with it."""
    return StaffFact(
        member=member,
        company_id=member.company_id,
        kind=new.kind.value,
        value=new.value,
        number=new.number,
        issuer=new.issuer,
        details=dict(new.details),
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        recorded_at=at,
        recorded_by=by.name,
        replaces=earlier,
        scan=earlier.scan if earlier else "",
        scan_sha256=earlier.scan_sha256 if earlier else "",
    )


def _standing_fact(fact_id: int, by: Viewer) -> StaffFact:
    """What is taken for true now, and the person whom it is about, both locked: of many a kind one holds on a day."""
    rows = StaffFact.objects.filter(retracted_at=None)
    member = member_to_change(owner_of(rows, fact_id, by, "member_id", see=SEE), by)
    fact = locked(rows, fact_id, by, see=SEE)
    fact.member = member
    return fact


def _make_room(member: StaffMember, new: NewFact, actor: Actor) -> None:
    """Ends what holds when the new one begins. What begins later, or would go on behind it, stands in the way."""
    rows = {row.pk: row for row in member.facts.filter(kind=new.kind.value, retracted_at=None)}
    for other in overlapping(new, [as_fact(row) for row in rows.values()]):
        row = rows[other.id or 0]
        begins = other.valid_from or date.min
        if new.valid_from is None or begins >= new.valid_from or new.valid_until is not None:
            raise in_the_way(row)
        end_fact(row, new.valid_from - timedelta(days=1), _("由后一条记录接续"), actor)


def end_fact(row: StaffFact, day: date, why: str, actor: Actor) -> StaffFact:
    """A step of actions: the same fact until that day, in place of the row. Nothing is written down here."""
    take_back(row, why, actor)
    ended = _row(row.member, _ending(row, day), Entry(actor, replaces=row))
    ended.save()
    return ended


def _ending(row: StaffFact, day: date) -> NewFact:
    """The same fact, until that day."""
    return replace(new_fact_of(row), valid_until=day)


def in_the_way(row: StaffFact, field: str = "valid_from") -> Refused:
    """Why not, beside the field: the days of a fact that stands against it."""
    said = _("%(begins)s 至 %(until)s 已有同类记录，请先更正那一条。")
    return Refused(field, said, begins=str(row.valid_from or "…"), until=str(row.valid_until or "…"))

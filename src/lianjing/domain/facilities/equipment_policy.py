"""What may be told of a piece of equipment, and when its certificate, maintenance, life and warranty end. No Django, no
clock."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lianjing.core.refusals import Refused
from lianjing.domain.companies.company_standing import months_later
from lianjing.terms.equipment import EquipmentEnd, EquipmentState
from lianjing.terms.sentences import marked as _

SEE, EDIT = "facilities.see", "facilities.edit"
WINDOWS = (7, 30, 90)
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
MONTHS_AT_MOST = 600
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewEquipment:
    """A piece as it was told. `place` is the id of one of the company's places, `department` of a department's first
    row, `keeper` a staff number."""

    number: str
    kind: str
    name: str
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    place: int | None = None
    place_words: str = ""
    plate: str = ""
    department: int | None = None
    keeper: str = ""
    manufactured_on: date | None = None
    commissioned_on: date | None = None
    decommissioned_on: date | None = None
    warranty_until: date | None = None
    life_months: int | None = None
    cycle_months: int | None = None
    cycle_source: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """A certificate as it was told; without a last day it holds on."""

    kind: str
    number: str
    issuer: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class NewMaintenance:
    """A maintenance as it was told."""

    done_on: date | None
    done_by: str
    content: str
    result: str


def check_equipment(new: NewEquipment) -> None:
    """Raises Refused naming the field."""
    for field in ("manufactured_on", "commissioned_on", "decommissioned_on", "warranty_until"):
        _check_day(field, getattr(new, field))
    _check_service(new.commissioned_on, new.decommissioned_on)
    _check_order(new)
    for field, months in (("life_months", new.life_months), ("cycle_months", new.cycle_months)):
        if months is not None and not 1 <= months <= MONTHS_AT_MOST:
            raise Refused(field, _("须为 1 至 %(most)d 个月。"), most=MONTHS_AT_MOST)
    if new.cycle_months is not None and not new.cycle_source.strip():
        raise Refused("cycle_source", _("请写明维护周期的出处：标准及条号、厂家说明书或本单位规定。"))


def _check_service(begins: date | None, ends: date | None) -> None:
    if ends is None:
        return
    if begins is None:
        raise Refused("commissioned_on", _("写了停用日期，还须写启用日期。"))
    if ends < begins:
        said = _("停用日期 %(ends)s 早于启用日期 %(begins)s。")
        raise Refused("decommissioned_on", said, ends=str(ends), begins=str(begins))


def _check_order(new: NewEquipment) -> None:
    """It is made, begins to serve, and its warranty ends: the later field is named, with both days."""
    made, begins, until = new.manufactured_on, new.commissioned_on, new.warranty_until
    if made and begins and begins < made:
        raise Refused("commissioned_on", _("启用日期 %(day)s 早于出厂日期 %(made)s。"), day=str(begins), made=str(made))
    if made and until and until < made:
        raise Refused("warranty_until", _("保修至 %(day)s 早于出厂日期 %(made)s。"), day=str(until), made=str(made))
    if begins and until and until < begins:
        said = _("保修至 %(day)s 早于启用日期 %(begins)s。")
        raise Refused("warranty_until", said, day=str(until), begins=str(begins))


def check_certificate(new: NewCertificate, today: date) -> None:
    """Raises Refused naming the field."""
    if new.valid_from is None:
        raise Refused("valid_from", _("请写明发证日期。"))
    if new.valid_from > today:
        raise Refused("valid_from", _("%(day)s 还没有到。"), day=str(new.valid_from))
    for field in ("valid_from", "valid_until"):
        _check_day(field, getattr(new, field))
    if new.valid_until is not None and new.valid_until < new.valid_from:
        said = _("到期日期 %(until)s 早于起始日期 %(begins)s。")
        raise Refused("valid_until", said, until=str(new.valid_until), begins=str(new.valid_from))


def check_maintenance(new: NewMaintenance, today: date, made: date | None = None) -> date:
    """The day on which it was done; `made`: when the piece was. Raises Refused naming the field."""
    if new.done_on is None:
        raise Refused("done_on", _("请写明维护日期。"))
    _check_day("done_on", new.done_on)
    if new.done_on > today:
        raise Refused("done_on", _("%(day)s 还没有到。"), day=str(new.done_on))
    if made is not None and new.done_on < made:
        raise Refused("done_on", _("维护日期 %(day)s 早于出厂日期 %(made)s。"), day=str(new.done_on), made=str(made))
    return new.done_on


def _check_day(field: str, day: date | None) -> None:
    if day is not None and not EARLIEST <= day <= LATEST:
        raise Refused(field, _("日期 %(day)s 不可能。"), day=str(day))


def state_on(begins: date | None, ends: date | None, on: date) -> EquipmentState:
    """By the first day on which it serves, and the first on which it no longer does."""
    if ends is not None and ends <= on:
        return EquipmentState.ENDED
    return EquipmentState.IN_SERVICE if begins is not None and begins <= on else EquipmentState.PLANNED


def life_end(commissioned_on: date | None, months: int | None) -> date | None:
    """The last day of the planned life."""
    return months_later(commissioned_on, months) - DAY if commissioned_on and months else None


def next_maintenance(begins: date | None, done: Iterable[date], cycle_months: int | None) -> date | None:
    """The last day on which the next one is in time: a cycle after the last one, or after it began to serve."""
    last = max((*done, *((begins,) if begins else ())), default=None)
    return months_later(last, cycle_months) if last is not None and begins is not None and cycle_months else None


def certified_until(spans: Collection[tuple[date | None, date | None]]) -> date | None:
    """The last day of the last certificate; None when there is none, or one without an end."""
    ends = [until for _begins, until in spans]
    return max((end for end in ends if end is not None), default=None) if None not in ends else None


@dataclass(frozen=True, slots=True)
class End:
    """One thing that ends or is due: its last day, and how many days there are until then; below 0 it is over."""

    what: EquipmentEnd
    day: date
    days_left: int

    @property
    def is_over(self) -> bool:
        return self.days_left < 0


def ends_of(days: dict[EquipmentEnd, date | None], on: date) -> Iterator[End]:
    """What ends within the farthest window or is over, the most urgent first. A warranty that is over is nothing that
    anybody could do something about."""
    found = [End(what, day, (day - on).days) for what, day in days.items() if day is not None]
    for end in sorted(found, key=lambda end: end.day):
        if end.days_left <= max(WINDOWS) and not (end.is_over and end.what == EquipmentEnd.WARRANTY):
            yield end

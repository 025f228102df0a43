"""The life of a piece of equipment as a line: when it began, what was done, what ends when, where today is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from lianjing.domain.facilities.models import Equipment, MaintenanceRecord

WIDE = 1000
"""Of the picture, in its own units."""
DOTS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on the line. `tone`: ok, odd, bad, or nothing."""

    x: int
    day: date
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class LifeLine:
    """`served`: from where to where it has served by now; `planned`: to where its planned life goes."""

    begins: date
    ends: date
    today: int
    served: tuple[int, int]
    planned: int | None
    dots: Sequence[int]
    marks: Sequence[Mark]


def life_line(piece: Equipment, done: Sequence[MaintenanceRecord], today: date) -> LifeLine | None:
    """None of a piece that has not been put into service."""
    begins = piece.commissioned_on
    if begins is None:
        return None
    days = [day for day in _days(piece).values() if day is not None]
    ends = max(today, *days, begins) + timedelta(days=30)
    length = (ends - begins).days

    def at(day: date) -> int:
        return max(0, min(WIDE, (day - begins).days * WIDE // length))

    until = min(today, piece.decommissioned_on or today)
    maintained = [at(one.valid_from) for one in done if one.valid_from and one.valid_from >= begins]
    planned = at(piece.life_ends_on) if piece.life_ends_on else None
    marks = [Mark(at(day), day, words, _tone(piece, day, today)) for words, day in _days(piece).items() if day]
    return LifeLine(
        begins,
        ends,
        at(today),
        (0, max(0, at(until))),
        planned,
        maintained[:DOTS_AT_MOST],
        sorted(marks, key=lambda mark: mark.day),
    )


def _days(piece: Equipment) -> dict[str, date | None]:
    days = {
        _("保修到期"): piece.warranty_until,
        _("证书到期"): piece.certificate_until,
        _("应维护"): piece.maintenance_due_on,
        _("计划年限届满"): piece.life_ends_on,
        _("停用"): piece.decommissioned_on,
    }
    if piece.decommissioned_on is not None:
        days[_("应维护")] = None
    return days


def _tone(piece: Equipment, day: date, today: date) -> str:
    if piece.decommissioned_on is not None or day == piece.warranty_until:
        return ""
    left = (day - today).days
    return "bad" if left < 0 else "odd" if left <= 30 else ""

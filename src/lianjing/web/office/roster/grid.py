"""The calendar of people by days, as rows and cells; place_grid has the places.

Cells are made here, not in the template: a month of two hundred people has six thousand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.people.models import RosterEntry, StaffFact, StaffMember
from lianjing.domain.people.models.rosters import RosterState
from lianjing.domain.people.roster_obstacles import Judged
from lianjing.terms.sentences import words
from lianjing.web.office.roster.periods import MONTH, Period

EMPTY = mark_safe('<td class="day"></td>')
EMPTY_TODAY = mark_safe('<td class="day today"></td>')


@dataclass(frozen=True, slots=True)
class Row:
    """A person or a place, with a cell a day."""

    words: str
    beside: str
    cells: list[SafeString]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a shift is shown: `tone` its class, `sign` where there is room for no more, and what it says."""

    tone: str
    sign: str = ""
    words: str | Promise = ""
    why: str = ""

    def __str__(self) -> str:
        told = f"{self.sign} {self.words}".strip()
        return _("%(mark)s：%(why)s") % {"mark": told, "why": self.why} if self.why else told


FIRM, DRAFTED = Mark("firm"), Mark("drafted", "", later("草稿"))


@dataclass(frozen=True, slots=True)
class Marks:
    """What is to be seen at the cells: shifts with something in the way, who is on leave, what today is."""

    today: date
    troubled: Mapping[int, Judged]
    leaves: Sequence[StaffFact] = ()

    def of(self, entry: RosterEntry) -> Mark:
        judged = self.troubled.get(entry.pk)
        if judged is None:
            return DRAFTED if entry.state == RosterState.DRAFT else FIRM
        if judged.unfit is not None:
            return Mark("unfit", "✕", _("不合格"), words(judged.unfit, _))
        return Mark("troubled", "▲", _("冲突"))


def people_rows(
    people: Sequence[StaffMember], entries: Iterable[RosterEntry], period: Period, marks: Marks
) -> list[Row]:
    """One row a person, in their order."""
    by_cell: dict[tuple[int, date], list[RosterEntry]] = defaultdict(list)
    for entry in entries:
        by_cell[entry.member_id, entry.day].append(entry)
    away = _days_away(marks.leaves, period)
    return [
        Row(
            member.name,
            member.staff_no,
            [
                _person_cell(by_cell.get((member.pk, day), ()), (member.pk, day) in away, day, period, marks)
                for day in period.days
            ],
        )
        for member in people
    ]


def _days_away(leaves: Sequence[StaffFact], period: Period) -> set[tuple[int, date]]:
    return {
        (leave.member_id, day)
        for leave in leaves
        for day in period.days
        if leave.valid_from and leave.valid_until and leave.valid_from <= day <= leave.valid_until
    }


def _person_cell(entries: Sequence[RosterEntry], is_away: bool, day: date, period: Period, marks: Marks) -> SafeString:
    if not entries and not is_away:
        return EMPTY if day != marks.today else EMPTY_TODAY
    parts = [_shift(entry, period, marks.of(entry)) for entry in entries]
    if is_away:
        parts.append(format_html('<span class="away">{}</span>', _("假") if period.kind == MONTH else _("请假")))
    return cell(parts, day, marks)


def cell(parts: list[SafeString], day: date, marks: Marks) -> SafeString:
    tone = "day today" if day == marks.today else "day"
    return format_html('<td class="{}">{}</td>', tone, mark_safe("".join(parts)))  # noqa: S308 escaped parts


def _shift(entry: RosterEntry, period: Period, mark: Mark) -> SafeString:
    """A month has room for the first sign of a shift only; a week for its times and what is wrong with it."""
    href, sign = href_of(entry), str(mark)
    whole = f"{entry.shift} {times(entry.begins_at, entry.ends_at)} {entry.place} {sign}".strip()
    if period.kind == MONTH:
        return mark_safe(  # noqa: S308 escaped here: format_html is three times as slow
            f'<a class="shift {mark.tone}" href="{href}" aria-label="{escape(whole)}">{escape(entry.shift[:1])}'
            f"{f'<b>{mark.sign}</b>' if mark.sign else ''}</a>"
        )
    told = format_html("{} <small>{}</small>", entry.shift, times(entry.begins_at, entry.ends_at))
    return format_html(
        '<a class="shift {}" href="{}">{} <small class="where">{}</small>{}</a>',
        mark.tone,
        href,
        told,
        entry.place,
        format_html("<b>{}</b>", sign) if sign else "",
    )


def href_of(entry: RosterEntry) -> str:
    """Django looks an address up anew for each of thousands; here only the number differs."""
    return _address().replace("/0/", f"/{entry.pk}/")


@cache
def _address() -> str:
    return reverse("office:roster_entry", args=[0])


def times(begins: datetime, ends: datetime) -> str:
    """07:00–15:00 in the centre's zone."""
    zone = timezone.get_default_timezone()
    return f"{begins.astimezone(zone):%H:%M}–{ends.astimezone(zone):%H:%M}"


@dataclass(frozen=True, slots=True)
class Head:
    """A day as the head of its column."""

    day: date
    weekday: str
    is_today: bool
    is_weekend: bool


def heads(period: Period, today: date) -> list[Head]:
    names = weekday_names()
    return [Head(day, names[day.isoweekday()], day == today, day.isoweekday() > 5) for day in period.days]


def weekday_names() -> dict[int, str]:
    """ISO weekday to its short name."""
    words = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return dict(enumerate(words, start=1))

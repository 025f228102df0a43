"""The calendar by places: who stands there by shift, and where somebody is missing.

Of a large crew a week shows its size and a few names, a month the size only; the day shows everybody.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianjing.domain.people.cover_policy import Gap, by_day
from lianjing.domain.people.models import RosterEntry
from lianjing.domain.people.models.rosters import RosterState
from lianjing.domain.people.roster_crews import Crew, Place
from lianjing.web.office.roster.grid import EMPTY, EMPTY_TODAY, Marks, Row, cell, href_of, times
from lianjing.web.office.roster.periods import DAY, MONTH, Period

NAMES_IN_A_WEEK = 8
Where = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands where: every crew with its size, those of its people who were read, and where somebody is missing."""

    company_id: int
    crews: Sequence[Crew]
    entries: Iterable[RosterEntry]
    gaps: Iterable[Gap]


def in_order(places: Iterable[Place]) -> list[Place]:
    """Desks before districts, by name."""
    return sorted(set(places), key=lambda one: (one[0] != "watch", one[1]))


def place_rows(places: Iterable[Place], standing: Standing, period: Period, marks: Marks) -> list[Row]:
    """One row a place, in their order."""
    crews: dict[Where, list[Crew]] = defaultdict(list)
    for crew in standing.crews:
        crews[crew.post_kind, crew.place, crew.day].append(crew)
    people: dict[object, list[RosterEntry]] = defaultdict(list)
    for one in standing.entries:
        people[one.post_kind, one.place, one.day, one.begins_at, one.ends_at, one.shift].append(one)
    missing: dict[Where, list[Gap]] = defaultdict(list)
    for day, gap in by_day(standing.gaps, timezone.get_default_timezone()):
        missing[gap.post_kind, gap.place, day].append(gap)

    day_href = _day_hrefs(standing.company_id)

    def at(where: Where) -> SafeString:
        there, short = crews.get(where, ()), missing.get(where, ())
        if not there and not short:
            return EMPTY if where[2] != marks.today else EMPTY_TODAY
        to_day = day_href(where) if there else ""
        parts = [_crew(one, people.get(one.key, []), to_day, period, marks) for one in there]
        return cell(parts + [_gap(gap, period) for gap in short], where[2], marks)

    return [Row(place, kind, [at((kind, place, day)) for day in period.days]) for kind, place in places]


def _day_hrefs(company_id: int) -> Callable[[Where], str]:
    """The day of a place; the address is looked up once."""
    page = reverse("office:roster") + f"?company={company_id}&by=places&view={DAY}"
    quoted = cache(quote)
    return lambda where: f"{page}&on={where[2]}&place={quoted(where[1])}"


def _crew(crew: Crew, people: list[RosterEntry], to_day: str, period: Period, marks: Marks) -> SafeString:
    """Those with something in the way come first: they are not to be among the rest."""
    if period.kind == MONTH:
        return _counted(crew, sum(bool(marks.of(one).why) for one in people), to_day)
    ordered = sorted(people, key=lambda one: one.pk not in marks.troubled)
    named = ordered if period.kind == DAY else ordered[:NAMES_IN_A_WEEK]
    links = format_html_join(
        _("、"),
        '<a class="{}" href="{}">{}</a>',
        ((marks.of(one).tone, href_of(one), _named(one, marks)) for one in named),
    )
    when = times(crew.begins_at, crew.ends_at)
    return format_html(
        '<p class="crew">{} <small>{}</small><br>{}{}</p>', crew.shift, when, links, _rest(crew, len(named), to_day)
    )


def _counted(crew: Crew, unfit: int, to_day: str) -> SafeString:
    """A month has room for how many they are, and whether somebody of them may not be there."""
    whole = _("%(shift)s %(times)s，%(count)d 人") % _figures(crew)
    if unfit:
        whole += _("，其中 %(count)d 人不合格") % {"count": unfit}
    return SafeString(
        f'<a class="crew{" unfit" if unfit else ""}" href="{escape(to_day)}" aria-label="{escape(whole)}">'
        f"{escape(crew.shift[:1])}{crew.count}{'<b>✕</b>' if unfit else ''}</a>"
    )


def _figures(crew: Crew) -> dict[str, str | int]:
    return {"shift": crew.shift, "times": times(crew.begins_at, crew.ends_at), "count": crew.count}


def _rest(crew: Crew, named: int, to_day: str) -> SafeString:
    if crew.count <= named:
        return SafeString("")
    said = _("等 %(count)d 人") % {"count": crew.count}
    return format_html(' <a class="nowrap" href="{}">{}</a>', to_day, said)


def _named(entry: RosterEntry, marks: Marks) -> str:
    mark, name = marks.of(entry), entry.member.name
    if mark.why:
        return _("%(sign)s%(name)s（不合格：%(why)s）") % {"sign": mark.sign, "name": name, "why": mark.why}
    if mark.sign:
        return f"{mark.sign}{name}"
    return _("%(name)s（草稿）") % {"name": name} if entry.state == RosterState.DRAFT else name


def _gap(gap: Gap, period: Period) -> SafeString:
    if period.kind == MONTH:
        return format_html('<span class="gap">✕{}</span>', _("缺%(count)d") % {"count": gap.missing})
    said = _("缺 %(count)d 人") % {"count": gap.missing}
    whole = gap.ends_at - gap.begins_at == timedelta(days=1)
    when = _("全天") if whole else times(gap.begins_at, gap.ends_at)
    return format_html('<p class="gap">✕ {} <small>{}</small></p>', said, when)

"""排班表: people or places by days, a day, a week or a month, with gaps and conflicts; publishing what is drafted."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Person
from lianjing.domain.companies.models import Company
from lianjing.domain.people.cover_policy import Gap
from lianjing.domain.people.leave_list import leaves_between
from lianjing.domain.people.models import RosterEntry
from lianjing.domain.people.models.rosters import RosterState
from lianjing.domain.people.planning import Published, discard_drafts, publish_roster
from lianjing.domain.people.roster_crews import crew_entries, crews, gaps_among
from lianjing.domain.people.roster_list import RosterWanted, calendar_entries, roster_people
from lianjing.domain.people.roster_now import LONGEST
from lianjing.domain.people.roster_obstacles import Judged, judged_entries
from lianjing.domain.people.roster_policy import span_words
from lianjing.domain.people.shift_lists import gaps_between, places_ruled
from lianjing.domain.people.shift_patterns import instant
from lianjing.domain.people.shifts import EDIT, SEE
from lianjing.terms.sentences import words
from lianjing.terms.staffing import PostKind
from lianjing.web.acting import doors, who
from lianjing.web.office.acting import done, refused
from lianjing.web.office.effects import PLANNED, of_days
from lianjing.web.office.filters import text_of
from lianjing.web.office.roster.around import TAB, around
from lianjing.web.office.roster.grid import Marks, heads, people_rows
from lianjing.web.office.roster.periods import DAY, MONTH, WEEK, Period, day_asked, period_of
from lianjing.web.office.roster.place_grid import NAMES_IN_A_WEEK, Standing, in_order, place_rows
from lianjing.web.office.whose import says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.paging import asked_id, href
from lianjing.web.words import label

PEOPLE, PLACES = "people", "places"
PEOPLE_AT_ONCE = 100
PLACES_AT_ONCE = 30
NAMED_AT_ONCE = 1_500
"""So many shifts of a page of places are read one by one, and judged if they are of PEOPLE_AT_ONCE; more are counted,
and only these of each crew read by name."""
OF_A_CREW = {DAY: 100, WEEK: NAMES_IN_A_WEEK, MONTH: 0}
TOLD_AT_ONCE = 20
"""So many gaps and conflicts are told above the calendar; each is marked in it as well."""


@needs(SEE)
@require_safe
@says_when_none(TAB)
def calendar(request: HttpRequest) -> HttpResponse:
    """`?by=people|places&view=day|week|month&on=DATE&q=&place=&company=`."""
    company, mine = shown_company(request, SEE)
    today = timezone.localdate()
    period = period_of(request.GET.get("view", ""), day_asked(request.GET.get("on", ""), today))
    by = PLACES if request.GET.get("by") == PLACES else PEOPLE
    context = around(request, "roster", company) | _head(request, period, by, today)
    rows = _places if by == PLACES else _people
    context |= rows(request, company, period, today)
    context |= of_days(request, company.pk, period.first, period.last, PLANNED)
    return show(request, "office/roster/calendar.html", context | {"companies": mine, "text": text_of(request)})


def _head(request: HttpRequest, period: Period, by: str, today: date) -> dict[str, Any]:
    return {
        "period": period,
        "is_month": period.kind == MONTH,
        "steps": _steps(period),
        "by": by,
        "heads": heads(period, today),
        "before_href": href(request, on=period.before),
        "behind_href": href(request, on=period.behind),
        "today_href": href(request, on=None),
        "views": [
            {"words": said, "href": href(request, view=view), "is_here": view == period.kind}
            for view, said in ((DAY, _("日")), (WEEK, _("周")), (MONTH, _("月")))
        ],
        "lists": [
            {"words": said, "href": href(request, by=one, after=None, q=None, place=None), "is_here": one == by}
            for one, said in ((PEOPLE, _("按人员")), (PLACES, _("按席位和片区")))
        ],
    }


def _steps(period: Period) -> tuple[str, str]:
    """What the links to the time before and after are called."""
    return {DAY: (_("前一天"), _("后一天")), WEEK: (_("上周"), _("下周")), MONTH: (_("上月"), _("下月"))}[period.kind]


def _people(request: HttpRequest, company: Company, period: Period, today: date) -> dict[str, Any]:
    viewer = viewer_of(request)
    wanted = RosterWanted(period.first, period.last, company.pk)
    edits = viewer.scope(EDIT).holds(company.pk)
    people = roster_people(viewer, wanted, text_of(request), asked_id(request), PEOPLE_AT_ONCE + 1)
    shown = people[:PEOPLE_AT_ONCE]
    entries = calendar_entries(viewer, wanted, [one.pk for one in shown])
    judged = judged_entries(viewer, company.pk, entries, (period.first, period.last)) if edits else {}
    marks = Marks(today, judged, leaves_between(viewer, company.pk, period.first, period.last))
    return {
        "rows": people_rows(shown, entries, period, marks),
        "may_plan": edits,
        "drafts": sum(entry.state == RosterState.DRAFT for entry in entries),
        "next_href": href(request, after=shown[-1].pk) if len(people) > PEOPLE_AT_ONCE else "",
        "first_page_href": href(request, after=None) if asked_id(request) else "",
        **_told(_gaps(viewer, company, period), judged, entries),
    }


def _places(request: HttpRequest, company: Company, period: Period, today: date) -> dict[str, Any]:
    """A page of places: counts of all who stand there, and names as far as there is room for them."""
    viewer, place, skipped = viewer_of(request), request.GET.get("place", "")[:50], asked_id(request) or 0
    wanted = RosterWanted(period.first, period.last, company.pk, place)
    edits = viewer.scope(EDIT).holds(company.pk)
    counted = crews(viewer, RosterWanted(period.first - LONGEST, period.last, company.pk, place))
    every = [crew for crew in counted if crew.day >= period.first]
    ruled = [one for one in places_ruled(viewer, company.pk) if place in ("", one[1])]
    ordered = in_order([*ruled, *((crew.post_kind, crew.place) for crew in every)])
    skipped = skipped if skipped < len(ordered) else 0
    shown = ordered[skipped : skipped + PLACES_AT_ONCE]
    of_page = set(shown)
    here = [crew for crew in every if (crew.post_kind, crew.place) in of_page]
    is_large = sum(crew.count for crew in here) > NAMED_AT_ONCE
    entries = crew_entries(viewer, wanted, of_page, OF_A_CREW[period.kind] if is_large else NAMED_AT_ONCE)
    judges = edits and not is_large and len({one.member_id for one in entries}) <= PEOPLE_AT_ONCE
    judged = judged_entries(viewer, company.pk, entries, (period.first, period.last)) if judges else {}
    gaps = gaps_among(viewer, wanted, counted)
    standing = Standing(company.pk, here, entries, [gap for gap in gaps if (gap.post_kind, gap.place) in of_page])
    return {
        "rows": place_rows(shown, standing, period, Marks(today, judged)),
        "may_plan": edits,
        "drafts": sum(crew.drafts for crew in every),
        "conflicts_elsewhere": href(request, by=PEOPLE, after=None, place=None) if edits and not judges else "",
        "place": place,
        "all_places_href": href(request, place=None, after=None) if place else "",
        "next_href": href(request, after=skipped + PLACES_AT_ONCE) if len(ordered) > skipped + PLACES_AT_ONCE else "",
        "first_page_href": href(request, after=None) if skipped else "",
        **_told(gaps, judged, entries),
    }


def _gaps(viewer: Person, company: Company, period: Period) -> list[Gap]:
    zone = timezone.get_default_timezone()
    since, until = instant(period.first, time.min, zone), instant(period.behind, time.min, zone)
    return gaps_between(viewer, company.pk, since, until)


def _told(gaps: list[Gap], judged: dict[int, Judged], entries: list[RosterEntry]) -> dict[str, Any]:
    troubled = [entry for entry in entries if entry.pk in judged]
    unfit = [entry for entry in troubled if judged[entry.pk].unfit]
    others = [entry for entry in troubled if not judged[entry.pk].unfit]
    return {
        "gaps": [gap_words(gap) for gap in gaps[:TOLD_AT_ONCE]],
        "gap_count": len(gaps),
        "unfit": [(entry, conflict_words(judged[entry.pk])) for entry in unfit[:TOLD_AT_ONCE]],
        "unfit_count": len(unfit),
        "conflicts": [(entry, conflict_words(judged[entry.pk])) for entry in others[:TOLD_AT_ONCE]],
        "conflict_count": len(others),
    }


def gap_words(gap: Gap) -> str:
    sentence, figures = gap.said(timezone.get_default_timezone())
    return f"{label(PostKind, gap.post_kind)} · {_(sentence) % figures}"


def conflict_words(judged: Judged) -> str:
    """Whose shift, which, and all that is in the way."""
    shift = span_words(judged.wanted.span, timezone.get_default_timezone())
    return f"{judged.wanted.member.name} {shift}：{''.join(words(one, _) for one in judged.problems)}"


@needs(EDIT)
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publishes the drafts of the days that the form names."""
    company, _mine = shown_company(request, EDIT)
    first, last = _days(request)
    try:
        with doors():
            published = publish_roster(company.pk, first, last, **who(request))
    except Refused as refusal:
        return refused(request, _back(company, first), refusal)
    return done(request, _back(company, first), _published_words(published))


def _published_words(published: Published) -> str:
    said = _("已发布 %(count)d 班。") % {"count": published.count}
    if not published.held_back:
        return said
    held = _("另有 %(count)d 班未发布：") % {"count": len(published.held_back)}
    return said + held + _listed(conflict_words(one) for one in published.held_back[:5])


def _listed(sentences: Iterable[str]) -> str:
    return " ".join(sentences)


@needs(EDIT)
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throws the drafts of these days away."""
    company, _mine = shown_company(request, EDIT)
    first, last = _days(request)
    try:
        with doors():
            count = discard_drafts(company.pk, first, last, **who(request))
    except Refused as refusal:
        return refused(request, _back(company, first), refusal)
    return done(request, _back(company, first), _("已删除草稿 %(count)d 班，记录仍在。") % {"count": count})


def _days(request: HttpRequest) -> tuple[date, date]:
    today = timezone.localdate()
    return day_asked(request.POST.get("first", ""), today), day_asked(request.POST.get("last", ""), today)


def _back(company: Company, first: date) -> str:
    return f"{reverse('office:roster')}?company={company.pk}&on={first}"

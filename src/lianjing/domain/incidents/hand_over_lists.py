"""What stands open when a shift ends, as lists in words: they are frozen in the hand-over and signed."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.hand_over_policy import LISTED_AT_MOST
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.queries import QUEUE_ORDER, SHOWN, rows_of
from lianjing.domain.signals.models import TestPeriod
from lianjing.domain.signals.queries import code_words
from lianjing.domain.signals.test_lines import running_tests
from lianjing.domain.signals.watch_lists import watch_count, watch_list
from lianjing.domain.sites.models import SiteNote


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: since when, what, where, and what else has to be known. `grade` and `incident` only for cases."""

    since: str
    what: str
    where: str
    more: str = ""
    grade: int = 0
    incident: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: how many there are, and the first of them."""

    count: int
    lines: list[Line]


Reading = Callable[[Viewer, datetime], Listed]


def words_of(at: datetime | None) -> str:
    """An instant as it is printed: in the centre's zone, with its day."""
    return f"{timezone.localtime(at, timezone.get_default_timezone()):%Y-%m-%d %H:%M:%S}" if at else ""


def _cases(viewer: Viewer) -> Any:
    return visible(Incident.objects.exclude(state=State.CLOSED), viewer, "incidents.see")


def open_cases(viewer: Viewer, at: datetime) -> Listed:
    """Cases that are not closed, in the order of the queue, with who has them."""
    found = _cases(viewer).select_related(*SHOWN).order_by(*QUEUE_ORDER)
    lines = [
        Line(
            words_of(row.opened_at),
            str(row.what),
            str(row.site_name),
            "，".join(filter(None, (str(State(row.state).label), row.holder_name))),
            row.grade,
            row.id,
        )
        for row in rows_of(found[:LISTED_AT_MOST])
    ]
    return Listed(_cases(viewer).count(), lines)


def held(viewer: Viewer, at: datetime) -> Listed:
    """Cases on hold, the first to come back first, with why."""
    on_hold = _cases(viewer).filter(held_until__isnull=False)
    lines = [
        Line(
            words_of(row.held_until),
            str(row.what),
            str(row.site_name),
            "，".join(filter(None, (row.hold_reason, row.holder_name))),
            row.grade,
            row.id,
        )
        for row in rows_of(on_hold.select_related(*SHOWN).order_by("held_until", "pk")[:LISTED_AT_MOST])
    ]
    return Listed(on_hold.count(), lines)


def on_test(viewer: Viewer, at: datetime) -> Listed:
    """Tests that run on, the next to end first."""
    running = visible(TestPeriod.objects.filter(ended_at=None, ends_at__gt=at), viewer, "signals.see")
    lines = [
        Line(
            words_of(test.starts_at),
            test.reason,
            test.site_name,
            _("至 %(until)s，%(by)s 设置") % {"until": words_of(test.ends_at), "by": test.started_by},
        )
        for test in running_tests(viewer, at, limit=LISTED_AT_MOST)
    ]
    return Listed(running.count(), lines)


def unrestored(viewer: Viewer, at: datetime) -> Listed:
    """Alarms and losses of mains that were never restored."""
    lines = [
        Line(words_of(line.since), _condition_words(line.facts), line.site_name, line.zone.name if line.zone else "")
        for line in watch_list(viewer, "unrestored", now=at, limit=LISTED_AT_MOST)
    ]
    return Listed(watch_count(viewer, "unrestored"), lines)


def _condition_words(facts: dict[str, Any]) -> str:
    words = code_words(*facts["code"]) if facts["code"] else _("信号已清除")
    return _("%(what)s（逾时）") % {"what": words} if facts["overdue"] else words


def lost_lines(viewer: Viewer, at: datetime) -> Listed:
    """Paths that are silent although they are supervised."""
    lines = [
        Line(words_of(line.since), _("线路失联"), line.site_name, line.account)
        for line in watch_list(viewer, "lost", now=at, limit=LISTED_AT_MOST)
    ]
    return Listed(watch_count(viewer, "lost"), lines)


def notices(viewer: Viewer, at: datetime) -> Listed:
    """Temporary notices of sites that are still in force, the first to lapse first."""
    rows = visible(SiteNote.objects.filter(until__gt=at), viewer, "sites.see", company_field="site__company_id")
    lines = [
        Line(
            words_of(note.written_at),
            note.text,
            note.site.name,
            _("至 %(until)s，%(by)s 写") % {"until": words_of(note.until), "by": note.written_by},
        )
        for note in rows.select_related("site").order_by("until", "pk")[:LISTED_AT_MOST]
    ]
    return Listed(rows.count(), lines)


LISTS: dict[str, Reading] = {
    "open": open_cases,
    "held": held,
    "on_test": on_test,
    "unrestored": unrestored,
    "lost": lost_lines,
    "notices": notices,
}
"""By name, in the order of the page. An app above adds its own when it starts (`add_list`)."""


def add_list(name: str, reading: Reading) -> None:
    """Another list of the hand-over, from an app that this one may not know, such as tasks that are out."""
    LISTS[name] = reading


def content_for(viewer: Viewer, at: datetime) -> dict[str, Any]:
    """Everything that is handed over, as JSON. `viewer` must be narrowed to the company."""
    lists = {name: asdict(reading(viewer, at)) for name, reading in LISTS.items()}
    graded = _cases(viewer).order_by().values("grade").annotate(n=Count("pk"))
    grades = {str(grade): 0 for grade in (1, 2, 3, 4)} | {str(row["grade"]): row["n"] for row in graded}
    return {"grades": grades, "lists": lists}

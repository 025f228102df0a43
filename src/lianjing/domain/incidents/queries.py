"""Reading cases: the queue, and lists in its words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Count, Min, Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.desk_figures import figures_of_company
from lianjing.domain.incidents.models import Incident, IncidentSignal, State
from lianjing.domain.incidents.policy import Level, level_of
from lianjing.domain.incidents.queue_policy import HELD_LEVEL
from lianjing.domain.signals.line_policy import CARRIER, DISTRICT, RECEIVER
from lianjing.domain.signals.queries import address_words, meant_words
from lianjing.terms.codes import EventClass
from lianjing.terms.premises import Listener, PathKind

NARROW_SPACE = "\u202f"
"""Groups digits, as everywhere on the desk."""
QUEUE_ORDER = ("queue_level", "acknowledged", "-key_site", "opened_at", "id")
"""Level (`queue_policy`), what nobody has acknowledged, key sites, age. The list, the page, the stream and "next" all
go by it, and one index serves it."""
SHOWN = ("company__desk_settings", "site", "holder", "offered_to", "lane")
"""What a row of the queue is made of, besides the case."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case as the queue shows it: the same for every viewer, so that one rendering serves all."""

    id: int
    company_id: int | None
    company_name: str
    grade: int
    event_class: str
    state: str
    what: str
    site_name: str
    address: str
    zones: str
    opened_at: datetime
    attention_at: datetime
    amber_at: datetime
    red_at: datetime
    acknowledged: bool
    unseen: int
    holder_id: int | None
    holder_name: str
    signal_count: int
    untreated: bool
    is_key_site: bool
    confirmed: bool
    queue_level: int
    held_until: datetime | None
    hold_reason: str
    offered_to_id: int | None
    offered_name: str
    escalated_to: str

    @property
    def sort_key(self) -> str:
        """Compares as text like QUEUE_ORDER, for the page that inserts a row in its place."""
        halves = f"{self.queue_level}:{int(self.acknowledged)}:{int(not self.is_key_site)}"
        return f"{halves}:{self.opened_at.timestamp():017.6f}:{self.id:015d}"

    @property
    def is_back(self) -> bool:
        """It has been on hold, and its time is over."""
        return self.grade < self.queue_level < HELD_LEVEL


def _open(viewer: Viewer) -> "QuerySet[Incident]":
    return visible(Incident.objects.exclude(state=State.CLOSED), viewer, "incidents.see")


def queue(viewer: Viewer, *, limit: int = 200, after: QueueRow | None = None) -> list[QueueRow]:
    """Open cases in QUEUE_ORDER. `after` continues behind a row."""
    rows = _open(viewer)
    if after is not None:
        rows = rows.filter(_behind(after))
    return [_row(i) for i in rows.select_related(*SHOWN).order_by(*QUEUE_ORDER)[:limit]]


def _behind(row: QueueRow) -> Q:
    same_level = Q(queue_level=row.queue_level)
    same_half = same_level & Q(acknowledged=row.acknowledged)
    alike = same_half & Q(key_site=row.is_key_site)
    return (
        Q(queue_level__gt=row.queue_level)
        | same_level & Q(acknowledged__gt=row.acknowledged)
        | same_half & Q(key_site__lt=row.is_key_site)
        | alike & Q(opened_at__gt=row.opened_at)
        | alike & Q(opened_at=row.opened_at, id__gt=row.id)
    )


def queue_row(viewer: Viewer, incident_id: int) -> QueueRow | None:
    """One row of the queue; None when the case is closed or not the viewer's to see."""
    rows = _open(viewer).select_related(*SHOWN).filter(pk=incident_id)
    found = rows.first()
    return _row(found) if found else None


def queue_rows(viewer: Viewer, ids: Iterable[int]) -> dict[int, QueueRow]:
    """Rows of the queue by id, in one query; those that are missing have left it."""
    rows = _open(viewer).select_related(*SHOWN).filter(pk__in=set(ids))
    return {i.pk: _row(i) for i in rows}


def open_cases_of(viewer: Viewer, site_id: int, limit: int = 20) -> list[QueueRow]:
    """Open cases of a site in the order of the queue."""
    rows = _open(viewer).filter(site_id=site_id).select_related(*SHOWN)
    return [_row(incident) for incident in rows.order_by(*QUEUE_ORDER)[:limit]]


@dataclass(frozen=True, slots=True)
class QueueTally:
    """Open cases by grade, and how many of them are on hold."""

    grades: dict[int, int]
    held: int


def queue_tally(viewer: Viewer) -> QueueTally:
    """What the queue holds."""
    on_hold = Count("id", filter=Q(held_until__isnull=False))
    counted = list(_open(viewer).order_by().values("grade").annotate(n=Count("id"), held=on_hold))
    grades = dict.fromkeys((1, 2, 3, 4), 0) | {row["grade"]: row["n"] for row in counted}
    return QueueTally(grades, sum(row["held"] for row in counted))


def queue_counts(viewer: Viewer) -> dict[int, int]:
    """Open cases by grade."""
    return queue_tally(viewer).grades


def _row(incident: Incident) -> QueueRow:
    limits = figures_of_company(incident.company).ages(incident.event_class, incident.grade)
    site = incident.site
    return QueueRow(
        id=incident.pk,
        company_id=incident.company_id,
        company_name=incident.company.name if incident.company else "",
        grade=incident.grade,
        event_class=incident.event_class,
        state=incident.state,
        what=_when_read(case_words)(incident),
        site_name=site.name if site else _when_read(_place_words)(incident),
        address=site.address if site else _when_read(_receiver_words)(incident),
        zones=_when_read(_zones)(incident.zone_words),
        opened_at=incident.opened_at,
        attention_at=incident.attention_at,
        amber_at=incident.attention_at + timedelta(seconds=limits.amber),
        red_at=incident.attention_at + timedelta(seconds=limits.red),
        acknowledged=incident.acknowledged,
        unseen=incident.unseen,
        holder_id=incident.holder_id,
        holder_name=incident.holder.shown_name if incident.holder else "",
        signal_count=incident.signal_count,
        untreated=incident.untreated,
        is_key_site=incident.key_site,
        confirmed=incident.confirmed_at is not None,
        queue_level=incident.queue_level,
        held_until=incident.held_until,
        hold_reason=incident.hold_reason,
        offered_to_id=incident.offered_to_id,
        offered_name=incident.offered_to.shown_name if incident.offered_to else "",
        escalated_to=incident.escalated_to,
    )


def _when_read(words: Callable[..., str]) -> Callable[..., str]:
    """Words in the language of whoever reads them: one row serves all streams."""
    return cast(Callable[..., str], lazy(words, str))


def case_words(incident: Incident) -> str:
    """What happened, by the case's most urgent signal."""
    return meant_words(incident.scheme, incident.code, incident.qualifier, incident.event_class)


def _place_words(incident: Incident) -> str:
    """What stands in place of the site's name for a case of no single site."""
    if incident.lane.account:
        return _("未知账号 %(account)s") % {"account": incident.lane.account}
    if incident.company_id is None or incident.event_class == EventClass.SYSTEM:
        return _("本系统")
    if incident.panel_count:
        return _("%(cause)s · %(count)s 台") % {
            "cause": _cause_words(incident.common_cause),
            "count": f"{incident.panel_count:,}".replace(",", NARROW_SPACE),
        }
    if not incident.signal_count:
        return _("多个场所")
    return _("多个场所（%(count)s 条信号）") % {"count": f"{incident.signal_count:,}".replace(",", NARROW_SPACE)}


def _cause_words(cause: str) -> str:
    """What the lines of a mass loss have in common."""
    what, _parted, name = cause.partition(":")
    if what == CARRIER:
        return _("%(kind)s 线路") % {"kind": _(PathKind(name).zh)}
    if what == RECEIVER:
        return _("接收机 %(listener)s") % {"listener": _(Listener(name).zh)}
    if what == DISTRICT:
        return _("行政区划 %(division)s") % {"division": name}
    return _("多个场所")


def _receiver_words(incident: Incident) -> str:
    lane = incident.lane
    return _("接收机 %(listener)s") % {"listener": lane.listener} if lane.listener else ""


def _zones(words: Sequence[dict[str, str]], shown: int = 3) -> str:
    named = [address_words(w["kind"], w["number"], w["name"]) for w in words]
    more = _(" 等") if len(named) > shown else ""
    return "、".join(named[:shown]) + more


def grade_reason(incident: Incident) -> str:
    """Why the case has its grade, in one sentence."""
    words = case_words(incident)
    if incident.on_paper:
        return _("纸质补录：级别由补录人填写，时间以纸质记录为准。")
    if incident.untreated:
        return _("信号“%(words)s”的自动处理失败，按代码定级，请人工判断。") % {"words": words}
    if incident.lane.account:
        return _("账号未登记，按代码“%(words)s”定级。") % {"words": words}
    return _("按最紧急的信号“%(words)s”（%(scheme)s %(code)s）定级。") % {
        "words": words,
        "scheme": incident.scheme,
        "code": incident.code,
    }


def level_of_case(incident: Incident) -> Level:
    """The verification level that the facts of the case give it, and why, in words."""
    level, sentence = level_of(
        incident.event_class,
        confirmed=incident.confirmed_at is not None,
        outcome=incident.verified_outcome,
        disposition=incident.disposition,
    )
    return Level(level, _(sentence))


def incidents(
    viewer: Viewer, *, state: str | None = None, after: int | None = None, limit: int = 100
) -> list[Incident]:
    """Cases, newest first, from before `after` (an incident id); `state`: a state, "active" (not closed), None: all."""
    rows = visible(Incident.objects.all(), viewer, "incidents.see")
    if state == "active":
        rows = rows.exclude(state=State.CLOSED)
    elif state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.select_related(*SHOWN).order_by("-pk")[:limit])


def rows_of(found: Iterable[Incident]) -> list[QueueRow]:
    """Cases in the words of the queue."""
    return [_row(incident) for incident in found]


def incident_of_signals(viewer: Viewer, signal_ids: Sequence[int]) -> dict[int, int]:
    """The case of each signal that is in one."""
    rows = visible(IncidentSignal.objects.all(), viewer, "incidents.see", company_field="incident__company_id")
    return dict(rows.filter(treatment_id__in=signal_ids).values_list("treatment_id", "incident_id"))


def incident_of(viewer: Viewer, incident_id: int) -> Incident | None:
    rows = visible(Incident.objects.all(), viewer, "incidents.see")
    return rows.select_related(*SHOWN).filter(pk=incident_id).first()


def open_incident_ids(viewer: Viewer) -> list[int]:
    """Every case that is not closed: retention keeps what belongs to it."""
    rows = visible(Incident.objects.exclude(state=State.CLOSED), viewer, "incidents.see")
    return list(rows.order_by("pk").values_list("pk", flat=True))


def first_open_frame(viewer: Viewer) -> int | None:
    """The oldest frame of a case that is not closed; None when there is no such case."""
    signals = IncidentSignal.objects.filter(incident_id__in=open_incident_ids(viewer))
    first: int | None = signals.aggregate(first=Min("treatment__frame_id"))["first"]
    return first

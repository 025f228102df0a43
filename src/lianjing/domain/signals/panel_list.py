"""The list of panels, and of accounts that no site has. Every look is bounded, whatever a mad panel sends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.daily_account import today
from lianjing.domain.signals.diagnosis import SILENT_AFTER
from lianjing.domain.signals.models import Frame, LineDay
from lianjing.domain.signals.unknown_accounts import unknown_lanes
from lianjing.domain.sites.models import Panel, TransmissionPath
from lianjing.terms.signals import FrameKind

HEARD_DAYS = 30
DAYS_UNKNOWN = 7
"""For so long an account that no site has stays in the list when it sent heartbeats only."""
ODD_FRAMES = 20_000
ODD_FOR = timedelta(hours=24)
ODD_REASONS = {
    "wrong-key": "wrong-key",
    "no-key": "no-key",
    "plain-with-key": "plain-refused",
    "time-window": "clock-refused",
    "no-timestamp": "clock-refused",
    "unknown-token": "not-read",
    "unreadable-data": "not-read",
    "crc": "unreadable",
    "length": "unreadable",
}
"""Reasons of frames that were not read, and the oddity that each is."""

Line = tuple[str, str]
"""Listener and account."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What was wrong with an account in the last day, the latest first, and when the latest of it came."""

    names: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class PanelFilter:
    """What to list: the panels of the viewer, or the accounts that no site has."""

    text: str = ""
    """Part of an account, or of the name of a site or a company."""
    odd: bool = False
    unknown: bool = False
    lost: bool = False
    """Those with a path that is lost."""


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A panel, or an account that no site has, as the list shows it."""

    listener: str
    account: str
    heard_at: datetime | None
    site_name: str = ""
    company_name: str = ""
    model: str = ""
    encrypted: bool = False
    plain_allowed: bool = False
    registered: bool = True
    odd: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    """Kinds of its paths that are lost."""


def panels(
    viewer: Viewer, wanted: PanelFilter, *, now: datetime, after: Line | None = None, limit: int = 50
) -> list[PanelLine]:
    """Panels by account, from behind `after`; nine queries at most, however many rows."""
    marks = _odd_marks(now)
    if wanted.unknown:
        return _unknown_lines(viewer, _UnknownWanted(wanted.text, after, limit, now), marks)
    rows = _found(_of_viewer(viewer), wanted.text).annotate(line=_line_name())
    if wanted.odd:
        rows = rows.filter(Q(line__in=_names(marks)) | ~Q(line__in=_heard_since(now - SILENT_AFTER)))
    if wanted.lost:
        rows = rows.filter(Exists(TransmissionPath.objects.filter(panel=OuterRef("pk"), lost_at__isnull=False)))
    shown = list(_behind(rows, after).select_related("site__company").order_by("account", "listener")[:limit])
    heard = _heard([(panel.listener, panel.account) for panel in shown])
    lost = _lost([panel.pk for panel in shown])
    return [replace(_panel_line(panel, heard, marks, now), lost=lost.get(panel.pk, ())) for panel in shown]


def _lost(panel_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """By panel, the kinds of its paths that are lost."""
    found: dict[int, tuple[str, ...]] = {}
    rows = TransmissionPath.objects.filter(panel__in=panel_ids, lost_at__isnull=False).order_by("panel", "place")
    for panel_id, kind in rows.values_list("panel_id", "kind"):
        found[panel_id] = (*found.get(panel_id, ()), kind)
    return found


def panel_count(viewer: Viewer) -> int:
    """How many panels are in use."""
    return _of_viewer(viewer).count()


def _of_viewer(viewer: Viewer) -> "QuerySet[Panel]":
    return visible(Panel.objects.filter(removed_at=None), viewer, "frames.see", company_field="site__company_id")


def _found(rows: "QuerySet[Panel]", text: str) -> "QuerySet[Panel]":
    if not text:
        return rows
    named = Q(site__name__icontains=text) | Q(site__company__name__icontains=text)
    return rows.filter(Q(account__icontains=text) | named)


def _behind(rows: "QuerySet[Any]", after: Line | None) -> "QuerySet[Any]":
    if after is None:
        return rows
    listener, account = after
    return rows.filter(Q(account__gt=account) | Q(account=account, listener__gt=listener))


def _line_name() -> Concat:
    return Concat(F("listener"), Value("/"), F("account"), output_field=CharField())


def _names(lines: Iterable[Line]) -> list[str]:
    return [f"{listener}/{account}" for listener, account in lines]


def _heard_since(at: datetime) -> "QuerySet[LineDay, str]":
    rows = LineDay.objects.filter(day__gte=at.date() - timedelta(days=1), last_seen_at__gte=at)
    return rows.annotate(line=_line_name()).values_list("line", flat=True)


def _heard(lines: Sequence[Line]) -> dict[Line, datetime]:
    """When each was heard last, within the days judged."""
    rows = LineDay.objects.filter(listener__in={line[0] for line in lines}, account__in={line[1] for line in lines})
    rows = rows.filter(day__gte=today() - timedelta(days=HEARD_DAYS))
    grouped = rows.order_by().values("listener", "account").annotate(at=Max("last_seen_at"))
    return {(row["listener"], row["account"]): row["at"] for row in grouped}


def _odd_marks(now: datetime) -> dict[Line, Marks]:
    """What was wrong with accounts in the last day and has not come right since."""
    odd = Frame.objects.filter(kind__in=(FrameKind.UNSUPPORTED.value, FrameKind.UNREADABLE.value))
    latest = odd.order_by("-pk").values("pk")[:ODD_FRAMES]
    told = Frame.objects.filter(pk__in=latest, received_at__gte=now - ODD_FOR, reason__in=ODD_REASONS)
    lines = told.exclude(account="").order_by().values("listener", "account", "reason")
    rows = sorted(lines.annotate(last=Max("pk"), at=Max("received_at")), key=lambda row: -row["last"])
    mended = _mended([row["last"] for row in rows])
    marks: dict[Line, Marks] = {}
    for row in rows:
        if row["last"] not in mended:
            line = row["listener"], row["account"]
            known = marks.get(line) or Marks((), row["at"])
            names = dict.fromkeys((*known.names, ODD_REASONS[row["reason"]]))
            marks[line] = Marks(tuple(names), known.at)
    return marks


def _mended(frame_ids: Sequence[int]) -> set[int]:
    """Those after which their account sent something that was read: only that moves its line figures on."""
    lines = LineDay.objects.filter(account=OuterRef("account"), listener=OuterRef("listener"))
    good = Exists(lines.filter(last_seen_at__gt=OuterRef("received_at")))
    return set(Frame.objects.filter(good, pk__in=frame_ids).values_list("pk", flat=True))


def _panel_line(panel: Panel, heard: dict[Line, datetime], marks: dict[Line, Marks], now: datetime) -> PanelLine:
    line = panel.listener, panel.account
    mark = marks.get(line)
    at = _later(heard.get(line), mark)
    silence = ("never-heard",) if at is None else ("silent",) if now - at > SILENT_AFTER else ()
    return PanelLine(
        listener=panel.listener,
        account=panel.account,
        heard_at=at,
        site_name=panel.site.name,
        company_name=panel.site.company.name,
        model=panel.model,
        encrypted=bool(panel.key_sealed),
        plain_allowed=panel.plain_allowed,
        odd=(*(mark.names if mark else ()), *silence),
    )


def _later(heard: datetime | None, mark: Marks | None) -> datetime | None:
    """A frame that was refused is no sign of life in the line figures, and was heard all the same."""
    return max((at for at in (heard, mark and mark.at) if at), default=None)


@dataclass(frozen=True, slots=True)
class _UnknownWanted:
    """Part of an account, from behind which, how many."""

    text: str
    after: Line | None
    limit: int
    now: datetime


def _unknown_lines(viewer: Viewer, wanted: _UnknownWanted, marks: dict[Line, Marks]) -> list[PanelLine]:
    """Accounts that were heard lately and that no site has: the installation's to see."""
    if not viewer.scope("frames.see").everything:
        return []
    heard = _unknown_heard(wanted) | _unknown_sent(viewer, wanted)
    for line in _unknown_marked(wanted.text, wanted.after, marks):
        heard.setdefault(line, marks[line].at)
    lines = sorted(heard, key=lambda line: (line[1], line[0]))[: wanted.limit]
    return [_unknown_line(line, heard[line], marks.get(line)) for line in lines]


def _unknown_heard(wanted: _UnknownWanted) -> dict[Line, datetime]:
    """By the line figures: heartbeats too."""
    rows = LineDay.objects.filter(day__gte=today() - timedelta(days=DAYS_UNKNOWN)).exclude(account="")
    in_use = Panel.objects.filter(removed_at=None, account=OuterRef("account"), listener=OuterRef("listener"))
    rows = _behind(rows.filter(~Exists(in_use), account__icontains=wanted.text), wanted.after).order_by()
    grouped = rows.values("account", "listener").annotate(at=Max("last_seen_at")).order_by("account", "listener")
    return {(row["listener"], row["account"]): row["at"] for row in grouped[: wanted.limit]}


def _unknown_sent(viewer: Viewer, wanted: _UnknownWanted) -> dict[Line, datetime]:
    """By their signals, which reach farther back."""
    lanes = _behind(unknown_lanes(viewer, wanted.now).filter(account__icontains=wanted.text), wanted.after)
    rows = lanes.order_by("account", "listener").values_list("listener", "account", "at")
    return {(listener, account): at for listener, account, at in rows[: wanted.limit]}


def _unknown_marked(text: str, after: Line | None, marks: dict[Line, Marks]) -> list[Line]:
    """Those of which nothing could be read: they have no line figures."""
    accounts = {account for _, account in marks}
    in_use = Panel.objects.filter(removed_at=None, account__in=accounts).values_list("listener", "account")
    unknown = set(marks) - set(in_use)
    behind = [line for line in unknown if after is None or (line[1], line[0]) > (after[1], after[0])]
    return [line for line in behind if text.upper() in line[1].upper()]


def _unknown_line(line: Line, at: datetime, mark: Marks | None) -> PanelLine:
    names = ("unknown-account", *(mark.names if mark else ()))
    listener, account = line
    return PanelLine(listener, account, _later(at, mark), registered=False, odd=names)

"""Reading signals and frames."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianjing.core.viewer import Scope, Viewer, visible
from lianjing.domain.signals.accounts import frames_of_account
from lianjing.domain.signals.admission import after_mark
from lianjing.domain.signals.arrivals import SecondPath, second_paths_of
from lianjing.domain.signals.models import Fate, Frame, LineDay, Signal, Treatment
from lianjing.domain.signals.ownership import any_panel, own_panel, site_name
from lianjing.domain.sites.models import Panel
from lianjing.terms.code_tables import meaning
from lianjing.terms.codes import LIFE_CLASSES, EventClass, Grade, Scheme

PAGE_LIMIT = 1000

Row = TypeVar("Row", Frame, Signal)


def code_words(scheme: str, code: str, qualifier: str) -> str:
    """What a code says, in the language of the request."""
    found = meaning(Scheme(scheme), code, qualifier)
    return found.zh if (get_language() or "zh").startswith("zh") else found.en


def meant_words(scheme: str, code: str, qualifier: str, event_class: str) -> str:
    """What a code means at its zone: an intrusion code of a fire zone is a fire, in the language of the request."""
    said = code_words(scheme, code, qualifier)
    if event_class not in LIFE_CLASSES or meaning(Scheme(scheme), code, qualifier).event_class != EventClass.INTRUSION:
        return said
    meant = {EventClass.FIRE: _("火警"), EventClass.MEDICAL: _("医疗求助"), EventClass.HOLD_UP: _("紧急报警")}
    return _("%(meant)s（设备报“%(said)s”）") % {"meant": meant[EventClass(event_class)], "said": said}


def address_words(kind: str, number: str, name: str = "") -> str:
    """Zone or user in words: its name when somebody gave it one, its number otherwise. All zeros mean none."""
    if name or not number.strip("0"):
        return name
    if kind == "user":
        return _("用户 %(number)s") % {"number": number}
    if kind == "zone":
        return _("防区 %(number)s") % {"number": number}
    return _("编号 %(number)s") % {"number": number}


def raw_text(raw: bytes) -> str:
    """Printable ASCII as is, other bytes as \\xNN, backslash doubled (the outside contract's form)."""
    return "".join("\\\\" if b == 0x5C else chr(b) if 0x20 <= b < 0x7F else f"\\x{b:02x}" for b in bytes(raw))


def anything_waits(viewer: Viewer) -> bool:
    """Whether any admitted signal has not been treated."""
    return visible(Treatment.objects.filter(fate=Fate.WAITING), viewer, "signals.see").exists()


def waiting_since(viewer: Viewer) -> datetime | None:
    """When the oldest signal that has not been treated arrived; None when all are."""
    if not viewer.scope("status.see"):
        return None
    admitted = Treatment.objects.filter(fate=Fate.WAITING).order_by("received_at").values_list("received_at", flat=True)
    marked = after_mark().order_by("pk").values_list("received_at", flat=True)
    waiting = [at for at in (admitted.first(), marked.first()) if at is not None]
    return min(waiting, default=None)


@dataclass(frozen=True, slots=True)
class SignalLine:
    """A signal as lists show it, in words and in codes."""

    id: int
    frame_id: int
    account: str
    site_name: str
    protocol: str
    scheme: str
    code: str
    qualifier: str
    phase: str
    event_class: str
    grade: int
    what: str
    zone: str
    zone_name: str
    address_kind: str
    where: str
    area: str
    text: str
    received_at: datetime
    stored_at: datetime
    device_at: datetime | None
    peer: str
    transport: str
    repeats: int
    fate: str
    rule: str
    raw: str
    extras: tuple[tuple[str, str], ...] = ()
    """Letter and text of the frame's extended data."""
    second_path: SecondPath | None = None
    """Set when the same event had come by another path already."""


def signals(
    viewer: Viewer, *, account: str | None = None, after: int | None = None, limit: int = 100
) -> list[SignalLine]:
    """Signals, newest first, from before `after` (a signal id): durable ones, treated or not."""
    rows, limit = _readable(viewer).order_by("-pk"), min(limit, PAGE_LIMIT)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    if not account:
        return _lines(list(rows[:limit]))
    before = Signal.objects.filter(pk=after).values_list("frame_id", flat=True).first() if after is not None else None
    return _lines(_of_account(account, None if before is None else before + 1, rows, "frame_id__in", limit))


def _of_account(account: str, before: int | None, rows: "QuerySet[Row]", frame_in: str, limit: int) -> "list[Row]":
    """The first `limit` of `rows` that belong to an account's frames: one portion of its frames after the other."""
    found: list[Row] = []
    while len(found) < limit and (ids := frames_of_account(account, before, PAGE_LIMIT)):
        found += rows.filter(**{frame_in: ids})[: limit - len(found)]
        before = ids[-1]
    return found


def signals_by_id(viewer: Viewer, ids: Sequence[int]) -> list[SignalLine]:
    """The named signals, oldest first."""
    return _lines(list(_readable(viewer).filter(pk__in=ids).order_by("pk")))


def site_signals(viewer: Viewer, site_id: int, since: datetime, limit: int = 50) -> list[SignalLine]:
    """What a site sent since then, newest first."""
    rows = visible(Treatment.objects.filter(site_id=site_id, received_at__gte=since), viewer, "signals.see")
    ids = list(rows.order_by("-received_at").values_list("signal_id", flat=True)[:limit])
    return list(reversed(signals_by_id(viewer, ids)))


def waiting_signals(viewer: Viewer, before: datetime, limit: int = 10, *, urgent: bool = False) -> list[SignalLine]:
    """Signals that came before that instant and are not treated yet, the most urgent first, admitted or not.

    `urgent`: of grade 1 and 2 alone, which is cheap behind any backlog.
    """
    treated = Treatment.objects.filter(signal_id=OuterRef("pk")).exclude(fate=Fate.WAITING)
    rows = _readable(viewer).filter(received_at__lt=before, pk__gte=_first_waiting()).filter(~Exists(treated))
    if urgent:
        rows = rows.filter(grade__lte=Grade.SECOND)
    return _lines(list(rows.order_by("grade", "pk")[:limit]))


def waiting_count(viewer: Viewer, most: int) -> int:
    """How many signals wait, whosoever they are: like `waiting_since` it says how the installation fares. Counts up to
    `most`."""
    if not viewer.scope("status.see"):
        return 0
    admitted = Treatment.objects.filter(fate=Fate.WAITING).values_list("pk", flat=True)[:most]
    return min(most, len(admitted) + len(after_mark().values_list("pk", flat=True)[:most]))


def _first_waiting() -> int:
    """No signal below this id waits: the search for waiting ones starts here, not at the beginning of the journal."""
    admitted = Treatment.objects.filter(fate=Fate.WAITING).order_by("signal_id").values_list("signal_id", flat=True)
    marked = after_mark().order_by("pk").values_list("pk", flat=True)
    return min((pk for pk in (admitted.first(), marked.first()) if pk is not None), default=2**62)


def _readable(viewer: Viewer) -> "QuerySet[Signal]":
    rows = Signal.objects.select_related("frame")
    scope = viewer.scope("signals.see")
    if scope.everything:
        return rows
    # Before intake has seen it, a signal belongs to the company whose panel has its account.
    own_treatment = Treatment.objects.filter(signal_id=OuterRef("pk"), company_id__in=scope.companies)
    untreated = ~Exists(Treatment.objects.filter(signal_id=OuterRef("pk")))
    return rows.filter(Exists(own_treatment) | (untreated & own_panel(scope)))


def _lines(rows: list[Signal]) -> list[SignalLine]:
    treatments = Treatment.objects.select_related("zone", "site").in_bulk([row.pk for row in rows])
    repeats = _repeats([row.frame_id for row in rows])
    sites = _sites_of([row for row in rows if row.pk not in treatments])
    marked = [row.frame_id for row in rows if row.pk in treatments and treatments[row.pk].same_as_id]
    seconds = {found.signal_id: found for found in second_paths_of(marked)} if marked else {}
    return [
        _line(row, treatments.get(row.pk), repeats.get(row.frame_id, 0), sites, seconds.get(row.pk)) for row in rows
    ]


def _sites_of(untreated: list[Signal]) -> dict[tuple[str, str], str]:
    """Names of the sites from which signals came that intake has not seen. Who reads the signal may read the name."""
    if not untreated:
        return {}
    panels = Panel.objects.filter(removed_at=None, account__in={row.account for row in untreated})
    return {(p.listener, p.account): p.site.name for p in panels.select_related("site")}


def _repeats(frame_ids: Sequence[int]) -> dict[int, int]:
    """How often each frame was sent again."""
    counted = Frame.objects.filter(repeat_of__in=set(frame_ids)).values("repeat_of").annotate(n=Count("id"))
    return {row["repeat_of"]: row["n"] for row in counted}


def _line(
    row: Signal,
    treated: Treatment | None,
    repeats: int,
    sites: dict[tuple[str, str], str],
    second_path: SecondPath | None,
) -> SignalLine:
    zone_name = treated.zone.name if treated and treated.zone else ""
    return SignalLine(
        id=row.pk,
        frame_id=row.frame_id,
        account=row.account,
        site_name=treated.site.name if treated and treated.site else sites.get((row.listener, row.account), ""),
        protocol=row.listener,
        scheme=row.scheme,
        code=row.code,
        qualifier=row.qualifier,
        phase=row.phase,
        event_class=treated.event_class if treated else row.event_class,
        grade=treated.grade if treated else row.grade,
        what=code_words(row.scheme, row.code, row.qualifier),
        zone=row.address,
        zone_name=zone_name,
        address_kind=row.address_kind,
        where=address_words(row.address_kind, row.address, zone_name),
        area=row.area,
        text=row.text,
        received_at=row.received_at,
        stored_at=row.frame.stored_at,
        device_at=row.frame.device_at,
        peer=row.frame.peer,
        transport=row.frame.transport,
        repeats=repeats,
        fate=treated.fate if treated else Fate.WAITING.value,
        rule=treated.rule if treated else "",
        raw=raw_text(row.frame.raw),
        extras=tuple((letter, text) for letter, text in row.frame.reading.get("extras") or ()),
        second_path=second_path,
    )


@dataclass(frozen=True, slots=True)
class FrameLine:
    """A frame as the raw traffic page and the API show it."""

    id: int
    received_at: datetime
    stored_at: datetime
    device_at: datetime | None
    listener: str
    transport: str
    peer: str
    kind: str
    account: str
    raw: str
    reading: dict[str, Any]
    reason: str
    answer: str | None
    repeat_of: int | None
    repeats: int
    event_count: int
    site_name: str | None
    """Of the site whose panel the account was; None when it was nobody's."""
    unknown_codes: tuple[str, ...]
    second_paths: tuple[SecondPath, ...] = ()
    """Where the frame is the second path of an event, or the first of one that came again."""


@dataclass(frozen=True, slots=True)
class FrameFilter:
    """What to show: one kind of frame, one account, or all."""

    kind: str = ""
    account: str = ""
    unknown: str = ""
    """"code": frames with a code that no table lists; "account": frames of an account that is no panel."""


def frames(
    viewer: Viewer, wanted: FrameFilter | None = None, *, after: int | None = None, limit: int = 100
) -> list[FrameLine]:
    """Frames, newest first, from before `after` (a frame id). What belongs to no account is the admin's to read."""
    wanted = wanted or FrameFilter()
    rows = _readable_frames(viewer)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.unknown == "code":
        rows = rows.filter(Exists(Signal.objects.filter(frame_id=OuterRef("pk"), known=False)))
    if wanted.unknown == "account":
        rows = rows.exclude(account="").filter(~any_panel())
    rows, limit = rows.annotate(site_name=site_name()).order_by("-pk"), min(limit, PAGE_LIMIT)
    if wanted.account:
        return _frame_lines(_of_account(wanted.account, after, rows, "pk__in", limit))
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _frame_lines(list(rows[:limit]))


def frame(viewer: Viewer, frame_id: int) -> FrameLine | None:
    found = _readable_frames(viewer).filter(pk=frame_id).annotate(site_name=site_name())
    return next(iter(_frame_lines(list(found))), None)


def frames_by_id(viewer: Viewer, ids: Sequence[int]) -> list[FrameLine]:
    """The named frames, newest first."""
    return _frame_lines(
        list(_readable_frames(viewer).filter(pk__in=ids).annotate(site_name=site_name()).order_by("-pk"))
    )


def signals_of_frame(viewer: Viewer, frame_id: int) -> list[SignalLine]:
    """The events of one frame with their fates, in the frame's order."""
    return _lines(list(_readable(viewer).filter(frame_id=frame_id).order_by("ordinal")))


def _readable_frames(viewer: Viewer) -> "QuerySet[Frame]":
    rows = Frame.objects.all()
    scope = viewer.scope("frames.see")
    if scope.everything:
        return rows
    return rows.filter(own_panel(scope))


def _frame_lines(rows: list[Frame]) -> list[FrameLine]:
    repeats = _repeats([row.pk for row in rows])
    seconds = _seconds_by_frame(row.pk for row in rows)
    return [
        FrameLine(
            id=row.pk,
            received_at=row.received_at,
            stored_at=row.stored_at,
            device_at=row.device_at,
            listener=row.listener,
            transport=row.transport,
            peer=row.peer,
            kind=row.kind,
            account=row.account,
            raw=raw_text(row.raw),
            reading=row.reading,
            reason=row.reason,
            answer=None if row.answer is None else raw_text(row.answer),
            repeat_of=row.repeat_of_id,
            repeats=repeats.get(row.pk, 0),
            event_count=row.event_count,
            site_name=row.site_name,  # type: ignore[attr-defined]
            unknown_codes=row.unknown_codes,
            second_paths=tuple(seconds.get(row.pk, ())),
        )
        for row in rows
    ]


def _seconds_by_frame(frame_ids: Iterable[int]) -> dict[int, list[SecondPath]]:
    """Second paths by the frames that they join."""
    by_frame: dict[int, list[SecondPath]] = {}
    for found in second_paths_of(frame_ids):
        for frame_id in {found.frame_id, found.first_frame}:
            by_frame.setdefault(frame_id, []).append(found)
    return by_frame


def _accounts(scope: Scope) -> "QuerySet[Panel, str]":
    return Panel.objects.filter(site__company_id__in=scope.companies).values_list("account", flat=True)


def lines_on(viewer: Viewer, on: date, limit: int = 200) -> list[LineDay]:
    """The paths that were heard on a day, the longest silence first."""
    rows = LineDay.objects.filter(day=on)
    scope = viewer.scope("signals.see")
    if not scope.everything:
        rows = rows.filter(account__in=_accounts(scope))
    return list(rows.order_by("-longest_gap_s")[:limit])

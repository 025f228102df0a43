"""Follows the sequence numbers of every account, frame by frame, and notes what never came.

Only DC-09 carries numbers; the outputs of receivers (Sur-Gard, 685) have none. Later heartbeats of a day leave no frame
(`core.journal.lines`), and some panels number them: then a gap is noted only as far as they cannot explain it, and as
a possible one. Frames that were refused carry numbers too, and did come.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from lianjing.core.viewer import Viewer, require
from lianjing.domain.signals.books import panel_subject
from lianjing.domain.signals.diagnosis import beat_seconds
from lianjing.domain.signals.models import Frame, LineDay, SequenceGap, SequenceMark, SequenceTrack, SystemEvent
from lianjing.domain.signals.paths import host_of
from lianjing.domain.signals.sequence_policy import Found, Track, explained_by_beats, track_of
from lianjing.domain.signals.system_events import NewEvent, end_events, raise_events
from lianjing.domain.sites.models import Panel
from lianjing.domain.sites.queries import live_panels
from lianjing.terms.premises import Listener
from lianjing.terms.signals import FrameKind

KIND = "SG"
LATE_COMMIT = timedelta(seconds=60)
"""As in `actions`: until then a frame with a lower number may become visible. Line figures are saved by then too."""
LOOK_BACK = timedelta(days=1)
"""Where an installation that never looked begins."""
FRAMES_A_TURN = 1000
TRACKS_A_TURN = 500
TROUBLING = 3
"""So many numbers of a panel that surely never came on one day are told to a person."""
TOGETHER = 20
"""When more panels of a company than this have gaps on a day, one event tells of all of them."""
COLUMNS = ("pk", "received_at", "account", "kind", "transport", "receiver", "line", "peer", "sequence")

Line = tuple[str, str]
"""Listener and account."""


class Noticed(NamedTuple):
    """A gap of an account, as the policy found it."""

    line: Line
    found: Found
    beats: str


@transaction.atomic
def follow_sequences(*, by: Viewer, at: datetime) -> int:
    """Looks at the next frames in order; returns at how many. Runs as the system.

    The mark is locked: of several workers one looks, the others find nothing to do.
    """
    require(by, "frames.see", None)
    mark = _locked_mark(at)
    if mark is None:
        return 0
    frames = Frame.objects.filter(pk__gt=mark.frame_id, received_at__lt=at - LATE_COMMIT)
    rows = list(frames.order_by("pk").values_list(*COLUMNS, "listener")[:FRAMES_A_TURN])
    numbered = [row for row in rows if row[-1] == Listener.DC09.value and row[2] and row[8]]
    # Of panels only: strangers could fill a table with made-up accounts.
    panels = live_panels(by, {(row[-1], row[2]) for row in numbered})
    tracks = _tracks(panels)
    noticed, came = [], []
    for _, received_at, account, kind, transport, receiver, line, peer, sequence, listener in numbered:
        place = listener, account
        if place not in tracks:
            continue
        track = tracks[place]
        number = _number(track, kind, sequence)
        if number:
            path = f"{transport} {receiver} {line} {host_of(peer)}"
            found, late = track.take(number, path, received_at.timestamp())
            noticed += [Noticed(place, each, track.beats) for each in found]
            came += [(place, each) for each in late]
    _keep(tracks)
    _note_gaps(noticed, panels, by=by, at=at)
    _note_late(came)
    if rows:
        mark.frame_id = rows[-1][0]
        mark.save()
    return len(rows)


def _locked_mark(at: datetime) -> SequenceMark | None:
    if not SequenceMark.objects.exists():
        before = Frame.objects.filter(received_at__lt=at - LOOK_BACK).order_by("-received_at")
        first = before.values_list("pk", flat=True).first() or 0
        SequenceMark.objects.get_or_create(pk=1, defaults={"frame_id": first})
    return SequenceMark.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=1).first()


def _number(track: Track, kind: str, sequence: str) -> int:
    """The number that a frame carries; 0 when it tells nothing. Notes what the track learns from it."""
    if not (sequence.isascii() and sequence.isdigit() and len(sequence) <= 4):
        # Counted otherwise, as in hexadecimal: its decimal-looking numbers mean nothing either.
        track.counts = False
    number = int(sequence) if track.counts else 0
    if kind == FrameKind.HEARTBEAT.value:
        track.beats = "counted" if number else "zero"
    return number


def _tracks(lines: Iterable[Line]) -> dict[Line, Track]:
    tracks = {line: Track() for line in lines}
    for row in SequenceTrack.objects.filter(account__in={account for _, account in tracks}):
        if (row.listener, row.account) in tracks:
            tracks[row.listener, row.account] = track_of(row.kept)
    return tracks


def _keep(tracks: Mapping[Line, Track]) -> None:
    rows = [
        SequenceTrack(listener=listener, account=account, kept=track.as_kept(), settles_at=_instant(track.settles_at))
        for (listener, account), track in tracks.items()
    ]
    SequenceTrack.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["listener", "account"],
        update_fields=["kept", "settles_at"],
        batch_size=500,
    )


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@transaction.atomic
def settle_sequences(*, by: Viewer, at: datetime) -> int:
    """Notes the gaps behind which nothing more came; returns of how many accounts. Runs as the system."""
    require(by, "frames.see", None)
    # The mark first, as in `follow_sequences`: two that look at one account would each tell the same gap.
    if _locked_mark(at) is None:
        return 0
    due = SequenceTrack.objects.filter(settles_at__lte=at - LATE_COMMIT).order_by("settles_at")
    tracks = {(row.listener, row.account): track_of(row.kept) for row in due[:TRACKS_A_TURN]}
    noticed = []
    for line, track in tracks.items():
        noticed += [Noticed(line, found, track.beats) for found in track.settle(at.timestamp())]
    _keep(tracks)
    _note_gaps(noticed, live_panels(by, tracks), by=by, at=at)
    return len(tracks)


def sequences_due(viewer: Viewer, at: datetime) -> tuple[bool, bool]:
    """Whether frames are to be looked at, and tracks to be settled: asked without a lock. Runs as the system."""
    require(viewer, "frames.see", None)
    mark = SequenceMark.objects.filter(pk=1).values_list("frame_id", flat=True).first()
    following = Frame.objects.filter(pk__gt=mark or 0).order_by("pk").values_list("received_at", flat=True).first()
    frames = following is not None and following < at - LATE_COMMIT
    return frames, SequenceTrack.objects.filter(settles_at__lte=at - LATE_COMMIT).exists()


# What was noticed


def _note_gaps(noticed: Sequence[Noticed], panels: Mapping[Line, Panel], *, by: Viewer, at: datetime) -> None:
    own = [each for each in noticed if each.line in panels]
    if not own:
        return
    beats = _beats(own)
    rows = [row for each in own for row in _rows(each, panels[each.line], beats[each.line])]
    SequenceGap.objects.bulk_create(rows)
    _raise({row.panel_id for row in rows if row.panel_id is not None}, timezone.localdate(at), by=by, at=at)


Beats = list[tuple[datetime, datetime, int]]
"""First and last sign and the count of heartbeats, of each line and day of an account."""


def _beats(noticed: Sequence[Noticed]) -> dict[Line, Beats]:
    """One query, however many."""
    days = {timezone.localdate(_at(seconds)) for each in noticed for seconds in (each.found.after_at, each.found.at)}
    accounts = {account for _, account in (each.line for each in noticed)}
    beats: dict[Line, Beats] = defaultdict(list)
    for row in LineDay.objects.filter(account__in=accounts, day__gte=min(days), day__lte=max(days)):
        beats[row.listener, row.account].append((row.first_seen_at, row.last_seen_at, row.heartbeat_count))
    return beats


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _rows(noticed: Noticed, panel: Panel, beats: Beats) -> list[SequenceGap]:
    """The rows of a gap, one a run of numbers; none when heartbeats explain it, or the account has changed hands."""
    found = noticed.found
    days = [(count, beat_seconds([(first, last, count)]) or 0) for first, last, count in beats if count]
    uncounted = noticed.beats == "zero"
    explained = 0 if uncounted else explained_by_beats(days, found.at - found.after_at)
    listener, account = noticed.line
    after_at, at = _at(found.after_at), _at(found.at)
    if explained >= found.count or panel.added_at > after_at:
        return []
    return [
        SequenceGap(
            listener=listener,
            account=account,
            company_id=panel.site.company_id,
            panel=panel,
            on=timezone.localdate(at),
            first=first,
            last=last,
            missing=last - first + 1,
            possible=explained > 0 or not found.is_sure,
            after_at=after_at,
            at=at,
        )
        for first, last in found.missing
    ]


def _note_late(came: Iterable[tuple[Line, int]]) -> None:
    """Numbers that came after they were noted as missing: rare, and never more than a gap has."""
    for (listener, account), number in came:
        gaps = SequenceGap.objects.filter(account=account, listener=listener, first__lte=number, last__gte=number)
        row = gaps.filter(arrived__lt=F("missing")).order_by("-at").first()
        if row is not None:
            row.arrived += 1
            row.save(update_fields=["arrived"])


# Telling a person


def _raise(panel_ids: set[int], today: date, *, by: Viewer, at: datetime) -> None:
    """An event for each panel with many surely missing numbers today; one for all when a company has many."""
    if not panel_ids:
        return
    troubled = _troubled(today)
    panels = Panel.objects.filter(pk__in=panel_ids & set(troubled)).select_related("site")
    by_company: dict[int, int] = defaultdict(int)
    for company_id in Panel.objects.filter(pk__in=troubled).values_list("site__company_id", flat=True):
        by_company[company_id] += 1
    many = {f"sequences:{pk}:{today}": pk for pk, n in by_company.items() if n > TOGETHER}
    common = [
        NewEvent(KIND, subject, at, pk, reasons=[f"今天有 {TOGETHER} 台以上设备的报文序号有缺，名单见“每日对账”。"])
        for subject, pk in many.items()
    ]
    raise_events(common, by=by, at=at)
    open_now = SystemEvent.objects.filter(kind=KIND, subject__in=many, ended_at=None)
    folds = {many[row.subject]: row.pk for row in open_now}
    raise_events(
        [
            NewEvent(
                KIND,
                panel_subject(panel.pk),
                at,
                panel.site.company_id,
                site_id=panel.site_id,
                panel_id=panel.pk,
                reasons=[f"设备 {panel.account} 今天有 {troubled[panel.pk]} 个报文序号没有收到，见其设备页。"],
                folded_into=folds.get(panel.site.company_id),
            )
            for panel in panels
        ],
        by=by,
        at=at,
    )


def _troubled(today: date) -> dict[int, int]:
    """Panels with many surely missing numbers on a day, and how many."""
    rows = SequenceGap.objects.filter(on=today, possible=False, panel__isnull=False).order_by()
    grouped = rows.values("panel_id").annotate(left=Sum(F("missing") - F("arrived"))).filter(left__gte=TROUBLING)
    return {row["panel_id"]: row["left"] for row in grouped}


def end_sequence_events(*, by: Viewer, at: datetime) -> int:
    """Ends the events of panels whose numbers came after all, or that lost none today. Runs as the system."""
    require(by, "signals.see", None)
    today = timezone.localdate(at)
    rows = list(SystemEvent.objects.filter(kind=KIND, ended_at=None).order_by("pk")[:TRACKS_A_TURN])
    if not rows:
        return 0
    troubled, day = set(_troubled(today)), today.isoformat()
    over = [
        row.subject
        for row in rows
        if (row.panel_id not in troubled if row.panel_id is not None else not row.subject.endswith(day))
    ]
    return len(end_events([(KIND, subject) for subject in over], by=by, at=at))

"""What is kept of panels from signal to signal: meters, states of arming, open conditions, watches.

Read once for a batch, changed in memory signal by signal, written once: the number of queries does not grow with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Model

from lianjing.domain.signals.code_facts import (
    Arming,
    Reported,
    begins,
    ends,
    overdue_after,
    test_allowance,
)
from lianjing.domain.signals.limits import Limits
from lianjing.domain.signals.models import ArmingState, Condition, Frame, PanelWatch, Runaway, Signal, Treatment
from lianjing.domain.signals.runaway import Meter, new_meter
from lianjing.domain.sites.models import Panel
from lianjing.domain.sites.policy import normal_number
from lianjing.terms.codes import EventClass


def reported(row: Treatment, signal: Signal) -> Reported:
    """A signal in the words of `code_facts`."""
    return Reported(signal.scheme, signal.code, row.event_class, signal.phase, signal.area, signal.address)


def area_of(row: Treatment, signal: Signal) -> str:
    """The area that a signal is about: its zone's, where somebody entered one, else what the panel says."""
    return row.zone.area if row.zone is not None and row.zone.area else area_number(signal.area)


def area_number(area: str) -> str:
    """An area as a panel names it, normalised; none and zero are one."""
    number = normal_number(area)
    return "" if number == "0" else number


@dataclass(slots=True)
class Books:
    """The rows of one batch of signals. Only signals of panels have any."""

    meters: dict[str, tuple[Meter, Runaway]]
    arming: dict[tuple[int, str], ArmingState]
    conditions: dict[tuple[int, str], Condition]
    watches: dict[int, PanelWatch]
    device_times: Mapping[int, datetime]
    changed: dict[str, dict[Any, Model]] = field(default_factory=dict)
    began_running: list[Runaway] = field(default_factory=list)
    to_end: set[tuple[str, str]] = field(default_factory=set)
    """Kind and subject of system events that these signals end."""
    activated: dict[int, Panel] = field(default_factory=dict)

    # Runaways

    def is_over(self, row: Treatment, signal: Signal, limits: Limits) -> bool:
        """Counts the signal in its meter; whether it is over the limits."""
        key = meter_key(row, signal)
        at = row.received_at.timestamp()
        meter, stored = self.meters.get(key) or self._new_meter(key, row, at, limits)
        was_running = meter.running_since is not None
        over = meter.take(at, limits.runaway)
        self._keep_meter(key, meter, stored)
        if over and not was_running:
            self.began_running.append(stored)
        if was_running and meter.running_since is None:
            self.to_end.add(("RW", runaway_subject(key)))
        return over

    def is_running(self, row: Treatment, signal: Signal) -> bool:
        """Whether the signal's kind is a runaway at present; its restorals are part of it."""
        found = self.meters.get(meter_key(row, signal))
        return found is not None and found[0].running_since is not None

    def is_burst(self, row: Treatment, signal: Signal, limits: Limits) -> bool:
        """Of a signal that is over: whether the window is full; else it is the rate of hours that is too high."""
        return len(self.meters[meter_key(row, signal)][0].recent) >= limits.runaway.count

    def _new_meter(self, key: str, row: Treatment, at: float, limits: Limits) -> tuple[Meter, Runaway]:
        stored = Runaway(key=key, panel_id=row.panel_id, zone_id=row.zone_id, event_class=row.event_class)
        return new_meter(at, limits.runaway), stored

    def _keep_meter(self, key: str, meter: Meter, stored: Runaway) -> None:
        self.meters[key] = meter, stored
        stored.recent, stored.tokens = meter.recent, meter.tokens
        stored.at = _instant(meter.at)
        stored.running_since = None if meter.running_since is None else _instant(meter.running_since)
        stored.hidden = meter.hidden
        self._change(stored)

    # Conditions

    def open_condition(self, row: Treatment, signal: Signal) -> Condition | None:
        """The open condition that a restoral ends; None when there is none."""
        found = (self.conditions.get((row.panel_id or 0, key)) for key in sorted(ends(reported(row, signal))))
        return next((one for one in found if one is not None), None)

    def note_condition(self, row: Treatment, signal: Signal, limits: Limits, *, held: bool) -> None:
        """Opens the condition that a signal begins, ends those that it ends."""
        told = reported(row, signal)
        for key in ends(told):
            ended = self.conditions.pop((row.panel_id or 0, key), None)
            if ended is not None:
                ended.ended_at = max(row.received_at, ended.began_at)
                self._change(ended)
                self.to_end |= {(kind, condition_subject(ended.pk)) for kind in ("RA", "RM")}
        key = begins(told)
        if key is None or (row.panel_id or 0, key) in self.conditions:
            return
        wait = overdue_after(
            row.event_class,
            is_mains=told.is_mains,
            alarm_min=limits.alarm_overdue_min,
            mains_h=limits.mains_overdue_h,
        )
        condition = Condition(
            signal_id=row.signal_id,
            company_id=row.company_id,
            site_id=row.site_id,
            panel_id=row.panel_id,
            zone_id=row.zone_id,
            key=key,
            event_class=row.event_class,
            is_mains=told.is_mains,
            began_at=row.received_at,
            present_at=row.received_at + limits.mains_delay if held else None,
            overdue_at=row.received_at + wait if wait else None,
        )
        self.conditions[condition.panel_id, key] = condition
        self._change(condition)

    # Arming

    def arming_state(self, row: Treatment, signal: Signal) -> ArmingState | None:
        """How the area of an alarm stood, as far as anybody told; a panel may report for all its areas at once."""
        area = area_of(row, signal)
        return self.arming.get((row.panel_id or 0, area)) or self.arming.get((row.panel_id or 0, ""))

    def note_arming(self, row: Treatment, signal: Signal, told: Arming) -> None:
        """An area was armed or disarmed; an older report than the one on file changes nothing."""
        area = area_of(row, signal)
        state = self.arming.get((row.panel_id or 0, area))
        if state is not None and state.since > row.received_at:
            return
        state = state or ArmingState(panel_id=row.panel_id, area=area)
        state.armed, state.partly, state.since = told.armed, told.partly, row.received_at
        state.user, state.user_name = normal_number(signal.address), row.zone.name if row.zone else ""
        state.signal_id = row.signal_id
        self.arming[row.panel_id or 0, area] = state
        self._change(state)
        kind = "LC" if told.armed else "LO"
        self.to_end |= {(kind, arming_subject(row.site_id or 0, named)) for named in (area, "")}

    # Watches

    def note_sign(self, row: Treatment, signal: Signal, limits: Limits) -> None:
        """The panel has reported: its last signal, its test, its clock."""
        panel = row.panel
        if panel is None:
            return
        watch = self.watches.setdefault(panel.pk, PanelWatch(panel_id=panel.pk))
        watch.last_signal_at = max(watch.last_signal_at or row.received_at, row.received_at)
        if row.event_class == EventClass.TEST:
            self._note_test(watch, panel, row.received_at)
        if (device_at := self.device_times.get(row.frame_id)) is not None:
            _note_clock(watch, device_at - row.received_at, row.received_at, limits)
        self._change(watch)

    def _note_test(self, watch: PanelWatch, panel: Panel, at: datetime) -> None:
        watch.last_test_at, watch.test_late_since = at, None
        if panel.test_interval:
            interval = timedelta(minutes=panel.test_interval)
            watch.test_due_at = at + interval + test_allowance(interval)
        self.to_end.add(("TL", panel_subject(panel.pk)))

    def activate(self, panel: Panel, at: datetime) -> None:
        """The first real signal of a pending panel; its tests are expected from here on."""
        panel.activated_at = panel.changed_at = at
        self.activated[panel.pk] = panel
        watch = self.watches.setdefault(panel.pk, PanelWatch(panel_id=panel.pk))
        if panel.test_interval and watch.test_due_at is None:
            interval = timedelta(minutes=panel.test_interval)
            watch.test_due_at = at + interval + test_allowance(interval)
        self._change(watch)

    # Writing

    def _change(self, row: Model) -> None:
        key = (row.panel_id, row.area) if isinstance(row, ArmingState) else row.pk
        self.changed.setdefault(type(row).__name__, {})[key] = row

    def write(self) -> None:
        """Writes what has changed: one statement a table."""
        for model, unique, fields in _TABLES:
            rows = list(self.changed.get(model.__name__, {}).values())
            if rows:
                model.objects.bulk_create(  # type: ignore[attr-defined]
                    rows, update_conflicts=True, unique_fields=unique, update_fields=fields
                )
        Panel.objects.bulk_update(self.activated.values(), ["activated_at", "changed_at"])
        self.changed.clear()


_TABLES: tuple[tuple[type[Model], list[str], list[str]], ...] = (
    (Runaway, ["key"], ["recent", "tokens", "at", "running_since", "hidden"]),
    (ArmingState, ["panel", "area"], ["armed", "partly", "since", "user", "user_name", "signal_id"]),
    (Condition, ["signal_id"], ["present_at", "overdue_at", "ended_at"]),
    (
        PanelWatch,
        ["panel"],
        ["last_signal_at", "last_test_at", "test_due_at", "test_late_since", "skew_s", "skew_at", "skewed_since"],
    ),
)


def _note_clock(watch: PanelWatch, skew: timedelta, at: datetime, limits: Limits) -> None:
    watch.skew_s, watch.skew_at = round(skew.total_seconds()), at
    if abs(skew) <= limits.skew:
        watch.skewed_since = None
    elif watch.skewed_since is None:
        watch.skewed_since = at


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def meter_key(row: Treatment, signal: Signal) -> str:
    """One panel, zone and class."""
    return f"{row.panel_id}:{normal_number(signal.address)}:{row.event_class}"[:80]


def runaway_subject(key: str) -> str:
    return f"runaway:{key}"


def condition_subject(signal_id: int) -> str:
    return f"condition:{signal_id}"


def panel_subject(panel_id: int) -> str:
    return f"panel:{panel_id}"


def arming_subject(site_id: int, area: str) -> str:
    return f"arming:{site_id}:{area}"


def read_books(rows: Sequence[Treatment], signals: Mapping[int, Signal]) -> Books:
    """The books of the panels that these signals came from: five queries. Runs as the system."""
    known = [row for row in rows if row.panel_id is not None]
    panels = {row.panel_id for row in known}
    told = [reported(row, signals[row.signal_id]) for row in known]
    keys = {key for one in told for key in (begins(one), *ends(one)) if key}
    meters = Runaway.objects.in_bulk({meter_key(row, signals[row.signal_id]) for row in known})
    conditions = Condition.objects.filter(panel_id__in=panels, key__in=keys, ended_at=None)
    frames = Frame.objects.filter(pk__in={row.frame_id for row in known}, device_at__isnull=False)
    return Books(
        meters={key: (meter_of(stored), stored) for key, stored in meters.items()},
        arming={(state.panel_id, state.area): state for state in ArmingState.objects.filter(panel_id__in=panels)},
        conditions={(one.panel_id, one.key): one for one in conditions.order_by("-pk")},
        watches=PanelWatch.objects.in_bulk(panels),
        device_times=dict(frames.values_list("pk", "device_at")),
    )


def meter_of(stored: Runaway) -> Meter:
    """The meter as it is kept."""
    since = stored.running_since
    return Meter(
        tokens=stored.tokens,
        at=stored.at.timestamp(),
        recent=list(stored.recent),
        running_since=since.timestamp() if since else None,
        hidden=stored.hidden,
    )

"""How receiving and treating fare, in sentences for the red banner.

The receiver says it in a file, so that a desk can tell even while the database is away.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianjing.core.outbox.pulse import WORK, last_beat
from lianjing.core.viewer import Viewer
from lianjing.domain.deliveries.queries import delivery_trouble
from lianjing.domain.records.queries import oldest_unsealed
from lianjing.domain.signals.queries import (
    SignalLine,
    address_words,
    code_words,
    waiting_count,
    waiting_signals,
    waiting_since,
)
from lianjing.web.tags import clock, grade_shape, grade_word, grouped

SILENT_AFTER = timedelta(seconds=5)
"""The receiver writes its status every second; older than this, nobody is there."""
WAITING_AFTER = timedelta(seconds=3)
"""Signals that wait longer than this are told to the desk (design, section 4 step 5)."""
STEPS = (10, 100, 1_000, 10_000)
"""A backlog in round figures; up to the first, its signals are listed."""
WORK_SILENT_AFTER = timedelta(seconds=6)
"""The background process beats every second while all its loops turn (3 s of silence withhold a beat)."""
UNSEALED_AFTER = timedelta(seconds=30)
"""A seal follows an act within about a second; a gap this long is a fault."""


@dataclass(frozen=True, slots=True)
class FaultLine:
    """What is wrong. Read once for all languages, put into words when it is shown; says since when, not for how
    long, so that it does not change every second."""

    title: Promise
    sentence: Promise
    since: datetime | None = None
    told: str = ""
    signals: tuple[SignalLine, ...] = ()
    """The most urgent signals that it is about: what a person must know though no case shows it."""
    count: int = 0
    """More than so many are concerned: in steps, so that it does not change every second either."""

    @property
    def lines(self) -> list[str]:
        return [_signal_words(line) for line in self.signals]

    @property
    def text(self) -> str:
        return f"{self.sentence} {self.told}".rstrip() % {"since": clock(self.since), "count": grouped(self.count)}


@dataclass(frozen=True, slots=True)
class Health:
    faults: list[FaultLine] = field(default_factory=list)


def health(viewer: Viewer, now: datetime) -> Health:
    """Everything that is wrong now; an empty list is good news."""
    return Health(
        [*_receiving(now), *_working(now), *_treating(viewer, now), *_sealing(viewer, now), *_sending(viewer, now)]
    )


def database_away() -> Health:
    return Health([FaultLine(_("数据库不可用"), _("警情暂时不能显示和处理；恢复后自动补齐。"))])


def _status() -> dict[str, Any] | None:
    path: Path = settings.ENVIRONMENT.status_path
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _receiving(now: datetime) -> list[FaultLine]:
    status = _status()
    at = parse_datetime(str(status.get("at", ""))) if status else None
    if status is None or at is None:
        return [FaultLine(_("接收程序没有运行"), _("设备的信号现在没有人接收；设备会重发。请立即告知管理员。"))]
    if now - at > SILENT_AFTER:
        sentence = _("自 %(since)s 起没有动静，信号可能没有被接收。请立即告知管理员。")
        return [FaultLine(_("接收程序失去响应"), sentence, at)]
    if not status.get("journal_ok", False):
        sentence = _("信号无法存妥，因此不予应答，设备会重发；恢复后自动继续。")
        told = _literal(status.get("fault") or "")
        return [FaultLine(_("信号日志不可用"), sentence, told=told)]
    return _half_blind(status)


def _half_blind(status: dict[str, Any]) -> list[FaultLine]:
    """It receives, but may not know what has been registered lately."""
    faults = []
    if fault := status.get("directory_fault"):
        sentence = _("接收程序读不到设备登记：新登记的设备和密钥暂时不起作用，已有的照常接收。")
        faults.append(FaultLine(_("设备登记读不到"), sentence, told=_literal(fault)))
    if fault := status.get("supervision_fault"):
        sentence = _("接收程序读不到线路监视的设置：新设置的线路暂时没有监视，已知的照常监视。")
        faults.append(FaultLine(_("线路监视设置读不到"), sentence, told=_literal(fault)))
    return faults


def _literal(text: object) -> str:
    """`text` fills in figures: a per cent sign of its own must stay one."""
    return str(text).replace("%", "%%")


def _working(now: datetime) -> list[FaultLine]:
    at = last_beat(WORK)
    if at is None:
        return [FaultLine(_("后台程序没有运行"), _("信号会存妥，但不会成为警情。请立即告知管理员。"))]
    if now - at <= WORK_SILENT_AFTER:
        return []
    sentence = _("自 %(since)s 起没有动静，新信号不会成为警情。请立即告知管理员。")
    return [FaultLine(_("后台程序失去响应"), sentence, at)]


def _signal_words(line: SignalLine) -> str:
    """One waiting signal, in the language that is shown: grade, what, where."""
    what = code_words(line.scheme, line.code, line.qualifier)
    where = address_words(line.address_kind, line.zone, line.zone_name)
    grade = f"{grade_shape(line.grade)} {grade_word(line.grade)}"
    return " · ".join(filter(None, (grade, what, line.site_name or line.account, where)))


def _treating(viewer: Viewer, now: datetime) -> list[FaultLine]:
    at = waiting_since(viewer)
    if at is None or now - at <= WAITING_AFTER:
        return []
    before, count = now - WAITING_AFTER, waiting_count(viewer, STEPS[-1] + 1)
    passed = [step for step in STEPS if count > step]
    if not passed:
        waiting = tuple(waiting_signals(viewer, before))
        return [FaultLine(_("信号积压"), _("最早的一条 %(since)s 已收到，还没有成为警情。"), at, signals=waiting)]
    # In a storm this is as it must be: told in one line, with whatever is urgent by name.
    urgent = tuple(waiting_signals(viewer, before, urgent=True))
    sentence = _("等待处理的信号超过 %(count)s 条，最早的一条 %(since)s 收到。紧急的先处理，一条也不会丢。")
    return [FaultLine(_("信号积压"), sentence, at, signals=urgent, count=passed[-1])]


def _sending(viewer: Viewer, now: datetime) -> list[FaultLine]:
    """For whoever sees cases: what he sent may not have got there."""
    trouble = delivery_trouble(viewer, now)
    told = []
    if trouble.overdue:
        sentence = _("%(count)s 条消息自 %(since)s 起没有发出。请立即告知管理员。")
        told.append(FaultLine(_("消息发不出去"), sentence, trouble.overdue_since, count=trouble.overdue))
    if trouble.given_up:
        sentence = _("24 小时内有 %(count)s 条消息没有送达，最早的一条写于 %(since)s：请在案件中重发，或改用电话。")
        told.append(FaultLine(_("消息没有送达"), sentence, trouble.given_up_since, count=trouble.given_up))
    return told


def _sealing(viewer: Viewer, now: datetime) -> list[FaultLine]:
    at = oldest_unsealed(viewer)
    if at is None or now - at <= UNSEALED_AFTER:
        return []
    return [FaultLine(_("记录封存滞后"), _("最早的未封存记录写于 %(since)s。"), at)]

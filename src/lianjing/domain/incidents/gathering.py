"""What the pipeline must know of a batch of signals, read in bulk: tests, contracts, rules, schedules, books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils import timezone

from lianjing.core.viewer import Viewer
from lianjing.core.workdays import Workdays
from lianjing.domain.signals.books import Books, area_of, read_books, reported
from lianjing.domain.signals.code_facts import arming_of
from lianjing.domain.signals.limits import Limits, limits_of
from lianjing.domain.signals.models import Fate, Signal, Treatment
from lianjing.domain.signals.policy import Decision, Disabled, Facts, Hiding, Opening, Service
from lianjing.domain.signals.suppressions import Suppression, suppressions_in_force
from lianjing.domain.signals.test_periods import TestSpan, test_spans
from lianjing.domain.sites.policy import normal_number
from lianjing.domain.sites.schedule import Moment
from lianjing.domain.sites.schedule_judging import JudgementKind, judge_closing, judge_opening
from lianjing.domain.sites.schedules import moments_of, workdays
from lianjing.domain.sites.service import ContractFact, contracts_of_sites
from lianjing.terms.codes import LIFE_CLASSES, EventClass, Grade, Phase
from lianjing.terms.premises import ContractStanding, ZoneKind
from lianjing.terms.sentences import words

BREACHES = {
    JudgementKind.OUT_OF_HOURS: "opened_out_of_hours",
    JudgementKind.EARLY: "opened_early",
    JudgementKind.FORBIDDEN: "opened_forbidden",
    JudgementKind.BY_STRANGER: "opened_by_stranger",
}
"""What is wrong with an opening, by the schedule's judgement. A closing is never wrong enough for a case."""


@dataclass(slots=True)
class Scene:
    """All of one batch. `books` change from signal to signal."""

    tests: Mapping[int, Sequence[TestSpan]]
    contracts: Mapping[int, ContractFact]
    suppressions: Mapping[int, Sequence[Suppression]]
    limits: Mapping[int, Limits]
    moments: Mapping[int, Sequence[Moment]]
    workdays: Workdays
    books: Books
    zone: tzinfo

    def facts(self, row: Treatment, signal: Signal, *, case_open: bool) -> Facts:
        """What the pipeline must know of one signal. Counts it in its meter: ask once a signal, in their order."""
        plain = {
            "event_class": EventClass(row.event_class),
            "grade": Grade(row.grade),
            "phase": Phase(signal.phase),
            "known_code": signal.known,
            "case_open": case_open,
        }
        if row.site is None or row.panel_id is None or row.company_id is None:
            return Facts(**plain, known_account=False)  # type: ignore[arg-type]
        limits = self.limits[row.company_id]
        test = self._test(row, signal)
        return Facts(
            **plain,  # type: ignore[arg-type]
            test=test,
            service=_service(self.contracts.get(row.site_id or 0)),
            meant=_meant(row, signal),
            zone_disabled=self._zone_disabled(row),
            hiding=self._hiding(row, signal),
            runaway="" if test else self._runaway(row, signal, limits),
            opening=self._opening(row, signal),
            mains_delay=limits.mains_delay if reported(row, signal).is_mains and limits.mains_delay else None,
            held=self._held(row, signal),
            arming=self._arming(row, signal),
            is_key_site=row.site.is_key_site,
        )

    def note(self, row: Treatment, signal: Signal, decision: Decision) -> None:
        """What the signal changes in the books of its panel, whatever its fate."""
        if row.panel is None or row.company_id is None:
            return
        limits, on_test = self.limits[row.company_id], decision.fate == Fate.ON_TEST
        if row.panel.activated_at is None and not on_test:
            self.books.activate(row.panel, row.received_at)
        self.books.note_sign(row, signal, limits)
        if (arming := arming_of(reported(row, signal))) is not None:
            self.books.note_arming(row, signal, arming)
        if not on_test or signal.phase == Phase.RESTORED:
            self.books.note_condition(row, signal, limits, held=decision.rule == "mains_held")

    def begun_by(self, row: Treatment, signal: Signal) -> int | None:
        """The signal that began the condition that this one ends; None when it ends none that is open."""
        if signal.phase != Phase.RESTORED or row.panel_id is None:
            return None
        condition = self.books.open_condition(row, signal)
        return condition.pk if condition else None

    def _test(self, row: Treatment, signal: Signal) -> str:
        area = area_of(row, signal)
        for span in self.tests.get(row.site_id or 0, ()):
            if span.covers(
                row.received_at, panel_id=row.panel_id, zone_id=row.zone_id, area=area, event_class=row.event_class
            ):
                until = span.ends_at.astimezone(self.zone)
                return (
                    f"测试中，至 {until:%m-%d %H:%M}：{span.asked_by} 提出，{span.started_by} 设置，"
                    f"原因：{span.reason}。"
                )
        return ""

    def _zone_disabled(self, row: Treatment) -> Disabled | None:
        zone = row.zone
        if zone is None or zone.disabled_at is None or zone.kind in LIFE_CLASSES:
            return None
        since = zone.disabled_at.astimezone(self.zone)
        why = f"，原因：{zone.disabled_reason}" if zone.disabled_reason else ""
        who = zone.disabled_by or "系统"
        told = f"防区 {zone.number} {zone.name}自 {since:%Y-%m-%d %H:%M} 由 {who} 停用{why}；入侵信号只记录。"
        return Disabled(who, told)

    def _hiding(self, row: Treatment, signal: Signal) -> Hiding | None:
        for rule in self.suppressions.get(row.company_id or 0, ()):
            if rule.fits(
                row.received_at,
                site_id=row.site_id,
                panel_id=row.panel_id,
                zone_id=row.zone_id,
                zone_kind=row.zone.kind if row.zone else "",
                event_class=row.event_class,
                code=signal.code,
            ):
                until = rule.ends_at.astimezone(self.zone)
                return Hiding(
                    rule.id,
                    rule.author,
                    f"{rule.author} 设置的抑制规则 {rule.id}，至 {until:%m-%d %H:%M}，原因：{rule.reason}。",
                )
        return None

    def _runaway(self, row: Treatment, signal: Signal, limits: Limits) -> str:
        if signal.phase != Phase.RAISED:
            running = row.event_class not in LIFE_CLASSES and self.books.is_running(row, signal)
            return "同一信号正在频繁上报" if running and signal.phase == Phase.RESTORED else ""
        if not self.books.is_over(row, signal, limits):
            return ""
        most = limits.runaway
        if self.books.is_burst(row, signal, limits):
            return f"同一设备、防区和类别在 {most.window_s / 60:g} 分钟内已报 {most.count} 次以上，属频繁上报"
        return f"同一设备、防区和类别连续上报，超出一次 {most.burst:g} 次、此后每小时 {most.per_hour:g} 次，属频繁上报"

    def _opening(self, row: Treatment, signal: Signal) -> Opening | None:
        arming = arming_of(reported(row, signal))
        if arming is None:
            return None
        moments = self.moments.get(row.site_id or 0, ())
        judge = judge_closing if arming.armed else judge_opening
        area, user = normal_number(signal.area), normal_number(signal.address)
        judged = judge(moments, self.workdays, self.zone, row.received_at, area, user)
        if judged.kind is JudgementKind.UNSCHEDULED:
            return Opening("", "")
        breach = "" if arming.armed else BREACHES.get(judged.kind, "")
        who = row.zone.name if row.zone else f"用户 {user}" if user else ""
        return Opening(breach, f"{who} {words(judged)}".strip())

    def _held(self, row: Treatment, signal: Signal) -> str:
        condition = self.books.open_condition(row, signal) if signal.phase == Phase.RESTORED else None
        if condition is None or condition.present_at is None:
            return ""
        seconds = max(0, round((row.received_at - condition.began_at).total_seconds()))
        return f"中断 {seconds // 60} 分 {seconds % 60} 秒后恢复，在等待时限之内，没有提示。"

    def _arming(self, row: Treatment, signal: Signal) -> str:
        if row.zone is not None and row.zone.always_on:
            return "24 小时防区，布撤防都算。"
        state = self.books.arming_state(row, signal) if row.event_class == EventClass.INTRUSION else None
        if state is None:
            return ""
        what = "留守布防" if state.armed and state.partly else "布防" if state.armed else "撤防"
        who = state.user_name or (f"用户 {state.user}" if state.user.strip("0") else "")
        return f"收到时已{what}（{state.since.astimezone(self.zone):%m-%d %H:%M}{f'，{who}' if who else ''}）。"


def _meant(row: Treatment, signal: Signal) -> str:
    if (row.event_class, row.grade) == (signal.event_class, signal.grade):
        return ""
    if row.zone is not None and row.zone.kind == row.event_class:
        return f"防区 {row.zone.number} 登记为{ZoneKind(row.zone.kind).zh}，按{ZoneKind(row.zone.kind).zh}处理。"
    if row.zone is not None and row.zone.kind in LIFE_CLASSES and row.event_class == EventClass.BYPASS:
        return f"防区 {row.zone.number} 登记为{ZoneKind(row.zone.kind).zh}，被旁路时须由人知道。"
    return "按本公司对该代码的规定定类定级。"


def _service(contract: ContractFact | None) -> Service:
    if contract is None:
        return Service()
    if contract.standing == ContractStanding.ENDED:
        return Service("ended", f"合同 {contract.number} {_since(contract)}终止服务：只记录，不立案。")
    if contract.standing == ContractStanding.SUSPENDED:
        return Service("paused", f"合同 {contract.number} {_since(contract)}暂停服务：除劫盗、火警、医疗外只记录。")
    if contract.over_since is not None:
        return Service(
            "paused", f"合同 {contract.number} 已于 {contract.over_since} 到期：除劫盗、火警、医疗外只记录。"
        )
    return Service()


def _since(contract: ContractFact) -> str:
    return "已" if contract.since is None else f"自 {contract.since} "


def read_scene(rows: Sequence[Treatment], signals: Mapping[int, Signal], *, by: Viewer, at: datetime) -> Scene:
    """Reads all that the signals of a batch ask for; the number of queries does not grow with it."""
    sites = {row.site_id for row in rows if row.site_id is not None}
    companies = {row.company_id for row in rows if row.company_id is not None}
    times = [row.received_at for row in rows]
    arming = {row.site_id for row in rows if row.site_id and arming_of(reported(row, signals[row.signal_id]))}
    return Scene(
        tests=test_spans(by, sites, min(times), max(times)),
        contracts=contracts_of_sites(by, sites, timezone.localdate(at)),
        suppressions=suppressions_in_force(by, companies, min(times), max(times)),
        limits=limits_of(by, companies),
        moments=moments_of(by, arming) if arming else {},
        workdays=workdays(by) if arming else Workdays({}),
        books=read_books(rows, signals),
        zone=timezone.get_default_timezone(),
    )

"""What became of signals, in words: steps of the pipeline, rules, and what tests and suppression rules cover."""

from datetime import datetime

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lianjing.domain.signals.models import SuppressionRule
from lianjing.domain.signals.queries import SignalLine
from lianjing.domain.signals.suppressions import RULE
from lianjing.domain.signals.test_lines import TestLine
from lianjing.domain.signals.testing_policy import WARN_BEFORE
from lianjing.web.words import CLASSES, RULES, Words, word

STEPS: Words = {
    "account": _("账号与代码"),
    "test": _("测试"),
    "service": _("合同服务"),
    "code": _("能否读懂"),
    "zone": _("防区停用"),
    "hiding": _("抑制规则"),
    "runaway": _("频繁上报"),
    "schedule": _("布撤防时刻"),
    "restoral": _("恢复"),
    "mains": _("停电等待"),
    "presence": _("仍在持续"),
    "person": _("须由人处理"),
    "log": _("只记录"),
}
"""Names of the steps of the pipeline (domain/signals/policy.py)."""

BECAUSE: Words = {
    "runaway": _(
        "同一防区的同类信号短时间内反复上报：头几个照常提示，其余只记录，并立故障案件；紧急、火警、医疗不在此列。"
    ),
    "service_ended": _("合同已终止：只记录，不立警情。"),
    "service_paused": _("合同暂停或期限已过：只记录；紧急、火警、医疗照常出警。"),
    "zone_disabled": _("防区已停用：它的入侵信号只记录；紧急、火警、医疗防区不能停用。"),
    "unknown_account_no_alarm": _("账号没有登记，报的又不是警情：只记录；警情照常出警。"),
}
"""Why the house's own rules hide something, for the ledger."""


def rule_words(rule: str) -> str:
    """A rule in words: the house's own by its name, a person's by its number."""
    number = rule.removeprefix(RULE)
    return word(RULES, rule) if number == rule else _now("抑制规则 %(number)s") % {"number": number}


def scope_words(line: TestLine) -> str:
    """What a test covers: 整个场所, or panel, zones, areas and classes."""
    zones = [f"{number} {name}".strip() for number, name in line.zones]
    told = [
        _now("设备 %(account)s") % {"account": line.account} if line.account else "",
        _now("防区 %(zones)s") % {"zones": _now("、").join(zones)} if zones else "",
        _now("防区已删除") if line.by_zones and not zones else "",
        _now("分区 %(area)s") % {"area": _now("、").join(line.areas)} if line.areas else "",
        _now("、").join(word(CLASSES, name) for name in line.classes),
    ]
    return " · ".join(filter(None, told)) or _now("整个场所")


def place_words(row: SuppressionRule) -> str:
    """Where a suppression rule holds."""
    if row.zone is not None:
        return f"{row.zone.panel.site.name} · {_now('防区 %(number)s') % {'number': row.zone.number}} {row.zone.name}"
    if row.panel is not None:
        return f"{row.panel.site.name} · {_now('设备 %(account)s') % {'account': row.panel.account}}"
    return row.site.name if row.site is not None else _now("防区已删除，规则不再起作用")


def what_words(row: SuppressionRule) -> str:
    """Which signals a suppression rule hides there."""
    told = [word(CLASSES, row.event_class) if row.event_class else "", row.code]
    return " · ".join(filter(None, told)) or _now("除紧急、火警、医疗以外的全部信号")


def standing_of_test(line: TestLine, at: datetime) -> str:
    """`running`, `ending` within minutes, or `over`."""
    if not line.runs(at):
        return "over"
    return "ending" if line.ends_at - at <= WARN_BEFORE else "running"


def signal_words(line: SignalLine) -> str:
    """入侵报警 · 前门门磁"""
    return " · ".join(filter(None, (line.what, line.where, line.text)))

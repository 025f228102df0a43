"""Who may do what: the one permission table. Every view and API call names one row of it."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """角色, held for one company; `ADMIN` held for no company administers the installation and reads every company."""

    OPERATOR = "operator"
    LEADER = "leader"
    GUARD = "guard"
    MANAGER = "manager"
    POLICE = "police"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Permission:
    """One row: who holds it and what it allows, in words."""

    name: str
    roles: frozenset[Role]
    zh: str


PUBLIC = "public"
"""The row of pages that nobody needs to sign on for (sign-on itself, health)."""

SIGNED_ON = "signed_on"
"""The row of pages that anybody signed on may use on himself (language, own password)."""

SETTING_UP = "second_factor.set_up"
"""The row of the pages that stay open to somebody who must have a second factor and has not set it up yet."""

_DESK = frozenset({Role.OPERATOR, Role.LEADER, Role.ADMIN})
_LEAD = frozenset({Role.LEADER, Role.ADMIN})
_OVERSIGHT = frozenset({Role.OPERATOR, Role.LEADER, Role.MANAGER, Role.ADMIN})
_READERS = frozenset({Role.OPERATOR, Role.LEADER, Role.MANAGER, Role.POLICE, Role.ADMIN})
_EVERY_ROLE = frozenset(Role)

PERMISSIONS: dict[str, Permission] = {
    p.name: p
    for p in (
        Permission(PUBLIC, frozenset(), "无需登录"),
        Permission(SIGNED_ON, _EVERY_ROLE, "登录即可"),
        Permission(SETTING_UP, _EVERY_ROLE, "设置两步验证"),
        Permission("incidents.see", _READERS, "查看警情"),
        Permission("incidents.take", _DESK, "受理警情"),
        Permission("incidents.note", _DESK, "记录"),
        Permission("incidents.acknowledge", _DESK, "确认已看新信号"),
        Permission("incidents.verify", _DESK, "复核"),
        Permission("incidents.forward", _DESK, "转发"),
        Permission("incidents.dispose", _DESK, "处置"),
        Permission("incidents.close", _DESK, "结案"),
        Permission("incidents.release", _DESK, "退回队列"),
        Permission("incidents.break_lock", _LEAD, "解除他人锁定"),
        Permission("incidents.call", _DESK, "登记拨打联系人的结果"),
        Permission("incidents.ask_customer", _DESK, "向联系人发确认链接"),
        Permission("incidents.tell", _DESK, "向客户通报警情"),
        Permission("incidents.reopen", _LEAD, "重新打开"),
        Permission("incidents.join", _DESK, "并案"),
        Permission("incidents.split", _DESK, "拆案"),
        Permission("incidents.mass_close", _LEAD, "批量结案"),
        Permission("board.see", _LEAD | {Role.MANAGER}, "查看值班看板"),
        Permission("handovers.see", _OVERSIGHT, "查看交接班"),
        Permission("handovers.sign", _DESK, "拟写和签署交接班"),
        Permission("incidents.step", _DESK, "执行预案步骤"),
        Permission("duty.stand", frozenset({Role.OPERATOR, Role.LEADER}), "签到值班"),
        Permission("duty.see", _OVERSIGHT, "查看谁在值班"),
        Permission("incidents.hold", _DESK, "挂起"),
        Permission("incidents.offer", _DESK, "移交他人"),
        Permission("escalations.see", _LEAD | {Role.MANAGER}, "查看升级的警情"),
        Permission("desk.settings", frozenset({Role.MANAGER, Role.ADMIN}), "设置接警席的限值"),
        Permission("desk.profiles", _LEAD | {Role.MANAGER}, "设置值守员的派单范围"),
        Permission("incidents.review", _LEAD | {Role.MANAGER}, "查看误报统计，复查处置结果"),
        Permission("tasks.see", _READERS, "查看现场任务"),
        Permission("tasks.send", _DESK, "派巡逻员"),
        Permission("tasks.work", frozenset({Role.GUARD}), "办理自己的现场任务"),
        Permission("signals.see", _READERS, "查看信号"),
        Permission("signals.override_codes", frozenset({Role.MANAGER, Role.ADMIN}), "改写代码的类别与级别"),
        Permission("frames.see", _OVERSIGHT, "查看原始报文"),
        Permission("accounting.see", _READERS, "查看每日对账"),
        Permission("sites.see", _READERS, "查看客户与场所"),
        Permission("sites.contact_phone", _DESK, "查看联系人完整电话"),
        Permission("sites.edit", _LEAD | {Role.MANAGER}, "登记和修改客户、场所与设备"),
        Permission("sites.late_closing", _DESK | {Role.MANAGER}, "登记某一天推迟布防"),
        Permission("contracts.see", _LEAD | {Role.MANAGER, Role.POLICE}, "查看合同"),
        Permission("contracts.edit", frozenset({Role.MANAGER, Role.ADMIN}), "登记和修改合同"),
        Permission("plans.see", _READERS, "查看处置预案"),
        Permission("plans.edit", _LEAD | {Role.MANAGER}, "起草和修改处置预案"),
        Permission("plans.approve", frozenset({Role.MANAGER, Role.ADMIN}), "批准和执行处置预案"),
        Permission("tests.start", _DESK | {Role.MANAGER}, "设置和结束测试"),
        Permission("suppression.edit", _LEAD | {Role.MANAGER}, "设置抑制规则"),
        Permission("limits.edit", frozenset({Role.MANAGER, Role.ADMIN}), "设置信号处理的限值"),
        Permission("sites.panel_keys", frozenset({Role.MANAGER, Role.ADMIN}), "登记和删除设备密钥"),
        Permission("deliveries.see", _LEAD | {Role.MANAGER}, "查看发出的消息"),
        Permission("deliveries.retry", _DESK | {Role.MANAGER}, "重发没有送达的消息"),
        Permission("deliveries.send", frozenset({Role.ADMIN}), "把消息交给通道发出"),
        Permission("records.verify", _OVERSIGHT | {Role.POLICE}, "校验封存记录"),
        Permission("figures.see", _READERS, "查看统计"),
        Permission("figures.see_all", _LEAD | {Role.MANAGER, Role.POLICE}, "查看全部人员的统计"),
        Permission("figures.set_limits", frozenset({Role.MANAGER, Role.ADMIN}), "设置处警时限"),
        Permission("callcards.see", _LEAD | {Role.MANAGER}, "下载应急联系单"),
        Permission("incidents.enter_paper", _DESK, "补录纸质记录"),
        Permission("status.see", _READERS | {Role.GUARD}, "查看系统状态"),
        Permission("metrics.see", frozenset({Role.MANAGER, Role.ADMIN}), "读取运行指标"),
        Permission("installation.manage", frozenset({Role.ADMIN}), "管理本系统"),
    )
}

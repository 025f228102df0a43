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
    of_area: bool = False
    """Whoever is in charge of an area holds it, too, while no company lies in it yet."""


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
_MANAGE = frozenset({Role.MANAGER, Role.ADMIN})
_STAFF = frozenset({Role.OPERATOR, Role.LEADER, Role.GUARD, Role.MANAGER})
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
        Permission("classes.see", _READERS, "查看事件和故障的分类分级表"),
        Permission("classes.edit", _LEAD | {Role.MANAGER}, "编写事件和故障的分类分级表"),
        Permission("classes.approve", _MANAGE, "批准和执行分类分级表"),
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
        Permission("plans.review", _LEAD | {Role.MANAGER}, "评审处置预案"),
        Permission("plans.approve", frozenset({Role.MANAGER, Role.ADMIN}), "批准和执行处置预案"),
        Permission("drills.see", _READERS, "查看演练与复盘"),
        Permission("drills.edit", _LEAD | {Role.MANAGER}, "制订演练计划，准备和归档演练"),
        Permission("drills.approve", _MANAGE, "批准年度演练计划，设定复盘期限"),
        Permission("drills.observe", _OVERSIGHT, "主持演练，记观察，评分"),
        Permission("drills.review", _LEAD | {Role.MANAGER}, "复盘演练和警情，记复测"),
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
        Permission("company.see", _LEAD | {Role.MANAGER, Role.POLICE}, "查看单位资质与组织架构"),
        Permission("company.edit", _MANAGE, "登记和修改单位资质与组织架构"),
        Permission("compliance.see", _LEAD | {Role.MANAGER, Role.POLICE}, "查看规范条款的判定与证据"),
        Permission("compliance.evidence", _LEAD | {Role.MANAGER}, "提交条款的证据"),
        Permission("compliance.review", _MANAGE, "审核条款的证据，发起征集"),
        Permission("compliance.settings", _MANAGE, "设置条款的责任人和限值"),
        Permission("facilities.see", _LEAD | {Role.MANAGER, Role.POLICE}, "查看服务场地和装备"),
        Permission("facilities.edit", _LEAD | {Role.MANAGER}, "登记服务场地、测量值和装备"),
        Permission("documents.see", _LEAD | {Role.MANAGER}, "查看受控文件"),
        Permission("documents.edit", _LEAD | {Role.MANAGER}, "起草、送审和审查受控文件，发放，登记复审"),
        Permission("documents.approve", _MANAGE, "批准、发布和废止受控文件"),
        Permission("documents.read", _STAFF, "阅读发给自己的文件并确认"),
        Permission("findings.see", _OVERSIGHT, "查看整改"),
        Permission("findings.edit", _LEAD | {Role.MANAGER}, "提出、确认和指派整改"),
        Permission("findings.verify", _LEAD | {Role.MANAGER}, "复核、关闭和作废整改"),
        Permission("assessments.see", _OVERSIGHT, "查看日常监督与考核"),
        Permission("assessments.log", _LEAD | {Role.MANAGER}, "记日常监督"),
        Permission("assessments.score", _OVERSIGHT, "为部门评分"),
        Permission("assessments.edit", _LEAD | {Role.MANAGER}, "组织考核，设定指标和限值"),
        Permission("police.desk", frozenset({Role.POLICE}), "进入监管席，校验证据包", of_area=True),
        Permission("police.registers", frozenset({Role.POLICE}), "查看人员和证书登记"),
        Permission("readings.see", _LEAD | {Role.MANAGER}, "查看公安机关的查阅记录"),
        Permission("access.review", _MANAGE, "复核账号与角色，撤销角色"),
        Permission("people.see", _LEAD | {Role.MANAGER}, "查看从业人员与上岗资格"),
        Permission("people.files", _MANAGE, "查看人员档案"),
        Permission("people.edit", _MANAGE, "登记和修改人员档案"),
        Permission("people.identity", frozenset({Role.MANAGER}), "查看完整身份号码（记录理由）"),
        Permission("people.export", _MANAGE, "导出人员"),
        Permission("training.take", _STAFF, "参加培训和考试"),
        Permission("training.edit", _MANAGE, "编写课程，布置培训"),
        Permission("roster.see", _STAFF | {Role.ADMIN}, "查看排班"),
        Permission("roster.edit", _LEAD | {Role.MANAGER}, "排班"),
        Permission("roster.swap", frozenset({Role.OPERATOR, Role.LEADER, Role.GUARD}), "申请换班"),
        Permission("duty.patrol", frozenset({Role.GUARD}), "巡逻签到"),
        Permission("duty.pass", _MANAGE, "放行不合门禁要求的人员值班"),
        Permission("status.see", _READERS | {Role.GUARD}, "查看系统状态"),
        Permission("metrics.see", frozenset({Role.MANAGER, Role.ADMIN}), "读取运行指标"),
        Permission("installation.manage", frozenset({Role.ADMIN}), "管理本系统"),
    )
}

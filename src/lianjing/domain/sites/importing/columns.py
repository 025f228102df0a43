"""The workbook of sites: its sheets and their columns. One table, from which reading, writing, the template and the
documentation (docs/operations/import.md) are made. No Django.
"""

from lianjing.core.workbooks.cells import (
    choice,
    clock,
    clock_text,
    code,
    day,
    end_day,
    listed,
    money,
    number,
    or_nothing,
    phone,
    text,
    whole,
)
from lianjing.core.workbooks.columns import Column, Sheet, Sheets, flag, word
from lianjing.domain.sites.importing import cells
from lianjing.domain.sites.importing.refs import panel_ref, paths, zone_ref
from lianjing.terms.premises import ContractStanding, Listener, MomentKind, Principle, SiteKind, ZoneKind
from lianjing.terms.sentences import marked as _

_SITE = Column("site", "场所编号", code(32), _("场所的编号"), also=("site_code", "场所"))
_PANEL = Column(
    "panel",
    "设备账号",
    panel_ref,
    _("设备账号；两种协议下有同一账号时写成 surgard:1001"),
    also=("account", "设备", "账号"),
)

CUSTOMERS = Sheet(
    "customers",
    "客户",
    _("客户（户主）"),
    (
        Column("code", "客户编号", code(32), _("贵公司自己的编号；再次导入时按它找到同一客户"), "code", ("编号",)),
        Column("name", "客户名称", text(100), _("新客户不填时用编号"), "name", ("名称", "户名"), wide=28),
        word("kind", "客户类型", SiteKind, _("新客户不填时为其他"), "kind", ("类型",)),
        Column("notes", "备注", text(500), "", "notes", wide=28),
    ),
)
CONTRACTS = Sheet(
    "contracts",
    "合同",
    _("服务合同"),
    (
        Column("number", "合同编号", code(64), _("合同编号；再次导入时按它找到同一合同"), "number", ("编号",), wide=18),
        Column("customer", "客户编号", code(32), _("新合同必填"), also=("客户",)),
        word(
            "state",
            "合同状态",
            ContractStanding,
            _("新合同不填时为草稿；从起始日期起算，已有合同改状态从今天起算"),
            also=("状态",),
        ),
        Column("starts_on", "起始日期", or_nothing(day), "2026-01-31", "starts_on"),
        Column("ends_on", "终止日期", end_day, _("最后一天；不填为不定期"), "ends_on", ("截止日期",)),
        Column("fee", "服务费", or_nothing(money), _("元/年"), "fee", ("费用",), wide=12),
        Column("service_items", "服务项目", text(300), "", "service_items", wide=24),
        Column("service_plan", "服务方案", text(300), "", "service_plan", wide=24),
        Column("signed_on", "签订日期", or_nothing(day), "", "signed_on"),
        Column(
            "sites",
            "场所编号",
            or_nothing(listed(code(32)), ()),
            _("本合同包括的场所，用逗号分隔；不填为该客户的全部场所"),
            also=("场所",),
            wide=24,
        ),
        Column("state_since", "状态起始日期", day, _("状态从哪天起算；不填按合同状态栏的说明"), wide=14),
        Column(
            "reason",
            "变更理由",
            text(200),
            _("已有合同暂停或终止的理由；不填则记为导入的文件"),
            also=("理由",),
            wide=24,
        ),
    ),
    needed=("customer",),
)
SITES = Sheet(
    "sites",
    "场所",
    _("受保护的场所"),
    (
        Column("code", "场所编号", code(32), _("贵公司自己的编号；再次导入时按它找到同一场所"), "code", ("编号",)),
        Column("customer", "客户编号", code(32), _("新场所必填"), also=("客户",)),
        Column("name", "场所名称", text(100), _("新场所不填时用编号"), "name", ("名称",), wide=28),
        word("kind", "场所类型", SiteKind, _("新场所不填时与客户相同"), "kind", ("类型",)),
        Column("address", "地址", text(200), "", "address", wide=36),
        Column(
            "division", "行政区划代码", cells.division, _("GB/T 2260 六位代码，如 330602"), "division", ("行政区划",)
        ),
        Column("longitude", "经度", or_nothing(number(-180, 180)), _("WGS-84，度，如 120.582"), "longitude", wide=12),
        Column("latitude", "纬度", or_nothing(cells.latitude), _("WGS-84，度，如 30.005"), "latitude", wide=12),
        Column("police_station", "辖区派出所", text(100), "", "police_station", ("派出所",), wide=22),
        Column("access_notes", "出入说明", text(500), "", "access_notes", wide=28),
        Column("key_location", "钥匙位置", text(100), "", "key_location", wide=18),
        flag("key_site", "治安重点单位", _("是或否"), "is_key_site", ("is_key_site", "重点单位")),
    ),
    needed=("customer",),
)
PANELS = Sheet(
    "panels",
    "设备",
    _("报警控制器"),
    (
        Column("account", "设备账号", panel_ref, _("设备发送的账号，前导零有意义：请用文本格式"), also=("账号",)),
        Column("site", "场所编号", code(32), _("新设备必填；已有设备不能改到另一场所"), also=("场所",)),
        word("protocol", "接入协议", Listener, _("新设备不填时为 SIA DC-09"), also=("listener", "协议")),
        Column(
            "key",
            "密钥",
            cells.panel_key,
            _("AES 密钥，十六进制或字符；可写 hex: 或 字符: 开头。不会导出"),
            secret=True,
            wide=12,
        ),
        Column(
            "paths",
            "传输路径",
            or_nothing(paths, ()),
            _("按先后用逗号分隔，每条为 种类:监督间隔秒数:tcp 或 udp，如 wired_ip:90:tcp,4g:300"),
            wide=30,
        ),
        Column(
            "test_interval",
            "测试间隔",
            or_nothing(cells.minutes),
            _("两次定期测试之间的分钟数；也可写 24h、90m；0 为不要求"),
            "test_interval",
            wide=12,
        ),
        Column("model", "型号", text(64), "", "model", wide=16),
        Column("receiver_line", "接收线路", code(16), "", "receiver_line", ("线路",)),
        Column("backup_of", "备用通信所属账号", or_nothing(panel_ref), _("本账号是哪台设备的备用通信"), wide=16),
        flag("plain_allowed", "允许明文", _("有密钥时是否仍接受明文：是或否"), "plain_allowed"),
    ),
    needed=("site",),
)
AREAS = Sheet(
    "areas",
    "分区",
    _("设备的分区；防区里写到的分区会自动登记"),
    (
        _PANEL,
        Column("number", "分区号", cells.zone_number, "", "number", ("编号", "area")),
        Column("name", "分区名称", text(60), "", "name", ("名称",), wide=24),
    ),
    keys=2,
)
ZONES = Sheet(
    "zones",
    "防区",
    _("防区"),
    (
        _PANEL,
        Column("number", "防区号", cells.zone_number, _("003 与 3 是同一防区"), "number", ("编号", "防区编号", "zone")),
        Column("name", "防区名称", text(60), _("用文字说明在哪里，如 前门"), "name", ("名称",), wide=24),
        word(
            "kind",
            "防区类型",
            ZoneKind,
            _("新防区不填时按探测原理：按钮为紧急求助，感烟、感温为火灾，燃气、水浸为环境，其余为入侵"),
            "kind",
            ("类型",),
        ),
        Column(
            "principle",
            "探测原理",
            or_nothing(choice(Principle), ""),
            "",
            "principle",
            ("原理",),
            words=Principle,
        ),
        flag("always_on", "24小时防区", _("是或否；紧急求助、火灾、医疗防区总是"), "always_on", ("24小时", "全天候")),
        Column(
            "neighbours",
            "相邻防区",
            or_nothing(listed(zone_ref, 50), ()),
            _("防区号，用逗号分隔；同一场所另一设备的写成 1002/3；双方只需写一方"),
            also=("neighbors", "相邻"),
            wide=18,
        ),
        Column("area", "分区号", or_nothing(cells.zone_number, ""), "", "area", ("分区",), wide=10),
        Column("detector", "探测器", text(40), _("品牌和型号"), "detector", wide=20),
        flag("disabled", "停用", _("是或否；停用后入侵信号不再成为警情；紧急求助、火灾、医疗防区不能停用")),
        Column("drawing", "平面图", text(60), _("本场所已上传的平面图的名称"), wide=16),
        Column("x", "图上横向", or_nothing(number(0, 1)), _("在平面图上从左算起的位置，0 至 1"), "x", wide=10),
        Column("y", "图上纵向", or_nothing(number(0, 1)), _("在平面图上从上算起的位置，0 至 1"), "y", wide=10),
        Column("camera", "摄像机", text(200), _("哪台摄像机看得到它"), "camera", wide=20),
    ),
    keys=2,
)
USERS = Sheet(
    "users",
    "用户",
    _("设备上能布撤防的用户号和姓名"),
    (
        _PANEL,
        Column("number", "用户号", cells.zone_number, "", "number", ("编号", "user")),
        Column("name", "姓名", text(60), "", "name", ("名称", "用户名"), wide=20),
    ),
    keys=2,
)
CONTACTS = Sheet(
    "contacts",
    "联系人",
    _("有警情时按顺序联系的人"),
    (
        _SITE,
        Column(
            "order",
            "顺序",
            whole(0, 32767),
            _("从 1 起；不填时按姓名找到同一人，新人排在最后"),
            "place",
            ("place", "次序", "序号"),
            wide=8,
        ),
        Column("name", "姓名", text(50), _("新联系人不填时用身份或电话"), "name", ("联系人",)),
        Column("role", "身份", text(50), _("如 店长、值班经理"), "role", ("职务",)),
        Column("phone", "电话", phone, _("请用文本格式"), "phone", ("联系电话", "手机"), private=True, wide=18),
        Column(
            "pass_word",
            "口令",
            cells.pass_word,
            _("核对身份用，只保存摘要，不会导出"),
            also=("password", "passcode"),
            secret=True,
            wide=10,
        ),
        Column(
            "duress_word",
            "胁迫口令",
            cells.pass_word,
            _("被迫时说的口令，只保存摘要，不会导出"),
            also=("胁迫码",),
            secret=True,
            wide=10,
        ),
        Column("reachable_from", "可联系起", or_nothing(clock), "08:00", "reachable_from", wide=10),
        Column(
            "reachable_until",
            "可联系止",
            or_nothing(clock),
            _("早于起始时间为次日；都不填为全天"),
            "reachable_until",
            wide=10,
        ),
        Column("verified_on", "核实日期", or_nothing(day), _("最近一次核实姓名和电话的日期"), "verified_on"),
        Column("notes", "备注", text(200), "", "notes", wide=24),
    ),
)
SCHEDULES = Sheet(
    "schedules",
    "布撤防时间",
    _("布撤防时间；写到的场所，其全部时间以表中各行为准，没有写到的场所不变"),
    (
        _SITE,
        Column("area", "分区号", or_nothing(cells.zone_number, ""), _("不填为全部分区"), "area", ("分区",), wide=10),
        word("kind", "类型", MomentKind, "", "kind"),
        Column(
            "days",
            "日期",
            cells.days_text,
            _("如 1-5、workday（工作日）、holiday（休息日）、2026-10-01..2026-10-07；不填为每天"),
            "days",
            ("星期",),
            wide=22,
        ),
        Column("begins", "开始", clock_text, "08:30", "begins", ("开始时间",), wide=10),
        Column("ends", "结束", clock_text, _("早于开始为次日；24:00 为当天结束"), "ends", ("结束时间",), wide=10),
        Column("tolerance", "容差", cells.tolerance, _("分钟；不填为 15"), "tolerance", wide=8),
        Column(
            "users",
            "用户号",
            or_nothing(listed(cells.zone_number, 50), ()),
            _("只用于临时开：可以开的用户号，用逗号分隔"),
            "users",
            ("用户",),
            wide=16,
        ),
    ),
    keys=1,
    needed=("kind", "begins", "ends"),
    also=("schedule", "时间表"),
)

SHEETS: Sheets = {
    sheet.key: sheet for sheet in (CUSTOMERS, CONTRACTS, SITES, PANELS, AREAS, ZONES, USERS, CONTACTS, SCHEDULES)
}

"""The desk's words for the domain's names, in the language of the request."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lianjing.domain.incidents import choice_words
from lianjing.terms.premises import Word

Words = dict[str, Promise]

GRADE_SHAPES = {1: "◆", 2: "▲", 3: "●", 4: "○"}
GRADES: dict[int, Promise] = {1: _("一级"), 2: _("二级"), 3: _("三级"), 4: _("四级")}

STATES: Words = {
    "open": _("未受理"),
    "taken": _("处理中"),
    "verified": _("已复核"),
    "forwarded": _("已转发"),
    "disposed": _("已处置"),
    "closed": _("已结案"),
}
CLASSES: Words = {
    "intrusion": _("入侵"),
    "hold_up": _("紧急"),
    "fire": _("火警"),
    "medical": _("医疗"),
    "tamper": _("防拆"),
    "fault": _("故障"),
    "open_close": _("布撤防"),
    "test": _("测试"),
    "bypass": _("旁路"),
    "system": _("系统"),
}
ROLES: Words = {
    "operator": _("值守员"),
    "leader": _("班长"),
    "guard": _("巡逻员"),
    "manager": _("经理"),
    "police": _("公安"),
    "admin": _("管理员"),
}
DISPOSITIONS: Words = {name: _(sentence) for name, sentence in choice_words.DISPOSITIONS.items()}
NOTICE_STATES: Words = {
    "prepared": _("已拟好"),
    "sent": _("已报出"),
    "accepted": _("已接警"),
    "rejected": _("不受理"),
    "dispatched": _("已出警"),
    "arrived": _("已到场"),
    "closed": _("已办结"),
}
ADAPTERS: Words = {
    "manual": _("电话口报"),
    "email": _("电子邮件"),
    "http": _("接口推送"),
}
TASK_STATES: Words = {
    "assigned": _("待接受"),
    "accepted": _("已接受"),
    "on_the_way": _("在途"),
    "arrived": _("已到达"),
    "done": _("已有结果"),
    "left": _("已离开"),
    "refused": _("已拒绝"),
    "cancelled": _("已撤回"),
}
TASK_STEPS: Words = {**TASK_STATES, "assigned": _("派单")}
"""The states of a task as what has happened."""
MEDIA_SOURCES: Words = {
    "operator": _("值守员"),
    "guard": _("巡逻员"),
    "link": _("客户"),
}
FATES: Words = {
    "waiting": _("待处理"),
    "in_case": _("入案"),
    "automatic": _("自动"),
    "on_test": _("测试"),
    "suppressed": _("抑制"),
    "duplicate": _("重复"),
}
KINDS: Words = {
    "signal": _("✓ 信号"),
    "heartbeat": _("○ 心跳"),
    "unsupported": _("▲ 未能解读"),
    "unreadable": _("✕ 损坏"),
}
REASONS: Words = {
    "crc": _("校验码不符：帧在途中损坏，或参数不对"),
    "length": _("长度与帧头所写不符"),
    "no-header": _("不是 DC-09 帧：没有帧头"),
    "unknown-token": _("帧头的格式名不认识"),
    "unreadable-data": _("帧头完好，但内容读不出"),
    "reply-token": _("这是接收机的应答，不应由设备发来"),
    "no-key": _("帧已加密，但此账号没有登记密钥"),
    "wrong-key": _("设备的密钥不对，解不开此帧"),
    "keys-not-read": _("接收机刚启动，还没有读到密钥，请设备重发"),
    "plain-with-key": _("此账号登记了密钥，却收到明文：可能有人冒充"),
    "unread-token": _("此格式不解读，由人判断"),
    "no-timestamp": _("加密帧没有写时间，不能确认是新发的"),
    "time-window": _("设备时间偏差过大"),
    "cut-off": _("帧未收完连接就断了"),
    "too-long": _("超过允许的最大长度"),
    "stray-bytes": _("帧之间的多余字节"),
    "erased": _("保存期已满，内容已按规定清除"),
    "unstorable": _("数据库不接受其中的内容，只存了原文"),
    "unknown-account": _("账号没有登记"),
}
RULES: Words = {
    "needs_a_person": _("需要人处理"),
    "unknown_code": _("代码没有人认识，由人判断"),
    "unknown_account": _("账号没有登记，由人判断"),
    "unknown_account_no_alarm": _("账号没有登记，且不是报警"),
    "still_present": _("报警仍在持续"),
    "restore_joins_case": _("恢复信号并入已有警情"),
    "restored_without_case": _("恢复信号，没有对应的警情"),
    "noted_only": _("只作记录"),
    "logged_only": _("日常信号，只作记录"),
    "site_on_test": _("场所在测试中"),
    "service_ended": _("合同已终止"),
    "service_paused": _("合同暂停或期限已过"),
    "zone_disabled": _("防区已停用"),
    "life_zone_bypassed": _("紧急、火警或医疗防区被旁路"),
    "runaway": _("频繁上报"),
    "opened_out_of_hours": _("不在时间内撤防"),
    "opened_early": _("提前撤防"),
    "opened_forbidden": _("禁止进出时撤防"),
    "opened_by_stranger": _("由未获准的人撤防"),
    "restored_in_time": _("等待期内已恢复"),
    "mains_held": _("停电，等待恢复"),
    "treatment_failed": _("自动处理失败，由人判断"),
}
ODDITIES: Words = {
    "binary-crc": _("校验码用两个字节，不是四个字符"),
    "crc-counts-cr": _("校验码算入了帧尾"),
    "lower-case-crc": _("校验码用小写字母"),
    "lower-case-length": _("长度用小写字母"),
    "no-lf": _("没有帧首 LF"),
    "no-cr": _("没有帧尾 CR"),
    "no-line": _("没有线路号"),
    "no-account": _("没有账号"),
    "account-differs": _("帧头与数据的账号不同"),
    "account-without-hash": _("数据中的账号没有井号"),
    "no-length": _("没有写长度"),
    "lower-case-token": _("格式名用小写字母"),
    "hex-sequence": _("序号用十六进制"),
    "unread-remainder": _("数据有一部分读不出"),
    "trailing-text": _("数据后有多余文字"),
    "fixed-crc": _("校验码固定写 0101"),
    "heng-bo": _("恒博格式，按 Contact ID 解读"),
    "parity-bits": _("串口的校验位没有去掉"),
    "osborne-hoffman": _("Osborne-Hoffman 心跳"),
    "plain-with-key": _("登记了密钥，却发明文"),
    "impossible-time": _("所写的时间不存在"),
}
EXTRAS: Words = {
    "A": _("认证码"),
    "C": _("监控等级"),
    "G": _("网络路径"),
    "H": _("发生时间"),
    "I": _("报警文字"),
    "J": _("JSON 数据"),
    "K": _("密钥"),
    "L": _("位置说明"),
    "M": _("MAC 地址"),
    "N": _("网络地址"),
    "O": _("建筑"),
    "P": _("编程数据"),
    "R": _("房间"),
    "S": _("场所名"),
    "T": _("触发方式"),
    "V": _("图像与录像"),
    "X": _("经度"),
    "Y": _("纬度"),
    "Z": _("海拔"),
}
TRIGGERS: Words = {
    "F": _("火灾或感烟探测器"),
    "G": _("燃气探测器"),
    "W": _("水浸探测器"),
    "S": _("探测器"),
    "C": _("触点"),
    "M": _("手动"),
}
PANEL_ODDITIES: Words = {
    "unknown-account": _("未登记"),
    "unopenable-key": _("密钥打不开"),
    "wrong-key": _("密钥不对"),
    "no-key": _("缺密钥"),
    "plain-refused": _("应加密却发明文"),
    "clock-refused": _("时钟不准，被退回"),
    "not-read": _("有读不懂的报文"),
    "unreadable": _("有损坏的报文"),
    "silent": _("失联"),
    "never-heard": _("从未收到"),
    "clock-off": _("时钟不准"),
    "unknown-codes": _("有未知代码"),
    "many-repeats": _("重复过多"),
    "account-differs": _("账号前后不一"),
    "unread-remainder": _("有一部分读不出"),
    "plain-allowed": _("有密钥也发明文"),
    "impossible-time": _("时间不存在"),
    "no-counting": _("序号不变"),
    "counts-anew": _("序号重新开始"),
    "second-path": _("经两条路径到达"),
}
LISTENERS: Words = {
    "dc09": _("SIA DC-09"),
    "surgard": _("Sur-Gard 接警机"),
    "ademco685": _("Ademco 685 接警机"),
}
MOVES: Words = {
    "take": _("受理"),
    "acknowledge": _("新报警已看"),
    "verify": _("复核"),
    "forward": _("转发"),
    "dispose": _("处置"),
    "close": _("结案"),
    "note": _("记录"),
    "release": _("退回队列"),
    "break_lock": _("解除锁定"),
    "reopen": _("重新打开"),
    "step": _("执行下一步"),
    "reopen_step": _("重做上一步"),
    "read_notices": _("提示已读"),
    "hold": _("挂起"),
    "wake": _("继续处理"),
    "offer": _("移交"),
    "withdraw": _("收回移交"),
    "accept": _("接手"),
    "decline": _("不接手"),
    "join": _("并案"),
    "split": _("拆案"),
    "send_task": _("派巡逻"),
    "cancel_task": _("撤回任务"),
    "police": _("拟警情单"),
    "police_sent": _("已报出"),
    "police_accepted": _("已接警"),
    "police_received": _("确认收悉"),
    "police_rejected": _("不受理"),
    "police_dispatched": _("已出警"),
    "police_arrived": _("已到场"),
    "police_closed": _("已办结"),
    "waive_police": _("不报告"),
}
DRAFTED: Words = MOVES | {"call": _("拨打结果"), "ask_customer": _("发确认链接"), "tell": _("警情通报")}
"""Moves by the words of their forms, those at the contacts too."""
STEP_KINDS: Words = {
    "dial_list": _("致电联系人"),
    "pass_word": _("核对口令"),
    "watch_clip": _("看图像"),
    "dispatch": _("派巡逻"),
    "notify_police": _("报警电话"),
    "notify_customer": _("通知客户"),
    "wait": _("等待"),
    "decide": _("判断"),
    "note": _("做并记录"),
    "end": _("结束"),
}
VERSION_STATES: Words = {
    "draft": _("草稿"),
    "approved": _("已批准，未执行"),
    "in_force": _("执行中"),
    "superseded": _("不再用"),
}
STEP_STATES: Words = {
    "later": _("待做"),
    "now": _("现在"),
    "done": _("完成"),
    "skipped": _("跳过"),
    "not_needed": _("不适用"),
    "left": _("没有做"),
}


NATIONS: Words = {"CHN": _("中国")}
"""By their codes in ISO 3166; others are shown by their code."""
ACTORS: Words = {"command line": _("命令行"), "demo-data": _("演示数据"), "clauses": _("条款判定")}
"""Who acts without being a person, as records name him."""


def word(table: Words, name: str) -> str:
    """The word for `name`; the name itself when the table has none, so that nothing is shown as nothing."""
    return str(table.get(name, name))


def label(words: type[Word], value: str) -> str:
    """The label of a stored word of `terms.premises`; the value itself when it is none of them."""
    found = words.of(value) if value else None
    return _now(found.zh) if found else value

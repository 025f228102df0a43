"""What is odd about a panel in sentences, each with what to do about it, and how its dialect is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.signals.diagnosis import Oddity, last_heard
from lianjing.domain.signals.panel_page import PanelPage
from lianjing.terms.premises import PathKind
from lianjing.web.tags import clock
from lianjing.web.words import ODDITIES, PANEL_ODDITIES, label, word

BRANDS = {
    "binary-crc": "Lupus, Egardia, Trikdis, Opax",
    "crc-counts-cr": "Eldes",
    "fixed-crc": "UTC, Aritech (Osborne-Hoffman)",
    "osborne-hoffman": "UTC, Aritech",
    "heng-bo": "Heng-Bo",
    "no-line": "dc09_spt",
    "no-account": "UTC, Aritech",
    "account-differs": "Satel",
    "account-without-hash": "Opax, Prosec",
    "hex-sequence": "dc09_spt 0.0.4",
    "trailing-text": "UTC, Aritech",
}
"""In whose panels a dialect was met: docs/protocols/dc09.md, section Dialects."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One oddity: in short, in full, what to do, and when it was seen last."""

    title: str
    sentence: str
    todo: str
    serious: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class State:
    """How the panel fares, in one sentence. `tone`: ok, odd or bad."""

    tone: str
    sentence: str


SENTENCES: dict[str, tuple[Promise, Promise]] = {
    "unknown-account": (
        later("没有场所登记了账号 %(account)s。它的报警仍会立案，由本系统管理员处理。"),
        later(
            "确认是哪个场所的设备后登记此账号；不认识的设备，查来源地址。账号写错时，改设备里的账号，前导零也要一致。"
        ),
    ),
    "unopenable-key": (
        later("登记的密钥打不开：它是用另一把数据密钥封存的。"),
        later("恢复原来的 LIANJING_DATA_KEY，或在本页重新登记设备的密钥。"),
    ),
    "wrong-key": (
        later("设备 %(account)s 的密钥不对：最近有 %(count)d 帧加密报文解不开，其中的报警没有被读到。"),
        later("核对设备里的密钥与登记的是否相同，尤其是十六进制与字符两种填法；在本页重新登记。"),
    ),
    "no-key": (
        later("设备发来加密报文，但没有登记密钥：最近有 %(count)d 帧读不出，其中的报警没有被读到。"),
        later("在本页登记设备的密钥，或在设备里关闭加密。"),
    ),
    "plain-refused": (
        later("登记了密钥，却收到 %(count)d 帧明文。报警已照常处理，但设备得到 DUH；也可能有人冒充。"),
        later("在设备里打开加密；正在改装的设备，可在本页允许它也发明文。"),
    ),
    "clock-refused": (
        later("设备时钟与接收机相差太多，加密报文被退回校时（NAK）%(offset_words)s。"),
        later("设备应按退回的时间自行校正；不校正的设备，打开网络校时（NTP），时区设为 UTC。"),
    ),
    "not-read": (
        later("最近有 %(count)d 帧的格式或内容读不懂。"),
        later("把设备的通讯格式改为 SIA-DCS 或 Contact ID（ADM-CID）；仍读不懂时，附上原始报文告知我们。"),
    ),
    "unreadable": (
        later("最近有 %(count)d 帧在途中损坏（校验码或长度不符），没有应答。"),
        later("设备会重发。经常发生时检查线路、转换器的串口参数，或设备的固件。"),
    ),
    "silent": (
        later("自 %(at)s 起没有任何信号，超过了应有的间隔 %(limit_words)s。"),
        later("检查设备的电源和网络、接收机地址与端口；UDP 要检查沿途的防火墙。"),
    ),
    "never-heard": (
        later("从未收到此账号的任何报文。"),
        later("按本页“怎样设置”在设备里填写地址、端口和账号，然后发一次测试报告。"),
    ),
    "clock-off": (
        later("设备时钟%(offset_words)s。明文报文照收，改用加密后会被退回。"),
        later("打开设备的网络校时（NTP），时区设为 UTC；相差正好是几个小时的，多半是时区填成了当地。"),
    ),
    "unknown-codes": (
        later("发来代码表中没有的代码：%(code_words)s。这样的信号都由人判断。"),
        later("查设备说明书里这些代码的意思；确认后由管理人员改写类别与级别，或告知我们补入代码表。"),
    ),
    "many-repeats": (
        later("最近 %(of)d 帧里有 %(count)d 帧是重发：设备没有收到应答，或嫌应答太慢。"),
        later("检查回程的网络；把设备的应答等待时间设为 5 秒以上；UDP 丢包多时改用 TCP。"),
    ),
    "account-differs": (
        later("帧头与数据里的账号不同（%(count)d 帧）。按帧头的账号选密钥和场所。"),
        later("把设备里“通讯账号”和“分区账号”改成一致。"),
    ),
    "unread-remainder": (
        later("有 %(count)d 帧的数据只读出一部分；读出的事件已照常处理。"),
        later("对照原始报文看缺了什么；与报警有关的，附上报文告知我们。"),
    ),
    "plain-allowed": (
        later("登记了密钥，也允许明文：最近有 %(count)d 帧是明文。"),
        later("改装完成后，在本页取消“允许明文”。"),
    ),
    "impossible-time": (
        later("有 %(count)d 帧写的时间不存在，例如 0 月。"),
        later("升级设备固件，或关闭报文中的时间；加密时必须有正确的时间。"),
    ),
    "no-counting": (
        later("设备的序号总是 %(sequence)s。只能把 15 秒内一字不差的报文当作重发。"),
        later("有序号选项的设备请打开；否则无需处理。"),
    ),
    "counts-anew": (
        later("序号有 %(count)d 次重新开始：设备重启过，或有两台设备用同一账号。"),
        later("没有人动过设备的，检查供电；两台设备用同一账号的，改其中一台。"),
    ),
    "second-path": (
        later("最近有 %(count)d 帧是同一事件经第二条路径到达。两条都入同一警情，分别计数。"),
        later("有备用路径的设备属正常。并非有意的，关掉设备里多余的接收机。"),
    ),
}


def advice(page: PanelPage) -> list[Advice]:
    """Every oddity of the panel in words, the worst first."""
    return [_advice(page, oddity) for oddity in page.odd]


def _advice(page: PanelPage, oddity: Oddity) -> Advice:
    sentence, todo = SENTENCES[oddity.name]
    title, told = word(PANEL_ODDITIES, oddity.name), str(sentence) % _figures(page, oddity)
    waits = bool(oddity.figures.get("entered"))
    if waits:
        title = _("等待新密钥的第一帧")
        told = _("密钥已在 %(since)s 登记，等待设备的下一帧加密报文；此前的 %(count)d 帧解不开。") % {
            "since": clock(page.key.since),
            "count": oddity.figures["count"],
        }
    return Advice(title, told, str(todo), oddity.serious and not waits, oddity.at)


def _figures(page: PanelPage, oddity: Oddity) -> Mapping[str, object]:
    figures = dict(oddity.figures)
    offset, limit, codes = figures.get("offset"), figures.get("limit"), figures.get("codes")
    return {
        **figures,
        "account": page.account,
        "at": clock(oddity.at),
        "offset_words": offset_words(offset) if isinstance(offset, int) else "",
        "limit_words": duration_words(limit) if isinstance(limit, int) else "",
        "code_words": _("、").join(codes) if isinstance(codes, list) else "",
    }


def offset_words(seconds: int) -> str:
    """ "慢 8 小时": device against receiver."""
    length = duration_words(abs(seconds))
    return _("慢 %(length)s") % {"length": length} if seconds < 0 else _("快 %(length)s") % {"length": length}


def duration_words(seconds: int) -> str:
    """The two largest units: 3 天 4 小时, 8 小时, 1 分 30 秒."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = (
        (days, _("%(count)d 天")),
        (hours, _("%(count)d 小时")),
        (minutes, _("%(count)d 分")),
        (seconds, _("%(count)d 秒")),
    )
    told = [words % {"count": count} for count, words in units if count]
    return " ".join(told[:2]) or _("%(count)d 秒") % {"count": 0}


def state(page: PanelPage, told: list[Advice]) -> State:
    """The one sentence at the top: the worst oddity, or that all is well."""
    worst = next((each for each in told if each.serious), None)
    if worst:
        return State("bad", worst.sentence)
    if lost := [label(PathKind, path.kind) for path in page.paths if path.lost_at]:
        return State("bad", _("线路失联：%(paths)s。") % {"paths": _("、").join(lost)})
    at = clock(last_heard(page.facts))
    if told:
        sentence = _("能收到；有 %(count)d 处需要留意。最近一次是 %(at)s。") % {"count": len(told), "at": at}
        return State("odd", sentence)
    return State("ok", _("正常：能收到，读得懂。最近一次是 %(at)s。") % {"at": at})


@dataclass(frozen=True, slots=True)
class Dialect:
    """A departure from the standard that was recognised: in words, how often, and in whose panels it was met."""

    words: str
    count: int
    brands: str


def dialects(page: PanelPage) -> list[Dialect]:
    return [Dialect(word(ODDITIES, name), count, BRANDS.get(name, "")) for name, count in page.sent.dialect.items()]

"""How a panel, or an older receiver before it, is set up so that it reports here."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from lianjing.domain.signals.panel_page import PanelPage
from lianjing.domain.sites.policy import AES_NAMES

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 only compared with
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to enter at the device, and why."""

    name: str
    value: str
    note: str = ""


def how_to_set_up(page: PanelPage) -> list[Entry]:
    """What to enter, in the order in which devices ask for it."""
    more = {"surgard": _surgard, "ademco685": _ademco685}.get(page.listener, _panel)
    return [*_address(page.listener), *more(page)]


def _address(listener: str) -> list[Entry]:
    """Where this installation listens, by its settings."""
    setting = f"LIANJING_{listener.upper()}_BIND"
    bind = getattr(settings.ENVIRONMENT, f"{listener}_bind", None)
    if bind is None:
        return [Entry(_("接收机地址"), "—", _("此监听没有开启：请设置 %(setting)s。") % {"setting": setting})]
    host, port = bind
    if host in LOOPBACK:
        note = _("现在只在本机监听，别处的设备连不进来：请把 %(setting)s 改为对外的地址。") % {"setting": setting}
        return [Entry(_("接收机地址"), host, note), Entry(_("端口"), str(port))]
    if host in EVERYWHERE:
        return [Entry(_("接收机地址"), _("本服务器的地址，以设备能到达的为准")), Entry(_("端口"), str(port))]
    return [Entry(_("接收机地址"), host), Entry(_("端口"), str(port))]


def _panel(page: PanelPage) -> list[Entry]:
    return [
        Entry(_("传输"), _("TCP 或 UDP"), _("同一端口两种都收。TCP 请保持连接，不要每次报警都断开。")),
        Entry(_("格式"), _("SIA DC-09：SIA-DCS 或 ADM-CID"), _("ADM-CID 就是 Contact ID。")),
        Entry(_("账号"), page.account, _("照填，前导零也要。接收机号和线路号可任意。")),
        _key(page),
        Entry(_("心跳"), _("60 到 300 秒"), _("NULL 报文。间隔越短，失联发现得越早。")),
        Entry(_("时间"), _("UTC，打开网络校时"), _("加密报文的时间须在接收机的 −40 到 +20 秒之内。")),
    ]


def _key(page: PanelPage) -> Entry:
    if page.key.length:
        value = _("%(aes)s，与此处登记的相同") % {"aes": AES_NAMES[page.key.length]}
        digits = {"digits": 2 * page.key.length, "characters": page.key.length}
        return Entry(_("加密"), value, _("设备里是 %(digits)d 位十六进制，或 %(characters)d 个字符。") % digits)
    note = _("要加密时，设备与此处填同一密钥：32、48、64 位十六进制，或 16、24、32 个字符（AES-128、192、256）。")
    return Entry(_("加密"), _("不加密"), note)


def _surgard(page: PanelPage) -> list[Entry]:
    return [
        Entry(_("传输"), "TCP", _("只有串口的接收机，用串口服务器连接此端口，串口参数与接收机一致。")),
        Entry(_("输出格式"), "Sur-Gard MLR2", _("每条以 0x14 结尾，应答 0x06；SIA 与 Contact ID 都读。")),
        Entry(_("心跳"), _("打开，30 秒"), _("接收机自己的 @ 心跳。")),
        Entry(_("账号"), page.account, _("照接收机打印的登记；设备仍向原接收机报告。")),
    ]


def _ademco685(page: PanelPage) -> list[Entry]:
    return [
        Entry(_("传输"), "TCP", _("只有串口的接收机，用串口服务器连接此端口，串口参数与接收机一致。")),
        Entry(_("输出格式"), "Ademco 685", _("LF 与 CR 之间一条，应答 0x06；Contact ID 可读。")),
        Entry(_("心跳"), _("打开，30 秒"), _("接收机自己的 OKAY @ 心跳。")),
        Entry(_("账号"), page.account, _("照接收机打印的登记；设备仍向原接收机报告。")),
    ]

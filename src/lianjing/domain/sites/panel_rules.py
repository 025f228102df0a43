"""What may stand in a panel's registration, and what makes it protect less. Pure: no Django, no clock."""

from collections.abc import Iterator

from lianjing.core.refusals import Refused
from lianjing.domain.sites.equipment_entries import PanelEntry
from lianjing.terms.premises import Listener
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

ACCOUNT_LIMIT = 32
LONGEST_TEST = 32 * 1440
"""Minutes."""


def check_panel(entry: PanelEntry) -> None:
    """Raises Refused. `entry` is normalised."""
    account = entry.account
    if not account:
        raise Refused("account", _("请填写账号。"))
    if len(account) > ACCOUNT_LIMIT:
        raise Refused("account", _("账号最多 32 个字符，所填为 %(count)d 个。"), count=len(account))
    if not (account.isascii() and account.replace("-", "").replace("_", "").replace(".", "").isalnum()):
        raise Refused("account", _("账号只能用字母、数字、“-”“_”“.”，照设备发出的填写，前导零也要。"))
    if Listener.of(entry.listener) is None:
        raise Refused("listener", _("没有这种接入协议。"))
    for field, text, limit in (("model", entry.model, 64), ("receiver_line", entry.receiver_line, 16)):
        if not storable(text):
            raise Refused(field, _("含有不能保存的字符。"))
        if len(text) > limit:
            raise Refused(field, _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=limit, count=len(text))
    if entry.test_interval is not None and not 1 <= entry.test_interval <= LONGEST_TEST:
        raise Refused("test_interval", _("测试间隔须在 1 分钟到 32 天之间；不要求测试就留空。"))


def panel_weakens(before: PanelEntry, after: PanelEntry) -> Iterator[str]:
    """Sentences, each about one way in which the panel is watched less than before."""
    had, has = before.test_interval, after.test_interval
    if had is None or had == has:
        return
    if has is None:
        yield f"不再要求定期测试（原为每 {duration_zh(had * 60)} 一次）"
    elif has > had:
        yield f"测试间隔由 {duration_zh(had * 60)} 改为 {duration_zh(has * 60)}"


UNITS = ((86_400, "天"), (3600, "小时"), (60, "分钟"), (1, "秒"))


def duration_zh(seconds: int) -> str:
    """In words, at most two units: "25 小时", "1 小时 30 分钟"."""
    told: list[str] = []
    for size, name in UNITS:
        # 25 hours are told so, not as a day and an hour: intervals are compared with what the standard says.
        if size == UNITS[0][0] and seconds < 2 * size and seconds != size:
            continue
        count, seconds = divmod(seconds, size)
        if count:
            told.append(f"{count} {name}")
    return " ".join(told[:2]) or "0 秒"

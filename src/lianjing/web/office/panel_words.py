"""What is on file of a panel, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from lianjing.domain.signals.code_facts import test_allowance
from lianjing.domain.sites.equipment_on_file import path_entry
from lianjing.domain.sites.panel_register import PanelOnFile
from lianjing.domain.sites.path_rules import loss_after
from lianjing.domain.sites.policy import AES_NAMES, KEYED_LISTENERS
from lianjing.domain.sites.queries import KeyState
from lianjing.terms.premises import Listener, PathKind
from lianjing.web.durations import duration_text
from lianjing.web.words import label


def panel_facts(on_file: PanelOnFile, key: KeyState) -> list[tuple[str, str]]:
    """Name and value, in the order of the form."""
    panel = on_file.panel
    told = [
        (_("账号"), panel.account),
        (_("接入协议"), label(Listener, panel.listener)),
        (_("型号"), panel.model or "—"),
        (_("接收线路"), panel.receiver_line or "—"),
        (_("定期测试"), test_words(panel.test_interval)),
        (_("密钥"), _key_words(panel.listener, key)),
    ]
    if panel.backup_of is not None:
        told.append((_("备用于"), panel.backup_of.account))
    if on_file.backups:
        told.append((_("备用通信机"), "、".join(backup.account for backup in on_file.backups)))
    return told


def test_words(interval: int | None) -> str:
    if not interval:
        return _("不要求：设备哑了只能靠路径监督发现")
    late = timedelta(minutes=interval) + test_allowance(timedelta(minutes=interval))
    figures = {
        "interval": duration_text(interval * 60),
        # Whole minutes: nobody waits for the second.
        "late": duration_text(int(late.total_seconds()) // 60 * 60),
    }
    return _("每 %(interval)s 一次；满 %(late)s 没有就提醒") % figures


def _key_words(listener: str, key: KeyState) -> str:
    if listener not in KEYED_LISTENERS:
        return _("不适用：由接警机解密")
    if key.unopenable:
        return _("有，但打不开：须重新登记")
    return AES_NAMES.get(key.length, "") or _("没有，明文接收")


@dataclass(frozen=True, slots=True)
class PathRow:
    """A path in words. `loss`: after how long it counts as lost, "" when it is not supervised."""

    place: int
    kind: str
    transport: str
    category: str
    interval: str
    misses: int
    loss: str
    heard_at: datetime | None
    lost_at: datetime | None


def path_rows(on_file: PanelOnFile) -> list[PathRow]:
    rows = []
    for path in on_file.paths:
        seconds = loss_after(path_entry(path))
        rows.append(
            PathRow(
                place=path.place,
                kind=label(PathKind, path.kind),
                transport=path.transport.upper() or _("任意"),
                category=path.category,
                interval=duration_text(path.interval_s) if path.interval_s else "",
                misses=path.misses,
                loss=duration_text(seconds) if seconds else "",
                # Kept at a loss and at a return only: of a living path it would tell an old time.
                heard_at=path.last_heard_at if path.lost_at else None,
                lost_at=path.lost_at,
            )
        )
    return rows

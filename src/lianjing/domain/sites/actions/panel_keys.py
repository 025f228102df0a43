"""What people do to the keys of panels."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from lianjing.core.crypto import seal_field
from lianjing.core.refusals import Missing
from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.sites.models import Panel
from lianjing.domain.sites.policy import AES_NAMES, KEYED_LISTENERS

KEYS = "sites.panel_keys"


class NoKeys(Exception):
    """A panel behind an older receiver has no key with us."""


@transaction.atomic
def set_panel_key(panel_id: int, key: bytes, *, by: Viewer, at: datetime, source: str = "") -> Panel:
    """Puts the AES key of a panel on file, in place of an earlier one; the receiver uses it within 2 s.

    `key`: 16, 24 or 32 bytes; it is sealed at once and goes into no record. Raises Missing, Forbidden, NoKeys, or
    ValueError for another length.
    """
    if len(key) not in AES_NAMES:
        raise ValueError(f"an AES key has {', '.join(map(str, AES_NAMES))} bytes")
    panel = _panel(panel_id, by)
    had = {"key": "on file" if panel.key_sealed else "none"}
    panel.key_sealed = seal_field(settings.ENVIRONMENT.data_key, key.hex().encode())
    panel.key_set_at = at
    _save(panel, "panel.key_set", had, {"key": "changed"}, by=by, at=at, source=source)
    return panel


@transaction.atomic
def remove_panel_key(panel_id: int, *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Removes a panel's key: what it sends encrypted cannot be read any more; False when it had none.

    Raises Missing, Forbidden or NoKeys.
    """
    panel = _panel(panel_id, by)
    if not panel.key_sealed:
        return False
    panel.key_sealed, panel.key_set_at = "", None
    after = {"key": "none", "weakens": [f"设备 {panel.account} 的密钥删除：加密的报文不再能读"]}
    _save(panel, "panel.key_removed", {"key": "on file"}, after, by=by, at=at, source=source)
    return True


@transaction.atomic
def allow_plain(panel_id: int, allowed: bool, *, by: Viewer, at: datetime, source: str = "") -> Panel:
    """Says whether a panel with a key may send in clear too (docs/decisions/0008).

    Raises Missing, Forbidden or NoKeys.
    """
    panel = _panel(panel_id, by)
    had = {"plain_allowed": panel.plain_allowed}
    panel.plain_allowed = allowed
    after: dict[str, Any] = {"plain_allowed": allowed}
    if allowed and not had["plain_allowed"]:
        after["weakens"] = [f"设备 {panel.account} 也收明文：报文可能是冒充的"]
    _save(panel, "panel.plain_allowed", had, after, by=by, at=at, source=source)
    return panel


def _panel(panel_id: int, by: Viewer) -> Panel:
    """The panel, locked until the end of the transaction."""
    rows = visible(Panel.objects.filter(removed_at=None), by, "sites.see", company_field="site__company_id")
    panel = rows.select_related("site").select_for_update(of=("self",), no_key=True).filter(pk=panel_id).first()
    if panel is None:
        raise Missing(str(panel_id))
    require(by, KEYS, panel.site.company_id)
    if panel.listener not in KEYED_LISTENERS:
        raise NoKeys(panel.listener)
    return panel


def _save(
    panel: Panel,
    action: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    by: Viewer,
    at: datetime,
    source: str,
) -> None:
    """`changed_at` is what the receiver's directory looks for."""
    panel.changed_at = at
    panel.save()
    deed = Deed(action, "panel", panel.pk, panel.site.company_id, before=before, after=after)
    write_records([deed], by=by, at=at, source=source)

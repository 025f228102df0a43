"""What of equipment and premises is due, beside the manager's work-list: each line with where it is settled."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.facilities.due_list import EQUIPMENT, RECORD, FacilityDue, facilities_due
from lianjing.domain.facilities.equipment_policy import EDIT
from lianjing.web.office.people_words import days_words

SHOWN_AT_MOST = 50


def due_block(viewer: Viewer, company_ids: Collection[int], on: date, names: dict[int, str]) -> dict[str, Any]:
    """Context of office/_facilities_due.html."""
    found, edits = facilities_due(viewer, company_ids, on), viewer.scope(EDIT)
    rows = [_row(one, names, edits=edits.holds(one.company_id)) for one in found[:SHOWN_AT_MOST]]
    return {"facilities_due": rows, "facilities_more": max(0, len(found) - SHOWN_AT_MOST)}


def _row(one: FacilityDue, names: dict[int, str], *, edits: bool) -> dict[str, Any]:
    mark, tone = (_("? 缺少"), "tone-odd") if one.day is None else days_words(one.days_left)
    if one.doubt:
        mark, tone = "? " + _(one.doubt), "tone-odd"
    href, action = _where(one, edits=edits)
    told = {"about": one.about, "what": _(one.what), "day": one.day, "company": names.get(one.company_id, "")}
    return {**told, "mark": mark, "tone": tone, "href": href, "action": action}


def _where(one: FacilityDue, *, edits: bool) -> tuple[str, str]:
    if one.source == EQUIPMENT:
        return reverse("office:equipment", args=[one.id]), _("办理") if edits else _("查看")
    if one.source == RECORD:
        return reverse("office:place", args=[one.id]), _("登记新的") if edits else _("查看")
    if not edits:
        return reverse("office:measured", args=[one.id, one.code]), _("查看")
    return f"{reverse('office:measurement_add', args=[one.id])}?quantity={one.code}", _("登记新的")

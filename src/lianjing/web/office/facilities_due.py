"""What of equipment and premises is due, beside the manager's work-list: each line with where it is settled."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.viewer import Viewer
from lianjing.domain.facilities.due_list import EQUIPMENT, RECORD, FacilityDue, facilities_due
from lianjing.domain.facilities.equipment_policy import EDIT
from lianjing.terms.equipment import EquipmentEnd
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


FORMS = {
    EquipmentEnd.CERTIFICATE.value: ("equipment_certificate_add", later("登记证书")),
    EquipmentEnd.MAINTENANCE.value: ("equipment_maintenance_add", later("登记维护")),
}
"""What settles it; a planned life and a warranty only end."""


def _where(one: FacilityDue, *, edits: bool) -> tuple[str, Any]:
    if one.source == EQUIPMENT:
        form, words = FORMS.get(one.code, ("equipment", later("查看"))) if edits else ("equipment", later("查看"))
        return reverse(f"office:{form}", args=[one.id]), words
    if one.source == RECORD:
        if not edits:
            return reverse("office:place", args=[one.id]), later("查看")
        return f"{reverse('office:place_fact_add', args=[one.id])}?kind={one.code}", later("登记新的")
    if not edits:
        return reverse("office:measured", args=[one.id, one.code]), later("查看")
    return f"{reverse('office:measurement_add', args=[one.id])}?quantity={one.code}", later("登记新的")

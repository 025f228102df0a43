"""What stands around every page of the office: menu, person, ways to the other rooms."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from lianjing.core.access import may, viewer_of
from lianjing.web.office.menu import menu_of
from lianjing.web.pages import signed_on_words


def surroundings(request: HttpRequest, tab: str) -> dict[str, Any]:
    """Context of a whole page; `tab` is the menu entry that it belongs to."""
    viewer = viewer_of(request)
    return {
        "tab": tab,
        **menu_of(viewer, tab),
        "now": timezone.now(),
        "may_see_incidents": may(viewer, "incidents.see"),
        "may_edit": may(viewer, "sites.edit"),
        "may_see_contracts": may(viewer, "contracts.see"),
        "may_edit_contracts": may(viewer, "contracts.edit"),
        **signed_on_words(request),
    }

"""Cases as a list: what is open, disposed, closed; the way to a case that a leader wants to reopen."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.incidents import queries
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager

STATES = ("active", "open", "taken", "verified", "forwarded", "disposed", "closed")


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the words of the queue, and how it ended."""

    row: queries.QueueRow
    disposition: str
    cause: str
    on_paper: bool


@needs("incidents.see")
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "active")
    state = state if state in STATES else "active"
    context = surroundings(request, "incidents")
    found = queries.incidents(viewer_of(request), state=state, after=asked_id(request), limit=PAGE + 1)
    shown = found[:PAGE]
    rows = zip(queries.rows_of(shown), shown, strict=True)
    context["lines"] = [Line(row, incident.disposition, incident.cause, incident.on_paper) for row, incident in rows]
    context |= {"state": state, "states": _states(), **pager(request, shown[-1].pk if len(found) > PAGE else None)}
    return show(request, "desk/incidents.html", context)


def _states() -> list[dict[str, Any]]:
    words = {
        "active": _("未结案"),
        "open": _("未受理"),
        "taken": _("处理中"),
        "verified": _("已复核"),
        "forwarded": _("已转发"),
        "disposed": _("已处置"),
        "closed": _("已结案"),
    }
    return [{"name": name, "words": words[name]} for name in STATES]

"""升级的警情: what nobody reacts to, on the telephone of whoever is told."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.incidents.queue_lists import escalated
from lianjing.terms.roles import Role
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show

AT_MOST = 50


@needs("escalations.see")
@require_safe
def escalated_page(request: HttpRequest) -> HttpResponse:
    """`?part`: the list alone, which the page fetches again when something is told and every few seconds."""
    viewer = viewer_of(request)
    context = {"cases": escalated(viewer, to_manager=_only_manager(viewer), limit=AT_MOST)}
    if "part" in request.GET:
        return show(request, "desk/_escalated.html", context)
    return show(request, "desk/escalated.html", surroundings(request, "escalated") | context)


def _only_manager(viewer: Person) -> bool:
    """Managers are told last, and see what was told to them; a leader sees all."""
    held = {role for roles in viewer.roles.values() for role in roles}
    return Role.MANAGER in held and not held & {Role.LEADER, Role.ADMIN}

"""封存头: the head of the log as a sheet that leaves the house on paper."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.records.queries import head_left_at, last_seal, oldest_unsealed
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show

GROUP = 4
"""Characters between two spaces, as far as an eye can keep them."""


@needs("records.verify")
@require_safe
def head(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    context = surroundings(request, "head")
    last, waiting = last_seal(viewer), oldest_unsealed(viewer)
    digest = last.hash if last else ""
    context |= {
        "last": last,
        "groups": [digest[at : at + GROUP] for at in range(0, len(digest), GROUP)],
        "gap": f"{(context['now'] - waiting).total_seconds():.1f}" if waiting else None,
        "by_file": head_left_at(viewer, "file"),
        "by_mail": head_left_at(viewer, "mail"),
    }
    return show(request, "desk/head.html", context)

"""值班看板: who does what now, for whoever leads the shift."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.dispatch.hand_over import out_now
from lianjing.domain.incidents.board import SEE, CaseLine, PersonLine, board
from lianjing.domain.incidents.hand_overs import waiting_hand_overs
from lianjing.domain.people.gate_list import Mark, marks
from lianjing.domain.people.models import DutySource
from lianjing.domain.signals.test_lines import running_tests
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show

CASES_EACH = 20
"""Cases of one person that are listed; the limit of what one may hold is far below it."""
TESTS_SHOWN = 50
TASKS_SHOWN = 50
GONE_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Hands:
    """A person with the cases that are listed, and how many more he has."""

    line: PersonLine
    cases: list[CaseLine]
    more: int
    gone_since: datetime | None
    """When his browser was last heard, when that is some time ago."""
    mark: Mark | None
    """What the duty gate says of him, when it says something."""


def _hands(line: PersonLine, now: datetime, found: Mapping[int, Mark]) -> Hands:
    seen = line.duty.seen_at if line.duty and line.duty.source == DutySource.BROWSER else None
    gone = seen if seen is not None and now - seen >= GONE_AFTER else None
    mark = found.get(line.duty.pk) if line.duty else None
    return Hands(line, list(line.cases[:CASES_EACH]), max(0, len(line.cases) - CASES_EACH), gone, mark)


@needs(SEE)
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    context = surroundings(request, "board")
    return show(request, "desk/board.html", context | _live(viewer_of(request), context["now"]))


@needs(SEE)
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The board alone, for a page that has heard news."""
    now = timezone.now()
    return show(request, "desk/_board.html", _live(viewer_of(request), now) | {"now": now})


def _live(viewer: Person, now: datetime) -> dict[str, Any]:
    seen = board(viewer, now)
    found = marks(viewer, [line.duty for line in seen.people if line.duty], now)
    return {
        "board": seen,
        "on_duty": sum(line.duty is not None for line in seen.people),
        "hands": [_hands(line, now, found) for line in seen.people],
        "tasks": out_now(viewer, TASKS_SHOWN),
        "free_left_out": seen.free_count - len(seen.first_free),
        "tests": running_tests(viewer, now, limit=TESTS_SHOWN),
        "waiting": waiting_hand_overs(viewer),
    }

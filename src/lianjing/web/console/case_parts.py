"""What the case page shows besides the case itself: each part reads its own, and has a template of its name."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from lianjing.core.viewer import Person
from lianjing.domain.incidents.case_zones import alarmed_zones
from lianjing.domain.incidents.queries import IncidentPage
from lianjing.domain.signals.pass_words import PERMISSION as CHECK_WORDS
from lianjing.domain.sites.drawings import plans_with
from lianjing.web.console.customer_part import customer_side
from lianjing.web.drawn import drawn

Part = Callable[[Person, IncidentPage, datetime], dict[str, Any]]


def drawings(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """The drawings on which a zone of the case has its place."""
    alarmed = alarmed_zones(viewer, page.row.id)
    return {"plans": [drawn(plan, alarmed) for plan in plans_with(viewer, alarmed)]}


def word_check(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """Where a word that somebody says on the telephone is checked."""
    may_check = viewer.scope(CHECK_WORDS).holds(page.incident.company_id)
    return {"word_href": reverse("console:check_word", args=[page.row.id])} if may_check else {}


PARTS: tuple[Part, ...] = (drawings, word_check, customer_side)


def case_parts(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """The context of every part together."""
    context: dict[str, Any] = {}
    for part in PARTS:
        context |= part(viewer, page, at)
    return context

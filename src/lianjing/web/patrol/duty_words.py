"""What the guard's page says of his duty."""

from typing import Any

from django.utils import timezone

from lianjing.core.viewer import Person
from lianjing.domain.companies.queries import companies
from lianjing.domain.dispatch.patrol_duty import PATROL
from lianjing.domain.people.duties import DESK_LIMIT
from lianjing.domain.people.duty_list import duty_of
from lianjing.domain.people.gate_list import own_mark


def duty_words(viewer: Person) -> dict[str, Any]:
    """Context of patrol/_duty.html."""
    mine = [one for one in companies(viewer) if viewer.scope(PATROL).holds(one.pk)]
    own = duty_of(viewer)
    mark = own_mark(viewer, timezone.now()) if own else None
    return {"own": own, "mark": mark, "companies": mine, "place_limit": DESK_LIMIT}

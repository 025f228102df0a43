"""Who stands duty now."""

from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.people.models import Duty


def open_duties(viewer: Viewer, limit: int = 200) -> list[Duty]:
    """Who stands duty now for the viewer's companies, longest first."""
    rows = visible(Duty.objects.filter(until=None), viewer, "duty.see")
    return list(rows.select_related("user", "company").order_by("company", "since")[:limit])


def duty_of(viewer: Viewer) -> Duty | None:
    """The viewer's own open duty."""
    return Duty.objects.filter(user_id=person_id(viewer), until=None).select_related("company").first()

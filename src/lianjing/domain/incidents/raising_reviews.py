"""A limit on "无法判断": who finds it too often in a shift gets a review by a leader. A step of dispositions."""

from datetime import timedelta

from lianjing.core.viewer import person_id
from lianjing.domain.incidents.causes import SHIFT_HOURS, UNDETERMINED_A_SHIFT
from lianjing.domain.incidents.models import DispositionReview, Incident
from lianjing.domain.incidents.moving import Actor
from lianjing.domain.records.actions import Deed, write_records


def raise_review(incident: Incident, actor: Actor) -> DispositionReview | None:
    """A review of this case when its disposition is one too many of its person's shift; None when it is not."""
    operator_id = person_id(actor.by)
    if incident.disposition != "undetermined" or operator_id is None or incident.company_id is None:
        return None
    since = actor.at - timedelta(hours=SHIFT_HOURS)
    mine = Incident.objects.filter(disposed_by_id=operator_id, disposed_at__gt=since, disposition="undetermined")
    count = mine.count()
    if count <= UNDETERMINED_A_SHIFT:
        return None
    review = DispositionReview.objects.create(
        company_id=incident.company_id,
        incident=incident,
        operator_id=operator_id,
        count=count,
        raised_at=actor.at,
    )
    told = {"operator": actor.by.name, "count": count, "limit": UNDETERMINED_A_SHIFT}
    deed = Deed("incident.review_raised", "incident", incident.pk, incident.company_id, told)
    write_records([deed], by=actor.by, at=actor.at, source=actor.source)
    return review

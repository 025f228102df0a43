"""A limit on "无法判断": who finds it too often in a shift gets a review by a leader. A step of dispositions."""

from datetime import datetime, timedelta

from lianjing.core.viewer import person_id
from lianjing.domain.incidents.causes import SHIFT_HOURS
from lianjing.domain.incidents.desk_figures import figures_of_company
from lianjing.domain.incidents.models import DispositionReview, Incident
from lianjing.domain.incidents.moving import Actor
from lianjing.domain.people.duty_list import duty_of
from lianjing.domain.records.actions import Deed, write_records


def raise_review(incident: Incident, actor: Actor) -> DispositionReview | None:
    """A review of this case when its disposition is one too many of its person's shift; None when it is not."""
    operator_id = person_id(actor.by)
    if incident.disposition != "undetermined" or operator_id is None or incident.company_id is None:
        return None
    limit = figures_of_company(incident.company).undetermined_limit
    since = _shift_began(actor)
    mine = Incident.objects.filter(disposed_by_id=operator_id, disposed_at__gte=since, disposition="undetermined")
    count = mine.count()
    if count <= limit:
        return None
    review = DispositionReview.objects.create(
        company_id=incident.company_id,
        incident=incident,
        operator_id=operator_id,
        count=count,
        raised_at=actor.at,
    )
    told = {"operator": actor.by.name, "count": count, "limit": limit}
    deed = Deed("incident.review_raised", "incident", incident.pk, incident.company_id, told)
    write_records([deed], by=actor.by, at=actor.at, source=actor.source)
    return review


def _shift_began(actor: Actor) -> datetime:
    """When his duty began, at most SHIFT_HOURS ago; so long ago when he stands none."""
    longest = actor.at - timedelta(hours=SHIFT_HOURS)
    duty = duty_of(actor.by)
    return max(longest, duty.since) if duty is not None else longest

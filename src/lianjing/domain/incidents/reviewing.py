"""复查: a leader looks at a disposition that was one too many."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, person_id, require, visible
from lianjing.domain.incidents.models import DispositionReview
from lianjing.domain.incidents.moving import Missing, Refused, written
from lianjing.domain.records.actions import Deed, write_records

PERMISSION = "incidents.review"


@transaction.atomic
def review_disposition(review_id: int, *, remark: str, by: Viewer, at: datetime, source: str = "") -> DispositionReview:
    """Closes a review with what the leader found. Raises `Missing`, `Forbidden`, `Refused`, `BadChoice`."""
    rows = visible(DispositionReview.objects.all(), by, "incidents.see").select_for_update(no_key=True)
    review = rows.filter(pk=review_id).first()
    if review is None:
        raise Missing(_("没有这条复查。"))
    require(by, PERMISSION, review.company_id)
    text = written("remark", remark, required=True)
    if review.reviewed_at is not None:
        raise Refused(_("已复查过。"))
    review.reviewed_at, review.reviewed_by_id, review.remark = at, person_id(by), text
    review.save()
    deed = Deed("incident.reviewed", "incident", review.incident_id, review.company_id, {"text": text})
    write_records([deed], by=by, at=at, source=source)
    return review

"""Writing down, once, whose entitlement ends while he stands duty."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.people.duty_standing import LOOKED_AT, standings
from lianjing.domain.people.gate_policy import Entitlement
from lianjing.domain.people.models import Duty
from lianjing.domain.people.refusing import reasons_kept
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.models import Record

LAPSED, ENTITLED = "duty.lapsed", "duty.entitled"


def tell_lapses(*, by: Viewer, at: datetime, source: str = "") -> int:
    """Writes down, once, whose entitlement has ended while he stands duty, and whose has come back; how many.

    Everybody on duty that `by` may see is looked at, in a constant number of queries.
    """
    duties = list(visible(Duty.objects.filter(until=None), by, "duty.see").order_by("pk")[:LOOKED_AT])
    found, noted = standings(duties, at), _noted_as_lapsed([duty.pk for duty in duties])
    changed = [duty for duty in duties if found[duty.pk].allowed == (duty.pk in noted)]
    return sum(_tell(duty.pk, found[duty.pk], by, at, source) for duty in changed)


@transaction.atomic
def _tell(duty_id: int, entitled: Entitlement, by: Viewer, at: datetime, source: str) -> bool:
    """Of two who notice at once the second finds it told."""
    duty = Duty.objects.select_for_update(no_key=True).filter(pk=duty_id, until=None).first()
    if duty is None or entitled.allowed != bool(_noted_as_lapsed([duty_id])):
        return False
    topic = ENTITLED if entitled.allowed else LAPSED
    after = {"user": duty.user_id, "desk": duty.desk, "reasons": reasons_kept(entitled)}
    if entitled.passed_until:
        after["passed_until"] = entitled.passed_until.isoformat()
    write_records([Deed(topic, "duty", duty.pk, duty.company_id, after)], by=by, at=at, source=source)
    emit([News(topic, duty.company_id, {"duty": duty.pk, "user": duty.user_id})], at=at)
    return True


def _noted_as_lapsed(duty_ids: Collection[int]) -> set[int]:
    """Of which duties the last word on record is that the entitlement has ended."""
    keys = [str(pk) for pk in duty_ids]
    rows = Record.objects.filter(subject_type="duty", subject_id__in=keys, action__in=(LAPSED, ENTITLED))
    last = dict(rows.order_by("id").values_list("subject_id", "action"))
    return {int(key) for key, action in last.items() if action == LAPSED}

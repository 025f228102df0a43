"""Held losses of mains that have not ended in time: now a person sees them."""

from datetime import datetime

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.domain.incidents.casework import read_casework
from lianjing.domain.signals.models import Condition, Decision, Fate, Signal, Treatment
from lianjing.domain.signals.policy import Decision as Decided

BATCH = 200
RULE = "mains_not_restored"


@transaction.atomic
def present_held(*, by: Viewer, at: datetime) -> int:
    """Gives each loss of mains whose time is over its case; many at once share one. Returns how many.

    The fate of its signal becomes `in_case`: every signal still has exactly one. Runs as the system.
    """
    require(by, "signals.see", None)
    due = Condition.objects.filter(ended_at=None, present_at__lte=at).select_for_update(skip_locked=True)
    conditions = list(due.order_by("present_at", "pk")[:BATCH])
    if not conditions:
        return 0
    ids = [condition.pk for condition in conditions]
    rows = list(Treatment.objects.filter(pk__in=ids).select_related("site", "zone", "lane").order_by("pk"))
    signals = Signal.objects.in_bulk(ids)
    cases = read_casework(rows, signals, at)
    began = {condition.pk: condition.began_at for condition in conditions}
    for row in rows:
        cases.take_in(row, signals[row.signal_id], Decided(Fate.IN_CASE, RULE, is_alarm=True), at)
    cases.write(by=by, at=at)
    Treatment.objects.filter(pk__in=ids).update(fate=Fate.IN_CASE, rule=RULE, treated_at=at)
    decisions = Decision.objects.in_bulk(ids)
    for pk, decision in decisions.items():
        minutes = int((at - began[pk]).total_seconds() // 60)
        decision.rule = RULE
        decision.steps = [*decision.steps, ["presented", f"等待 {minutes} 分钟仍未恢复，须由人处理。"]]
    Decision.objects.bulk_update(decisions.values(), ["rule", "steps"])
    Condition.objects.filter(pk__in=ids).update(present_at=None)
    return len(ids)

"""Held losses of mains that have not ended in time: now a person sees them."""

from datetime import datetime

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.domain.incidents.casework import read_casework
from lianjing.domain.signals.models import Condition, Decision, Fate, Lane, Signal, Treatment
from lianjing.domain.signals.policy import Decision as Decided

BATCH = 100
"""Fewer than intake treats at once: on SQLite a hold-up waits behind this one, too."""
RULE = "mains_not_restored"


def _due(at: datetime) -> list[Condition]:
    """What is due at sites whose signals nobody else treats now: their restoral may be among these."""
    due = Condition.objects.filter(ended_at=None, present_at__lte=at)
    first = list(due.order_by("present_at", "pk").values_list("pk", flat=True)[:BATCH])
    lanes = dict(Treatment.objects.filter(pk__in=first).values_list("pk", "lane_id"))
    locked = (
        Lane.objects.filter(pk__in=set(lanes.values())).select_for_update(skip_locked=True, no_key=True).order_by("pk")
    )
    mine = set(locked.values_list("pk", flat=True))
    # Asked again: what ended before its lane was ours is not due any more.
    return list(due.filter(pk__in=[pk for pk in first if lanes.get(pk) in mine]).order_by("present_at", "pk"))


@transaction.atomic
def present_held(*, by: Viewer, at: datetime) -> int:
    """Gives each loss of mains whose time is over its case; many at once share one. Returns how many.

    The fate of its signal becomes `in_case`: every signal still has exactly one. Runs as the system.
    """
    require(by, "signals.see", None)
    conditions = _due(at)
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

"""升级: what nobody reacts to is told to the shift leader, and after as long again to the manager."""

from datetime import datetime, timedelta

from django.db import transaction

from lianjing.core.outbox.write import emit
from lianjing.core.viewer import Viewer, require
from lianjing.domain.incidents.casework import news_of
from lianjing.domain.incidents.desk_figures import figures_of_company
from lianjing.domain.incidents.models import Incident, PlanRun
from lianjing.domain.incidents.plan_facts import title_of_wait
from lianjing.domain.incidents.queue_due import misplaced_ids, waits_over
from lianjing.domain.incidents.queue_policy import MANAGER, next_escalation
from lianjing.domain.incidents.waiting import forget_escalation, set_escalation
from lianjing.domain.records.actions import Deed, write_records

BATCH = 100
WAIT_OVER = "incident.waited"


@transaction.atomic
def escalate_due(*, by: Viewer, at: datetime) -> int:
    """Tells of each case whose time without a reaction is over, first to the leader, then to the manager.

    Each is recorded and put on the bus. Returns how many. Runs as the system.
    """
    require(by, "escalations.see", None)
    rows = Incident.objects.filter(escalate_at__lte=at).select_related("company__desk_settings")
    due = list(
        rows.select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("escalate_at", "pk")[:BATCH]
    )
    for incident in due:
        _escalate(incident, at)
    Incident.objects.bulk_update(due, ["escalate_at", "escalated_to"])
    told = [(i, {"to": i.escalated_to, "since": i.attention_at.isoformat()}) for i in due]
    deeds = [Deed("incident.escalated", "incident", i.pk, i.company_id, after) for i, after in told]
    write_records(deeds, by=by, at=at, source="clock")
    emit([news_of("incident.escalated", i, alarm=True, to=i.escalated_to) for i in due], at=at)
    return len(due)


def _escalate(incident: Incident, at: datetime) -> None:
    incident.escalated_to = next_escalation(incident.escalated_to)
    seconds = figures_of_company(incident.company).ages(incident.event_class, incident.grade).escalate
    last = incident.escalated_to == MANAGER
    incident.escalate_at = None if last else at + timedelta(seconds=seconds)


@transaction.atomic
def tell_waits_over(*, by: Viewer, at: datetime) -> int:
    """Tells whoever has a case that its plan has waited long enough, once. The clock of its escalation starts anew, so
    that the leader hears of it when nobody goes on; a case on hold comes back by its own time.

    Each is recorded and put on the bus. Returns how many. Runs as the system.
    """
    require(by, "escalations.see", None)
    rows = waits_over(by, at).select_related("plan_run", "company__desk_settings")
    due = list(rows.select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("pk")[:BATCH])
    for incident in due:
        incident.plan_run.wait_told = True
        if incident.held_until is None:
            _wait_anew(incident, at)
    PlanRun.objects.bulk_update([incident.plan_run for incident in due], ["wait_told"])
    Incident.objects.bulk_update(due, ["attention_at", "escalate_at", "escalated_to"])
    told = [(i, {"step": i.plan_run.wait_step, "title": title_of_wait(i.plan_run)}) for i in due]
    deeds = [Deed(WAIT_OVER, "incident", i.pk, i.company_id, after) for i, after in told]
    write_records(deeds, by=by, at=at, source="clock")
    emit([news_of(WAIT_OVER, i, alarm=True, holder=str(i.holder_id or "")) for i in due], at=at)
    return len(due)


def _wait_anew(incident: Incident, at: datetime) -> None:
    incident.attention_at = at
    forget_escalation(incident)
    set_escalation(incident, figures_of_company(incident.company))


def rank_key_sites(*, by: Viewer, at: datetime) -> int:
    """Puts open cases in their place whose site has become, or is no longer, a 治安重点单位. Runs as the system."""
    require(by, "incidents.see", None)
    wrong = misplaced_ids(by, BATCH)
    return _rank(wrong, at) if wrong else 0


@transaction.atomic
def _rank(ids: list[int], at: datetime) -> int:
    rows = Incident.objects.filter(pk__in=ids, site__isnull=False).select_related("site")
    wrong = list(rows.select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("pk"))
    for incident in wrong:
        incident.key_site = bool(incident.site and incident.site.is_key_site)
    Incident.objects.bulk_update(wrong, ["key_site"])
    emit([news_of("incident.ranked", incident, alarm=False) for incident in wrong], at=at)
    return len(wrong)

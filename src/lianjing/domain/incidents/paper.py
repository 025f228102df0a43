"""纸质补录: what was handled on paper while the system was down becomes a closed case, marked as such."""

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction

from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden, Viewer, person_id, require, visible
from lianjing.domain.incidents.milestones import PATROL
from lianjing.domain.incidents.models import CaseTimes, Incident, PaperEntry, State
from lianjing.domain.incidents.paper_policy import STEPS, PaperCase, problem_with
from lianjing.domain.incidents.timekeeping import keep_times, open_times
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.models import Lane
from lianjing.domain.signals.policy import lane_key
from lianjing.domain.sites.models import Site
from lianjing.terms.codes import Scheme
from lianjing.terms.sentences import marked as _

ENTER = "incidents.enter_paper"
ENTERED = "incident.paper_entered"
CODE = "PC"


def enter_paper_case(case: PaperCase, *, by: Viewer, at: datetime, source: str = "") -> Incident:
    """Enters a case that was handled on paper, with its original times; it is closed, and in no figure of times.

    The record has both: the times on paper, and (its own) that of the entry. Entered twice with one `key`, it is the
    one case. Raises Missing (no such site), Forbidden, or Refused with the field that is wrong.
    """
    site = visible(Site.objects.all(), by, "sites.see").filter(pk=case.site_id).first()
    if site is None:
        raise Missing
    require(by, ENTER, site.company_id)
    if (entered := _entered(case.key, site)) is not None:
        return entered
    if (problem := problem_with(case, at)) is not None:
        raise Refused(problem.field, problem.sentence)
    try:
        with transaction.atomic():
            return _enter(case, site, by, at, source)
    except IntegrityError:
        # The same form, sent a second time while the first was under way.
        if (entered := _entered(case.key, site)) is None:
            raise Refused("", _("这张表已用于另一个场所，请重新打开表单。")) from None
        return entered


def _entered(key: str, site: Site) -> Incident | None:
    found = PaperEntry.objects.filter(key=key, incident__site=site).select_related("incident").first()
    return found.incident if found else None


def _enter(case: PaperCase, site: Site, by: Viewer, at: datetime, source: str) -> Incident:
    person = person_id(by)
    if person is None:
        raise Forbidden
    incident = _incident(case, site, person)
    incident.save()
    told = {name: value for name, value in asdict(case).items() if name not in ("site_id", "grade", "result")}
    PaperEntry.objects.create(incident=incident, entered_at=at, entered_by_id=person, **_columns(told))
    keep_times([_times(case, incident, site)])
    after = {"class": case.event_class, "grade": case.grade, "result": case.result, "text": case.what}
    after |= {"handled_by": case.handled_by, "forwarded_to": case.forwarded_to}
    after |= {name: value.isoformat() for name in STEPS if (value := getattr(case, name)) is not None}
    write_records([Deed(ENTERED, "incident", incident.pk, site.company_id, after)], by=by, at=at, source=source)
    emit([News(ENTERED, site.company_id, {"incident": incident.pk})], at=at)
    return incident


def _columns(told: dict[str, object]) -> dict[str, object]:
    names = {field.name for field in PaperEntry._meta.concrete_fields}
    return {name: value for name, value in told.items() if name in names}


def _incident(case: PaperCase, site: Site, person: int) -> Incident:
    key = lane_key(site.pk, "", "")
    Lane.objects.bulk_create([Lane(key=key, site=site)], ignore_conflicts=True)
    return Incident(
        company_id=site.company_id,
        site=site,
        lane=Lane.objects.get(key=key),
        join_key=f"paper:{case.key}",
        joinable=False,
        event_class=case.event_class,
        grade=case.grade,
        queue_level=case.grade,
        key_site=site.is_key_site,
        state=State.CLOSED,
        on_paper=True,
        scheme=Scheme.LIANJING.value,
        code=CODE,
        qualifier="",
        opened_at=case.received_at,
        attention_at=case.received_at,
        last_signal_at=case.received_at,
        acknowledged=True,
        forwarded_to=case.forwarded_to,
        disposition=case.result,
        cause=case.cause,
        closed_at=case.closed_at,
        closed_by_id=person,
    )


def _times(case: PaperCase, incident: Incident, site: Site) -> CaseTimes:
    """Only the moments: what lies between them was measured by a wrist watch."""
    times = open_times(incident, received_at=case.received_at, site_kind=site.kind, on_paper=True)
    times.verified_at, times.arrived_at, times.closed_at = case.verified_at, case.arrived_at, case.closed_at
    if case.forwarded_to == PATROL:
        times.dispatched_at = case.forwarded_at
    else:
        times.police_at = case.forwarded_at
    return times

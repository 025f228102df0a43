"""Cases of an account that nobody had registered pass to the site whose panel it turns out to be."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.models import Incident, IncidentSignal, Regrading, State
from lianjing.domain.incidents.timekeeping import pass_times
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.sweeping import Swept, orphaned_panels, sweep_orphans
from lianjing.domain.sites.actions.panels import add_panel, edit_panel
from lianjing.domain.sites.equipment_entries import PanelEntry
from lianjing.domain.sites.models import Panel

ADOPTED = "incident.adopted"
CASES_PASSED = "incident.cases_passed"
"""Names no case, also closed ones: for whoever measures a company's service."""
PANELS_TOGETHER = 20


@transaction.atomic
def register_panel(site_id: int, entry: PanelEntry, *, by: Viewer, at: datetime, source: str = "") -> Panel:
    """Registers a panel (`add_panel`), and gives its site what the account sent while it was nobody's, cases too.

    All or nothing. Raises Missing, Forbidden or Refused.
    """
    panel = add_panel(site_id, entry, by=by, at=at, source=source)
    pass_on([panel.pk], by=by, at=at, source=source)
    panel.refresh_from_db()
    return panel


@transaction.atomic
def reregister_panel(panel_id: int, entry: PanelEntry, *, by: Viewer, at: datetime, source: str = "") -> Panel:
    """Changes a panel's registration (`edit_panel`); what a new account sent while it was nobody's passes too.

    All or nothing. Raises Missing, Forbidden or Refused.
    """
    panel = edit_panel(panel_id, entry, by=by, at=at, source=source)
    if panel.added_at == at:
        pass_on([panel.pk], by=by, at=at, source=source)
        panel.refresh_from_db()
    return panel


@transaction.atomic
def pass_on(panel_ids: Iterable[int], *, by: Viewer, at: datetime, source: str = "") -> list[Swept]:
    """Sweeps the orphans of these panels, and the cases all of whose signals passed with them. A case that is open
    stays open, and no later signal joins it: those of the site have their own. Raises Forbidden."""
    swept = sweep_orphans(panel_ids, by=by, at=at, source=source)
    cases = [(incident, one) for one in swept for incident in _cases(one)]
    if not cases:
        return swept
    for one in swept:
        own = [incident.pk for incident, passed in cases if passed is one]
        moved = {"company_id": one.company_id, "site_id": one.site_id, "joinable": False}
        Incident.objects.filter(Q(pk__in=own) | Q(joined_into__in=own)).update(**moved)
        regraded = Q(incident__in=own) | Q(incident__joined_into__in=own)
        Regrading.objects.filter(regraded).update(company_id=one.company_id)
        pass_times(own, one.company_id, one.site_id, at)
    write_records([_deed(incident, one) for incident, one in cases], by=by, at=at, source=source)
    emit([_news(incident, one) for incident, one in cases if incident.state != State.CLOSED], at=at)
    emit([News(CASES_PASSED, company_id, {}) for company_id in sorted({one.company_id for _case, one in cases})], at=at)
    return swept


def sweep_late(*, by: Viewer, at: datetime) -> int:
    """What was left for later: signals that were admitted while their panel was being registered, what an import
    brought, what was too much at once. Returns how many signals passed. Runs as the system."""
    left = orphaned_panels(by, at)
    count = 0
    for first in range(0, len(left), PANELS_TOGETHER):
        swept = pass_on(left[first : first + PANELS_TOGETHER], by=by, at=at, source="sweep")
        count += sum(one.count for one in swept)
    return count


def _cases(swept: Swept) -> Sequence[Incident]:
    places = IncidentSignal.objects.filter(incident=OuterRef("pk"))
    passed = Exists(places.filter(treatment__site_id=swept.site_id))
    left = Exists(places.filter(treatment__site=None))
    rows = Incident.objects.filter(passed, ~left, lane_id=swept.lane_id, site=None)
    return list(rows.select_for_update(no_key=True).order_by("pk"))


def _deed(incident: Incident, swept: Swept) -> Deed:
    before = {"company": None, "site": None}
    after = {"company": swept.company_id, "site": swept.site_id, "panel": swept.panel_id}
    return Deed(ADOPTED, "incident", incident.pk, swept.company_id, after=after, before=before)


def _news(incident: Incident, swept: Swept) -> News:
    """To the desks of the company it is a new case: it sounds there while nobody has looked at it."""
    payload = {"incident": incident.pk, "grade": incident.grade, "alarm": not incident.acknowledged}
    return News(ADOPTED, swept.company_id, payload)

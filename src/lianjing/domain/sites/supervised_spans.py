"""Since when and until when panels were supervised: whatever makes a path supervised or not, activates a panel or takes
it out of use, page, import or intake, ends here. A step of actions."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from lianjing.core.bulk import insert_rows
from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.models import Panel, SupervisedSpan, TransmissionPath

CHANGED = "panel.supervision_changed"
"""Names no panel: for whoever counts hours of lines."""
AT_ONCE = 500


def keep_supervision(panel_ids: Collection[int], at: datetime) -> None:
    """Ends the spans of panels that are not supervised any more and opens those of panels that are from `at` on; what
    has not changed stays. Four statements for 500 panels, and one message a company where something changed."""
    ids, companies = sorted(panel_ids), set[int]()
    for start in range(0, len(ids), AT_ONCE):
        companies |= _keep(ids[start : start + AT_ONCE], at)
    emit([News(CHANGED, company_id, {}) for company_id in sorted(companies)], at=at)


def _keep(panel_ids: Sequence[int], at: datetime) -> set[int]:
    """The companies whose lines are watched otherwise from now on."""
    has = dict(_supervised(panel_ids).values_list("pk", "site__company_id"))
    open_spans = SupervisedSpan.objects.filter(panel_id__in=panel_ids, until=None)
    had = dict(open_spans.values_list("panel_id", "company_id"))
    gone, new = had.keys() - has.keys(), has.keys() - had.keys()
    if gone:
        open_spans.filter(panel_id__in=gone).update(until=at)
    opened = [SupervisedSpan(company_id=has[panel_id], panel_id=panel_id, since=at) for panel_id in sorted(new)]
    insert_rows(SupervisedSpan, opened)
    return {had[panel_id] for panel_id in gone} | {has[panel_id] for panel_id in new}


def _supervised(panel_ids: Sequence[int]) -> "QuerySet[Panel]":
    """Pending panels are heard and not watched."""
    watched = TransmissionPath.objects.filter(panel=OuterRef("pk"), interval_s__isnull=False)
    return Panel.objects.filter(Exists(watched), pk__in=panel_ids, removed_at=None, activated_at__isnull=False)


def supervised_between(
    viewer: Viewer, company_id: int, starts: datetime, ends: datetime, see: str = "sites.see"
) -> "QuerySet[SupervisedSpan]":
    """Spans of the company's panels that reach into that time, to its very last moment; what began later is not there.
    One query over an index that has it all, when `panel_id`, `since` and `until` are asked for."""
    rows = visible(SupervisedSpan.objects.filter(company_id=company_id), viewer, see)
    return rows.filter(Q(until=None) | Q(until__gt=starts), since__lte=ends)

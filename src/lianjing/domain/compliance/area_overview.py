"""Companies side by side, as whoever supervises several of them looks at them: from what is kept of their verdicts."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lianjing.core.cursors import behind
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.models import StandingVerdict
from lianjing.domain.compliance.verdict_reading import standing_with_local, woken_companies
from lianjing.terms.verdicts import Verdict

SEE = "compliance.see"
STAFFING = "5.2"
JUDGED_AT_MOST = 3
"""Companies of one list: whoever looks at it does not wait for twenty."""
WORST_FIRST = ("-not_met", "-insufficient", "code", "id")


@dataclass(frozen=True, slots=True)
class Overview:
    """How the clauses of a company stand, those of local texts among them: how many of each verdict, and the figures of
    table 1. `judged_at`: when the oldest of them was judged, if something has been recorded or a day has begun since;
    None: they are fresh. Without any count nothing was judged yet."""

    counts: Mapping[Verdict, int] = field(default_factory=dict)
    staffing: Mapping[str, Any] = field(default_factory=dict)
    judged_at: datetime | None = None


def companies_of(
    viewer: Viewer, text: str, verdict: Verdict | None = None, *, after: int | None = None, limit: int = 50
) -> list[Company]:
    """The companies whose clauses the viewer may see, the worst first: called so or lying there, with a clause that
    stands so."""
    rows = visible(Company.objects.all(), viewer, SEE, company_field="id")
    rows = rows.annotate(not_met=_count(Verdict.NOT_MET), insufficient=_count(Verdict.INSUFFICIENT))
    rows = behind(rows, WORST_FIRST, after)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(code__istartswith=text) | Q(area__startswith=text))
    if verdict is not None:
        rows = rows.filter(pk__in=_standing(verdict).values("company"))
    return list(rows[:limit])


def _standing(verdict: Verdict) -> "QuerySet[StandingVerdict]":
    """What has no answer, for a defect of its rule, is 证据不足."""
    if verdict == Verdict.INSUFFICIENT:
        return StandingVerdict.objects.filter(~Q(defect="") | Q(verdict=verdict.value))
    return StandingVerdict.objects.filter(defect="", verdict=verdict.value)


def _count(verdict: Verdict) -> Coalesce:
    of_company = _standing(verdict).filter(company=OuterRef("pk")).order_by()
    counted = of_company.values(one=F("company")).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def overviews(viewer: Viewer, company_ids: Collection[int], on: date) -> dict[int, Overview]:
    """By company: what is kept, five queries for all. Of the first few that are not fresh the clauses that are not are
    judged on the spot; the others say when they were judged."""
    rows = visible(StandingVerdict.objects.filter(company_id__in=company_ids), viewer, SEE)
    kept: dict[int, list[StandingVerdict]] = defaultdict(list)
    for row in rows.only("company_id", "clause", "verdict", "defect", "on", "judged_at"):
        kept[row.company_id].append(row)
    staffing = dict(rows.filter(clause=STAFFING).values_list("company_id", "figures"))
    woken = woken_companies(viewer, company_ids)
    stale = [pk for pk in company_ids if pk in woken or not kept[pk] or any(row.on != on for row in kept[pk])]
    now = {pk: _judged(viewer, pk, on) for pk in stale[:JUDGED_AT_MOST]}
    return {pk: now.get(pk) or _kept(kept[pk], staffing.get(pk) or {}, pk in stale) for pk in company_ids}


def _kept(rows: list[StandingVerdict], staffing: Mapping[str, Any], is_stale: bool) -> Overview:
    counts = Counter(Verdict.INSUFFICIENT if row.defect or not row.verdict else Verdict(row.verdict) for row in rows)
    return Overview(counts, staffing, min((row.judged_at for row in rows), default=None) if is_stale else None)


def _judged(viewer: Viewer, company_id: int, on: date) -> Overview:
    found = [one.judged for one in standing_with_local(viewer, company_id, on)]
    counts = Counter(one.judgement.verdict for one in found)
    staffing = next((one.judgement.figures for one in found if one.clause.number == STAFFING), {})
    return Overview(counts, staffing)

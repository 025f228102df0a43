"""Reading what is known of a company: for a day, as it was known at a time."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q

from lianjing.core.scans import KeptScan, read_scan
from lianjing.core.viewer import Viewer, visible
from lianjing.core.workdays import Workdays
from lianjing.domain.companies.company_facts import SPECS, CompanyKnown
from lianjing.domain.companies.company_standing import company_standing
from lianjing.domain.companies.known_rows import as_known, threads, threads_of
from lianjing.domain.companies.models import Company, CompanyFact
from lianjing.domain.companies.settings_known import settings_at
from lianjing.domain.companies.standing_items import Asked, Item
from lianjing.domain.records.dated import OLDEST_FIRST, holding_on, known_at
from lianjing.terms.staffing import CompanyFactKind

SEE, EDIT = "company.see", "company.edit"


def company_facts(
    viewer: Viewer, company_id: int, on: date | None = None, known: datetime | None = None
) -> list[CompanyKnown]:
    """What was known of a company at `known` (None: is now), oldest first; `on`: only what holds on that day."""
    rows = known_at(visible(CompanyFact.objects.filter(company_id=company_id), viewer, SEE), known)
    if on is not None:
        rows = holding_on(rows, on)
    threads = threads_of(company_id)
    return [as_known(row, threads) for row in rows.order_by("pk")]


def standing_of(
    viewer: Viewer, company_id: int, on: date, known: datetime | None = None, workdays: Workdays | None = None
) -> list[Item]:
    """How the company stands on a day, by what was known at `known`; [] for who may not see it."""
    company = seen_company(viewer, company_id)
    if company is None:
        return []
    set_then = settings_at(company, known)
    asked = Asked(set_then.years, set_then.origin, workdays or Workdays())
    return company_standing(company_facts(viewer, company_id, None, known), on, asked)


def standings(
    viewer: Viewer, company_ids: Collection[int] | None, on: date, workdays: Workdays | None = None
) -> dict[int, list[Item]]:
    """The same of many companies by what is known now, None: of all that the viewer may see; one query.

    A company of which nothing was ever recorded is left out.
    """
    rows = visible(CompanyFact.objects.select_related("company"), viewer, SEE)
    if company_ids is not None:
        rows = rows.filter(company_id__in=company_ids)
    by_company: dict[int, list[CompanyFact]] = defaultdict(list)
    for row in rows.order_by("pk"):
        by_company[row.company_id].append(row)
    return {company_id: _standing(mine, on, workdays or Workdays()) for company_id, mine in by_company.items()}


def _standing(rows: list[CompanyFact], on: date, workdays: Workdays) -> list[Item]:
    """`rows`: everything ever recorded of one company, oldest first."""
    company, thread = rows[0].company, threads((row.pk, row.replaces_id) for row in rows)
    known = [as_known(row, thread) for row in rows if row.retracted_at is None]
    return company_standing(known, on, Asked(company.manager_years, company.manager_years_source, workdays))


def seen_companies(viewer: Viewer) -> list[Company]:
    """The companies whose licences and departments the viewer may see, by code."""
    return list(visible(Company.objects.all(), viewer, SEE, company_field="id").order_by("code"))


def seen_company(viewer: Viewer, company_id: int) -> Company | None:
    """One of them."""
    return visible(Company.objects.all(), viewer, SEE, company_field="id").filter(pk=company_id).first()


def facts_of_kind(viewer: Viewer, company_ids: Collection[int], kind: CompanyFactKind, on: date) -> list[CompanyFact]:
    """What of a kind has begun by a day in these companies, the last to begin last; one query."""
    rows = CompanyFact.objects.filter(company_id__in=company_ids, kind=kind.value, retracted_at=None)
    begun = rows.filter(Q(valid_from=None) | Q(valid_from__lte=on))
    return list(visible(begun, viewer, SEE).order_by(OLDEST_FIRST, "pk"))


def fact_rows(viewer: Viewer, company_id: int, known: datetime | None = None) -> list[CompanyFact]:
    """Every row that was on file at `known`, those that were taken back too; newest first."""
    rows = visible(CompanyFact.objects.filter(company_id=company_id), viewer, SEE)
    if known is not None:
        rows = rows.filter(recorded_at__lte=known)
    return list(rows.order_by("-pk"))


def company_fact_by_id(viewer: Viewer, fact_id: int) -> CompanyFact | None:
    """The fact, as it stands or stood; None when there is none that the viewer may see."""
    return visible(CompanyFact.objects.select_related("company"), viewer, SEE).filter(pk=fact_id).first()


def fact_scan(viewer: Viewer, fact: CompanyFact) -> KeptScan | None:
    """The scan of a fact. Papers that show identity numbers are for those who keep them."""
    private = SPECS[CompanyFactKind(fact.kind)].private
    if not viewer.scope(EDIT if private else SEE).holds(fact.company_id):
        return None
    return read_scan(fact.scan, fact.scan_sha256)

"""From rows to facts as the rules see them. Steps of queries and actions."""

from collections.abc import Iterable

from lianjing.domain.companies.company_facts import CompanyKnown
from lianjing.domain.companies.models import CompanyFact
from lianjing.terms.staffing import CompanyFactKind


def as_known(row: CompanyFact, threads: dict[int, int] | None = None) -> CompanyKnown:
    """A row as the rules see it."""
    threads = threads or {}
    return CompanyKnown(
        CompanyFactKind(row.kind),
        row.value,
        row.valid_from,
        row.valid_until,
        row.number,
        row.issuer,
        row.details,
        bool(row.scan),
        row.pk,
        threads.get(row.pk, row.pk),
        threads.get(row.about_id, row.about_id) if row.about_id else None,
    )


def threads_of(company_id: int) -> dict[int, int]:
    """For each fact of a company the first of those that were corrected into it; one query."""
    return threads(CompanyFact.objects.filter(company_id=company_id).order_by("pk").values_list("pk", "replaces_id"))


def threads(pairs: Iterable[tuple[int, int | None]]) -> dict[int, int]:
    """The same of (fact, the one it was corrected from), the oldest first."""
    threads: dict[int, int] = {}
    for pk, replaces in pairs:
        threads[pk] = threads.get(replaces, replaces) if replaces else pk
    return threads

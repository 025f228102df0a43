"""What of a company is on file, for the clauses of chapter 4."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.core.workdays import Workdays
from lianjing.domain.companies.company_facts import CompanyKnown
from lianjing.domain.companies.fact_reading import company_facts, seen_company
from lianjing.domain.companies.settings_known import settings_at
from lianjing.domain.companies.standing_days import standing_days
from lianjing.domain.companies.standing_items import Asked, Item
from lianjing.domain.compliance.judging import Evidence
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.sites.schedules import workdays


@dataclass(frozen=True, slots=True)
class CompanyFile:
    """The facts, the day, and what the province asks besides."""

    facts: tuple[CompanyKnown, ...]
    on: date
    asked: Asked


@once_a_sweep
def company_file(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> CompanyFile:
    """What was known of the company at `known`, whatever its days."""
    company = seen_company(viewer, company_id)
    facts = tuple(company_facts(viewer, company_id, None, known))
    if company is None:
        return CompanyFile(facts, on, Asked(0, "", Workdays()))
    set_then = settings_at(company, known)
    return CompanyFile(facts, on, Asked(set_then.years, set_then.origin, workdays(viewer, known)))


@once_a_sweep
def company_ahead(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[CompanyFile]:
    """The same on every day of a span."""
    file = company_file(viewer, company_id, span.first, known)
    return Ahead(lambda day: replace(file, on=day), standing_days(file.facts, file.asked))


def news_of(had: Iterable[Item], has: Iterable[Item]) -> tuple[Evidence, ...]:
    """What stands otherwise than before."""
    before = {(item.code, item.kind, item.fact_id, item.standing.is_broken) for item in had}
    return evidence_of(
        item for item in has if (item.code, item.kind, item.fact_id, item.standing.is_broken) not in before
    )


def evidence_of(items: Iterable[Item]) -> tuple[Evidence, ...]:
    """One line an item; without a record of its own it leads to the page of the company."""
    return tuple(
        Evidence("company_fact", item.fact_id, item.kind.zh, item.sentence, item.figures, key=item.kind.value)
        for item in items
    )

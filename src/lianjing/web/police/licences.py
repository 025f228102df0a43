"""The licence of a company in a few words: its number, its end, and whether it holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.fact_reading import facts_of_kind
from lianjing.domain.people.certificate_policy import certificate_state
from lianjing.terms.staffing import CompanyFactKind


@dataclass(frozen=True, slots=True)
class Licence:
    """`state`: of valid, ending, ended."""

    number: str
    until: date | None
    state: str


def licences_of(viewer: Viewer, company_ids: Collection[int], on: date) -> dict[int, Licence]:
    """By company, of the licence that holds or was the last to; who has none on file is left out."""
    latest: dict[int, Licence] = {}
    for fact in facts_of_kind(viewer, company_ids, CompanyFactKind.GUARD_LICENCE, on):
        latest[fact.company_id] = Licence(fact.number, fact.valid_until, certificate_state(fact.valid_until, on))
    return latest

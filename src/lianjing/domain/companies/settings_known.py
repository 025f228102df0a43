"""What a company has set, as it was known at a time."""

from dataclasses import dataclass
from datetime import datetime

from lianjing.domain.companies.models import Company, CompanySetting
from lianjing.domain.records.changing import Actor, take_back
from lianjing.domain.records.dated import known_at
from lianjing.terms.premises import CustomerUnit
from lianjing.terms.sentences import marked as _

COUNTED_UNIT, MANAGER_YEARS = "counted_unit", "manager_years"


@dataclass(frozen=True, slots=True)
class Settings:
    """The unit by which it counts, how many years its managers need, and where that stands."""

    unit: CustomerUnit
    years: int
    origin: str


def settings_at(company: Company, known: datetime | None) -> Settings:
    """As they were set at `known` (None: are now). Before anything was set, what a new company begins with."""
    if known is None:
        return Settings(CustomerUnit(company.counted_unit), company.manager_years, company.manager_years_source)
    begins = Company()
    rows = known_at(CompanySetting.objects.filter(company=company), known).order_by("pk")
    told = {name: (value, origin) for name, value, origin in rows.values_list("name", "value", "origin")}
    unit, _origin = told.get(COUNTED_UNIT, (begins.counted_unit, ""))
    years, origin = told.get(MANAGER_YEARS, (str(begins.manager_years), begins.manager_years_source))
    return Settings(CustomerUnit(unit), int(years), origin)


def keep_setting(company: Company, name: str, value: str, actor: Actor, origin: str = "") -> None:
    """Takes back what was set before, and records what is set now. A step of actions."""
    for earlier in CompanySetting.objects.filter(company=company, name=name, retracted_at=None):
        take_back(earlier, _("改为新的设定"), actor)
    CompanySetting.objects.create(
        company=company, name=name, value=value, origin=origin, recorded_at=actor.at, recorded_by=actor.by.name
    )

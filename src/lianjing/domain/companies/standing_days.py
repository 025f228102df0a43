"""The days on which something that is asked of a company may stand otherwise than before. No Django, no clock.

Whoever adds a rule with a term of its own to the company's standing adds its day here.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from lianjing.domain.companies.company_facts import DAYS, CompanyKnown, Part
from lianjing.domain.companies.company_standing import REGISTER_WITHIN_MONTHS, months_later
from lianjing.domain.companies.filing_terms import BRANCH_FILED_WITHIN, SERVICE_FILED_BEFORE
from lianjing.domain.companies.standing_items import Asked
from lianjing.terms.staffing import CompanyFactKind as Kind

DAY = timedelta(days=1)
IN_DETAILS = DAYS - {Part.FROM, Part.UNTIL}


def standing_days(facts: Collection[CompanyKnown], asked: Asked) -> set[date]:
    """Beginnings and ends of what is on file, days on which something was done, and terms that run out."""
    days = {day for fact in facts for day in (fact.valid_from, *(fact.day(part) for part in IN_DETAILS)) if day}
    lasts = {fact.valid_until for fact in facts if fact.valid_until}
    lasts |= {last for fact in facts for last in _terms(fact, asked)}
    return days | {last + DAY for last in lasts if last < date.max}


def _terms(fact: CompanyKnown, asked: Asked) -> Iterator[date]:
    """Last days on which something can be done in time."""
    if fact.valid_from is None:
        return
    if fact.kind == Kind.GUARD_LICENCE:
        yield months_later(fact.valid_from, REGISTER_WITHIN_MONTHS)
    elif fact.kind == Kind.BRANCH:
        yield asked.workdays.after(fact.valid_from, BRANCH_FILED_WITHIN)
    elif fact.kind == Kind.CROSS_REGION:
        yield asked.workdays.before(fact.valid_from, SERVICE_FILED_BEFORE)

"""Branches and services elsewhere: filed with the city police in time, late, or not at all. No Django, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lianjing.domain.companies.company_facts import CompanyKnown
from lianjing.domain.companies.standing_items import Item, Known, item
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import CompanyFactKind as Kind
from lianjing.terms.staffing import Standing

BRANCH_FILED_WITHIN = 15
"""Workdays from the day of set-up (公安部令112, as local guides quote it)."""
SERVICE_FILED_BEFORE = 30
"""Workdays before a service elsewhere starts (as above)."""


def branches(known: Known) -> Iterator[Item]:
    """How the filing of each branch stands."""
    for branch in known.holding(Kind.BRANCH):
        if branch.valid_from is not None:
            due = known.asked.workdays.after(branch.valid_from, BRANCH_FILED_WITHIN)
            yield from _filed(branch, known, _Term("令564 12", due, branch.valid_from))


def services(known: Known) -> Iterator[Item]:
    """Those that go on, and those that will start: they are filed beforehand."""
    for service in known.of(Kind.CROSS_REGION):
        is_over = service.valid_until is not None and service.valid_until < known.on
        if service.valid_from is not None and not is_over:
            due = known.asked.workdays.before(service.valid_from, SERVICE_FILED_BEFORE)
            yield from _filed(service, known, _Term("令564 23", due, service.valid_from))


@dataclass(frozen=True, slots=True)
class _Term:
    """Until when something is filed, counted from a day."""

    basis: str
    due: date
    counted_from: date


def _filed(subject: CompanyKnown, known: Known, term: _Term) -> Iterator[Item]:
    guess = known.asked.workdays.guesses(*sorted((term.counted_from, term.due)))
    told: dict[str, Any] = {"name": subject.value, "day": term.due, "due": term.due, "fact": subject, "guess": guess}
    filings = known.filings(subject)
    if filings:
        yield from _filing(filings[0], subject, term, told)
    elif known.on <= term.due:
        said = _("%(name)s：最迟 %(day)s 向当地设区的市级公安机关备案。")
        yield item("filing", subject.kind, term.basis, Standing.DUE, said, **told)
    else:
        said = _("%(name)s：备案期限 %(day)s 已过 %(days)d 天，还没有备案。")
        days = (known.on - term.due).days
        yield item("filing", subject.kind, term.basis, Standing.LATE, said, days=days, **told)


def _filing(filing: CompanyKnown, subject: CompanyKnown, term: _Term, told: dict[str, Any]) -> Iterator[Item]:
    filed = filing.valid_from or term.due
    told = told | {"filed": filed}
    if filed <= term.due:
        said = _("%(name)s：%(filed)s 备案，期限 %(day)s。")
        yield item("filing", subject.kind, term.basis, Standing.IN_ORDER, said, **told)
    else:
        said = _("%(name)s：%(filed)s 才备案，晚于期限 %(day)s 共 %(days)d 天。")
        days = (filed - term.due).days
        yield item("filing", subject.kind, term.basis, Standing.DONE_LATE, said, days=days, **told)
    if not filing.has_scan:
        said = _("%(name)s：备案没有回执扫描件。")
        yield item("filing_scan", subject.kind, term.basis, Standing.UNPROVEN, said, name=subject.value, fact=subject)

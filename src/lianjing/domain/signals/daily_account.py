"""The account of a day: every signal that came in, and what became of it, in all and by company and class."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from lianjing.core.snapshot import read_snapshot
from lianjing.core.viewer import Scope, Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.signals.account_count import Span, count_span
from lianjing.domain.signals.account_figures import Accounted, Figures, Tally, total
from lianjing.domain.signals.account_portions import (
    add_kept,
    intake_mark,
    portions_of_day,
    settled_among,
    spans_besides,
)
from lianjing.domain.signals.days import day_bounds, today
from lianjing.domain.signals.models import AccountFigure
from lianjing.terms.codes import EventClass

__all__ = ["Account", "ClassRow", "CompanyRow", "Rows", "account_of", "day_bounds", "rows_of_account", "today"]

SUMMED = (
    *("received", "in_cases", "automatic", "on_test", "suppressed", "duplicates"),
    *("events", "heartbeats", "not_understood", "unreadable"),
)


@dataclass(frozen=True, slots=True)
class Account(Accounted):
    """One day's account: what was received equals the sum of what became of it."""

    on: date
    received: int
    in_cases: int
    automatic: int
    on_test: int
    suppressed: int
    duplicates: int
    waiting: int
    heartbeats: int
    not_understood: int
    unreadable: int
    tally: Tally
    """The same by company and class."""

    @property
    def differing(self) -> int:
        """The differences of all rows without their signs, or that of the whole when it is larger: two that differ
        may hide each other."""
        return max(abs(self.difference), sum(abs(figures.difference) for figures in self.tally.rows.values()))

    @property
    def balances(self) -> bool:
        return self.differing == 0


def account_of(viewer: Viewer, on: date, *, anew: bool = False) -> Account | None:
    """The account of the centre's day `on` for the companies that the viewer reads; None when he reads none.

    For who reads all companies, `received` is counted on the frames; for others, and in the rows, on the signals.
    `anew`: without what was counted before. All in one snapshot.
    """
    scope = viewer.scope("accounting.see")
    if not scope:
        return None
    with read_snapshot():
        tally = _tally(scope, on, anew)
    return _account(on, tally, scope)


def _tally(scope: Scope, on: date, anew: bool) -> Tally:
    mark, numbers = intake_mark(), portions_of_day(on)
    settled = set() if anew else settled_among(numbers)
    tally = _kept(scope, on, settled)
    for first, last in spans_besides(settled, numbers):
        tally.add(count_span(scope, Span(first, last, *day_bounds(on), mark)))
    return tally


def _kept(scope: Scope, on: date, settled: set[int]) -> Tally:
    tally = Tally()
    if not settled:
        return tally
    rows = AccountFigure.objects.filter(on=on, portion_id__in=settled)
    if not scope.everything:
        rows = rows.filter(company_id__in=scope.companies)
    sums = {name: Sum(name) for name in SUMMED}
    for row in rows.order_by().values("company_id", "event_class").annotate(**{f"sum_{k}": v for k, v in sums.items()}):
        named = {name: row[f"sum_{name}"] for name in SUMMED}
        add_kept(tally, AccountFigure(on=on, company_id=row["company_id"], event_class=row["event_class"], **named))
    return tally


def _account(on: date, tally: Tally, scope: Scope) -> Account:
    whole = total(tally.rows.values())
    besides = tally.besides.values()
    return Account(
        on=on,
        received=sum(b.events for b in besides) if scope.everything else whole.received,
        in_cases=whole.in_cases,
        automatic=whole.automatic,
        on_test=whole.on_test,
        suppressed=whole.suppressed,
        duplicates=whole.duplicates,
        waiting=whole.waiting,
        heartbeats=sum(b.heartbeats for b in besides),
        not_understood=sum(b.not_understood for b in besides),
        unreadable=sum(b.unreadable for b in besides),
        tally=tally,
    )


@dataclass(frozen=True, slots=True)
class ClassRow:
    """The figures of one event class."""

    event_class: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """The figures of one company and of its classes; `code` is None for what belongs to no company."""

    company_id: int | None
    code: str | None
    name: str
    figures: Figures
    classes: tuple[ClassRow, ...]

    @property
    def balances(self) -> bool:
        return all(row.figures.balances for row in self.classes)


@dataclass(frozen=True, slots=True)
class Rows:
    """An account by company, by class of all companies together, and by both."""

    companies: tuple[CompanyRow, ...]
    classes: tuple[ClassRow, ...]


def rows_of_account(viewer: Viewer, account: Account) -> Rows:
    """The rows of an account that the viewer was given, companies by code, what is nobody's last: one query."""
    ids = {company_id for company_id, _ in account.tally.rows if company_id is not None}
    for company_id in ids:
        require(viewer, "accounting.see", company_id)
    known = Company.objects.in_bulk(ids)
    ordered = sorted(known.values(), key=lambda company: company.code)
    rows = [_company_row(account.tally, company.pk, company.code, company.name) for company in ordered]
    if any(company_id is None for company_id, _ in account.tally.rows):
        rows.append(_company_row(account.tally, None, None, ""))
    return Rows(tuple(rows), _by_class(account.tally))


def _company_row(tally: Tally, company_id: int | None, code: str | None, name: str) -> CompanyRow:
    own = {event_class: figures for (pk, event_class), figures in tally.rows.items() if pk == company_id}
    return CompanyRow(company_id, code, name, total(own.values()), tuple(_class_rows(own)))


def _class_rows(own: Mapping[str, Figures]) -> Iterable[ClassRow]:
    """In the order of the classes; one that is no class, as after a hand in the database, at the end."""
    known = [event_class.value for event_class in EventClass]
    for name in sorted(own, key=lambda name: (known.index(name) if name in known else len(known), name)):
        yield ClassRow(name, own[name])


def _by_class(tally: Tally) -> tuple[ClassRow, ...]:
    classes = {event_class for _, event_class in tally.rows}
    own = {
        name: total(figures for (_, event_class), figures in tally.rows.items() if event_class == name)
        for name in classes
    }
    return tuple(_class_rows(own))

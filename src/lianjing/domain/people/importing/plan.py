"""What importing people would write, and how it is gathered row by row."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import Change, Plan
from lianjing.core.workbooks.reading import Book, Row
from lianjing.domain.companies.workbooks import Errand
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.importing.columns import PEOPLE
from lianjing.domain.people.models import StaffFact, StaffMember
from lianjing.terms.sentences import Figure
from lianjing.terms.sentences import marked as _

KEY = PEOPLE.key
FACTS, IDENTITIES, ACCOUNTS = "facts", "identities", "accounts"
"""What of `Plan.beside` holds the entries, the members whose number is new, and those whose account is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact that is to be recorded of a person, in the place of one that stands or beside all."""

    member: StaffMember
    new: NewFact
    instead: StaffFact | None = None
    told: bool = True


@dataclass(slots=True)
class Scene:
    """One file, being entered into one company."""

    errand: Errand
    today: date
    book: Book
    plan: Plan = field(default_factory=Plan)
    _first: dict[tuple[str, Hashable], Row] = field(default_factory=dict)
    _lacking: dict[str, list[int]] = field(default_factory=dict)

    def fault(self, row: Row, column: str, sentence: str, /, **figures: Any) -> None:
        """One thing that is wrong with a cell; a cell that is at fault already is not told again."""
        if column not in row.broken:
            row.break_(column)
            self.plan.faults.append(Fault(KEY, row.number, column, sentence, figures))

    def hint(self, row: Row, column: str, sentence: str, /, **figures: Any) -> None:
        self.plan.hints.append(Fault(KEY, row.number, column, sentence, figures))

    def is_first(self, row: Row, column: str, key: Hashable, sentence: str, /, **figures: Any) -> bool:
        """Whether no earlier row has the same in this column; the sentence may name the earlier `row`."""
        first = self._first.setdefault((column, key), row)
        if first is not row:
            self.fault(row, column, sentence, row=first.number, **figures)
        return first is row

    def needs(self, row: Row, column: str, sentence: str) -> None:
        """What a new person cannot be without; a column that is missing is told once."""
        if column in row.values or column in row.broken:
            return
        read = self.book.sheets[KEY]
        title = PEOPLE.column(column).zh
        if column in read.columns:
            self.fault(row, column, sentence, title=title)
            return
        row.break_(column)
        if not read.is_torn:
            self._lacking.setdefault(column, []).append(row.number)

    def settle(self, row: Row, change: Change) -> bool:
        """Plans a change when its row is sound."""
        if row.broken:
            return False
        if change.is_nothing:
            self.plan.unchanged[KEY] += 1
            return False
        self.plan.changes.append(change)
        return True

    def close(self) -> Plan:
        for column, rows in self._lacking.items():
            told = _("缺少列“%(title)s”：新登记的 %(count)d 行须填写它。")
            figures: dict[str, Figure] = {"title": PEOPLE.column(column).header, "count": len(rows)}
            self.plan.faults.append(Fault(KEY, rows[0], column, told, figures))
        self.plan.faults.sort(key=lambda fault: fault.row or 0)
        return self.plan

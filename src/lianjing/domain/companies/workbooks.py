"""Importing a workbook into a company: looking at what it would do, and doing it, all or nothing.

Each app that has sheets brings its `Part`; a file in which sheets of several stand is imported by all of them, or by
none.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from lianjing.core.viewer import Forbidden, Viewer, require
from lianjing.core.workbooks.columns import Sheets
from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import File, Outcome, Plan, What
from lianjing.core.workbooks.reading import Book, read_book
from lianjing.domain.companies.models import Company
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.queries import is_touched_since, newest_record
from lianjing.terms.roles import PERMISSIONS
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class Errand:
    """For which company a file is imported, by whom and when. `file` is its name: the reason of what it changes."""

    company_id: int
    by: Viewer
    at: datetime
    source: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The sheets of one app, and what it does with them."""

    sheets: Sheets
    permission: str
    subjects: tuple[str, ...]
    """What records call the things that a plan is made from: a newer record of one, and the plan is made anew."""
    plan: Callable[[Book, Errand], Plan]
    """Reads, and writes nothing."""
    save: Callable[[Plan, Errand], None]
    prepare: Callable[[Book], None] = lambda book: None
    """What takes a while and needs no database."""


def examine_file(file: File, parts: Sequence[Part], errand: Errand) -> Outcome:
    """What importing the file would do; nothing is written. Raises Forbidden, or NotATable when it is no workbook."""
    _require_one(parts, errand)
    book = _read(file, parts)
    return Outcome(_merged(book, parts, _plans(book, parts, errand)))


def import_file(file: File, parts: Sequence[Part], errand: Errand) -> Outcome:
    """Imports the file: all of it in one transaction, or, with any fault, nothing.

    Raises Forbidden, or NotATable. Everything but the writing is done before the transaction begins, since on SQLite
    nobody else writes while it lasts; what was changed meanwhile is looked at again.
    """
    _require_one(parts, errand)
    book = _read(file, parts)
    if book.faults:
        return Outcome(_merged(book, parts, _plans(book, parts, errand)))
    for part in parts:
        part.prepare(book)
    newest = newest_record(errand.by)
    plans = _plans(book, parts, errand)
    if any(plan.faults for plan in plans):
        return Outcome(_merged(book, parts, plans))
    try:
        with transaction.atomic():
            # Two imports at once would each miss what the other makes.
            Company.objects.select_for_update(no_key=True).get(pk=errand.company_id)
            subjects = [subject for part in parts for subject in part.subjects]
            if is_touched_since(errand.by, newest, errand.company_id, subjects):
                plans = _plans(book, parts, errand)
                if any(plan.faults for plan in plans):
                    return Outcome(_merged(book, parts, plans))
            for part, plan in zip(parts, plans, strict=True):
                part.save(plan, errand)
            merged = _merged(book, parts, plans)
            write_down(file, merged, errand)
    except IntegrityError:
        told = _("导入时有人改动了同样的内容，什么都没有导入：请再试一次。")
        return Outcome(Plan(faults=[Fault(None, None, None, told)]))
    return Outcome(merged, True)


def write_down(file: File, plan: Plan, errand: Errand) -> None:
    """That it was this file; a file that changed nothing leaves no record."""
    if not plan.changes:
        return
    counts = {what.value: plan.count(what) for what in What}
    told = {"file": file.name[:200], "sha256": sha256(file.content).hexdigest(), **counts}
    deed = Deed("workbook.imported", "company", errand.company_id, errand.company_id, after=told)
    write_records([deed], by=errand.by, at=errand.at, source=errand.source)


def _read(file: File, parts: Iterable[Part]) -> Book:
    return read_book(file.name, file.content, {key: sheet for part in parts for key, sheet in part.sheets.items()})


def _require_one(parts: Sequence[Part], errand: Errand) -> None:
    """Whoever may import none of it."""
    if not any(_may(part, errand) for part in parts):
        require(errand.by, parts[0].permission, errand.company_id)
        raise Forbidden(PERMISSIONS[parts[0].permission].zh)


def _may(part: Part, errand: Errand) -> bool:
    return errand.by.scope(part.permission).holds(errand.company_id)


def _plans(book: Book, parts: Sequence[Part], errand: Errand) -> list[Plan]:
    """One a part. Whose sheets the viewer may not import are not compared with anything."""
    return [part.plan(_of(book, part), errand) if _may(part, errand) else _not_allowed(book, part) for part in parts]


def _not_allowed(book: Book, part: Part) -> Plan:
    plan = Plan()
    for key in part.sheets:
        if key in book.sheets:
            told = _("您没有“%(permission)s”的权限。")
            plan.faults.append(Fault(key, None, None, told, {"permission": Phrase(PERMISSIONS[part.permission].zh)}))
            plan.rows[key] = len(book.rows(key))
    return plan


def _of(book: Book, part: Part) -> Book:
    """Its own sheets; what is wrong with the file is said once, for all parts."""
    return Book({key: rows for key, rows in book.sheets.items() if key in part.sheets}, lost=book.lost)


def _merged(book: Book, parts: Sequence[Part], plans: Sequence[Plan]) -> Plan:
    """All parts together, the faults in the order of the sheets and rows."""
    merged = Plan()
    keys = [key for part in parts for key in part.sheets]
    order = {key: place for place, key in enumerate(keys)}
    faults = [*book.faults, *(fault for plan in plans for fault in plan.faults)]
    merged.faults = sorted(faults, key=lambda f: (f.sheet is not None, order.get(f.sheet or "", -1), f.row or 0))
    for plan in plans:
        merged.hints += plan.hints
        merged.changes += plan.changes
        merged.unchanged += plan.unchanged
    merged.rows = Counter({key: plan.rows[key] for key in keys for plan in plans if plan.rows[key]})
    return merged

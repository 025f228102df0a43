"""Importing a file: looking at what it would do, and doing it, all or nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone

from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.queries import is_touched_since, newest_record
from lianjing.domain.sites.importing.entering import plan_of
from lianjing.domain.sites.importing.faults import Fault
from lianjing.domain.sites.importing.planning import Plan, What
from lianjing.domain.sites.importing.reading import Book, read_book
from lianjing.domain.sites.importing.recording import Deeds
from lianjing.domain.sites.importing.saving import save
from lianjing.domain.sites.importing.words import wrapped
from lianjing.domain.sites.models import Panel
from lianjing.terms.sentences import marked as _

SUBJECTS = ("customer", "contract", "site", "panel", "zone", "company", "drawing")
"""What records call the things that a plan is made from: a newer record of one of them, and the plan is made anew."""
EDIT, KEYS, CONTRACTS = "sites.edit", "sites.panel_keys", "contracts.edit"


@dataclass(frozen=True, slots=True)
class File:
    """What somebody hands over: its name, which tells the kind, and its bytes."""

    name: str
    content: bytes


@dataclass(slots=True)
class Outcome:
    """What a file does, or would do."""

    plan: Plan
    applied: bool = False
    new_panel_ids: list[int] = field(default_factory=list)
    """Panels that are known from now on: what they sent before is swept into their history by whoever called
    (`domain.signals`, which this app stands below)."""


def examine_file(file: File, company_id: int, *, by: Viewer, at: datetime) -> Outcome:
    """What importing the file would do; nothing is written. Raises Forbidden, or NotATable when it is no workbook."""
    require(by, EDIT, company_id)
    return Outcome(_planned(read_book(file.name, file.content), company_id, by, at))


def import_file(file: File, company_id: int, *, by: Viewer, at: datetime, source: str = "") -> Outcome:
    """Imports the file: all of it in one transaction, or, with any fault, nothing.

    Raises Forbidden, or NotATable. Everything but the writing is done before the transaction begins, since on SQLite
    nobody else writes while it lasts; what was changed meanwhile is looked at again.
    """
    require(by, EDIT, company_id)
    book = read_book(file.name, file.content)
    if book.faults:
        return Outcome(_planned(book, company_id, by, at))
    wrapped(book.rows("contacts"), digested=True)
    newest = newest_record(by)
    plan = _planned(book, company_id, by, at)
    if plan.faults:
        return Outcome(plan)
    try:
        with transaction.atomic():
            # Two imports at once would each miss what the other makes.
            Company.objects.select_for_update().get(pk=company_id)
            if is_touched_since(by, newest, company_id, SUBJECTS):
                plan = _planned(book, company_id, by, at)
                if plan.faults:
                    return Outcome(plan)
            save(plan, Deeds(company_id, by, at, source, file.name))
            _write_down(file, plan, company_id, by=by, at=at, source=source)
    except IntegrityError:
        told = _("导入时有人改动了同样的内容，什么都没有导入：请再试一次。")
        return Outcome(Plan(faults=[Fault(None, None, None, told)]))
    created = [change.instance for change in plan.changes if change.what is What.CREATED]
    return Outcome(plan, True, [panel.pk for panel in created if isinstance(panel, Panel)])


def _planned(book: Book, company_id: int, by: Viewer, at: datetime) -> Plan:
    plan = plan_of(by, company_id, book, at=at, today=timezone.localdate(at))
    plan.faults += _not_allowed(plan, by, company_id)
    return plan


def _not_allowed(plan: Plan, by: Viewer, company_id: int) -> list[Fault]:
    """Changes for which it takes more than to edit sites; one fault each."""
    faults = []
    if not by.scope(CONTRACTS).holds(company_id) and any(change.sheet == "contracts" for change in plan.changes):
        faults.append(Fault("contracts", None, None, _("您没有登记和修改合同的权限。")))
    if not by.scope(KEYS).holds(company_id):
        touched = {key for change in plan.changes if change.sheet == "panels" for key in change.after}
        told = _("您没有登记和删除设备密钥的权限。")
        faults += [Fault("panels", None, column, told) for column in ("key", "plain_allowed") if column in touched]
    return faults


def _write_down(file: File, plan: Plan, company_id: int, *, by: Viewer, at: datetime, source: str) -> None:
    """That it was this file; a file that changed nothing leaves no record."""
    if not plan.changes:
        return
    counts = {what.value: plan.count(what) for what in What}
    told = {"file": file.name[:200], "sha256": sha256(file.content).hexdigest(), **counts}
    deed = Deed("workbook.imported", "company", company_id, company_id, after=told)
    write_records([deed], by=by, at=at, source=source)

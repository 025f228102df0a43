"""The part of sites in importing a file, and importing nothing but sites."""

from collections import Counter
from datetime import datetime

from django.utils import timezone

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import File, Outcome, Plan, What
from lianjing.core.workbooks.reading import Book
from lianjing.domain.companies import workbooks
from lianjing.domain.companies.workbooks import Errand, Part
from lianjing.domain.records.changing import Actor
from lianjing.domain.sites.actions import contracts, customers, sites
from lianjing.domain.sites.contract_spans import keep_spans
from lianjing.domain.sites.importing.columns import SHEETS
from lianjing.domain.sites.importing.entering import plan_of
from lianjing.domain.sites.importing.recording import Deeds
from lianjing.domain.sites.importing.saving import save
from lianjing.domain.sites.importing.words import wrapped
from lianjing.domain.sites.models import Panel
from lianjing.domain.sites.supervised_spans import keep_supervision
from lianjing.terms.sentences import marked as _

TOPICS = {"customers": customers.CHANGED, "sites": sites.CHANGED, "contracts": contracts.CHANGED}
"""By sheet: what is told of it, as the actions of single ones tell it."""
SUBJECTS = ("customer", "contract", "site", "panel", "zone", "company", "drawing")
EDIT, KEYS, CONTRACTS = "sites.edit", "sites.panel_keys", "contracts.edit"


def examine_file(file: File, company_id: int, *, by: Viewer, at: datetime) -> Outcome:
    """What importing the file would do; nothing is written. Raises Forbidden, or NotATable when it is no workbook."""
    return workbooks.examine_file(file, [SITES], Errand(company_id, by, at, file=file.name))


def import_file(file: File, company_id: int, *, by: Viewer, at: datetime, source: str = "") -> Outcome:
    """Imports the file: all of it in one transaction, or, with any fault, nothing. Raises Forbidden, or NotATable."""
    return workbooks.import_file(file, [SITES], Errand(company_id, by, at, source, file.name))


def new_panel_ids(outcome: Outcome) -> list[int]:
    """Panels that are known from now on: what they sent before is swept into their history by whoever called
    (`domain.signals`, which this app stands below)."""
    if not outcome.applied:
        return []
    created = [change.instance for change in outcome.plan.changes if change.what is What.CREATED]
    return [panel.pk for panel in created if isinstance(panel, Panel)]


def _planned(book: Book, errand: Errand) -> Plan:
    plan = plan_of(errand.by, errand.company_id, book, at=errand.at, today=timezone.localdate(errand.at))
    plan.faults += _not_allowed(plan, errand.by, errand.company_id)
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


def _save(plan: Plan, errand: Errand) -> None:
    save(plan, Deeds(errand.company_id, errand.by, errand.at, errand.source, errand.file))
    changed = [change.instance.pk for change in plan.changes if change.sheet == "contracts"]
    keep_spans(changed, Actor(errand.by, errand.at, errand.source))
    keep_supervision(_rewired(plan), errand.at)
    emit(_news(plan, errand), at=errand.at)


def _rewired(plan: Plan) -> list[int]:
    """Panels whose paths are others now. Those that are new have sent nothing yet: nobody watches them."""
    changed = [change for change in plan.changes if change.sheet == "panels" and "paths" in change.after]
    panels = (change.instance for change in changed)
    return [panel.pk for panel in panels if isinstance(panel, Panel) and panel.activated_at is not None]


def _news(plan: Plan, errand: Errand) -> list[News]:
    """One message for each kind of thing, however many rows: who follows them looks at the company anew."""
    counts = Counter(change.sheet for change in plan.changes)
    return [News(topic, errand.company_id, {"rows": counts[sheet]}) for sheet, topic in TOPICS.items() if counts[sheet]]


def _prepare(book: Book) -> None:
    wrapped(book.rows("contacts"), digested=True)


SITES = Part(SHEETS, EDIT, SUBJECTS, lambda book, errand: _planned(book, errand), _save, _prepare)

"""What all sheets have in common while they are entered: who stands where, what is at fault, what is planned."""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.columns import Sheet
from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import Change, Plan, Unresolved, What, compared, excused
from lianjing.core.workbooks.reading import Book, Row
from lianjing.domain.sites.importing.columns import SHEETS
from lianjing.domain.sites.importing.refs import PanelRef
from lianjing.domain.sites.models import Area, Contract, Customer, Panel, Site, Zone
from lianjing.terms.sentences import marked as _

_NEW_NEEDS = {
    "customers": _("新客户须填写%(title)s。"),
    "contracts": _("新合同须填写%(title)s。"),
    "sites": _("新场所须填写%(title)s。"),
    "panels": _("新设备须填写%(title)s。"),
    "contacts": _("新联系人须填写%(title)s。"),
    "schedules": _("布撤防时间须填写%(title)s。"),
}
_TWICE = {
    "customers": _("客户 %(key)s 与第 %(row)d 行重复。"),
    "contracts": _("合同 %(key)s 与第 %(row)d 行重复。"),
    "sites": _("场所 %(key)s 与第 %(row)d 行重复。"),
    "panels": _("账号 %(key)s 与第 %(row)d 行重复。"),
    "areas": _("分区 %(key)s 与第 %(row)d 行重复。"),
    "zones": _("防区 %(key)s 与第 %(row)d 行重复。"),
    "users": _("用户 %(key)s 与第 %(row)d 行重复。"),
    "contacts": _("联系人 %(key)s 与第 %(row)d 行重复。"),
}


@dataclass(slots=True)
class Scene:
    """One file, being entered into one company. What a row names is known once its own sheet was entered."""

    viewer: Viewer
    company_id: int
    at: datetime
    today: date
    book: Book
    plan: Plan = field(default_factory=Plan)
    customers: dict[str, Customer] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    panels: dict[tuple[str, str], Panel] = field(default_factory=dict)
    by_account: dict[str, list[Panel]] = field(default_factory=dict)
    zones: dict[tuple[int, str], Zone] = field(default_factory=dict)
    """By `id()` of the panel, which may have no number yet, and number; and so the areas."""
    areas: dict[tuple[int, str], Area] = field(default_factory=dict)
    backups: dict[int, Panel | None] = field(default_factory=dict)
    """Whose backups panels become, by `id()` of the panel."""
    unresolved: list[Unresolved] = field(default_factory=list)
    lacking: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _seen: dict[tuple[str, Hashable], int] = field(default_factory=dict)

    # Faults

    def fault(self, sheet: str, row: Row, column: str, sentence: str, /, **figures: Any) -> None:
        """One thing that is wrong with a cell; a cell that is at fault already is not told again."""
        if column not in row.broken:
            row.break_(column)
            self.plan.faults.append(Fault(sheet, row.number, column, sentence, figures))

    def missing(self, target: str, name: Hashable, fault: Fault, row: Row) -> None:
        """A cell names something that stands nowhere."""
        row.break_(fault.column or "")
        self.unresolved.append((target, name, fault))

    def is_new_here(self, sheet: str, row: Row, key: Hashable, shown: str) -> bool:
        """Whether no earlier row of the sheet was about the same."""
        first = self._seen.setdefault((sheet, key), row.number)
        if first == row.number:
            return True
        column = SHEETS[sheet].columns[SHEETS[sheet].keys - 1].key
        self.fault(sheet, row, "order" if sheet == "contacts" else column, _TWICE[sheet], key=shown, row=first)
        return False

    def needs(self, sheet: str, row: Row, *columns: str) -> None:
        """What a new thing cannot be without."""
        read = self.book.sheets[sheet]
        for key in columns:
            if key in row.values or key in row.broken:
                continue
            if key in read.columns:
                self.fault(sheet, row, key, _NEW_NEEDS[sheet], title=SHEETS[sheet].column(key).zh)
            else:
                row.break_(key)
                if not read.is_torn:
                    self.lacking.setdefault((sheet, key), []).append(row.number)

    # Names

    def customer_of(self, sheet: str, row: Row) -> Customer | None:
        code = self._named(row, "customer")
        if code is None:
            return None
        found = self.customers.get(code)
        if found is None:
            told = _("没有编号为 %(code)s 的客户：文件里没有，系统里也没有。")
            self.missing("customers", code, Fault(sheet, row.number, "customer", told, {"code": code}), row)
        return found

    def site_of(self, sheet: str, row: Row) -> Site | None:
        code = self._named(row, "site")
        if code is None:
            return None
        found = self.sites.get(code)
        if found is None:
            told = _("没有编号为 %(code)s 的场所：文件里没有，系统里也没有。")
            self.missing("sites", code, Fault(sheet, row.number, "site", told, {"code": code}), row)
        return found

    def panel_of(self, sheet: str, row: Row, column: str = "panel", ref: PanelRef | None = None) -> Panel | None:
        """The panel that a cell means, or that `ref` in it does."""
        wanted = ref or self._named(row, column)
        if wanted is None:
            return None
        found = self.panels_named(wanted)
        if len(found) == 1:
            return found[0]
        if found:
            told = _("账号 %(account)s 在几种接入协议下都有：请写成 %(example)s 这样。")
            example = f"{found[0].listener}:{wanted.account}"
            self.fault(sheet, row, column, told, account=wanted.account, example=example)
            return None
        told = _("没有账号为 %(account)s 的设备：文件里没有，系统里也没有。")
        fault = Fault(sheet, row.number, column, told, {"account": str(wanted)})
        self.missing("panels", wanted.account, fault, row)
        return None

    def panels_named(self, ref: PanelRef) -> list[Panel]:
        if ref.listener:
            return [found] if (found := self.panels.get((ref.listener, ref.account))) else []
        return self.by_account.get(ref.account, [])

    def know_panel(self, panel: Panel) -> None:
        if self.panels.setdefault((panel.listener, panel.account), panel) is panel:
            self.by_account.setdefault(panel.account, []).append(panel)

    def panel_name(self, panel: Panel) -> str:
        """As `PanelRef` reads it: with the listener where the account alone is not enough."""
        alone = len(self.by_account.get(panel.account, ())) < 2
        return panel.account if alone else f"{panel.listener}:{panel.account}"

    def _named(self, row: Row, column: str) -> Any:
        return None if column in row.broken else row.values.get(column)

    # Changes

    def change(self, sheet: Sheet, row: Row, key: str, instance: Model) -> Change:
        """The change that the plain columns of a row are; the sheet adds its own columns to it."""
        change = Change(sheet.key, row.number, key, What.CHANGED if instance.pk else What.CREATED, instance)
        compared(sheet, row, instance, change)
        return change

    def settle(self, row: Row, change: Change) -> None:
        """Plans a change when its row is sound."""
        if row.broken:
            return
        if change.is_nothing:
            self.plan.unchanged[change.sheet] += 1
        else:
            self.plan.changes.append(change)

    def close(self) -> None:
        """Says what is missing, once everything is known that could stand for it."""
        self.plan.faults += excused(self.unresolved, Counter(self._unreadable()), self._lost())
        for (sheet, key), rows in self.lacking.items():
            told = _("缺少列“%(title)s”：新登记的 %(count)d 行须填写它。")
            figures = {"title": SHEETS[sheet].column(key).header, "count": len(rows)}
            self.plan.faults.append(Fault(sheet, rows[0], key, told, figures))
        order = {key: place for place, key in enumerate(SHEETS)}
        self.plan.faults.sort(key=lambda f: (f.sheet is not None, order.get(f.sheet or "", -1), f.row or 0))

    def _unreadable(self) -> Iterator[str]:
        """The sheet of each row that cannot be told by its key, or whose key names what stands nowhere."""
        unplaced = {(fault.sheet, fault.row, fault.column) for _target, _name, fault in self.unresolved}
        for name, read in self.book.sheets.items():
            keys = [column.key for column in read.sheet.columns[: read.sheet.keys]]
            for row in read.rows:
                if any(key not in row.values or (name, row.number, key) in unplaced for key in keys):
                    yield name

    def _lost(self) -> frozenset[str]:
        return frozenset(key for key in SHEETS if key not in self.book.sheets) if self.book.lost else frozenset()

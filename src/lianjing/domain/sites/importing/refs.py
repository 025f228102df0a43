"""Cells that name something else: a panel, zones beside this one, transmission paths. No Django, no clock."""

import re
from dataclasses import dataclass, replace
from typing import Any
from unicodedata import normalize

from lianjing.core.workbooks.cells import choice, parts, plain, shown
from lianjing.core.workbooks.faults import BadCell
from lianjing.domain.sites.equipment_entries import PathEntry
from lianjing.domain.sites.importing.cells import account, zone_number
from lianjing.domain.sites.path_rules import LEAST_S, LONGEST_S, MOST_MISSES, MOST_PATHS, settled
from lianjing.terms.premises import Listener, PathCategory, PathKind
from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class PanelRef:
    """A panel by its account; `listener` is empty when the cell does not say which."""

    account: str
    listener: str = ""

    def __str__(self) -> str:
        return f"{self.listener}:{self.account}" if self.listener else self.account


@dataclass(frozen=True, slots=True)
class ZoneRef:
    """A zone by its number; of another panel of the site when `panel` is there."""

    number: str
    panel: PanelRef | None = None

    def __str__(self) -> str:
        return f"{self.panel}/{self.number}" if self.panel else self.number


def panel_ref(raw: Any) -> PanelRef:
    """`1001`, or `surgard:1001` when two receivers have the same account."""
    head, colon, rest = plain(raw).replace("：", ":").partition(":")
    if not colon:
        return PanelRef(account(raw))
    return PanelRef(account(rest), str(choice(Listener)(head)))


def zone_ref(raw: Any) -> ZoneRef:
    """`3`, or `1002/3` for a zone of another panel of the same site."""
    head, slash, rest = normalize("NFKC", plain(raw)).rpartition("/")
    return ZoneRef(zone_number(rest), panel_ref(head) if slash else None)


_KIND, _CATEGORY = choice(PathKind), choice(PathCategory)
_MISSES = re.compile(r"[x×*]([0-9]{1,3})")


def path(raw: str) -> PathEntry:
    """`4g`, `4g:90`, `4g:90:tcp`; further parts, in any order: a category such as `SP4`, and misses such as `x3`."""
    kind, *rest = [part.strip() for part in normalize("NFKC", raw).split(":")]
    found: dict[str, Any] = {"kind": _KIND(kind)}
    for part in rest:
        if part:
            name, value = _path_part(part, raw)
            if name in found:
                raise BadCell(_("路径“%(text)s”看不懂：应如 4g:90:tcp（种类:监督间隔秒数:传输）。"), text=shown(raw))
            found[name] = value
    return PathEntry(**found)


def _path_part(part: str, raw: str) -> tuple[str, Any]:
    if re.fullmatch(r"[0-9]{1,8}s?", part):
        return "interval_s", _within(int(part.rstrip("s")), LEAST_S, LONGEST_S)
    if part.lower() in ("tcp", "udp"):
        return "transport", part.lower()
    if misses := _MISSES.fullmatch(part.lower()):
        return "misses", _within(int(misses[1]), 1, MOST_MISSES)
    if part.upper() in set(PathCategory):
        return "category", _CATEGORY(part)
    raise BadCell(_("路径“%(text)s”看不懂：应如 4g:90:tcp（种类:监督间隔秒数:传输）。"), text=shown(raw))


def _within(number: int, low: int, high: int) -> int:
    if not low <= number <= high:
        raise BadCell(_("%(number)d 超出范围：须为 %(low)d 至 %(high)d。"), number=number, low=low, high=high)
    return number


def paths(raw: Any) -> tuple[PathEntry, ...]:
    """Transmission paths in the order in which the panel tries them."""
    found = tuple(path(part) for part in parts(raw))
    if len(found) > MOST_PATHS:
        raise BadCell(_("共 %(count)d 项，最多 %(most)d 项。"), count=len(found), most=MOST_PATHS)
    return found


def paths_text(entries: "tuple[PathEntry, ...] | list[PathEntry]") -> str:
    """As `paths` reads it back."""
    return ",".join(_path_text(entry) for entry in entries)


def _path_text(entry: PathEntry) -> str:
    told = [entry.kind, str(entry.interval_s or ""), entry.transport]
    while told and not told[-1]:
        told.pop()
    if entry.category:
        told.append(entry.category)
    if entry.misses not in (None, settled(replace(entry, misses=None)).misses):
        told.append(f"x{entry.misses}")
    return ":".join(told)

"""A difference in the daily account is an alarm of the system itself (event AD).

One look is one snapshot, in which nothing is half done; even so a difference is told only when the next look finds it
too. It ends when a look finds the row in balance again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from lianjing.core.viewer import Viewer, require
from lianjing.domain.signals.account_figures import Figures, total
from lianjing.domain.signals.daily_account import Account, account_of, rows_of_account
from lianjing.domain.signals.models import AccountLook, SystemEvent
from lianjing.domain.signals.system_events import NewEvent, end_events, raise_events

KIND = "AD"
OLD_DAYS = 3
"""Days before yesterday with an open difference that are looked at in one turn at most."""
_SUBJECT = re.compile(r"account:(\d{4}-\d\d-\d\d)(?::(\d+))?")


@dataclass(slots=True)
class Look:
    """What a look at one day found: for each subject whose account differs, its company and a sentence."""

    on: date
    account: Account
    differing: dict[str, tuple[int | None, str]] = field(default_factory=dict)


def look_at_day(viewer: Viewer, on: date) -> Look:
    """Counts a day and says which companies' rows differ. Runs as the system."""
    require(viewer, "accounting.see", None)
    account = account_of(viewer, on)
    if account is None:  # pragma: no cover - the system reads every company
        raise ValueError(on)
    look = Look(on, account)
    rows = rows_of_account(viewer, account).companies
    for row in rows:
        if not row.balances:
            name = row.name if row.company_id is not None else "不属于任何公司的信号"
            differing = [one.figures for one in row.classes if not one.figures.balances]
            look.differing[_subject(on, row.company_id)] = row.company_id, _sentence(on, name, differing)
    in_rows = sum(row.figures.received for row in rows)
    if account.received != in_rows:
        told = f"{on} 对账不平：报文中共有事件 {account.received} 个，存下的信号（含重复）为 {in_rows} 个。"
        company_id, before = look.differing.get(_subject(on, None), (None, ""))
        look.differing[_subject(on, None)] = company_id, before + told
    return look


def _subject(on: date, company_id: int | None) -> str:
    return f"account:{on}" if company_id is None else f"account:{on}:{company_id}"


def _sentence(on: date, name: str, differing: Iterable[Figures]) -> str:
    """Only the classes that differ: added to those in balance they might hide each other."""
    figures = list(differing)
    whole = total(figures)
    lost, extra = sum(max(0, one.difference) for one in figures), sum(max(0, -one.difference) for one in figures)
    parts = [f"{lost} 个事件没有去向" if lost else "", f"{extra} 个去向没有对应的事件" if extra else ""]
    return (
        f"{on} 对账不平（{name}）：{'，'.join(filter(None, parts))}；不平的类别共收到 {whole.received}，"
        f"去向合计 {whole.accounted}。明细见“每日对账”。"
    )


def settle_look(look: Look, suspected: Iterable[str], *, by: Viewer, at: datetime) -> int:
    """Raises what differs and was `suspected` by the look before, ends what is in balance again, and notes the look.

    Returns how many events were raised or ended. Runs as the system.
    """
    require(by, "accounting.see", None)
    account = look.account
    AccountLook.objects.update_or_create(
        on=look.on,
        defaults={
            "looked_at": at,
            "received": account.received,
            "accounted": account.accounted,
            "differing": account.differing,
        },
    )
    known = set(suspected)
    events = [
        NewEvent(KIND, subject, at, company_id, reasons=[sentence])
        for subject, (company_id, sentence) in look.differing.items()
        if subject in known
    ]
    raised = raise_events(events, by=by, at=at) if events else []
    over = [(KIND, subject) for subject in _open_subjects() if _day_of(subject) == look.on]
    over = [(kind, subject) for kind, subject in over if subject not in look.differing]
    return len(raised) + len(end_events(over, by=by, at=at) if over else ())


def days_in_doubt(viewer: Viewer, before: date) -> list[date]:
    """Days before `before` of which a difference is open. Runs as the system."""
    require(viewer, "accounting.see", None)
    days = {day for subject in _open_subjects() if (day := _day_of(subject)) is not None and day < before}
    return sorted(days, reverse=True)[:OLD_DAYS]


def difference_lately() -> int | None:
    """What the worker's latest look at a day found, as a bare figure for monitors; None: it never looked."""
    return AccountLook.objects.order_by("-on").values_list("differing", flat=True).first()


def _open_subjects() -> list[str]:
    rows = SystemEvent.objects.filter(kind=KIND, ended_at=None).order_by("pk")
    return list(rows.values_list("subject", flat=True))


def _day_of(subject: str) -> date | None:
    found = _SUBJECT.fullmatch(subject)
    return date.fromisoformat(found[1]) if found else None

"""The sealed records of an import: one a changed thing, as the actions of a single change would have written it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from lianjing.core.changes import CHANGED
from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.planning import Change, What, sealed
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.sites.contract_policy import REASON_LIMIT, weakening
from lianjing.domain.sites.importing.columns import SHEETS

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Deeds:
    """For whom, by whom and when records are written."""

    company_id: int
    by: Viewer
    at: datetime
    source: str
    file: str = ""
    """Name of the file: why somebody is protected less, where its row does not say."""


def write_down(changes: Sequence[Change], deeds: Deeds) -> None:
    """In portions: a hundred thousand records at once would be half a gigabyte."""
    portion: list[Deed] = []
    for deed in _deeds(changes, deeds):
        portion.append(deed)
        if len(portion) == AT_ONCE:
            write_records(portion, by=deeds.by, at=deeds.at, source=deeds.source)
            portion = []
    write_records(portion, by=deeds.by, at=deeds.at, source=deeds.source)


def _deeds(changes: Sequence[Change], deeds: Deeds) -> Iterator[Deed]:
    company_id = deeds.company_id
    moments = [change for change in changes if change.sheet == "schedules"]
    for change in changes:
        if change.sheet == "contracts":
            yield _contract(change, deeds)
        elif change.sheet != "schedules":
            yield _DEED.get(change.sheet, _deed)(change, company_id)
    for _site, of_site in groupby(moments, key=lambda change: change.key):
        yield _schedule(list(of_site), company_id)


def _deed(change: Change, company_id: int) -> Deed:
    before, after = _halves(change)
    subject = change.instance._meta.model_name or ""
    done = "added" if change.what is What.CREATED else "changed"
    return Deed(f"{subject}.{done}", subject, change.instance.pk, company_id, after=after, before=before)


def _halves(change: Change) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    sheet = SHEETS[change.sheet]
    after = sealed(sheet, change.after)
    if change.weakens:
        after["weakens"] = change.weakens
    return sealed(sheet, change.before) if change.what is not What.CREATED else None, after


def _contract(change: Change, deeds: Deeds) -> Deed:
    """A state that ends or pauses the service has a reason."""
    before, after = _halves(change)
    turns = change.what is What.CHANGED and "state" in after
    if turns and weakening(after["state"]):
        after.setdefault("reason", f"导入文件 {deeds.file}"[:REASON_LIMIT])
    done = "added" if change.what is What.CREATED else "state_changed" if turns else "changed"
    return Deed(f"contract.{done}", "contract", change.instance.pk, deeds.company_id, after=after, before=before)


def _contact(change: Change, company_id: int) -> Deed:
    """Under the site, where records of contacts are looked for."""
    contact: Any = change.instance
    before, after = _halves(change)
    action = "site.contact_added" if change.what is What.CREATED else "site.contact_changed"
    return Deed(action, "site", contact.site_id, company_id, after={"contact": contact.name, **after}, before=before)


def _area(change: Change, company_id: int) -> Deed:
    area: Any = change.instance
    before, after = _halves(change)
    told = {"area": area.number, **after}
    return Deed("panel.areas_set", "panel", area.panel_id, company_id, after=told, before=before)


def _user(change: Change, company_id: int) -> Deed:
    """Names of people go into no record."""
    user: Any = change.instance
    told = {"users": CHANGED, "numbers": [user.number]}
    return Deed("panel.users_set", "panel", user.panel_id, company_id, after=told)


def _schedule(changes: list[Change], company_id: int) -> Deed:
    """What of a site's schedule came and went, as one act."""
    moment: Any = changes[0].instance
    told = {
        "before": {"moments": [change.before["moment"] for change in changes if change.what is What.REMOVED]},
        "after": {"moments": [change.after["moment"] for change in changes if change.what is What.CREATED]},
    }
    if weakens := [sentence for change in changes for sentence in change.weakens]:
        told["after"]["weakens"] = weakens
    return Deed("site.schedule_set", "site", moment.site_id, company_id, **told)


_DEED: dict[str, Callable[[Change, int], Deed]] = {
    "contacts": _contact,
    "areas": _area,
    "users": _user,
}

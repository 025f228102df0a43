"""The centre's own word on which dates people work: for the whole installation."""

from datetime import date, datetime

from django.db import transaction

from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import INSTALLATION, Viewer, require
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.sites.models import WorkdayEntry, WorkdayOverride
from lianjing.terms.sentences import marked as _

MANAGE = "installation.manage"
CHANGED = "workday.changed"
"""Its news names no company: terms in workdays are every company's."""
FIRST_YEAR, LAST_YEAR = 2000, 2099
"""A year outside is a typing slip; schedules say the same."""


@transaction.atomic
def set_workday(
    on: date, is_workday: bool, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> WorkdayOverride:
    """Says whether people work on a date, whatever the calendar says. Raises Forbidden, Refused."""
    require(by, MANAGE, INSTALLATION)
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise Refused("on", _("年份须在 %(first)d 至 %(last)d 之间。"), first=FIRST_YEAR, last=LAST_YEAR)
    known = WorkdayOverride.objects.select_for_update(no_key=True).filter(on=on).first()
    row, _made = WorkdayOverride.objects.update_or_create(on=on, defaults={"is_workday": is_workday, "reason": reason})
    before = {"is_workday": known.is_workday, "reason": known.reason} if known else None
    _take_back(on, by, at)
    WorkdayEntry.objects.create(
        valid_from=on, valid_until=on, is_workday=is_workday, reason=reason, recorded_at=at, recorded_by=by.name
    )
    _write("workday.set", on, before, {"is_workday": is_workday, "reason": reason}, by=by, at=at, source=source)
    return row


@transaction.atomic
def forget_workday(on: date, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Lets the calendar say again whether people work on a date. Raises Forbidden, Missing."""
    require(by, MANAGE, INSTALLATION)
    row = WorkdayOverride.objects.select_for_update(no_key=True).filter(on=on).first()
    if row is None:
        raise Missing(f"workday {on}")
    before = {"is_workday": row.is_workday, "reason": row.reason}
    row.delete()
    _take_back(on, by, at)
    _write("workday.forgotten", on, before, None, by=by, at=at, source=source)


def _take_back(on: date, by: Viewer, at: datetime) -> None:
    """What was entered about the date is taken for true no longer, and stays on file."""
    WorkdayEntry.objects.filter(valid_from=on, retracted_at=None).update(retracted_at=at, retracted_by=by.name)


def _write(
    action: str,
    on: date,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
    *,
    by: Viewer,
    at: datetime,
    source: str,
) -> None:
    deed = Deed(action, "workday", on.isoformat(), INSTALLATION, before=before, after=after)
    write_records([deed], by=by, at=at, source=source)
    emit([News(CHANGED, INSTALLATION, {"on": on.isoformat()})], at=at)

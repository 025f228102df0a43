"""Schedules of sites: replaced as a whole, or changed for one day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.domain.sites.actions.changing import EDIT
from lianjing.domain.sites.models import Area, ScheduleMoment, Site
from lianjing.domain.sites.schedule import Moment
from lianjing.domain.sites.schedule_changes import fingerprint, late_closing, weakenings
from lianjing.domain.sites.schedule_problems import Problem, moment_words, problems, unknown_areas
from lianjing.domain.sites.schedule_text import moment_text, users_text
from lianjing.domain.sites.schedules import moments_of, workdays
from lianjing.terms.sentences import marked as _
from lianjing.terms.sentences import words

COLUMNS = {"days": 100, "users": 200}
"""How much a row holds."""


class BadSchedule(Exception):
    """It cannot be kept; each problem names its moment and field."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__("；".join(words(problem) for problem in found))
        self.problems = list(found)


LATE = "sites.late_closing"
"""Who sits at the desk may put off a closing for one day: a shop that closes later calls there."""


@transaction.atomic
def set_schedule(
    site_id: int,
    moments: Sequence[Moment],
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
    seen: str = "",
) -> bool:
    """Replaces the schedule of a site; False when nothing changes. One record tells what went and what came.

    `seen` is the fingerprint of the schedule that the person saw while writing: when another was saved meanwhile, it
    is Refused. Raises Missing, Forbidden, BadSchedule.
    """
    site, had = _site(site_id, by)
    if seen and seen != fingerprint(had):
        raise Refused("", _("别人刚刚改过这份时间表。请先看下方现在的时间表，再保存。"))
    return _replace(site, had, moments, Actor(by, at, source), weakens=weakenings(had, moments))


@transaction.atomic
def allow_late_closing(
    site_id: int, day: date, until: time, asked_by: str, *, by: Viewer, at: datetime, source: str = "", reason: str = ""
) -> bool:
    """An exception for one day: the site need not be closed before `until`. `asked_by` names who asked for it.

    Raises Missing, Forbidden, BadSchedule, or Refused where nothing is to be put off.
    """
    site, had = _site(site_id, by, LATE)
    if not asked_by.strip():
        raise Refused("asked_by", _("请写明是谁要求的。"))
    has = late_closing(had, workdays(by), day, until)
    told = words(_late(day, until))
    more = {"asked_by": asked_by.strip(), **({"reason": reason.strip()} if reason.strip() else {})}
    return _replace(site, had, has, Actor(by, at, source), weakens=[told], more=more)


def _late(day: date, until: time) -> Problem:
    return Problem(0, "", _("%(day)s 布防推迟到 %(until)s"), {"day": day.isoformat(), "until": f"{until:%H:%M}"})


def _site(site_id: int, by: Viewer, permission: str = EDIT) -> tuple[Site, list[Moment]]:
    """The site, locked, with its present schedule."""
    site = locked(Site.objects.all(), site_id, by, see="sites.see")
    require(by, permission, site.company_id)
    return site, moments_of(by, [site_id]).get(site_id, [])


def _replace(
    site: Site,
    had: Sequence[Moment],
    has: Sequence[Moment],
    actor: Actor,
    *,
    weakens: Sequence[str],
    more: dict[str, Any] | None = None,
) -> bool:
    rows = [_row(site, moment) for moment in has]
    areas = set(Area.objects.filter(panel__site=site, panel__removed_at=None).values_list("number", flat=True))
    if wrong := [*problems(has, workdays(actor.by)), *unknown_areas(has, had, areas), *_too_long(rows)]:
        raise BadSchedule(wrong)
    if fingerprint(had) == fingerprint(has):
        return False
    ScheduleMoment.objects.filter(site=site).delete()
    ScheduleMoment.objects.bulk_create(rows)
    before = {"moments": [_told(moment) for moment in had if moment not in has]}
    after = {"moments": [_told(moment) for moment in has if moment not in had], **(more or {})}
    write_down("site.schedule_set", site, site.company_id, actor, before=before, after=after, weakens=weakens)
    return True


def _row(site: Site, moment: Moment) -> ScheduleMoment:
    text = moment_text(moment)
    return ScheduleMoment(
        site=site,
        area=text["area"],
        kind=text["kind"],
        days=text["days"],
        begins=moment.begins,
        ends=moment.ends,
        tolerance=max(0, int(moment.tolerance / timedelta(minutes=1))),
        users=text["users"],
    )


def _too_long(rows: Iterable[ScheduleMoment]) -> Iterable[Problem]:
    for index, row in enumerate(rows):
        if len(row.days) > COLUMNS["days"]:
            yield Problem(index, "days", _("日期太多，一行放不下：请分成几行。"), {})
        if len(row.users) > COLUMNS["users"]:
            yield Problem(index, "users", _("用户号太多，一行放不下：请分成几行。"), {})


def _told(moment: Moment) -> str:
    users = f"，用户 {users_text(moment.users)}" if moment.users else ""
    return words(moment_words(moment)) + users

"""The sheet `schedules`. The rows of a site are its whole schedule; a site that no row names keeps its own."""

from dataclasses import dataclass
from datetime import time

from lianjing.core.workbooks.planning import Change, What
from lianjing.core.workbooks.reading import Row
from lianjing.core.workdays import Workdays
from lianjing.domain.sites.importing import standing
from lianjing.domain.sites.importing.columns import SCHEDULES
from lianjing.domain.sites.importing.entering.scene import Scene
from lianjing.domain.sites.models import ScheduleMoment, Site
from lianjing.domain.sites.schedule import Moment
from lianjing.domain.sites.schedule_changes import weakenings
from lianjing.domain.sites.schedule_problems import moment_words, problems, unknown_areas
from lianjing.domain.sites.schedule_text import BadMoment, moment_text, parse_moment
from lianjing.domain.sites.schedules import workdays
from lianjing.terms.sentences import Said, words

TOLERANCE = ScheduleMoment._meta.get_field("tolerance").default
_COLUMNS = {"tolerance_minutes": "tolerance"}
"""Columns that the schedule calls otherwise."""


@dataclass(slots=True)
class _OfSite:
    site: Site
    rows: list[Row]
    areas: set[str]
    """Of its panels, those in the file among them."""


def enter_schedules(scene: Scene) -> None:
    by_site: dict[str, _OfSite] = {}
    for row in scene.book.rows("schedules"):
        site = scene.site_of("schedules", row)
        if site is not None:
            by_site.setdefault(site.code, _OfSite(site, [], set())).rows.append(row)
    _find_areas(scene, by_site)
    calendar = workdays(scene.viewer) if by_site else Workdays()
    stands = standing.moments(scene.viewer, [one.site.pk for one in by_site.values() if one.site.pk])
    for one in by_site.values():
        _enter(scene, one, stands.get(one.site.pk, []) if one.site.pk else [], calendar)


def _find_areas(scene: Scene, by_site: dict[str, _OfSite]) -> None:
    by_id = {one.site.pk: one for one in by_site.values() if one.site.pk}
    for site_id, areas in standing.areas_of_sites(scene.viewer, by_id).items():
        by_id[site_id].areas.update(area.number for area in areas)
    for area in scene.areas.values():
        panel = area.panel
        if (panel.pk or "site" in panel._state.fields_cache) and panel.site.code in by_site:
            by_site[panel.site.code].areas.add(area.number)


def _enter(scene: Scene, one: _OfSite, stands: list[ScheduleMoment], calendar: Workdays) -> None:
    parsed = [(row, moment) for row in one.rows if (moment := _parsed(scene, row)) is not None]
    has = [moment for _row, moment in parsed]
    if len(parsed) == len(one.rows):
        known = [moment for stored in stands if (moment := _read(stored)) is not None]
        for problem in (*problems(has, calendar), *unknown_areas(has, known, one.areas)):
            row = parsed[min(problem.index, len(parsed) - 1)][0]
            _fault(scene, row, problem.field, problem)
    had: dict[tuple[str, ...], list[ScheduleMoment]] = {}
    for stored in stands:
        had.setdefault(_as_stored(stored), []).append(stored)
    changes = []
    for row, moment in parsed:
        change = Change("schedules", row.number, one.site.code, What.CREATED, _row_of(one.site, moment))
        if same := had.get(_text(moment)):
            same.pop()
            change.what = What.CHANGED
        else:
            change.note("moment", None, words(moment_words(moment)))
            changes.append(change)
        scene.settle(row, change)
    if not any(row.broken for row in one.rows):
        changes += [_removed(scene, one.site, moment) for moments in had.values() for moment in moments]
        if changes and stands:
            readable = [moment for stored in stands if (moment := _read(stored)) is not None]
            changes[0].weakens += weakenings(readable, has)


def _parsed(scene: Scene, row: Row) -> Moment | None:
    scene.needs("schedules", row, *SCHEDULES.needed)
    if row.broken:
        return None
    told = row.values
    try:
        return parse_moment(
            told["kind"],
            told.get("days", "daily"),
            told["begins"],
            told["ends"],
            str(told.get("tolerance", TOLERANCE)),
            ",".join(told.get("users", ())),
            told.get("area", ""),
        )
    except BadMoment as bad:
        for fault in bad.faults:
            _fault(scene, row, fault.field, fault)
        return None


def _fault(scene: Scene, row: Row, field: str, said: Said) -> None:
    scene.fault("schedules", row, _COLUMNS.get(field, field), said.sentence, **said.figures)


def _text(moment: Moment) -> tuple[str, ...]:
    return tuple(moment_text(moment).values())


def _read(row: ScheduleMoment) -> Moment | None:
    begins, ends = row.begins.strftime("%H:%M"), row.ends.strftime("%H:%M")
    try:
        return parse_moment(row.kind, row.days, begins, ends, str(row.tolerance), row.users, row.area)
    except BadMoment:
        return None


def _as_stored(row: ScheduleMoment) -> tuple[str, ...]:
    """As `_text` tells it; what cannot be read is like nothing else, and is replaced."""
    moment = _read(row)
    return ("", str(row.pk)) if moment is None else _text(moment)


def _row_of(site: Site, moment: Moment) -> ScheduleMoment:
    told = moment_text(moment)
    ends = time(0) if told["ends"] == "24:00" else moment.ends
    return ScheduleMoment(
        site=site,
        area=moment.area,
        kind=told["kind"],
        days=told["days"],
        begins=moment.begins,
        ends=ends,
        tolerance=int(told["tolerance_minutes"]),
        users=told["users"],
    )


def _removed(scene: Scene, site: Site, stored: ScheduleMoment) -> Change:
    change = Change("schedules", None, site.code, What.REMOVED, stored)
    moment = _read(stored)
    change.before["moment"] = words(moment_words(moment)) if moment else str(stored)
    scene.plan.changes.append(change)
    return change

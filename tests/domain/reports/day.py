"""A day of twelve cases, written out, whose figures anybody can compute by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from lianjing.domain.incidents import actions
from lianjing.domain.incidents.duty_facts import duties_of
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.moving import Actor, finish_move
from lianjing.domain.incidents.police_reporting import confirm_notice, waive_police
from lianjing.domain.plans.actions import PlanPlace, add_plan, approve_version, put_in_force, save_draft
from tests.cast import NOON, Cast, Sent, alarm, make_site

DAY = date(2026, 11, 23)
"""A Monday."""
INTAKE = 0.1
"""Seconds from the receiver to the queue (t1 − t0), as `alarm` treats."""


class Case(NamedTuple):
    """Clock times in the centre's zone; the others are seconds after the case came into the queue (t1)."""

    at: str
    code: str
    who: str
    taken: int
    acted: int | None
    sent: tuple[int, str] | None
    closed: int | None
    result: str
    cause: str
    held: int | None = None


CASES = (
    Case("08:00", "HA", "olivia", 2, 25, (30, "110"), 300, "real", "robbery"),
    Case("08:20", "FA", "olivia", 3, 55, (58, "119"), 600, "human_false", "steam"),
    Case("09:00", "HA", "oscar", 4, 70, None, 400, "human_false", "pressed by mistake"),
    Case("09:10", "BA", "oscar", 5, 10, (40, "patrol"), 900, "real", "broken window"),
    Case("09:20", "BA", "olivia", 6, 9, (60, "patrol"), 1000, "device_false", "loose magnet"),
    # Put on hold four seconds after it was taken: no response; the first act comes at 65 s.
    Case("10:00", "BA", "olivia", 8, 65, None, 80, "human_false", "误操作", held=12),
    # Closed five seconds after it was taken.
    Case("10:10", "BA", "oscar", 10, 12, None, 15, "human_false", "cleaner"),
    Case("10:20", "BA", "oscar", 12, 14, None, 23, "human_false", "delivery"),
    Case("11:00", "BA", "olivia", 15, 100, None, 200, "human_false", "误 操作"),
    Case("11:10", "BA", "olivia", 20, 185, None, 300, "human_false", "误操作"),
    # Held seven seconds after it was taken, and nothing since: still open.
    Case("11:20", "BA", "oscar", 25, None, None, None, "", "", held=32),
    Case("11:30", "BA", "oscar", 40, 45, None, 60, "human_false", "late worker"),
)


def instant(clock: str) -> datetime:
    """Of the day, from the clock on the centre's wall (eight hours ahead of UTC)."""
    hour, minute = map(int, clock.split(":"))
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def live(cast: Cast) -> list[Incident]:
    """Lets the day happen, each case at a site of its own."""
    for event_class, service in (("intrusion", ""), ("hold_up", "110"), ("fire", "119")):
        ask_for_little(cast, event_class, service)
    return [_lead(cast, number, told) for number, told in enumerate(CASES, 1)]


def ask_for_little(cast: Cast, event_class: str, service: str) -> None:
    """Puts a plan in force that wants no more than help where there must be some: the day's cases end as they are
    written above."""
    writer, approver = {"by": cast.viewer("leo"), "at": NOON}, {"by": cast.viewer("mia"), "at": NOON}
    version = add_plan(cast.company.pk, PlanPlace(event_class), "nothing", **writer)
    tell = {"key": "a", "kind": "notify_police", "title": "tell", "service": service, "required": True, "next": "end"}
    steps = [*([tell] if service else []), {"key": "end", "kind": "end", "title": "end"}]
    save_draft(version.pk, steps, **writer)
    approve_version(version.pk, **approver)
    put_in_force(version.pk, **approver)


def _lead(cast: Cast, number: int, told: Case) -> Incident:
    site = make_site(cast.company, f"Site {number}", f"30{number:02d}")
    case = alarm(Sent(account=f"30{number:02d}", code=told.code, at=instant(told.at)))
    queued, by = instant(told.at) + timedelta(seconds=INTAKE), cast.viewer(told.who)

    def at(seconds: int) -> datetime:
        return queued + timedelta(seconds=seconds)

    actions.take_incident(case.pk, by=by, at=at(told.taken))
    if told.held is not None:
        finish_move(Incident.objects.get(pk=case.pk), "incident.held", Actor(by, at(told.held), ""))
    if told.acted is not None:
        outcome = "real" if told.result == "real" else "false"
        how = "video" if told.code == "HA" else "call"
        actions.verify_incident(case.pk, how=how, outcome=outcome, by=by, at=at(told.acted))
    if told.sent is not None:
        actions.forward_incident(case.pk, to=told.sent[1], by=by, at=at(told.sent[0]))
    if told.closed is not None:
        if duties_of(Incident.objects.get(pk=case.pk)) or (told.code == "HA" and told.sent is None):
            waive_police(case.pk, reason="police_there", by=by, at=at(told.closed))
        actions.dispose_incident(case.pk, result=told.result, cause=told.cause, by=by, at=at(told.closed))
        if Incident.objects.get(pk=case.pk).receipt_owed:
            confirm_notice(case.pk, by=by, at=at(told.closed))
        actions.close_incident(case.pk, by=by, at=at(told.closed))
    assert case.site_id == site.pk
    return case

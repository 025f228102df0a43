"""What was handled on paper is entered with its original times, once, and marked as such."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents import actions
from lianjing.domain.incidents.milestones import LAPSES
from lianjing.domain.incidents.models import Incident, PaperEntry
from lianjing.domain.incidents.paper import enter_paper_case
from lianjing.domain.incidents.paper_policy import PaperCase, problem_with
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast

ENTERED_AT = NOON + timedelta(hours=6)


def after(minutes: float) -> Any:
    return NOON + timedelta(minutes=minutes)


SHEET = PaperCase(
    key="sheet-1",
    site_id=0,
    event_class="intrusion",
    grade=2,
    what="window broken, owner told",
    handled_by="Wang",
    received_at=NOON,
    verified_at=after(2),
    forwarded_at=after(5),
    forwarded_to="patrol",
    arrived_at=after(20),
    closed_at=after(45),
    result="real",
    cause="stone",
)

TIMES = {
    name: getattr(SHEET, name) for name in ("received_at", "verified_at", "forwarded_at", "arrived_at", "closed_at")
}


def enter(cast: Cast, who: str = "olivia", **changes: object) -> Incident:
    sheet = replace(SHEET, **{"site_id": cast.shop.pk, **changes})
    return enter_paper_case(sheet, by=cast.viewer(who), at=ENTERED_AT, source="10.0.0.5")


def test_it_is_a_closed_case_with_both_times(cast: Cast) -> None:
    case = enter(cast)
    assert (case.state, case.on_paper, case.opened_at, case.closed_at) == ("closed", True, NOON, after(45))
    assert (case.paper.entered_at, case.paper.entered_by, case.paper.handled_by) == (
        ENTERED_AT,
        cast.users["olivia"],
        "Wang",
    )
    record = Record.objects.get(action="incident.paper_entered")
    assert (record.at, record.after["received_at"], record.after["closed_at"]) == (
        ENTERED_AT,
        NOON.isoformat(),
        after(45).isoformat(),
    )


def test_its_times_are_kept_and_none_is_measured(cast: Cast) -> None:
    times = enter(cast).times
    assert (times.on_paper, times.dispatched_at, times.police_at, times.arrived_at) == (True, after(5), None, after(20))
    assert {getattr(times, lapse.name) for lapse in LAPSES} == {None}


def test_sent_twice_it_is_entered_once(cast: Cast) -> None:
    assert enter(cast) == enter(cast, what="typed again")
    assert (PaperEntry.objects.count(), Incident.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closed_at": after(1000)}, "closed_at"),
        ({"verified_at": after(-1)}, "verified_at"),
        ({"arrived_at": after(4)}, "arrived_at"),
        ({"closed_at": after(19)}, "closed_at"),
        ({"forwarded_to": ""}, "forwarded_to"),
        ({"forwarded_at": None}, "forwarded_at"),
        ({"forwarded_at": None, "forwarded_to": ""}, "forwarded_at"),
        ({"handled_by": "  "}, "handled_by"),
        ({"cause": "x" * 501}, "cause"),
        ({"what": "half a character \ud800"}, "what"),
        ({"result": "won"}, "result"),
        ({"event_class": "ghost"}, "event_class"),
        ({"received_at": NOON - timedelta(days=400)}, "received_at"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(cast: Cast, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        enter(cast, **changes)
    assert (refused.value.field, Incident.objects.count()) == (field, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"event_class": "fire", "forwarded_to": "119", "forwarded_at": after(1), "verified_at": after(3)},
        {"forwarded_at": after(1), "arrived_at": after(10), "verified_at": after(12)},
        {"verified_at": after(45), "forwarded_at": NOON, "arrived_at": NOON},
    ],
)
def test_forwarding_may_come_before_verifying_and_verifying_after_arrival(
    cast: Cast, changes: dict[str, object]
) -> None:
    assert enter(cast, **changes).state == "closed"


def test_steps_that_were_not_taken_are_left_out() -> None:
    bare = replace(SHEET, verified_at=None, forwarded_at=None, forwarded_to="", arrived_at=None)
    assert problem_with(bare, ENTERED_AT) is None


def test_only_the_desk_of_the_company_enters(cast: Cast) -> None:
    with pytest.raises(Missing):
        enter(cast, "sam")
    for name in ("mia", "polly"):
        with pytest.raises(Forbidden):
            enter(cast, name)


def test_a_paper_case_that_is_reopened_stays_out_of_the_times(cast: Cast) -> None:
    case, leo = enter(cast), cast.viewer("leo")
    actions.reopen_incident(case.pk, reason="owner called", by=leo, at=ENTERED_AT)
    actions.take_incident(case.pk, by=leo, at=ENTERED_AT)
    assert {getattr(Incident.objects.get().times, lapse.name) for lapse in LAPSES} == {None}

"""The worker that looks after the queue, and the browsers that it must not take for gone."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from lianjing.core.outbox.pulse import WEB, beat, last_beat
from lianjing.domain.incidents.actions import take_incident
from lianjing.domain.incidents.models import Incident
from lianjing.domain.people.models import Duty
from lianjing.web.console.presence import _mark
from lianjing.workers import escalation
from lianjing.workers.escalation import Escalation
from tests.cast import Cast, alarm

HOUR = timedelta(hours=1)


class Clock:
    """Time as the worker reads it."""

    def __init__(self) -> None:
        self.at = timezone.now()

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(escalation.timezone, "now", made.now)
    return made


def test_an_absent_browser_is_only_gone_while_somebody_listens_and_some_time_after(cast: Cast, clock: Clock) -> None:
    case, worker = alarm(), Escalation()
    take_incident(case.pk, by=cast.viewer("olivia"), at=clock.at)
    Duty.objects.update(seen_at=clock.at)
    clock.at += HOUR
    holders = []
    for beats, seconds in ((False, 1), (True, 1), (True, 29), (False, 40), (True, 1), (True, 15), (True, 15)):
        clock.at += timedelta(seconds=seconds)
        if beats:
            beat(WEB, clock.at)
        worker.turn()
        holders.append(Incident.objects.get().holder_id)
    assert [holder is None for holder in holders] == [False] * 6 + [True]


def test_a_web_process_says_whose_browsers_are_there_and_that_it_listens(cast: Cast) -> None:
    take_incident(alarm().pk, by=cast.viewer("olivia"), at=timezone.now())
    _mark([cast.viewer("olivia"), cast.viewer("leo")])
    assert Duty.objects.get().seen_at is not None
    assert last_beat(WEB) is not None
    _mark([])


def test_a_turn_escalates_and_ends_holds(cast: Cast, clock: Clock) -> None:
    case, worker = alarm(), Escalation()
    Incident.objects.filter(pk=case.pk).update(escalate_at=clock.at, held_until=clock.at, queue_level=9, return_level=7)
    assert worker.turn() == 1  # back from hold; its clock of escalation starts anew
    clock.at += HOUR
    assert worker.turn() == 1
    found = Incident.objects.get()
    assert (found.queue_level, found.held_until, found.escalated_to) == (7, None, "leader")
    assert worker.turn() == 0

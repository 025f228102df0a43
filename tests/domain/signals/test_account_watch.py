"""A difference in the daily account becomes a case, and ends when the account balances again."""

from datetime import date, timedelta

import pytest

from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.queries import queue_counts
from lianjing.domain.signals.account_watch import days_in_doubt, look_at_day, settle_look
from lianjing.domain.signals.models import AccountLook, Frame, SystemEvent, Treatment
from lianjing.workers import accounting
from tests.cast import NOON, SYSTEM, Cast, Sent, journal, treat

TODAY = NOON.date()


def look(suspected: set[str] | None = None, on: date = TODAY) -> set[str]:
    """A look; what differed."""
    found = look_at_day(SYSTEM, on)
    settle_look(found, suspected or set(), by=SYSTEM, at=NOON)
    return set(found.differing)


@pytest.fixture
def harmed(cast: Cast) -> Treatment:
    """A fate that is none, by a hand in the database."""
    journal(Sent(account="2001"))
    signal_id = journal(Sent(code="RP"))
    treat()
    Treatment.objects.filter(pk=signal_id).update(fate="lost")
    return Treatment.objects.get(pk=signal_id)


def test_a_difference_that_two_looks_find_is_a_case_of_its_company(cast: Cast, harmed: Treatment) -> None:
    first = look()
    assert SystemEvent.objects.count() == 0
    assert look(first) == first
    event = SystemEvent.objects.get()
    assert (event.kind, event.company, event.grade, event.event_class) == ("AD", cast.company, 2, "system")
    assert event.reasons == [
        "2026-11-22 对账不平（Harbour Alarm）：1 个事件没有去向；不平的类别共收到 1，去向合计 0。明细见“每日对账”。"
    ]
    open_event_cases(by=SYSTEM, at=NOON)
    case = Incident.objects.get(code="AD")
    assert (case.company, case.site, case.grade) == (cast.company, None, 2)
    assert sum(queue_counts(cast.viewer("olivia")).values()) == 1
    look(first)
    assert SystemEvent.objects.count() == 1


def test_a_difference_that_only_one_look_finds_is_none(cast: Cast, harmed: Treatment) -> None:
    first = look()
    Treatment.objects.filter(pk=harmed.pk).update(fate="automatic")
    assert look(first) == set()
    assert SystemEvent.objects.count() == 0


def test_it_ends_when_the_account_balances_again(cast: Cast, harmed: Treatment) -> None:
    look(look())
    open_event_cases(by=SYSTEM, at=NOON)
    assert days_in_doubt(SYSTEM, TODAY + timedelta(days=1)) == [TODAY]
    Treatment.objects.filter(pk=harmed.pk).update(fate="automatic")
    look()
    open_event_cases(by=SYSTEM, at=NOON)
    event = SystemEvent.objects.get()
    assert event.ended_at == NOON
    assert event.end_told_at == NOON
    assert days_in_doubt(SYSTEM, TODAY + timedelta(days=1)) == []


def test_two_differences_that_hide_each_other_in_the_whole_are_both_told(cast: Cast, harmed: Treatment) -> None:
    Treatment.objects.filter(company=cast.other).update(received_at=NOON - timedelta(days=1))
    looked = look_at_day(SYSTEM, TODAY)
    assert {company_id for company_id, _ in looked.differing.values()} == {cast.company.pk, cast.other.pk}
    assert not looked.account.balances


def test_frames_that_tell_of_more_events_than_were_stored_are_the_installations_business(cast: Cast) -> None:
    signal_id = journal(Sent(code="RP"))
    treat()
    Frame.objects.filter(pk=signal_id).update(event_count=2)
    look(look())
    event = SystemEvent.objects.get()
    assert (event.company, event.subject) == (None, "account:2026-11-22")
    open_event_cases(by=SYSTEM, at=NOON)
    assert sum(queue_counts(cast.viewer("ada")).values()) == 1
    assert sum(queue_counts(cast.viewer("olivia")).values()) == 0


def test_what_waits_is_no_difference_and_each_look_is_noted(cast: Cast) -> None:
    journal(Sent())
    assert look() == set()
    noted = AccountLook.objects.get()
    assert (noted.on, noted.received, noted.accounted, noted.differing) == (TODAY, 1, 1, 0)


def test_the_worker_raises_on_its_second_look_and_looks_at_both_days(
    cast: Cast, harmed: Treatment, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock:
        now, monotonic_s = NOON, 0.0

    monkeypatch.setattr(accounting.timezone, "now", lambda: Clock.now)
    monkeypatch.setattr(accounting.time, "monotonic", lambda: Clock.monotonic_s)
    worker = accounting.Accounting()
    worker.turn()
    assert set(AccountLook.objects.values_list("on", flat=True)) == {TODAY, TODAY - timedelta(days=1)}
    worker.turn()
    assert SystemEvent.objects.count() == 0
    Clock.monotonic_s += accounting.DOUBT_S
    worker.turn()
    assert Incident.objects.filter(code="AD").count() == 1

"""The lists and pages of signals: by what became of them, the ledger of what was hidden, and the watch lists."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.signals import daily_account, ledger, signal_list
from lianjing.domain.signals.models import Condition, Decision, PanelWatch, Runaway, Treatment
from lianjing.domain.signals.policy import PIPELINE
from lianjing.domain.signals.signal_list import SignalFilter
from lianjing.domain.signals.signal_page import reasons_of, signal_page
from lianjing.domain.signals.suppressing import Asked, add_suppression
from lianjing.domain.signals.watch_lists import LISTS, watch_counts, watch_list
from lianjing.domain.sites.models import Panel, TransmissionPath, Zone
from tests.cast import NOON, Cast, Sent, journal, put_on_test, treat

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon_is_today(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (daily_account, ledger, signal_list):
        monkeypatch.setattr(module, "today", lambda: date(2026, 11, 22))


def sent(cast: Cast, *messages: Sent) -> list[int]:
    ids = [journal(message) for message in messages]
    treat()
    return ids


def listed(cast: Cast, by: str = "olivia", **wanted: object) -> list[int]:
    return [line.id for line in signal_list.signal_list(cast.viewer(by), SignalFilter(**wanted), now=NOON)]  # type: ignore[arg-type]


def hide(signal_id: int, rule: str = "runaway", at: datetime | None = None) -> None:
    """As the pipeline would have decided."""
    columns = {"fate": "suppressed", "rule": rule} | ({"received_at": at} if at else {})
    Treatment.objects.filter(pk=signal_id).update(**columns)


# Signals


def test_signals_are_listed_by_place_class_fate_and_day(cast: Cast) -> None:
    old, alarm, opening, bank, mill = sent(
        cast,
        Sent(at=NOON - DAY),
        Sent(at=NOON + timedelta(minutes=1)),
        Sent(code="OP", at=NOON + timedelta(minutes=2)),
        Sent(account="1002", at=NOON + timedelta(minutes=3)),
        Sent(account="2001", at=NOON + timedelta(minutes=4)),
    )
    assert listed(cast) == [bank, opening, alarm]
    assert listed(cast, "ada") == [mill, bank, opening, alarm]
    assert listed(cast, "sam") == [mill]
    assert listed(cast, text="1001") == listed(cast, text="corner") == [opening, alarm, old]
    assert listed(cast, text="2001") == listed(cast, text="nowhere") == []
    assert listed(cast, event_class="open_close") == listed(cast, fate="automatic") == [opening]
    assert listed(cast, on=date(2026, 11, 21)) == [old]


def test_an_account_that_no_site_has_is_the_installations(cast: Cast) -> None:
    (unknown,) = sent(cast, Sent(account="7777"))
    assert (listed(cast, "ada", text="7777"), listed(cast, text="7777")) == ([unknown], [])


def test_signals_are_paged_without_a_gap(cast: Cast) -> None:
    ids = sent(cast, *[Sent(at=NOON + timedelta(seconds=n)) for n in range(5)])
    olivia, wanted = cast.viewer("olivia"), SignalFilter()
    first = signal_list.signal_list(olivia, wanted, now=NOON, limit=3)
    rest = signal_list.signal_list(olivia, wanted, now=NOON, after=first[-1].id, limit=3)
    assert [line.id for line in (*first, *rest)] == ids[::-1]


def test_what_waits_is_listed_before_anybody_has_treated_it(cast: Cast) -> None:
    waiting = journal(Sent(at=NOON - timedelta(seconds=1)))
    assert listed(cast, fate="waiting") == [waiting]


def test_the_page_of_a_signal_tells_the_whole_way(cast: Cast) -> None:
    (signal_id,) = sent(cast, Sent())
    Decision.objects.update_or_create(
        pk=signal_id,
        defaults={
            "rule": "needs_a_person",
            "author": "系统",
            "steps": [["account", ""], ["test", "no test"], ["person", "an alarm"]],
            "decided_at": NOON,
        },
    )
    page = signal_page(cast.viewer("olivia"), signal_id)
    assert page is not None
    assert [(step.name, step.standing) for step in page.steps][:3] == [
        ("account", "passed"),
        ("test", "passed"),
        ("person", "decided"),
    ]
    assert {step.standing for step in page.steps[3:]} == {"unasked"}
    assert {step.name for step in page.steps} == {name for name, _ in PIPELINE}
    reasons = reasons_of(cast.viewer("olivia"), [signal_id])
    assert reasons[signal_id].sentences == ("no test", "an alarm")
    assert reasons_of(cast.viewer("sam"), [signal_id]) == {}
    assert signal_page(cast.viewer("sam"), signal_id) is None


def test_a_signal_of_which_no_steps_were_kept_has_a_page_all_the_same(cast: Cast) -> None:
    (signal_id,) = sent(cast, Sent())
    Decision.objects.filter(pk=signal_id).delete()
    page = signal_page(cast.viewer("olivia"), signal_id)
    assert page is not None
    assert (page.steps, page.author, page.line.fate) == ((), "", "in_case")


def test_the_page_names_the_test_and_the_rule_that_a_signal_belongs_to(cast: Cast) -> None:
    other = put_on_test(cast.shop, NOON + DAY, classes=["fault"])
    test = put_on_test(cast.shop, NOON + DAY)
    on_test, hidden = sent(cast, Sent(), Sent(account="1002"))
    zone = Zone.objects.get(panel__account="1002", number="3")
    rule = add_suppression(Asked(zone_id=zone.pk, reason="x", expires_at=NOON + DAY), by=cast.viewer("leo"), at=NOON)
    hide(hidden, f"suppression:{rule.pk}")
    pages = [signal_page(cast.viewer("olivia"), pk) for pk in (on_test, hidden)]
    assert [(page.test_id, page.suppression) for page in pages if page] == [(test.pk, None), (None, rule)]
    assert other.pk != test.pk


# Ledger


def test_the_ledger_counts_what_was_hidden_by_rule(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rule = add_suppression(
        Asked(panel_id=Panel.objects.get(account="1001").pk, event_class="fault", reason="x", expires_at=NOON + DAY),
        by=cast.viewer("leo"),
        at=NOON,
    )
    ids = sent(cast, *[Sent(code="OP")] * 6, Sent(code="OP", account="2001"))
    for pk, days in zip(ids, (0, 0, 2, 8, 29, 30, 0), strict=True):
        hide(pk, at=NOON - days * DAY)
    with django_assert_num_queries(3):
        lines = ledger.ledger(cast.viewer("olivia"), now=NOON)
    assert [(line.rule, line.today, line.week, line.month, line.in_force(NOON)) for line in lines] == [
        ("runaway", 2, 3, 5, False),
        (f"suppression:{rule.pk}", 0, 0, 0, True),
    ]
    assert [line.rule for line in ledger.ledger(cast.viewer("sam"), now=NOON)] == ["runaway"]


def test_an_expired_rule_stays_in_the_ledger_while_it_has_hidden_something(cast: Cast) -> None:
    zone = Zone.objects.get(panel__account="1001", number="3")
    rule = add_suppression(Asked(zone_id=zone.pk, reason="x", expires_at=NOON + DAY), by=cast.viewer("leo"), at=NOON)
    assert len(ledger.ledger(cast.viewer("olivia"), now=NOON + 2 * DAY)) == 0
    sent(cast, Sent())
    (line,) = ledger.ledger(cast.viewer("olivia"), now=NOON + 2 * DAY)
    assert (line.row, line.month, line.in_force(NOON + 2 * DAY)) == (rule, 1, False)


# Watch lists


def condition(panel: Panel, key: int, **told: object) -> None:
    usual = {"company": panel.site.company, "site": panel.site, "panel": panel, "key": str(key)}
    usual |= {"event_class": "intrusion", "began_at": NOON, "overdue_at": NOON + timedelta(hours=1)}
    Condition.objects.create(signal_id=key, **usual | told)


def one_of_each(panel: Panel) -> None:
    condition(panel, panel.pk)
    PanelWatch.objects.create(panel=panel, test_late_since=NOON, skewed_since=NOON, skew_s=-200)
    TransmissionPath.objects.create(panel=panel, place=1, kind="4g", lost_at=NOON)
    Runaway.objects.create(key=f"{panel.pk}", panel=panel, event_class="fault", tokens=0, at=NOON, running_since=NOON)
    Panel.objects.filter(pk=panel.pk).update(activated_at=None)


def test_each_list_shows_what_is_the_companys_and_counts_it(cast: Cast) -> None:
    for panel in Panel.objects.select_related("site__company"):
        one_of_each(panel)
    assert watch_counts(cast.viewer("olivia")) == dict.fromkeys(LISTS, 2)
    assert watch_counts(cast.viewer("ada")) == dict.fromkeys(LISTS, 3)
    for name in LISTS:
        found = watch_list(cast.viewer("sam"), name, now=NOON)
        assert [(line.site_name, line.account) for line in found] == [("Hill Mill", "2001")], name


def test_a_removed_panel_is_watched_no_more(cast: Cast) -> None:
    panel = Panel.objects.select_related("site__company").get(account="1001")
    one_of_each(panel)
    Panel.objects.filter(pk=panel.pk).update(removed_at=NOON)
    assert watch_counts(cast.viewer("olivia")) == dict.fromkeys(LISTS, 0)


def test_what_is_overdue_comes_first_then_the_oldest(cast: Cast) -> None:
    panel = Panel.objects.select_related("site__company").get(account="1001")
    hour = timedelta(hours=1)
    condition(panel, 1, began_at=NOON - 20 * hour, is_mains=True, event_class="fault", overdue_at=NOON + 4 * hour)
    condition(panel, 2, began_at=NOON - 2 * hour, overdue_at=None)
    condition(panel, 3, began_at=NOON - 3 * hour, overdue_at=NOON - 2 * hour)
    condition(panel, 4, began_at=NOON - 30 * hour, ended_at=NOON)
    condition(panel, 5, began_at=NOON - 30 * hour, event_class="fault", overdue_at=None)
    olivia = cast.viewer("olivia")
    first = watch_list(olivia, "unrestored", now=NOON, limit=2)
    rest = watch_list(olivia, "unrestored", now=NOON, after=first[-1].cursor, limit=2)
    assert [line.signal_id for line in (*first, *rest)] == [3, 2, 1]
    assert [line.facts["overdue"] for line in (*first, *rest)] == [True, True, False]


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_paged_without_a_gap_and_take_any_cursor(cast: Cast, name: str) -> None:
    for panel in Panel.objects.select_related("site__company"):
        one_of_each(panel)
    ada = cast.viewer("ada")
    everything = watch_list(ada, name, now=NOON)
    first = watch_list(ada, name, now=NOON, limit=1)
    rest = watch_list(ada, name, now=NOON, after=first[-1].cursor)
    assert [line.account for line in (*first, *rest)] == [line.account for line in everything]
    assert len(everything) == 3
    for cursor in ("x", "0|x|1", "0|2026-11-22T00:00:00|1", "7|2026-11-22T00:00:00+00:00|1", "0|2026-13-99T00:00|x"):
        assert len(watch_list(ada, name, now=NOON, after=cursor)) == 3


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_same_number_of_questions_however_long(
    cast: Cast, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for panel in Panel.objects.select_related("site__company"):
        one_of_each(panel)
    ask: Callable[[int], object] = lambda limit: watch_list(cast.viewer("ada"), name, now=NOON, limit=limit)  # noqa: E731
    for limit in (1, 3):
        with django_assert_num_queries(3 if name == "unrestored" else 2):
            ask(limit)

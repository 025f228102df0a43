"""The daily account by company and class, and the portions of it that are counted once and kept."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection

from lianjing.core.viewer import System
from lianjing.domain.signals import account_portions
from lianjing.domain.signals.account_figures import Figures
from lianjing.domain.signals.account_portions import FRAMES, count_portion, recount_oldest, settle_portions
from lianjing.domain.signals.daily_account import account_of, rows_of_account
from lianjing.domain.signals.models import (
    AccountChange,
    AccountFigure,
    AccountPortion,
    CodeOverride,
    Frame,
    Signal,
    Treatment,
)
from lianjing.domain.sites.models import Panel, Site, Zone
from tests.cast import NOON, SYSTEM, Cast, Sent, journal, make_site, refused, treat

TODAY = NOON.date()
LATER = NOON + timedelta(minutes=30)

Rows = dict[tuple[str | None, str], tuple[int, int, int, int, int]]


def rows(viewer: object = SYSTEM, *, anew: bool = False) -> Rows:
    """Company and class -> received, in cases, automatic, duplicates, waiting."""
    account = account_of(viewer, TODAY, anew=anew)  # type: ignore[arg-type]
    assert account is not None
    return {
        (company.code, row.event_class): _figures(row.figures)
        for company in rows_of_account(viewer, account).companies  # type: ignore[arg-type]
        for row in company.classes
    }


def _figures(told: Figures) -> tuple[int, int, int, int, int]:
    return told.received, told.in_cases, told.automatic, told.duplicates, told.waiting


def balances() -> bool:
    account = account_of(SYSTEM, TODAY)
    assert account is not None
    return account.balances


@pytest.fixture
def day(cast: Cast) -> Cast:
    """An alarm sent three times, a test, a stranger's alarm, an unknown account's, one that waits, a broken frame."""
    first = journal(Sent())
    journal(Sent(at=NOON + timedelta(seconds=4)), repeat_of=first)
    journal(Sent(at=NOON + timedelta(seconds=8)), repeat_of=first)
    journal(Sent(code="RP"))
    journal(Sent(account="2001"))
    journal(Sent(account="9999"))
    treat()
    journal(Sent(account="1002", code="HA", at=NOON + timedelta(seconds=9)))
    refused(Sent(account=""), "unreadable")
    return cast


ALL = {
    ("harbour", "hold_up"): (1, 0, 0, 0, 1),
    ("harbour", "intrusion"): (3, 1, 0, 2, 0),
    ("harbour", "test"): (1, 0, 1, 0, 0),
    ("hill", "intrusion"): (1, 1, 0, 0, 0),
    (None, "intrusion"): (1, 1, 0, 0, 0),
}


def only(*codes: str | None) -> Rows:
    return {key: told for key, told in ALL.items() if key[0] in codes}


@pytest.mark.parametrize(
    ("who", "seen"), [("ada", ("harbour", "hill", None)), ("olivia", ("harbour",)), ("sam", ("hill",))]
)
def test_each_row_of_company_and_class_balances_and_is_its_companys_to_see(
    day: Cast, who: str, seen: Iterable[str | None]
) -> None:
    assert rows(day.viewer(who)) == only(*seen)
    account = account_of(day.viewer(who), TODAY)
    assert account is not None
    assert account.balances
    assert account.received == sum(told[0] for told in only(*seen).values())


def test_the_classes_of_all_companies_together(day: Cast) -> None:
    account = account_of(SYSTEM, TODAY)
    assert account is not None
    classes = {row.event_class: _figures(row.figures) for row in rows_of_account(SYSTEM, account).classes}
    assert classes == {"intrusion": (5, 3, 0, 2, 0), "hold_up": (1, 0, 0, 0, 1), "test": (1, 0, 1, 0, 0)}


def test_a_signal_counts_in_the_class_as_which_it_was_treated_and_its_repeat_too(cast: Cast) -> None:
    CodeOverride.objects.create(company=cast.company, scheme="SIA", code="BA", event_class="fire", grade=1)
    first = journal(Sent())
    journal(Sent(at=NOON + timedelta(seconds=4)), repeat_of=first)
    assert rows() == {("harbour", "intrusion"): (2, 0, 0, 1, 1)}
    treat()
    assert rows() == {("harbour", "fire"): (2, 1, 0, 1, 0)}


def test_a_zone_that_makes_a_signal_more_urgent_moves_it_to_that_class(cast: Cast) -> None:
    Zone.objects.filter(panel__account="1001", number="3").update(kind="hold_up")
    journal(Sent())
    treat()
    assert rows() == {("harbour", "hold_up"): (1, 1, 0, 0, 0)}


def test_an_account_that_passes_from_nobody_to_a_company_takes_its_row_with_it(day: Cast) -> None:
    shed = make_site(day.company, "Shed", "9999")
    sweep(shed)
    assert balances()
    assert rows()["harbour", "intrusion"] == (4, 2, 0, 2, 0)
    assert (None, "intrusion") not in rows()


def sweep(site: Site) -> None:
    from lianjing.domain.signals.sweeping import sweep_orphans

    panels = Panel.objects.filter(site=site).values_list("pk", flat=True)
    sweep_orphans(panels, by=System("sweep"), at=LATER)


def test_an_account_that_passes_to_another_panel_between_receipt_and_admission_breaks_no_row(cast: Cast) -> None:
    journal(Sent())
    journal(Sent(at=NOON + timedelta(seconds=5)))
    Panel.objects.filter(account="1001").update(removed_at=NOON + timedelta(seconds=7))
    moved = NOON + timedelta(seconds=8)
    Panel.objects.create(site=cast.mill, account="1001", added_at=moved, changed_at=moved)
    assert rows() == {("harbour", "intrusion"): (2, 0, 0, 0, 2)}
    treat()
    assert balances()
    assert sum(told[0] for told in rows().values()) == 2


# What a hand in the database leaves behind


def harm(statement: str, *arguments: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("DELETE FROM signals_treatment WHERE signal_id = %s", 1),
        ("UPDATE signals_treatment SET fate = 'lost' WHERE signal_id = %s", 1),
        ("UPDATE signals_treatment SET received_at = '2026-11-20 04:00:00+00:00' WHERE signal_id = %s", 1),
        ("DELETE FROM journal_signal WHERE id = %s", -1),
    ],
)
@pytest.mark.parametrize("kept", [False, True], ids=["live", "kept"])
def test_a_signal_that_loses_its_fate_or_a_fate_its_signal_is_a_difference_in_its_row(
    cast: Cast, statement: str, difference: int, kept: bool
) -> None:
    signal_id = journal(Sent(code="RP"))
    journal(Sent(account="2001"))
    # Late: until all before it are surely admitted, one without a treatment is one that waits.
    treat(NOON + timedelta(minutes=2))
    if kept:
        settle_all()
    harm(statement, signal_id)
    if kept and "journal" in statement:
        # Only the treatments are watched by triggers; the journal's rows by being counted again.
        assert recount_oldest(TODAY, by=SYSTEM, at=LATER) is False
    account = account_of(SYSTEM, TODAY)
    assert account is not None
    assert not account.balances
    found = {company.code: company.figures.difference for company in rows_of_account(SYSTEM, account).companies}
    assert found == {"harbour": difference, "hill": 0}


# Portions


def settle_all() -> int:
    """As if as many frames had come as a portion has, and time had passed."""
    last = Frame.objects.order_by("-pk").values_list("pk", flat=True).first()
    assert last is not None
    behind = (last // FRAMES + 1) * FRAMES
    if not Frame.objects.filter(pk__gte=behind).exists():
        frame = Frame.objects.get(pk=last)
        frame.pk, frame.kind, frame.event_count, frame.repeat_of = behind, "heartbeat", 0, None
        frame.received_at = LATER
        frame.save(force_insert=True)
    return settle_portions(by=SYSTEM, at=LATER)


def test_a_portion_is_kept_once_nothing_in_it_waits_and_says_the_same_as_its_rows(day: Cast) -> None:
    assert settle_all() == 0
    treat()
    assert settle_all() == 1
    assert AccountPortion.objects.get().version == 1
    counted = rows(anew=True)
    assert counted == {**ALL, ("harbour", "hold_up"): (1, 1, 0, 0, 0)}
    assert rows() == counted
    assert settle_all() == 0
    assert recount_oldest(TODAY, by=SYSTEM, at=LATER)


def test_what_is_kept_is_not_counted_again_until_it_changes(day: Cast) -> None:
    treat()
    settle_all()
    AccountFigure.objects.filter(company=day.other).update(received=1001, in_cases=1001)
    assert rows()["hill", "intrusion"] == (1001, 1001, 0, 0, 0)
    Treatment.objects.filter(company=day.other).update(fate="suppressed")
    assert rows()["hill", "intrusion"] == (1, 0, 0, 0, 0)
    assert balances()
    assert settle_all() == 1
    assert AccountChange.objects.count() == 0
    assert rows() == rows(anew=True)


def test_a_sweep_reaches_what_was_kept(day: Cast) -> None:
    treat()
    settle_all()
    sweep(make_site(day.company, "Shed", "9999"))
    assert rows()["harbour", "intrusion"] == (4, 2, 0, 2, 0)
    assert rows() == rows(anew=True)


def test_kept_figures_that_are_wrong_are_found_by_counting_again(day: Cast, caplog: pytest.LogCaptureFixture) -> None:
    treat()
    settle_all()
    AccountFigure.objects.filter(company=day.other).update(received=1001, in_cases=1001)
    assert recount_oldest(TODAY, by=SYSTEM, at=LATER) is False
    assert "was not what its rows say" in caplog.text
    assert rows() == rows(anew=True)
    assert recount_oldest(TODAY, by=SYSTEM, at=LATER) is True


def test_what_two_workers_count_at_once_is_kept_by_one(day: Cast) -> None:
    treat()
    settle_all()
    number = AccountPortion.objects.get().number
    Treatment.objects.filter(company=day.other).update(fate="suppressed")
    early = count_portion(number, SYSTEM)
    Treatment.objects.filter(company=day.other).update(fate="automatic")
    late = count_portion(number, SYSTEM)
    assert account_portions.keep_portion(late, LATER)
    assert not account_portions.keep_portion(early, LATER)
    assert rows()["hill", "intrusion"] == (1, 0, 1, 0, 0)


def test_a_change_while_a_portion_is_counted_is_not_lost(day: Cast) -> None:
    treat()
    settle_all()
    number = AccountPortion.objects.get().number
    Treatment.objects.filter(company=day.other).update(fate="suppressed")
    counted = count_portion(number, SYSTEM)
    Treatment.objects.filter(company=day.other).update(fate="automatic")
    account_portions.keep_portion(counted, LATER)
    assert rows()["hill", "intrusion"] == (1, 0, 1, 0, 0)


def test_treating_notes_no_change(day: Cast) -> None:
    treat()
    assert AccountChange.objects.count() == 0


def test_an_account_costs_the_same_queries_for_any_number_of_companies_and_classes(
    day: Cast, django_assert_num_queries
) -> None:
    with django_assert_num_queries(12):
        account = account_of(SYSTEM, TODAY)
    assert account is not None
    with django_assert_num_queries(1):
        rows_of_account(SYSTEM, account)
    assert Signal.objects.count() == 5

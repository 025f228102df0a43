"""What becomes of lines that fell silent: state of paths, events, cases."""

from datetime import date

import pytest

from lianjing.domain.incidents.actions import acknowledge_signals, take_incident
from lianjing.domain.incidents.case_events import case_events
from lianjing.domain.incidents.models import Incident
from lianjing.domain.records.models import Record
from lianjing.domain.signals.line_policy import GRADES, seconds_words
from lianjing.domain.signals.models import PendingLoss, SystemEvent
from lianjing.domain.sites.models import Contract, ContractState, Panel, Site, TransmissionPath
from lianjing.terms.codes import Grade
from tests.cast import NOON, SYSTEM, Cast, put_on_test
from tests.domain.signals.lines import HOUR, MINUTE, SECOND, WAITED, arm, follow, hear, lose, noted, path, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    Site.objects.filter(pk=cast.bank.pk).update(kind="bank")
    return cast


# How urgent it is


def test_one_path_of_several_lost_at_a_shop_is_of_the_lowest_grade_and_says_what_is_left(cast: Cast) -> None:
    first, _ = path("1001", category="DP3"), path("1001", "4g")
    lose(first)
    (event,) = SystemEvent.objects.all()
    assert (event.kind, event.grade, event.event_class, event.site) == ("PL", 4, "fault", cast.shop)
    assert event.reasons == [
        "设备 1001 共 2 条受监督的传输路径，失联 1 条。",
        "有线 IP，类别 DP3（3 分钟）：11-22 12:00:00 判定失联，连续 4 分 30 秒（3 个周期）没有任何消息。",
        "失去备份，尚有路径正常，报警仍能收到：定四级。",
    ]
    incident = Incident.objects.get()
    assert (incident.site, incident.grade, incident.scheme, incident.code) == (cast.shop, 4, "LJ", "PL")


@pytest.mark.parametrize(("armed", "grade"), [(True, 1), (None, 1), (False, 2)])
def test_all_paths_lost_at_a_bank_are_of_the_first_grade_unless_it_is_disarmed(
    cast: Cast, armed: bool | None, grade: int
) -> None:
    if armed is not None:
        arm("1002", armed)
    lose(path("1002"), path("1002", "4g"))
    assert standing() == [("PA", grade)]


@pytest.mark.parametrize(("armed", "grade"), [(True, 2), (False, 3), (None, 3)])
def test_all_paths_lost_at_a_shop_weigh_more_while_it_is_armed(cast: Cast, armed: bool | None, grade: int) -> None:
    if armed is not None:
        arm("1001", armed)
    lose(path("1001"))
    assert standing() == [("PA", grade)]


def test_every_combination_has_its_grade_and_a_loss_of_all_never_weighs_less_than_of_one(cast: Cast) -> None:
    assert len(GRADES) == 2 * 2 * 3
    for (all_lost, is_key, armed), told in GRADES.items():
        assert told.grade <= GRADES[False, is_key, armed].grade
        assert all_lost or told.grade >= Grade.THIRD


def test_a_second_communicator_with_an_account_of_its_own_is_a_path_left(cast: Cast) -> None:
    main = Panel.objects.get(account="1002")
    Panel.objects.create(
        site=cast.bank, account="1102", backup_of=main, added_at=NOON, activated_at=NOON, changed_at=NOON
    )
    first, second = path("1002"), path("1102", "4g")
    lose(first)
    assert standing() == [("PL", 3)]
    lose(second, at=NOON + MINUTE)
    assert standing() == [("PA", 1)]


# Losses come and go


def test_a_loss_of_the_first_grade_is_told_at_once_and_a_lesser_one_may_come_back_first(cast: Cast) -> None:
    bank, shop = path("1002"), path("1001")
    noted("lost", bank, shop)
    follow(NOON)
    assert standing() == [("PA", 1)]
    noted("heard", shop, at=NOON + 5 * SECOND)
    follow(WAITED)
    assert standing() == [("PA", 1)]
    assert PendingLoss.objects.count() == 0


def test_paths_tell_since_when_they_are_lost_and_when_they_were_heard(cast: Cast) -> None:
    lost = path("1001")
    lose(lost)
    lost.refresh_from_db()
    assert (lost.lost_at, lost.last_heard_at) == (NOON, NOON - 275 * SECOND)
    hear(lost)
    lost.refresh_from_db()
    assert (lost.lost_at, lost.last_heard_at) == (None, NOON + MINUTE)


def test_what_comes_back_ends_the_event_and_its_case_is_told(cast: Cast) -> None:
    lost = path("1001")
    lose(lost)
    hear(lost)
    assert standing() == []
    assert list(Record.objects.filter(action__startswith="event.").order_by("pk").values_list("action", flat=True)) == [
        "event.raised",
        "event.ended",
    ]
    assert Record.objects.filter(action="incident.event_ended").count() == 1


def test_the_second_loss_of_a_panel_takes_the_place_of_the_first_and_goes_back_to_it(cast: Cast) -> None:
    first, second = path("1001"), path("1001", "4g")
    lose(first)
    lose(second, at=NOON + MINUTE)
    assert standing() == [("PA", 3)]
    hear(second, at=NOON + 2 * MINUTE)
    assert standing() == [("PL", 4)]
    hear(first, at=NOON + 3 * MINUTE)
    assert standing() == []
    incident = Incident.objects.get()
    told = [(event.what, event.replaced) for event in case_events(SYSTEM, incident)]
    assert told == [("一条传输路径失联", True), ("全部传输路径失联", True), ("一条传输路径失联", False)]


def test_the_second_loss_of_a_bank_wakes_the_case_that_somebody_has_taken_and_has_to_be_seen(cast: Cast) -> None:
    first, second = path("1002"), path("1002", "4g")
    lose(first)
    incident = take_incident(Incident.objects.get().pk, by=cast.viewer("olivia"), at=NOON + 30 * SECOND)
    lose(second, at=NOON + MINUTE)
    incident.refresh_from_db()
    assert (incident.grade, incident.acknowledged, incident.unseen) == (1, False, 1)
    acknowledge_signals(incident.pk, by=cast.viewer("olivia"), at=NOON + 2 * MINUTE)
    incident.refresh_from_db()
    assert (incident.acknowledged, incident.unseen) == (True, 0)


def test_the_same_line_events_read_twice_raise_nothing_twice(cast: Cast) -> None:
    lost = path("1001")
    lose(lost)
    noted("lost", lost, at=NOON + MINUTE)
    follow(NOON + 2 * MINUTE)
    assert SystemEvent.objects.count() == 1


@pytest.mark.parametrize("how", ["unwatched", "deleted", "removed"])
def test_a_lost_path_that_is_no_longer_supervised_is_no_longer_missed(cast: Cast, how: str) -> None:
    lost = path("1001")
    lose(lost)
    gone = TransmissionPath.objects.select_related("panel").get(pk=lost.pk)
    if how == "deleted":
        lost.delete()
    if how == "removed":
        Panel.objects.filter(account="1001").update(removed_at=NOON)
    noted("unwatched", gone, at=NOON + MINUTE)
    follow(NOON + MINUTE)
    assert standing() == []


def test_a_worker_that_was_away_takes_losses_and_returns_in_their_order(cast: Cast) -> None:
    one, other = path("1001"), path("1002", place=1)
    noted("lost", one, other)
    noted("heard", one, at=NOON + MINUTE)
    noted("lost", one, at=NOON + 2 * MINUTE)
    noted("heard", other, at=NOON + 3 * MINUTE)
    follow(NOON + HOUR)
    assert [(e.panel.account, e.kind) for e in SystemEvent.objects.filter(ended_at=None)] == [("1001", "PA")]


# Not now


def test_while_a_site_is_on_test_nobody_is_told_and_afterwards_somebody_is(cast: Cast) -> None:
    put_on_test(cast.shop, until=NOON + 20 * MINUTE)
    lose(path("1001"))
    assert standing() == []
    follow(NOON + 40 * MINUTE)
    assert standing() == [("PA", 3)]


def test_after_the_service_has_ended_a_lost_line_is_shown_and_nobody_is_told(cast: Cast) -> None:
    row = Contract.objects.create(company=cast.company, customer=cast.shop.customer, number="2026-1")
    ContractState.objects.create(contract=row, state="ended", starts_on=date(2026, 1, 1))
    lost = path("1001")
    lose(lost)
    assert standing() == []
    assert TransmissionPath.objects.get(pk=lost.pk).lost_at == NOON


def test_seconds_are_told_as_people_do() -> None:
    assert [seconds_words(s) for s in (0, 90, 270, 5400, 90_000)] == [
        "0 秒",
        "1 分 30 秒",
        "4 分 30 秒",
        "1 小时 30 分",
        "25 小时",
    ]

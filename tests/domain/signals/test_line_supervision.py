"""What becomes of lines that fell silent: state of paths, events, cases; many of one cause are one."""

from datetime import date, datetime, timedelta
from itertools import count

import pytest
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.incidents.case_events import case_events
from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.incidents.models import Incident
from lianjing.domain.records.models import Record
from lianjing.domain.signals.line_policy import GRADES, Cause, Folding, likely, seconds_words
from lianjing.domain.signals.line_supervision import anything_of_lines, follow_lines
from lianjing.domain.signals.models import ArmingState, LineEvent, PendingLoss, SystemEvent
from lianjing.domain.sites.models import Contract, ContractState, Customer, Panel, Site, TransmissionPath
from lianjing.terms.codes import Grade
from tests.cast import NOON, SYSTEM, Cast, put_on_test

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WAITED = NOON + 10 * SECOND
FOLDING = Folding()
_places = count(1)


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    Site.objects.filter(pk=cast.bank.pk).update(kind="bank")
    return cast


def path(account: str, kind: str = "wired_ip", **told: object) -> TransmissionPath:
    usual = {"transport": "", "interval_s": 90, "place": next(_places)}
    return TransmissionPath.objects.create(panel=Panel.objects.get(account=account), kind=kind, **usual | told)


def noted(kind: str, *paths: TransmissionPath, at: datetime = NOON) -> None:
    """What the receiver writes into the journal."""
    last = LineEvent.objects.count()
    LineEvent.objects.bulk_create(
        LineEvent(
            id=last + number,
            path_id=path.pk,
            listener=path.panel.listener,
            account=path.panel.account,
            transport=path.transport,
            kind=kind,
            at=at,
            last_heard_at=at - 275 * SECOND,
            standing=False,
        )
        for number, path in enumerate(paths, 1)
    )


def follow(at: datetime = NOON, folding: Folding = FOLDING) -> None:
    """What the worker does, until there is nothing to do."""
    while anything_of_lines(SYSTEM, at) and follow_lines(folding, by=SYSTEM, at=at):
        pass
    open_event_cases(by=SYSTEM, at=at)


def lose(*paths: TransmissionPath, at: datetime = NOON, told_at: datetime | None = None) -> None:
    noted("lost", *paths, at=at)
    follow(at)
    follow(told_at or at + 10 * SECOND)


def hear(*paths: TransmissionPath, at: datetime = NOON + MINUTE) -> None:
    noted("heard", *paths, at=at)
    follow(at)


def arm(account: str, armed: bool = True) -> None:
    ArmingState.objects.create(panel=Panel.objects.get(account=account), armed=armed, since=NOON, signal_id=1)


def standing() -> list[tuple[str, int]]:
    """Kinds and grades of the events that are open and in no other."""
    rows = SystemEvent.objects.filter(ended_at=None, folded_into=None).order_by("pk")
    return list(rows.values_list("kind", "grade"))


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


# Many at once


def make_many(cast: Cast, number: int, kind: str = "4g", *, of: str = "harbour", **site: object) -> list:
    """So many homes of a company with one path each."""
    company = {"harbour": cast.company, "hill": cast.other}[of]
    customer = Customer.objects.create(company=company, code=f"many-{kind}-{of}", name="many")
    first = Panel.objects.count()
    sites = Site.objects.bulk_create(
        Site(
            company=company, customer=customer, code=f"{kind}{first + i}", name=f"Home {first + i}", kind="home", **site
        )
        for i in range(number)
    )
    panels = Panel.objects.bulk_create(
        Panel(site=s, account=f"F{first + i:05d}", added_at=NOON, activated_at=NOON, changed_at=NOON)
        for i, s in enumerate(sites)
    )
    return TransmissionPath.objects.bulk_create(
        TransmissionPath(panel=panel, place=1, kind=kind, interval_s=90) for panel in panels
    )


def test_five_hundred_panels_of_one_carrier_are_one_case_that_lists_them(cast: Cast) -> None:
    lost = make_many(cast, 500)
    make_many(cast, 700, "wired_ip")
    arm("F00010")
    Site.objects.filter(panels__account="F00020").update(is_key_site=True)
    lose(*lost)
    incident = Incident.objects.get()
    assert (incident.company, incident.site, incident.code, incident.grade) == (cast.company, None, "ML", 1)
    mass = SystemEvent.objects.get(kind="ML")
    assert mass.folded.count() == 500
    assert mass.reasons == [
        "60 秒内4G 线路失联 500 台，占该类 500 台的 100%：并为一案，以后同因的归入本案，名单见案内。",
        "其中重点或布防场所：Home 20、Home 10。",
    ]


def test_the_receiver_the_carrier_or_the_district_is_blamed_by_the_share_that_is_lost() -> None:
    carrier, receiver, district = (Cause(1, what, "x") for what in ("carrier", "listener", "division"))
    assert likely({carrier: 500, receiver: 500}, {carrier: 600, receiver: 9000}) == carrier
    assert likely({carrier: 60, receiver: 100, district: 40}, {carrier: 900, receiver: 100, district: 80}) == receiver
    assert likely({carrier: 40, district: 40}, {carrier: 900, district: 40}) == district


def test_in_a_mass_loss_what_grows_worse_stands_in_the_list_once(cast: Cast) -> None:
    lost = make_many(cast, 30)
    second = TransmissionPath.objects.create(panel=lost[0].panel, place=2, kind="5g", interval_s=90)
    lose(*lost)
    lose(second, at=NOON + MINUTE)
    mass = SystemEvent.objects.get(kind="ML")
    folded = mass.folded.filter(panel=second.panel).values_list("kind", flat=True)
    assert (list(folded), mass.folded.filter(ended_at=None).count(), Incident.objects.count()) == (["PA"], 30, 1)


def test_later_losses_of_the_same_cause_join_and_the_end_comes_with_the_last_return(cast: Cast) -> None:
    lost = make_many(cast, 60)
    lose(*lost[:25])
    lose(*lost[25:], at=NOON + 2 * MINUTE)
    assert Incident.objects.count() == 1
    hear(*lost[:-1], at=NOON + 5 * MINUTE)
    assert standing() == [("ML", 2)]
    hear(lost[-1], at=NOON + 6 * MINUTE)
    assert standing() == []


def test_a_mass_loss_that_has_calmed_down_takes_no_new_loss_in(cast: Cast) -> None:
    lost = make_many(cast, 26)
    lose(*lost[:25])
    lose(lost[25], at=NOON + HOUR)
    assert standing() == [("ML", 2), ("PA", 3)]


def test_a_mass_loss_becomes_as_urgent_as_the_worst_loss_that_joins_it_and_its_case_too(cast: Cast) -> None:
    lose(*make_many(cast, 25))
    assert Incident.objects.get().grade == 2
    noted("lost", path("1002", "4g"), at=NOON + MINUTE)
    follow(NOON + MINUTE)
    assert standing() == [("ML", 1)]
    incident = Incident.objects.get()
    assert (incident.grade, incident.reasons[-1]) == (1, "Harbour Bank失联，并入本案：级别随之提高。")


def test_losses_told_singly_before_they_were_many_stand_in_the_list_too(cast: Cast) -> None:
    lost = make_many(cast, 30)
    lose(*lost[:5], told_at=NOON + 10 * SECOND)
    lose(*lost[5:], at=NOON + 20 * SECOND)
    mass = SystemEvent.objects.get(kind="ML")
    assert mass.folded.count() == 30
    assert Incident.objects.count() == 6


def test_nineteen_are_nineteen_and_companies_are_not_mixed(cast: Cast) -> None:
    lose(*make_many(cast, 15), *make_many(cast, 15, of="hill"))
    assert standing() == [("PA", 3)] * 30


def test_losses_of_an_hour_that_a_worker_was_away_are_folded_too(cast: Cast) -> None:
    for minute, lost in enumerate(make_many(cast, 40)):
        noted("lost", lost, at=NOON + minute * MINUTE)
    follow(NOON + HOUR)
    assert standing() == [("ML", 2)]


def test_a_mass_loss_costs_as_many_queries_as_fifty_losses(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    noted("lost", *make_many(cast, 480))
    follow(NOON)
    with django_assert_max_num_queries(60):
        follow_lines(FOLDING, by=SYSTEM, at=WAITED)


def test_seconds_are_told_as_people_do() -> None:
    assert [seconds_words(s) for s in (0, 90, 270, 5400, 90_000)] == [
        "0 秒",
        "1 分 30 秒",
        "4 分 30 秒",
        "1 小时 30 分",
        "25 小时",
    ]

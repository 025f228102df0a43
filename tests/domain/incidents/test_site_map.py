"""Where sites are and how they stand, for whom."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.incidents import site_map
from lianjing.domain.incidents.case_zones import alarmed_zones
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.site_map import Standing, site_points, sites_like, standings
from lianjing.domain.signals.models import ArmingState
from lianjing.domain.sites.models import Panel, Site, TransmissionPath, Zone
from tests.cast import NOON, Cast, Sent, alarm, journal, make_site, put_on_test, treat


def arm(site: Site, armed: bool, area: str = "", partly: bool = False) -> None:
    told = {"armed": armed, "partly": partly, "since": NOON, "signal_id": 1}
    ArmingState.objects.create(panel=site.panels.get(), area=area, **told)


def armed_of(cast: Cast, site: Site) -> Standing:
    return next(point.armed for point in site_points(cast.viewer("olivia"), 0, 10) if point.id == site.pk)


def specials(cast: Cast, name: str = "olivia") -> dict[str, list[int]]:
    return {standing: ids for standing, ids in standings(cast.viewer(name), NOON).sites.items() if ids}


@pytest.mark.parametrize(
    ("areas", "standing"),
    [
        ([], Standing.UNKNOWN),
        ([(True, False)], Standing.ARMED),
        ([(False, False), (False, False)], Standing.DISARMED),
        ([(True, False), (False, False)], Standing.PARTLY),
        ([(True, True)], Standing.PARTLY),
    ],
)
def test_a_site_is_armed_when_all_its_areas_are(cast: Cast, areas: list[tuple[bool, bool]], standing: Standing) -> None:
    for number, (armed, partly) in enumerate(areas):
        arm(cast.shop, armed, str(number), partly)
    assert armed_of(cast, cast.shop) == standing


def test_a_site_without_a_panel_in_use_is_bare_whatever_the_old_one_said(cast: Cast) -> None:
    arm(cast.shop, True)
    Panel.objects.filter(site=cast.shop).update(removed_at=NOON)
    assert armed_of(cast, cast.shop) == Standing.BARE


def test_points_are_paged_by_id_and_scoped(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(5):
        make_site(cast.company, f"Site {number}", f"30{number}")
    olivia = cast.viewer("olivia")
    with django_assert_num_queries(3):
        first = site_points(olivia, 0, 4)
    rest = site_points(olivia, first[-1].id, 4)
    mine = sorted(Site.objects.filter(company=cast.company).values_list("pk", flat=True))
    assert [point.id for point in [*first, *rest]] == mine
    assert [point.name for point in site_points(cast.viewer("sam"), 0, 10)] == ["Hill Mill"]
    assert len(site_points(cast.viewer("ada"), 0, 10)) == len(mine) + 1


def test_a_site_stands_by_its_most_urgent_fact(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    alarm(Sent(account="1001", code="BA"))
    TransmissionPath.objects.create(panel=cast.shop.panels.get(), place=1, kind="4g", lost_at=NOON)
    TransmissionPath.objects.create(panel=cast.bank.panels.get(), place=1, kind="4g", lost_at=NOON)
    put_on_test(cast.bank, NOON + timedelta(hours=1))
    grade = Incident.objects.get().grade
    olivia = cast.viewer("olivia")
    with django_assert_num_queries(3):
        standings(olivia, NOON)
    assert specials(cast) == {f"case{grade}": [cast.shop.pk], "lost": [cast.bank.pk]}
    assert specials(cast, "sam") == {}
    Incident.objects.update(state="closed")
    assert sorted(specials(cast)["lost"]) == [cast.shop.pk, cast.bank.pk]


def test_a_path_that_lives_and_a_test_that_is_over_are_nothing_special(cast: Cast) -> None:
    TransmissionPath.objects.create(panel=cast.shop.panels.get(), place=1, kind="4g")
    put_on_test(cast.shop, NOON)
    put_on_test(cast.bank, NOON + timedelta(hours=1), ended_at=NOON - timedelta(minutes=1))
    assert specials(cast) == {}
    put_on_test(cast.bank, NOON + timedelta(hours=1))
    assert specials(cast) == {"test": [cast.bank.pk]}


def test_more_than_can_be_told_is_cut_and_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for site in (cast.shop, cast.bank):
        TransmissionPath.objects.create(panel=site.panels.get(), place=1, kind="4g", lost_at=NOON)
    monkeypatch.setattr(site_map, "MOST_STANDINGS", 1)
    known = standings(cast.viewer("olivia"), NOON)
    assert (len(known.sites[Standing.LOST]), known.cut) == (1, True)


def test_sites_that_are_named_come_in_that_order_and_strangers_not_at_all(cast: Cast) -> None:
    named = [cast.mill.pk, cast.bank.pk, cast.shop.pk]
    assert [point.id for point in sites_like(cast.viewer("olivia"), named)] == [cast.bank.pk, cast.shop.pk]
    assert sites_like(cast.viewer("sam"), named[1:]) == []


def test_the_zones_of_a_case_are_those_of_its_alarms(cast: Cast) -> None:
    case = alarm(Sent(code="BA", zone="003"))
    journal(Sent(code="BR", zone="004", at=NOON + timedelta(seconds=5)))
    treat(NOON + timedelta(seconds=6))
    door = Zone.objects.get(panel__site=cast.shop, number="3")
    assert alarmed_zones(cast.viewer("olivia"), case.pk) == {door.pk}
    assert alarmed_zones(cast.viewer("sam"), case.pk) == set()

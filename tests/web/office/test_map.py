"""The map: points and standings for whoever may see the sites, on whatever ground."""

from typing import Any

import pytest

from lianjing.domain.sites.models import Site, TransmissionPath
from lianjing.project.tiles import Tiles
from tests.cast import NOON, Cast, alarm, make_site
from tests.web.console.conftest import As

SHAOXING = {"longitude": 120.5802, "latitude": 30.0302, "division": "330602"}


def place(site: Site, **where: Any) -> None:
    Site.objects.filter(pk=site.pk).update(**(where or SHAOXING))


def test_points_come_page_by_page_with_the_names_of_their_divisions(cast: Cast, signed_on: As) -> None:
    place(cast.shop)
    olivia = signed_on("olivia")
    first = olivia.get("/office/map/points/?limit=1").json()
    assert first == {
        "sites": [[cast.shop.pk, "Corner Shop", 120.5802, 30.0302, "330602", "unknown"]],
        "divisions": {"330602": ["绍兴市", "越城区"]},
        "next": cast.shop.pk,
    }
    rest = olivia.get(f"/office/map/points/?after={first['next']}").json()
    assert rest == {"sites": [[cast.bank.pk, "Harbour Bank", None, None, "", "unknown"]], "divisions": {}, "next": None}


def test_standings_name_what_needs_a_look(cast: Cast, signed_on: As) -> None:
    alarm()
    TransmissionPath.objects.create(panel=cast.bank.panels.get(), place=1, kind="4g", lost_at=NOON)
    told = signed_on("olivia").get("/office/map/standings/").json()
    assert {name: ids for name, ids in told["standings"].items() if ids} == {
        "case2": [cast.shop.pk],
        "lost": [cast.bank.pk],
    }
    assert told["cut"] is False


def test_without_a_script_there_is_a_list_the_urgent_first(cast: Cast, signed_on: As) -> None:
    make_site(cast.company, "Quiet Quay", "1003")
    TransmissionPath.objects.create(panel=cast.bank.panels.get(), place=1, kind="4g", lost_at=NOON)
    page = signed_on("olivia").get("/office/map/")
    assert [line.point.name for line in page.context["lines"]] == ["Harbour Bank", "Corner Shop", "Quiet Quay"]
    assert ("线路失联" in page.content.decode(), "Hill Mill" in page.content.decode()) == (True, False)


def test_a_stranger_gets_his_own_sites_and_who_sees_none_is_turned_away(cast: Cast, signed_on: As) -> None:
    alarm()
    sam = signed_on("sam")
    assert [row[1] for row in sam.get("/office/map/points/").json()["sites"]] == ["Hill Mill"]
    assert not any(sam.get("/office/map/standings/").json()["standings"].values())
    for path in ("", "points/", "standings/"):
        assert signed_on("gus").get(f"/office/map/{path}").status_code == 403
        assert signed_on("mia").post(f"/office/map/{path}").status_code == 405


@pytest.mark.parametrize("query", ["after=x", "after=-1", "limit=0", "limit=999999999999", "limit=%00"])
def test_broken_questions_get_the_usual_answer(cast: Cast, signed_on: As, query: str) -> None:
    assert len(signed_on("olivia").get(f"/office/map/points/?{query}").json()["sites"]) == 2


def test_tiles_that_are_shifted_get_shifted_points_and_stored_ones_stay(
    cast: Cast, signed_on: As, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(cast.shop)
    monkeypatch.setattr(settings.ENVIRONMENT, "tiles", Tiles("https://tiles.example.cn/{z}/{x}/{y}", "GS<1>", "GCJ02"))
    row = signed_on("olivia").get("/office/map/points/").json()["sites"][0]
    assert 300 < abs(row[2] - 120.5802) * 96_000 < 700
    assert Site.objects.get(pk=cast.shop.pk).longitude == 120.5802
    page = signed_on("olivia").get("/office/map/").content.decode()
    assert 'data-attribution="GS&lt;1&gt;"' in page


def test_the_policy_admits_pictures_of_our_own_only(cast: Cast, signed_on: As) -> None:
    policy = signed_on("olivia").get("/office/map/")["Content-Security-Policy"]
    assert "img-src 'self' data:;" in policy + ";"

"""Who gets in where: nobody, the wrong role, a stranger from another company, the wrong method."""

import pytest
from django.test import Client

from lianjing.domain.incidents.policy import MOVES
from tests.cast import Cast, alarm
from tests.web.console.conftest import As

PAGES = [
    "/",
    "/queue/",
    "/incidents/",
    "/frames/",
    "/accounting/",
    "/records/head/",
    "/console/session",
    "/console/events",
]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_sent_to_sign_on_and_back(cast: Cast, client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")


def test_a_guard_who_comes_to_the_house_is_led_to_his_own_page(signed_on: As) -> None:
    response = signed_on("gus").get("/")
    assert (response.status_code, response["Location"]) == (302, "/patrol/")


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/"])
def test_a_guard_may_not_sit_at_the_desk(signed_on: As, path: str) -> None:
    assert signed_on("gus").get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_only_read(signed_on: As, path: str) -> None:
    assert signed_on("olivia").post(path).status_code == 405


@pytest.mark.parametrize("name", MOVES)
def test_moves_are_only_posted(signed_on: As, name: str) -> None:
    assert signed_on("leo").get(f"/incidents/{alarm().pk}/{name}/").status_code == 405


def test_another_companys_case_and_frame_do_not_exist(signed_on: As) -> None:
    case, stranger = alarm(), signed_on("sam")
    frame = case.signals.get().treatment.frame_id
    assert stranger.get(f"/incidents/{case.pk}/").status_code == 404
    assert stranger.get(f"/frames/{frame}/").status_code == 404
    assert stranger.post(f"/incidents/{case.pk}/take/").status_code == 404
    assert case.site.name not in stranger.get("/").content.decode()


def test_the_police_read_and_do_not_act(signed_on: As) -> None:
    case, police = alarm(), signed_on("polly")
    assert police.get(f"/incidents/{case.pk}/").status_code == 200
    assert police.post(f"/incidents/{case.pk}/take/").status_code == 403
    assert police.get("/frames/").status_code == 403


def test_a_move_needs_its_form_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["olivia"], backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post(f"/incidents/{alarm().pk}/take/")
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()

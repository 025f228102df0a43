"""Signing on and off, lock-out, passwords, and the pages for when something is wrong."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from lianjing.web.language import LanguageMiddleware
from tests.cast import PASSWORD, Cast
from tests.web.console.conftest import As


def sign_on(client: Client, name: str, password: str = PASSWORD) -> int:
    return client.post("/accounts/login/", {"login": name, "password": password}).status_code


def test_signing_on_leads_to_the_page_that_was_asked_for(cast: Cast, client: Client) -> None:
    form = {"login": "olivia", "password": PASSWORD, "next": "/frames/"}
    response = client.post("/accounts/login/?next=/frames/", form)
    assert (response.status_code, response["Location"]) == (302, "/frames/")
    assert client.get("/frames/").status_code == 200


def test_a_wrong_password_is_told_and_the_name_kept(cast: Cast, client: Client) -> None:
    response = client.post("/accounts/login/", {"login": "olivia", "password": "wrong"})
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="olivia"' in page
    assert 'role="alert"' in page
    assert "wrong" not in page


def test_the_fifth_wrong_password_is_answered_by_the_lock_out_page(cast: Cast, client: Client) -> None:
    answers = [sign_on(client, "olivia", "wrong") for _ in range(4)]
    locked = client.post("/accounts/login/", {"login": "olivia", "password": "wrong"})
    assert (answers, locked.status_code) == ([200] * 4, 429)
    assert "账号已锁定" in locked.content.decode()


def test_after_five_wrong_passwords_the_right_one_does_not_open_either(cast: Cast, client: Client) -> None:
    for _ in range(5):
        client.post("/accounts/login/", {"login": "olivia", "password": "wrong"})
    assert client.post("/accounts/login/", {"login": "olivia", "password": PASSWORD}).status_code == 429
    assert client.post("/accounts/login/", {"login": "oscar", "password": PASSWORD}).status_code == 302


def test_nobody_signs_himself_up(cast: Cast, client: Client) -> None:
    assert "不开放注册" in client.get("/accounts/signup/").content.decode()


def test_signing_off_is_asked_and_ends_the_session(signed_on: As) -> None:
    olivia = signed_on("olivia")
    assert "退出登录？" in olivia.get("/accounts/logout/").content.decode()
    assert olivia.get("/").status_code == 200
    olivia.post("/accounts/logout/")
    assert olivia.get("/").status_code == 302


@pytest.mark.parametrize(("password", "kept"), [("short", True), ("1234567890123", True), ("a-new-long-secret", False)])
def test_a_new_password_obeys_the_rules(cast: Cast, signed_on: As, password: str, kept: bool) -> None:
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    signed_on("olivia").post("/accounts/password/change/", form)
    cast.users["olivia"].refresh_from_db()
    assert cast.users["olivia"].check_password(PASSWORD) is kept


def test_what_is_missing_or_forbidden_is_said_in_words(signed_on: As) -> None:
    missing = signed_on("olivia").get("/no/such/page/")
    assert (missing.status_code, "没有这一页" in missing.content.decode()) == (404, True)
    forbidden = signed_on("gus").get("/incidents/")
    assert (forbidden.status_code, "没有权限" in forbidden.content.decode()) == (403, True)


def test_a_defect_is_answered_with_a_page_and_no_secrets(signed_on: As, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret reason")

    olivia = signed_on("olivia")
    olivia.raise_request_exception = False
    monkeypatch.setattr("lianjing.web.console.desk.queue", broken)
    response = olivia.get("/")
    assert (response.status_code, "系统出错" in response.content.decode()) == (500, True)
    assert "secret reason" not in response.content.decode()


@pytest.mark.parametrize(("cookie", "language"), [("", "zh-hans"), ("en", "en"), ("fr", "zh-hans")])
def test_the_switch_decides_the_language_and_not_the_browser(rf: RequestFactory, cookie: str, language: str) -> None:
    seen: list[str | None] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(translation.get_language())
        return HttpResponse()

    request = rf.get("/", HTTP_ACCEPT_LANGUAGE="en-US")
    request.COOKIES["lianjing_language"] = cookie
    response = LanguageMiddleware(view)(request)
    assert (seen, response["Content-Language"]) == ([language], language)

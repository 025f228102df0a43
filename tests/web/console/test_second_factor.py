"""两步验证 in the browser: setting up, the second step of sign-on, recovery codes, removing, and whoever must."""

import re
from datetime import timedelta
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from lianjing.domain.people.actions import require_second_factor
from lianjing.domain.people.models import User
from lianjing.domain.records.models import Record
from lianjing.terms.roles import Role
from tests.authenticator import App, app_of
from tests.cast import NOON, PASSWORD, SYSTEM, Cast
from tests.web.console.conftest import As

PAGES = "/accounts/second-factor/"
SET_UP, CODE, CODES, REMOVE = PAGES + "set-up/", PAGES + "code/", PAGES + "recovery-codes/", PAGES + "remove/"


def first_step(client: Client, name: str, asked: str = "/") -> str:
    """Name and password; where it leads."""
    form = {"login": name, "password": PASSWORD, "next": asked}
    return str(client.post("/accounts/login/", form)["Location"])


def told() -> list[str]:
    return list(Record.objects.filter(action__startswith="user.").order_by("pk").values_list("action", flat=True))


def secret_on(page: str) -> str:
    """What somebody would type who cannot scan."""
    shown = re.search(r'class="mono secret">(.*?)</dd>', page, re.S)
    assert shown
    return "".join(re.findall(r"<span>(\w+)</span>", shown[1]))


def codes_on(page: str) -> list[str]:
    return [code.replace(" ", "") for code in re.findall(r"<li>(\d{4} \d{4})</li>", page)]


def is_in(client: Client) -> bool:
    return client.get("/console/session").status_code == 204


@pytest.fixture
def olivia(cast: Cast) -> User:
    return cast.users["olivia"]


# Setting up


def test_setting_up_shows_the_secret_and_when_confirmed_the_recovery_codes_once(cast: Cast, client: Client) -> None:
    first_step(client, "olivia")
    page = client.get(SET_UP)
    assert (page.status_code, "no-store" in page["Cache-Control"], "<svg" in page.content.decode()) == (200, True, True)
    app = App(secret_on(page.content.decode()))
    confirmed = client.post(SET_UP, {"code": app.code()})
    assert (confirmed.status_code, confirmed["Location"]) == (302, CODES)
    shown = client.get(CODES)
    assert len(set(codes_on(shown.content.decode()))) == 10
    assert "no-store" in shown["Cache-Control"]
    assert codes_on(client.get(CODES).content.decode()) == []
    assert told() == ["user.signed_on", "user.second_factor_set", "user.recovery_codes_made"]


def test_the_download_holds_what_the_page_shows(cast: Cast, client: Client) -> None:
    first_step(client, "olivia")
    client.post(SET_UP, {"code": App(secret_on(client.get(SET_UP).content.decode())).code()})
    page = client.get(CODES).content.decode()
    link = re.search(r'download="[\w.-]+" href="data:text/plain;charset=utf-8,([^"]+)"', page)
    assert link
    assert re.findall(r"\d{8}", unescape(link[1])) == codes_on(page)


def test_a_wrong_number_keeps_the_secret_that_was_scanned(cast: Cast, client: Client) -> None:
    first_step(client, "olivia")
    app = App(secret_on(client.get(SET_UP).content.decode()))
    page = client.post(SET_UP, {"code": app.wrong()}).content.decode()
    assert ("数字不正确" in page, secret_on(page)) == (True, app.secret)
    assert secret_on(client.get(SET_UP).content.decode()) == app.secret
    assert not Authenticator.objects.exists()


def test_until_it_is_confirmed_the_secret_waits_encrypted_in_the_session(cast: Cast, client: Client) -> None:
    first_step(client, "olivia")
    app = App(secret_on(client.get(SET_UP).content.decode()))
    waiting = [str(session.get_decoded()) for session in Session.objects.all()]
    assert [(app.secret in session, "v1:" in session) for session in waiting] == [(False, True)]
    client.post(SET_UP, {"code": app.code()})
    assert "v1:" not in str(Session.objects.get().get_decoded())


def test_the_code_that_confirmed_does_not_sign_on(cast: Cast, client: Client) -> None:
    first_step(client, "olivia")
    app = App(secret_on(client.get(SET_UP).content.decode()))
    code = app.code()
    client.post(SET_UP, {"code": code})
    elsewhere = Client()
    first_step(elsewhere, "olivia")
    assert "已经用过" in elsewhere.post(CODE, {"code": code}).content.decode()
    assert not is_in(elsewhere)


def test_a_second_click_on_the_set_up_leads_to_how_things_stand(cast: Cast, client: Client) -> None:
    first_step(client, "olivia")
    app = App(secret_on(client.get(SET_UP).content.decode()))
    client.post(SET_UP, {"code": app.code()})
    again = client.post(SET_UP, {"code": app.code()})
    assert again["Location"] == PAGES
    assert "已启用" in client.get(PAGES).content.decode()


# The second step


def test_the_password_alone_opens_nothing_and_the_code_leads_to_the_page_that_was_asked_for(
    olivia: User, client: Client
) -> None:
    app = app_of(olivia)
    assert first_step(client, "olivia", "/frames/") == CODE
    assert not is_in(client)
    assert 'autocomplete="one-time-code"' in client.get(CODE).content.decode()
    answer = client.post(CODE, {"code": app.code()})
    assert (answer.status_code, answer["Location"], is_in(client)) == (302, "/frames/", True)
    assert told() == ["user.signed_on"]


def test_a_wrong_code_is_told_and_recorded_and_not_kept(olivia: User, client: Client) -> None:
    app = app_of(olivia)
    first_step(client, "olivia")
    page = client.post(CODE, {"code": app.wrong()}).content.decode()
    assert ("验证码不正确" in page, is_in(client)) == (True, False)
    assert told() == ["user.second_step_failed"]
    assert app.wrong() not in str(list(Record.objects.values()))


def test_a_code_that_was_used_does_not_open_again(olivia: User, client: Client) -> None:
    app = app_of(olivia)
    code = app.code()
    for browser, opens in ((client, True), (Client(), False)):
        first_step(browser, "olivia")
        browser.post(CODE, {"code": code})
        assert is_in(browser) is opens


def test_a_recovery_code_opens_once_and_its_use_is_recorded(olivia: User, client: Client) -> None:
    app = app_of(olivia)
    for browser, opens in ((client, True), (Client(), False)):
        first_step(browser, "olivia")
        browser.post(CODE, {"code": app.codes[3]})
        assert is_in(browser) is opens
    assert told() == ["user.recovery_code_used", "user.signed_on", "user.second_step_failed"]


def test_the_fifth_wrong_code_is_answered_by_the_lock_out_page_wherever_it_comes_from(
    olivia: User, client: Client
) -> None:
    app = app_of(olivia)
    answers = []
    for number in range(6):
        elsewhere = Client(REMOTE_ADDR=f"10.0.0.{number}")
        first_step(elsewhere, "olivia")
        answers.append(elsewhere.post(CODE, {"code": app.wrong()}).status_code)
    assert answers == [200, 200, 200, 200, 429, 429]
    first_step(client, "olivia")
    locked = client.post(CODE, {"code": app.code()})
    assert (locked.status_code, "账号已锁定" in locked.content.decode(), is_in(client)) == (429, True, False)


def test_wrong_passwords_lock_out_whoever_has_a_second_factor_too(olivia: User, client: Client) -> None:
    app_of(olivia)
    for _ in range(5):
        client.post("/accounts/login/", {"login": "olivia", "password": "wrong"})
    assert client.post("/accounts/login/", {"login": "olivia", "password": PASSWORD}).status_code == 429


def test_a_session_after_two_steps_ends_as_any_other(olivia: User, client: Client) -> None:
    app = app_of(olivia)
    first_step(client, "olivia")
    before = client.session.session_key
    cookie = client.post(CODE, {"code": app.code()}).cookies["sessionid"]
    assert (client.session.session_key != before, client.session.get_expire_at_browser_close()) == (True, True)
    assert (cookie["max-age"], client.session.get_expiry_age()) == ("", 12 * 3600)


def test_the_first_step_alone_stands_for_a_quarter_of_an_hour(
    olivia: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_of(olivia)
    first_step(client, "olivia")
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr("allauth.account.internal.stagekit.time.time", later.timestamp)
    assert client.post(CODE, {"code": app.code()})["Location"] == "/accounts/login/"


def test_whoever_has_no_second_factor_signs_on_in_one_step(cast: Cast, client: Client) -> None:
    assert (first_step(client, "oscar"), is_in(client)) == ("/", True)
    assert client.get(CODE).status_code == 302


def test_between_the_steps_somebody_else_may_sign_on(olivia: User, client: Client) -> None:
    app_of(olivia)
    first_step(client, "olivia")
    assert client.get("/accounts/login/")["Location"] == CODE
    assert client.post("/accounts/logout/", {"next": "/accounts/login/"})["Location"] == "/accounts/login/"
    assert (first_step(client, "oscar"), is_in(client)) == ("/", True)


# Changing it


def test_removing_asks_who_it_is_when_the_sign_on_is_long_ago(olivia: User, signed_on: As) -> None:
    app = app_of(olivia)
    browser = signed_on("olivia")
    for page in (REMOVE, CODES, CODES + "new/"):
        assert browser.get(page)["Location"].startswith("/accounts/reauthenticate/?next=")
    for page in (REMOVE, CODES + "new/"):
        assert browser.post(page)["Location"].startswith("/accounts/reauthenticate/?next=")
    assert Authenticator.objects.count() == 2
    again = browser.post(f"{PAGES}code-again/?next={REMOVE}", {"code": app.code(), "next": REMOVE})
    assert again["Location"] == REMOVE
    assert "停用两步验证？" in browser.get(REMOVE).content.decode()
    assert browser.post(REMOVE)["Location"] == PAGES
    assert (Authenticator.objects.count(), told()) == (0, ["user.signed_on", "user.second_factor_removed"])


@pytest.mark.parametrize(("minutes", "is_asked"), [(4, False), (6, True)])
def test_the_sign_on_itself_counts_for_five_minutes(
    olivia: User, client: Client, monkeypatch: pytest.MonkeyPatch, minutes: int, is_asked: bool
) -> None:
    app = app_of(olivia)
    first_step(client, "olivia")
    client.post(CODE, {"code": app.code()})
    later = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr("lianjing.web.sign_on.time.time", later.timestamp)
    assert (client.get(REMOVE).status_code == 302) is is_asked


def test_a_wrong_code_does_not_reauthenticate_and_counts(olivia: User, signed_on: As) -> None:
    app, browser = app_of(olivia), signed_on("olivia")
    answers = [browser.post(f"{PAGES}code-again/", {"code": app.wrong()}).status_code for _ in range(5)]
    assert (answers, browser.get(REMOVE).status_code) == ([200, 200, 200, 200, 429], 302)


def test_new_recovery_codes_end_the_old_ones(olivia: User, client: Client) -> None:
    app = app_of(olivia)
    first_step(client, "olivia")
    client.post(CODE, {"code": app.codes[0]})
    assert "9 个</dd>" in client.get(PAGES).content.decode()
    assert "现有的 9 个随即作废" in client.get(CODES + "new/").content.decode()
    assert client.post(CODES + "new/")["Location"] == CODES
    new = codes_on(client.get(CODES).content.decode())
    assert (len(new), set(new) & set(app.codes)) == (10, set())
    assert told() == ["user.recovery_code_used", "user.signed_on", "user.recovery_codes_made"]


def test_nobody_sees_or_removes_another_persons_second_factor(olivia: User, signed_on: As) -> None:
    app_of(olivia)
    oscar = Client()
    first_step(oscar, "oscar")
    assert "未启用" in oscar.get(PAGES).content.decode()
    assert [oscar.get(page).status_code for page in (REMOVE, CODES)] == [404, 404]
    assert oscar.post(REMOVE).status_code == 404
    oscar.post(CODES + "new/")
    assert set(Authenticator.objects.values_list("user_id", flat=True)) == {olivia.pk}


# Whoever must


def test_who_must_is_led_to_the_set_up_and_let_go_when_it_is_done(cast: Cast, client: Client, settings: object) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({Role.OPERATOR})
    first_step(client, "olivia")
    assert client.get("/")["Location"] == SET_UP
    page = client.get(SET_UP).content.decode()
    assert "必须使用两步验证" in page
    client.post(SET_UP, {"code": App(secret_on(page)).code()})
    assert client.get("/").status_code == 200


def test_a_part_of_a_page_sends_the_whole_page_to_the_set_up(olivia: User, signed_on: As) -> None:
    browser = signed_on("olivia")
    require_second_factor(olivia, True, by=SYSTEM, at=NOON, source="test")
    answer = browser.get("/queue/", HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (200, SET_UP, b"")


def test_who_must_may_still_sign_off_and_choose_a_language(olivia: User, signed_on: As) -> None:
    require_second_factor(olivia, True, by=SYSTEM, at=NOON, source="test")
    browser = signed_on("olivia")
    assert browser.post("/language/", {"language": "en", "next": SET_UP}).cookies["lianjing_language"].value == "en"
    assert browser.get("/accounts/password/change/")["Location"] == SET_UP
    browser.post("/accounts/logout/")
    assert browser.get("/")["Location"].startswith("/accounts/login/")

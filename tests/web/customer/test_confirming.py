"""The phone page behind a confirmation link."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from lianjing.core.crypto import open_field
from lianjing.domain.incidents.actions import take_incident
from lianjing.domain.incidents.asking import ask_customer
from lianjing.domain.incidents.models import ConfirmationLink, Incident
from lianjing.web.customer.confirming import MISSES, VISITS
from tests.cast import Cast, Sent, alarm


@pytest.fixture
def link(cast: Cast, settings: object) -> ConfirmationLink:
    settings.DELIVERY_MISSING = {"sms": ""}
    settings.PUBLIC_URL = "https://desk.example.cn"
    now = timezone.now()
    case = alarm(Sent(at=now))
    take_incident(case.pk, by=cast.viewer("olivia"), at=now)
    return ask_customer(case.pk, contact="Wang", channel="sms", by=cast.viewer("olivia"), at=now)


def path_of(link: ConfirmationLink) -> str:
    address = open_field(django_settings.ENVIRONMENT.data_key, link.delivery.secret_sealed).decode()
    return address.removeprefix("https://desk.example.cn")


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_the_page_says_where_and_what_and_names_nobody(client: Client, link: ConfirmationLink) -> None:
    page = text_of(client, path_of(link))
    for words in ("Harbour Alarm", "Corner Shop", "入侵报警", "确认", "误报", "求助", "tel:110"):
        assert words in page
    for private in ("Wang", "5678", "Corner Shop Road", "olivia", "Olivia"):
        assert private not in page
    response = client.get(path_of(link))
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    link.refresh_from_db()
    assert link.opened_at is not None


@pytest.mark.parametrize("answer", ["real", "false", "help"])
def test_each_answer_takes_two_taps(client: Client, link: ConfirmationLink, answer: str) -> None:
    path = path_of(link)
    chosen = text_of(client, f"{path}?choose={answer}")
    assert f'name="answer" value="{answer}"' in chosen
    link.refresh_from_db()
    assert link.answer == ""
    assert client.post(path, {"answer": answer}).status_code == 302
    link.refresh_from_db()
    assert link.answer == answer
    assert "已收到" in text_of(client, path)


def test_after_false_only_help_is_offered_and_a_second_answer_is_refused(
    client: Client, link: ConfirmationLink
) -> None:
    path = path_of(link)
    client.post(path, {"answer": "false"})
    page = text_of(client, path)
    assert ('value="help"' in page, 'value="real"' in page) == (True, False)
    assert 'name="answer"' not in text_of(client, f"{path}?choose=real")
    again = client.post(path, {"answer": "real"})
    assert (again.status_code, "您已答复过了。" in again.content.decode()) == (409, True)
    assert client.post(path, {"answer": "help"}).status_code == 302
    assert Incident.objects.get().grade == 1


def test_an_expired_a_revoked_and_an_unknown_link_say_so_in_plain_words(client: Client, link: ConfirmationLink) -> None:
    path = path_of(link)
    link.expires_at = timezone.now() - timedelta(seconds=1)
    link.save()
    assert "已经过期" in text_of(client, path)
    assert client.post(path, {"answer": "help"}).status_code == 409
    link.revoked_at = timezone.now()
    link.save()
    page = text_of(client, path)
    assert ("收回" in page, 'class="big' in page) == (True, False)
    assert "链接无效" in text_of(client, "/c/no-such-link/", 404)
    assert client.post("/c/no-such-link/", {"answer": "help"}).status_code == 404


@pytest.mark.parametrize("posted", [{}, {"answer": ""}, {"answer": "closed"}, {"answer": "\0"}])
def test_what_is_no_answer_is_refused(client: Client, link: ConfirmationLink, posted: dict[str, str]) -> None:
    assert client.post(path_of(link), posted).status_code == 409
    link.refresh_from_db()
    assert link.answer == ""


def test_a_form_from_elsewhere_is_refused(link: ConfirmationLink) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path_of(link), {"answer": "false"}).status_code == 403


def test_who_tries_many_links_is_told_to_wait_and_a_good_link_opens_all_the_same(
    client: Client, link: ConfirmationLink
) -> None:
    for number in range(MISSES):
        assert client.get(f"/c/guess-{number}/").status_code == 404
    assert "请稍候再试" in text_of(client, "/c/guess-x/", 429)
    assert client.get(path_of(link)).status_code == 200


def test_one_link_is_not_opened_without_end(client: Client, link: ConfirmationLink) -> None:
    path = path_of(link)
    answers = [client.get(path).status_code for _ in range(VISITS + 1)]
    assert answers == [200] * VISITS + [429]


def test_the_page_is_there_in_english_too(client: Client, link: ConfirmationLink) -> None:
    client.cookies["lianjing_language"] = "en"
    page = text_of(client, path_of(link))
    for words in ("Our own people, or touched by mistake", "Help", "Valid until"):
        assert words in page

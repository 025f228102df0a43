"""What the operator does to a case, through the page."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.incidents.actions import take_incident
from lianjing.domain.incidents.models import Incident
from tests.cast import Cast, Sent, alarm
from tests.web.console.conftest import As


@pytest.fixture
def case(cast: Cast) -> Incident:
    return alarm()


@pytest.fixture
def olivia(signed_on: As) -> Client:
    return signed_on("olivia")


def state_of(case: Incident) -> str:
    return Incident.objects.get(pk=case.pk).state


def test_a_case_goes_from_taken_to_closed_and_back_by_a_leader(case: Incident, olivia: Client, signed_on: As) -> None:
    for move, form, state in (
        ("take", {}, "taken"),
        ("note", {"text": "caller hung up"}, "taken"),
        ("verify", {"how": "call", "outcome": "real"}, "verified"),
        ("forward", {"to": "110"}, "forwarded"),
        ("dispose", {"result": "real", "cause": "door forced"}, "disposed"),
        ("close", {}, "closed"),
    ):
        response = olivia.post(f"/incidents/{case.pk}/{move}/", form)
        assert (response.status_code, state_of(case)) == (302, state)
    reopened = signed_on("leo").post(f"/incidents/{case.pk}/reopen/", {"reason": "the owner called again"})
    assert (reopened.status_code, state_of(case)) == (302, "open")


def test_htmx_gets_the_case_as_it_stands_afterwards(case: Incident, olivia: Client) -> None:
    response = olivia.post(f"/incidents/{case.pk}/take/", HTTP_HX_REQUEST="true")
    assert response.status_code == 200
    assert "我在处理" in response.content.decode()


def test_a_refusal_is_a_sentence_and_keeps_the_form(case: Incident, olivia: Client) -> None:
    response = olivia.post(f"/incidents/{case.pk}/note/", {"text": "nobody answers"}, HTTP_HX_REQUEST="true")
    page = response.content.decode()
    assert response.status_code == 409
    assert "请先受理此警情。" in page
    assert "nobody answers" in page


def test_a_bad_form_keeps_what_was_typed_and_says_what_is_missing(case: Incident, olivia: Client) -> None:
    olivia.post(f"/incidents/{case.pk}/take/")
    form = {"how": "video", "note": "two people inside"}
    response = olivia.post(f"/incidents/{case.pk}/verify/", form, HTTP_HX_REQUEST="true")
    page = response.content.decode()
    assert response.status_code == 422
    assert 'data-form="verify" data-open' in page
    assert "two people inside" in page
    assert 'value="video" aria-describedby' not in page
    assert page.count("请选择一项。") == 1
    assert state_of(case) == "taken"


def test_a_word_that_is_not_in_the_list_is_refused(case: Incident, olivia: Client) -> None:
    olivia.post(f"/incidents/{case.pk}/take/")
    assert olivia.post(f"/incidents/{case.pk}/forward/", {"to": "911"}).status_code == 422


def test_a_case_in_other_hands_names_its_holder(case: Incident, cast: Cast, olivia: Client) -> None:
    take_incident(case.pk, by=cast.viewer("oscar"), at=timezone.now())
    page = olivia.get(f"/incidents/{case.pk}/").content.decode()
    assert "Oscar 正在处理此警情" in page
    assert olivia.post(f"/incidents/{case.pk}/take/").status_code == 409
    assert olivia.post(f"/incidents/{case.pk}/break_lock/").status_code == 403


def test_a_leader_is_asked_before_he_breaks_a_lock(case: Incident, cast: Cast, signed_on: As) -> None:
    take_incident(case.pk, by=cast.viewer("oscar"), at=timezone.now())
    leo = signed_on("leo")
    assert "Oscar 会失去这件警情" in leo.get(f"/incidents/{case.pk}/").content.decode()
    leo.post(f"/incidents/{case.pk}/break_lock/")
    assert Incident.objects.get(pk=case.pk).holder_id == cast.users["leo"].pk


def test_take_next_opens_the_most_urgent_free_case(case: Incident, olivia: Client) -> None:
    fire = alarm(Sent(account="1002", code="FA"))
    response = olivia.post("/queue/next/", HTTP_HX_REQUEST="true")
    assert response["HX-Push-Url"] == f"/incidents/{fire.pk}/"
    assert olivia.post("/queue/next/")["Location"] == f"/incidents/{case.pk}/"


def test_take_next_says_when_there_is_nothing_to_take(cast: Cast, olivia: Client) -> None:
    response = olivia.post("/queue/next/", HTTP_HX_REQUEST="true")
    assert response.status_code == 204
    assert (
        json.loads(response["HX-Trigger"])["lianjing:said"]["text"]
        == "没有可派给您的警情：队列已空，或您手上的已到上限。"
    )
    assert olivia.post("/queue/next/")["Location"] == "/"


def test_a_joined_alarm_asks_to_be_seen_before_the_case_is_closed(case: Incident, olivia: Client) -> None:
    olivia.post(f"/incidents/{case.pk}/take/")
    alarm(Sent(zone="4"))
    page = olivia.get(f"/incidents/{case.pk}/").content.decode()
    assert "1 条新报警未看" in page
    assert olivia.post(f"/incidents/{case.pk}/acknowledge/").status_code == 302
    assert "条新报警未看" not in olivia.get(f"/incidents/{case.pk}/").content.decode()


def test_seeing_goes_as_far_as_the_page_showed(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["olivia"])
    case = alarm()
    client.post(f"/incidents/{case.pk}/take/")
    shown = alarm(Sent(zone="004")).signals.order_by("-treatment_id").first().treatment_id
    alarm(Sent(zone="005"))
    client.post(f"/incidents/{case.pk}/acknowledge/", {"up_to": shown})
    case.refresh_from_db()
    assert (case.unseen, case.acknowledged) == (1, False)

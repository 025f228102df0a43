"""Calls, links, reports and messages at the desk and by API."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.incidents.actions import take_incident
from lianjing.domain.incidents.asking import answer_link, ask_customer
from lianjing.domain.incidents.customer_side import link_viewer
from lianjing.domain.incidents.models import CallAttempt, ConfirmationLink, CustomerReport, Incident
from lianjing.domain.people.actions import create_token
from lianjing.domain.sites.models import Contact
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm
from tests.web.console.conftest import As
from tests.web.customer.test_confirming import path_of


@pytest.fixture(autouse=True)
def _connected(settings: object) -> None:
    settings.DELIVERY_MISSING = {"sms": "", "wechat": "LIANJING_WECHAT_WEBHOOK", "email": ""}
    settings.PUBLIC_URL = "https://desk.example.cn"


@pytest.fixture
def case(cast: Cast) -> Incident:
    now = timezone.now()
    return take_incident(alarm(Sent(at=now)).pk, by=cast.viewer("olivia"), at=now)


def page_of(client: Client, case: Incident, status: int = 200) -> str:
    response = client.get(f"/incidents/{case.pk}/", HTTP_HX_REQUEST="true")
    assert response.status_code == status
    return response.content.decode()


def wang(cast: Cast) -> Contact:
    return Contact.objects.get(site=cast.shop)


def test_each_contact_has_one_key_to_dial_and_nine_for_what_came_of_it(
    cast: Cast, signed_on: As, case: Incident
) -> None:
    page, contact = page_of(signed_on("olivia"), case), wang(cast)
    assert f'href="tel:10012345678" data-dials="call-{contact.pk}" data-key-press="1"' in page
    form = page.split(f'data-form="call-{contact.pk}"')[1].split("</fieldset>")[0]
    assert re.findall(r'<span class="key">(\d)</span>', form) == list("123456789")
    for other in ("oscar", "polly", "mia"):
        assert "10012345678" not in page_of(signed_on(other), case)


def test_a_call_that_was_noted_stands_at_the_contact(cast: Cast, signed_on: As, case: Incident) -> None:
    client, contact = signed_on("olivia"), wang(cast)
    for outcome in ("no_answer", "wrong_person"):
        told = {"contact": contact.pk, "outcome": outcome, "elapsed": "12.5", "note": ""}
        assert client.post(f"/incidents/{case.pk}/call/", told, HTTP_HX_REQUEST="true").status_code == 200
    page = page_of(client, case)
    for words in ("第 1 次", "第 2 次", "0:12", "无人接听", "不是本人", "号码存疑：接听的不是本人"):
        assert words in page
    assert "拨打时接听的不是本人" in signed_on("mia").get(f"/office/sites/{cast.shop.pk}/").content.decode()


def test_a_call_without_outcome_comes_back_open_with_the_sentence(cast: Cast, signed_on: As, case: Incident) -> None:
    told = {"contact": wang(cast).pk, "note": "rang twice"}
    response = signed_on("olivia").post(f"/incidents/{case.pk}/call/", told, HTTP_HX_REQUEST="true")
    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(rf'data-form="call-{wang(cast).pk}" data-at-once data-open', page)
    assert ("请选择一项。" in page, "rang twice" in page) == (True, True)
    assert CallAttempt.objects.count() == 0


def test_an_answer_is_offered_as_outcome_and_never_taken_over_by_itself(
    cast: Cast, signed_on: As, case: Incident
) -> None:
    client = signed_on("olivia")
    told = {"contact": wang(cast).pk, "channel": "sms"}
    assert client.post(f"/incidents/{case.pk}/ask_customer/", told, HTTP_HX_REQUEST="true").status_code == 200
    page = page_of(client, case)
    assert ("等待答复" in page, "收回" in page, "138" in page) == (True, True, False)
    token = path_of(ConfirmationLink.objects.get()).split("/")[2]
    answer_link(token, "false", by=link_viewer(token), at=timezone.now())
    page = page_of(client, case)
    assert "客户答复：误报" in page
    assert 'name="outcome" value="false"' in page
    assert Incident.objects.get(pk=case.pk).verified_outcome == ""


def test_a_fire_is_not_offered_to_be_ended_by_a_link(cast: Cast, signed_on: As) -> None:
    now = timezone.now()
    fire = take_incident(alarm(Sent(code="FA", at=now)).pk, by=cast.viewer("olivia"), at=now)
    ask_customer(fire.pk, contact="Wang", channel="sms", by=cast.viewer("olivia"), at=now)
    token = path_of(ConfirmationLink.objects.get()).split("/")[2]
    answer_link(token, "false", by=link_viewer(token), at=now)
    page = page_of(signed_on("olivia"), fire)
    assert ("客户答复：误报" in page, "采纳为复核结果" in page) == (True, False)


def test_a_hold_up_says_why_no_link_may_be_sent(cast: Cast, signed_on: As) -> None:
    now = timezone.now()
    case = take_incident(alarm(Sent(code="PA", at=now)).pk, by=cast.viewer("olivia"), at=now)
    client = signed_on("olivia")
    page = page_of(client, case)
    assert ("不能发确认链接" in page, "发链接…" in page) == (True, False)
    told = {"contact": wang(cast).pk, "channel": "sms"}
    refused = client.post(f"/incidents/{case.pk}/ask_customer/", told, HTTP_HX_REQUEST="true")
    assert (refused.status_code, "收到的人可能正受威胁" in refused.content.decode()) == (409, True)


def test_a_way_that_is_not_connected_is_shown_with_the_reason(signed_on: As, case: Incident) -> None:
    page = page_of(signed_on("olivia"), case)
    assert "微信没有接通：请管理员设置 LIANJING_WECHAT_WEBHOOK。" in page
    assert "没有登记邮箱。" in page


def test_several_are_told_at_once_and_the_report_can_be_printed(cast: Cast, signed_on: As, case: Incident) -> None:
    client = signed_on("olivia")
    assert "您好，这里是Harbour Alarm接警中心。" in page_of(client, case)
    told = {"contacts": [wang(cast).pk], "other": "物业李工", "channel": "phone", "text": "设备误报，已复位。"}
    assert client.post(f"/incidents/{case.pk}/tell/", told, HTTP_HX_REQUEST="true").status_code == 200
    assert [report.name for report in CustomerReport.objects.order_by("pk")] == ["Wang", "物业李工"]
    paper = client.get(f"/incidents/{case.pk}/report/").content.decode()
    for words in ("Wang", "物业李工", "设备误报，已复位。", "客户签字", "通报人 Olivia"):
        assert words in paper
    assert signed_on("sam").get(f"/incidents/{case.pk}/report/").status_code == 404


def test_a_report_that_cannot_be_sent_keeps_what_was_typed(cast: Cast, signed_on: As, case: Incident) -> None:
    told = {"contacts": [wang(cast).pk], "channel": "email", "text": "写了很久的内容"}
    response = signed_on("olivia").post(f"/incidents/{case.pk}/tell/", told, HTTP_HX_REQUEST="true")
    page = response.content.decode()
    assert response.status_code == 422
    for words in ("Wang：没有可用的地址。", "写了很久的内容", 'data-form="tell" data-open'):
        assert words in page


@pytest.fixture
def lost(cast: Cast, case: Incident) -> Delivery:
    """A message that was given up."""
    ask_customer(case.pk, contact="Wang", channel="sms", by=cast.viewer("olivia"), at=timezone.now())
    Delivery.objects.update(state="given_up", next_at=None, last_error="网关答复 HTTP 503。")
    return Delivery.objects.get()


def test_what_was_not_delivered_is_in_the_banner_on_the_case_and_in_the_list(
    signed_on: As, case: Incident, lost: Delivery
) -> None:
    leader = signed_on("leo")
    assert "消息没有送达" in leader.get("/").content.decode()
    failed = leader.get("/deliveries/?state=failed").content.decode()
    for words in ("100****5678", "网关答复 HTTP 503。", "没有送达，已停止重试", "重发"):
        assert words in failed
    assert "网关答复" not in leader.get("/deliveries/?state=sent").content.decode()
    assert "没有送达，已停止重试" in page_of(signed_on("olivia"), case)
    assert signed_on("olivia").get("/deliveries/").status_code == 403
    assert "网关答复" not in signed_on("sam").get("/deliveries/").content.decode()


def test_it_can_be_sent_again_from_both_places(signed_on: As, case: Incident, lost: Delivery) -> None:
    from_case = f"/incidents/{case.pk}/deliveries/{lost.pk}/again/"
    assert signed_on("sam").post(from_case).status_code == 404
    assert signed_on("sam").post(f"/deliveries/{lost.pk}/again/").status_code == 404
    assert signed_on("olivia").post(from_case, HTTP_HX_REQUEST="true").status_code == 200
    lost.refresh_from_db()
    assert lost.state == "queued"
    assert signed_on("leo").post(f"/deliveries/{lost.pk}/again/").status_code == 409


def test_a_message_that_nobody_sends_raises_a_banner(signed_on: As, lost: Delivery) -> None:
    Delivery.objects.update(state="queued", next_at=timezone.now() - timedelta(minutes=10))
    assert "消息发不出去" in signed_on("olivia").get("/").content.decode()


def test_programs_call_ask_and_tell(cast: Cast, client: Client, case: Incident) -> None:
    token = create_token(cast.users["olivia"], label="", by=SYSTEM, at=NOON, source="test")

    def act(action: str, **body: object) -> tuple[int, dict[str, object]]:
        answer = client.post(
            f"/api/v1/incidents/{case.pk}/actions/{action}",
            json.dumps(body),
            content_type="application/json",
            HTTP_AUTHORIZATION=f"Bearer {token}",
        )
        return answer.status_code, answer.json()

    contact, now = wang(cast).pk, timezone.now()
    told = {"started_at": (now - timedelta(seconds=20)).isoformat(), "ended_at": now.isoformat()}
    status, whole = act("call", contact=contact, outcome="reached", note="is on his way", **told)
    assert (status, whole["timeline"][-1]["words"]) == (200, "致电 Wang：接通")
    assert CallAttempt.objects.get().outcome == "reached"
    assert act("call", contact="Wang", outcome="shouted")[0] == 422
    assert act("call", contact=contact, outcome="busy", started_at="2026-11-22T12:00:00")[0] == 422
    assert act("ask_customer", contact=contact, channel="sms")[0] == 200
    assert act("tell", contact="Wang", channel="phone", text="A false alarm.")[0] == 200
    assert act("tell", channel="phone", text="A false alarm.")[1]["field"] == "contacts"

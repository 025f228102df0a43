"""并案, 拆案, 批量结案 and the list of cases, through their pages."""

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.incidents.actions import take_incident
from lianjing.domain.incidents.joining import merge_incidents
from lianjing.domain.incidents.models import Incident, IncidentSignal
from lianjing.domain.people.actions import create_token
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm
from tests.web.console.conftest import As


@pytest.fixture
def case(cast: Cast) -> Incident:
    return take_incident(alarm().pk, by=cast.viewer("olivia"), at=NOON)


@pytest.fixture
def olivia(signed_on: As) -> Client:
    return signed_on("olivia")


def test_the_form_offers_the_sites_open_cases_and_takes_any_by_its_number(case: Incident, olivia: Client) -> None:
    fire, elsewhere = alarm(Sent(code="FA")), alarm(Sent(account="1002", code="TA"))
    page = olivia.get(f"/incidents/{case.pk}/").content.decode()
    form = page.partition('data-form="join"')[2].partition("</form>")[0]
    assert (f'value="{fire.pk}"' in form, f'value="{elsewhere.pk}"' in form) == (True, False)
    assert olivia.post(f"/incidents/{case.pk}/join/", {"other": elsewhere.pk}).status_code == 302
    assert olivia.post(f"/incidents/{case.pk}/join/", {"near": fire.pk}).status_code == 302
    assert set(Incident.objects.filter(joined_into=case).values_list("pk", flat=True)) == {fire.pk, elsewhere.pk}


def test_a_joined_case_says_so_on_its_page_in_the_list_and_to_programs(
    cast: Cast, case: Incident, olivia: Client
) -> None:
    fire = alarm(Sent(code="FA"))
    olivia.post(f"/incidents/{case.pk}/join/", {"near": fire.pk, "note": "same smoke"})
    page = olivia.get(f"/incidents/{fire.pk}/").content.decode()
    assert f"已并入 #{case.pk}" in page
    assert "same smoke" in page
    assert f"并入警情 #{fire.pk} 的 1 条信号" in olivia.get(f"/incidents/{case.pk}/").content.decode()
    listed = olivia.get("/incidents/?disposition=joined").content.decode()
    assert f'↳ <a href="/incidents/{case.pk}/">已并入 #{case.pk}</a>' in listed
    token = create_token(cast.users["olivia"], label="", by=SYSTEM, at=NOON, source="test")
    told = olivia.get(f"/api/v1/incidents/{fire.pk}", HTTP_AUTHORIZATION=f"Bearer {token}").json()
    assert (told["state"], told["joined_into"], told["disposition"]) == ("closed", case.pk, None)


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({}, 422, "请选择一件，或填写警情编号。"),
        ({"other": "abc"}, 422, "请填写警情编号，如 1024。"),
        ({"other": "99999"}, 422, "没有编号为 99999 的警情。"),
        ({"near": "x" * 30}, 422, "没有这个选项。"),
    ],
)
def test_a_wrong_number_is_said_beside_the_field_and_the_note_is_kept(
    case: Incident, olivia: Client, given: dict[str, str], status: int, said: str
) -> None:
    alarm(Sent(code="FA"))
    response = olivia.post(f"/incidents/{case.pk}/join/", given | {"note": "kept"}, HTTP_HX_REQUEST="true")
    page = response.content.decode()
    assert (response.status_code, said in page, ">\nkept</textarea>" in page) == (status, True, True)


def test_a_case_in_other_hands_is_refused_with_a_sentence(cast: Cast, case: Incident, olivia: Client) -> None:
    fire = alarm(Sent(account="1002", code="FA"))
    take_incident(fire.pk, by=cast.viewer("oscar"), at=NOON)
    response = olivia.post(f"/incidents/{case.pk}/join/", {"other": fire.pk}, HTTP_HX_REQUEST="true")
    assert response.status_code == 409
    assert "Oscar 正在处理那一件" in response.content.decode()


def test_chosen_signals_become_a_case_and_a_wrong_choice_is_said(case: Incident, olivia: Client) -> None:
    alarm(Sent(zone="004"))
    first, second = IncidentSignal.objects.order_by("treatment_id").values_list("treatment_id", flat=True)
    response = olivia.post(f"/incidents/{case.pk}/split/", {"signals": [first, second]}, HTTP_HX_REQUEST="true")
    assert response.status_code == 422
    assert "至少要留下一条报警在此警情里。" in response.content.decode()
    assert olivia.post(f"/incidents/{case.pk}/split/", {"signals": ["x"]}).status_code == 422
    assert olivia.post(f"/incidents/{case.pk}/split/", {"signals": [second]}).status_code == 302
    new = Incident.objects.latest("pk")
    assert f"另立警情 #{new.pk}" in olivia.get(f"/incidents/{case.pk}/").content.decode()
    assert f"由警情 #{case.pk} 拆出 1 条信号" in olivia.get(f"/incidents/{new.pk}/").content.decode()


def test_programs_join_and_split(cast: Cast, case: Incident, client: Client) -> None:
    fire = alarm(Sent(code="FA"))
    token = create_token(cast.users["olivia"], label="", by=SYSTEM, at=NOON, source="test")

    def call(incident: int, action: str, body: dict[str, object]) -> object:
        return client.post(
            f"/api/v1/incidents/{incident}/actions/{action}",
            body,
            content_type="application/json",
            HTTP_AUTHORIZATION=f"Bearer {token}",
        )

    joined = call(fire.pk, "join", {"into": case.pk})
    assert (joined.status_code, joined.json()["joined_into"]) == (200, case.pk)
    signal = IncidentSignal.objects.get(treatment__event_class="fire").treatment_id
    split = call(case.pk, "split", {"signals": [signal]})
    assert (split.status_code, split.json()["class"], split.json()["signal_ids"]) == (200, "fire", [signal])
    assert call(case.pk, "split", {"signals": [signal]}).status_code == 422
    assert call(fire.pk, "join", {"into": 2**70}).status_code == 422
    assert call(fire.pk, "join", {"into": case.pk}).status_code == 409


# Closing many


def test_a_leader_sees_what_would_be_closed_and_what_not_before_he_closes(cast: Cast, signed_on: As) -> None:
    tamper, other = alarm(Sent(code="TA")), alarm(Sent(account="1002", code="TA"))
    take_incident(other.pk, by=cast.viewer("oscar"), at=NOON)
    leo = signed_on("leo")
    where = "/mass-close/?event_class=tamper&older=0&code="
    response = leo.get(where)
    page = response.content.decode()
    for words in ("将结案 1 件", "不结案 1 件", "他人正在处理", "Oscar", "Corner Shop"):
        assert words in page
    told = {"shown_at": response.context["shown_at"], "result": "device_false", "cause": "storm"}
    missing = leo.post(where, told)
    assert (missing.status_code, 'value="storm"' in missing.content.decode()) == (422, True)
    assert Incident.objects.get(pk=tamper.pk).state == "open"
    done = leo.post(where, told | {"reason": "power cut"}).content.decode()
    for words in ("已结案 1 件", "1 件没有结案", "他人正在处理"):
        assert words in done
    assert [Incident.objects.get(pk=pk).state for pk in (tamper.pk, other.pk)] == ["closed", "taken"]
    assert "批量结案：设备误报" in leo.get(f"/incidents/{tamper.pk}/").content.decode()


def test_what_came_after_the_preview_is_not_closed(cast: Cast, signed_on: As) -> None:
    leo = signed_on("leo")
    where = "/mass-close/?event_class=tamper&older=0"
    shown_at = leo.get(where).context["shown_at"]
    case = alarm(Sent(code="TA", at=timezone.now()))
    told = {"shown_at": shown_at, "result": "test", "cause": "x", "reason": "y"}
    assert "已结案 0 件" in leo.post(where, told).content.decode()
    assert Incident.objects.get(pk=case.pk).state == "open"
    assert leo.post(where, told | {"shown_at": "yesterday"}).status_code == 422


@pytest.mark.parametrize("event_class", ["fire", "hold_up", "medical"])
def test_classes_of_life_are_refused_with_a_sentence(cast: Cast, signed_on: As, event_class: str) -> None:
    response = signed_on("leo").get(f"/mass-close/?event_class={event_class}")
    assert response.status_code == 409
    assert "只能逐件处理，不能批量结案" in response.content.decode()


def test_only_leaders_find_the_way_to_it(cast: Cast, signed_on: As) -> None:
    assert "批量结案" in signed_on("leo").get("/incidents/").content.decode()
    assert "批量结案" not in signed_on("olivia").get("/incidents/").content.decode()
    assert signed_on("olivia").get("/mass-close/").status_code == 403


# The list


def test_the_list_is_narrowed_by_what_an_operator_asks_for(cast: Cast, signed_on: As) -> None:
    burglary, fire = alarm(), alarm(Sent(account="1002", code="FA"))
    unknown = alarm(Sent(account="9999"))
    ada = signed_on("ada")

    def listed(query: str) -> set[int]:
        return {line.row.id for line in ada.get(f"/incidents/?{query}").context["lines"]}

    every = {burglary.pk, fire.pk, unknown.pk}
    for query, expected in (
        ("", every),
        ("grade=1", {fire.pk}),
        ("event_class=intrusion", every - {fire.pk}),
        ("q=Harbour+Bank", {fire.pk}),
        ("q=1002", {fire.pk}),
        ("q=9999", {unknown.pk}),
        (f"q=%23{fire.pk}", {fire.pk}),
        ("on=2026-11-22", set()),
        (f"company={cast.company.pk}", {burglary.pk, fire.pk}),
        ("disposition=test", set()),
        ("state=closed", set()),
        ("state=open&grade=1&q=Bank", {fire.pk}),
    ):
        if query == "on=2026-11-22":
            Incident.objects.filter(pk=burglary.pk).update(opened_at=NOON)
            Incident.objects.exclude(pk=burglary.pk).update(opened_at=timezone.now())
            expected = {burglary.pk} if timezone.now().date() != NOON.date() else every
        assert listed(query) == expected, query
    assert ada.get("/incidents/?on=never").status_code == 422
    assert ada.get("/incidents/?grade=9&q=%00").status_code in (200, 422)


def test_nobody_finds_another_companys_case_in_it(cast: Cast, signed_on: As) -> None:
    case = alarm()
    assert signed_on("sam").get(f"/incidents/?q=%23{case.pk}").context["lines"] == []


def test_the_end_of_a_joined_case_is_no_way_back(cast: Cast, case: Incident, signed_on: As) -> None:
    fire = alarm(Sent(code="FA"))
    merge_incidents(fire.pk, into=case.pk, by=cast.viewer("olivia"), at=NOON)
    response = signed_on("leo").post(f"/incidents/{fire.pk}/reopen/", {"reason": "?"})
    assert response.status_code == 409

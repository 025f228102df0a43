"""The case page about 110, 119 and 120, about guards and about pictures."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lianjing.domain.dispatch.models import Task
from lianjing.domain.incidents.models import CaseMedia, Incident, PoliceNotice
from tests.cast import NOON, Cast, Sent, alarm
from tests.domain.incidents.test_media import HEIC, MP4, picture
from tests.web.conftest import As


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def olivia(signed_on: As) -> Client:
    return signed_on("olivia")


@pytest.fixture
def case(cast: Cast, olivia: Client) -> Incident:
    """Confirmed by two zones, and taken by Olivia."""
    alarm()
    confirmed = alarm(Sent(zone="004", at=NOON + timedelta(seconds=30)))
    olivia.post(f"/incidents/{confirmed.pk}/take/")
    return confirmed


def page(client: Client, case: Incident) -> str:
    return client.get(f"/incidents/{case.pk}/", HTTP_HX_REQUEST="true").content.decode()


def post(client: Client, case: Incident, move: str, form: dict[str, Any] | None = None) -> Any:
    return client.post(f"/incidents/{case.pk}/{move}/", form or {}, HTTP_HX_REQUEST="true")


def test_the_page_says_that_it_must_be_reported_and_which_key_does_it(case: Incident, olivia: Client) -> None:
    shown = page(olivia, case)
    assert "两种不同原理的探测器先后报警，应立即报告 110" in shown
    # The plan of a confirmed intrusion asks for just that first: its step is what comes next.
    assert 'id="do-step" class="go" data-key-press="d"' in shown
    assert 'id="do-police" class="" data-key-press="l"' in shown
    assert "何事：入侵报警（两处探测相互印证）" in shown
    assert 'data-key-press="w"' in shown


def test_one_key_leads_the_hand_over_from_step_to_step(case: Incident, olivia: Client) -> None:
    post(olivia, case, "police", {"service": "110", "message": "come"})
    assert 'href="tel:110"' in page(olivia, case)
    for move, form in (
        ("police_sent", {}),
        ("police_accepted", {"number": "7"}),
        ("police_dispatched", {}),
        ("police_arrived", {}),
        ("police_closed", {"note": "done"}),
    ):
        shown = page(olivia, case)
        assert f'id="do-{move}"' in shown
        assert shown.count('data-key-press="q"') == 1
        assert post(olivia, case, move, form).status_code == 200
    assert PoliceNotice.objects.values_list("state", "number").get() == ("closed", "7")
    assert "应即报告" not in page(olivia, case)


def test_while_they_have_not_accepted_the_clock_runs_on_the_page(case: Incident, olivia: Client) -> None:
    post(olivia, case, "forward", {"to": "110"})
    notice = PoliceNotice.objects.get()
    red = (notice.prepared_at + timedelta(seconds=120)).isoformat(timespec="milliseconds")
    assert f'data-red-at="{red}"' in page(olivia, case)
    post(olivia, case, "police_accepted")
    assert "等对方接警" not in page(olivia, case)


def test_a_hold_up_asks_for_the_receipt_of_the_police(cast: Cast, olivia: Client) -> None:
    case = alarm(Sent(code="PA"))
    for move, form in (("take", {}), ("forward", {"to": "110"})):
        post(olivia, case, move, form)
    assert 'id="do-police_received"' in page(olivia, case)
    post(olivia, case, "police_received")
    assert "已确认收悉" in page(olivia, case)


def test_not_reporting_without_a_reason_is_refused_beside_the_field(case: Incident, olivia: Client) -> None:
    answer = post(olivia, case, "waive_police", {"reason": "other"})
    assert (answer.status_code, "请写明不报告的理由。" in answer.content.decode()) == (422, True)
    assert post(olivia, case, "waive_police", {"reason": "drill", "note": "yearly"}).status_code == 200
    assert "演练或测试" in page(olivia, case)


def test_disposing_without_reporting_says_why_not(case: Incident, olivia: Client) -> None:
    post(olivia, case, "verify", {"how": "call", "outcome": "false"})
    answer = post(olivia, case, "dispose", {"result": "human_false", "kind": "human_false:pet"})
    assert (answer.status_code, "尚未报告，也没有写明不报告的理由。" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize(
    "form",
    [
        {"result": "device_false"},
        {"result": "device_false", "kind": "human_false:pet"},
        {"result": "device_false", "kind": "device_false:other"},
    ],
)
def test_a_disposition_needs_a_cause_of_its_result(cast: Cast, olivia: Client, form: dict[str, str]) -> None:
    case = alarm()
    for move, given in (("take", {}), ("verify", {"how": "call", "outcome": "false"})):
        post(olivia, case, move, given)
    answer = post(olivia, case, "dispose", form)
    assert (answer.status_code, 'data-form="dispose" data-open' in answer.content.decode()) == (422, True)


def test_a_disposition_by_cause_detector_and_repair(case: Incident, olivia: Client) -> None:
    post(olivia, case, "waive_police", {"reason": "drill"})
    post(olivia, case, "verify", {"how": "call", "outcome": "false"})
    shown = page(olivia, case)
    assert "4 hall" in shown
    zone = case.signals.order_by("-treatment_id").first().treatment.zone_id
    form = {"result": "device_false", "kind": "device_false:battery", "zone": zone, "repair": "on"}
    form |= {"repair_text": "new"}
    assert post(olivia, case, "dispose", form).status_code == 200
    case.refresh_from_db()
    assert (case.cause_kind, case.cause_zone.name, case.repair_wanted, case.repair_text) == (
        "battery",
        "hall",
        True,
        "new",
    )


def test_a_guard_is_chosen_sent_and_called_back(case: Incident, olivia: Client) -> None:
    assert "Gus · 空闲" in page(olivia, case)
    answer = post(olivia, case, "send_task", {"instructions": "look"})
    assert (answer.status_code, "look" in answer.content.decode()) == (422, True)
    assert post(olivia, case, "send_task", {"guard": "gus", "instructions": "look"}).status_code == 200
    task = Task.objects.get()
    assert "等其接受" in page(olivia, case)
    assert post(olivia, case, "cancel_task", {"task": task.pk, "reason": "owner came"}).status_code == 200
    assert Task.objects.values_list("state", "reason").get() == ("cancelled", "owner came")


def test_pictures_are_added_seen_large_and_handed_out_with_their_type(case: Incident, olivia: Client) -> None:
    href = f"/incidents/{case.pk}/media/"
    answer = olivia.post(href, {"files": [io.BytesIO(picture()), io.BytesIO(MP4)]}, HTTP_HX_REQUEST="true")
    assert "已加入 2 个。" in answer.content.decode()
    image, clip = CaseMedia.objects.order_by("pk")
    assert f"{href}{image.pk}/small/" in page(olivia, case)
    large = olivia.get(f"{href}{image.pk}/").content.decode()
    assert ("影像 1 / 2" in large, "✓ 与加入时一致" in large, image.sha256 in large) == (True, True, True)
    file = olivia.get(f"{href}{image.pk}/file/")
    assert (file.content, file["Content-Type"], file["X-Content-Type-Options"]) == (picture(), "image/jpeg", "nosniff")
    assert olivia.get(f"{href}{clip.pk}/small/").status_code == 404
    assert olivia.get(f"{href}{image.pk + 100}/").status_code == 404


def test_a_player_gets_the_range_that_it_asks_for(case: Incident, olivia: Client) -> None:
    olivia.post(f"/incidents/{case.pk}/media/", {"files": [io.BytesIO(MP4)]})
    href = f"/incidents/{case.pk}/media/{CaseMedia.objects.get().pk}/file/"
    part = olivia.get(href, HTTP_RANGE="bytes=4-11")
    assert (part.status_code, part.content, part["Content-Range"]) == (206, b"ftypisom", f"bytes 4-11/{len(MP4)}")
    rest = olivia.get(href, HTTP_RANGE="bytes=80-")
    assert (rest.content, rest["Content-Range"]) == (MP4[80:], f"bytes 80-{len(MP4) - 1}/{len(MP4)}")
    assert olivia.get(href, HTTP_RANGE="bytes=900-").status_code == 416


def test_what_no_browser_shows_is_for_downloading(case: Incident, olivia: Client) -> None:
    olivia.post(f"/incidents/{case.pk}/media/", {"files": [io.BytesIO(HEIC)]})
    media = CaseMedia.objects.get()
    assert "请下载后查看" in olivia.get(f"/incidents/{case.pk}/media/{media.pk}/").content.decode()
    file = olivia.get(f"/incidents/{case.pk}/media/{media.pk}/file/")
    assert file["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_refused_is_said_and_the_caption_stays(case: Incident, olivia: Client) -> None:
    form = {"files": [io.BytesIO(b"MZ program")], "caption": "back yard"}
    answer = olivia.post(f"/incidents/{case.pk}/media/", form, HTTP_HX_REQUEST="true")
    told = answer.content.decode()
    assert (answer.status_code, "只收 JPEG" in told, "back yard" in told) == (422, True, True)


def test_readers_see_pictures_and_strangers_do_not(case: Incident, olivia: Client, signed_on: As) -> None:
    olivia.post(f"/incidents/{case.pk}/media/", {"files": [io.BytesIO(picture())]})
    href = f"/incidents/{case.pk}/media/{CaseMedia.objects.get().pk}/"
    codes = {who: signed_on(who).get(f"{href}file/").status_code for who in ("polly", "mia", "sam", "gus")}
    assert codes == {"polly": 200, "mia": 200, "sam": 404, "gus": 403}
    assert signed_on("polly").post(f"/incidents/{case.pk}/media/").status_code == 403

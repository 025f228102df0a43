"""Premises in the office: the list, a place, values of one quantity, each form with what it refuses, who gets in."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.domain.facilities.models import Equipment, Measurement, Place, PlaceFact, PlaceFile, RoomLimit
from lianjing.domain.findings.models import Finding
from tests.cast import Cast
from tests.clauses.whole_premises import value_row
from tests.domain.facilities.equipped import piece
from tests.web.conftest import As

LIST = "/office/premises/"
PLACES = f"{LIST}places/"
PDF = b"%PDF-1.4 seen\n%%EOF\n"
VALUE = {
    "quantity": "temperature",
    "figure": "29.1",
    "unit": "℃",
    "measured_at": "2026-11-02 09:30",
    "measured_by": "何师傅",
    "instrument": "testo 174H",
    "calibrated_until": "2100-01-01",
    "valid_until": "2099-12-31",
}


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.content.decode()))


@pytest.fixture
def mia(signed_on: As) -> Client:
    return signed_on("mia")


@pytest.fixture(autouse=True)
def _kept_in(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def a_centre(cast: Cast, mia: Client) -> int:
    mia.post(f"{LIST}{cast.company.pk}/new/", {"kind": "centre", "name": "运营中心", "area": "120"})
    return Place.objects.get(name="运营中心").pk


def a_room(cast: Cast, mia: Client) -> int:
    told = {"kind": "machine_room", "name": "一号机房", "centre": str(a_centre(cast, mia)), "area": "40"}
    mia.post(f"{LIST}{cast.company.pk}/new/", told)
    return Place.objects.get(name="一号机房").pk


def test_an_empty_list_says_where_to_begin(cast: Cast, mia: Client) -> None:
    page = text(mia.get(LIST))
    assert "还没有登记场地。先登记运营中心" in page
    assert "没有登记运营中心，无从判定。" in page
    assert "≤ 1 Ω" in page


def test_a_value_out_of_limits_is_recorded_shown_and_put_right(cast: Cast, mia: Client) -> None:
    room = a_room(cast, mia)
    form = text(mia.get(f"{PLACES}{room}/values/new/?quantity=temperature"))
    assert 'name="unit" value="℃"' in form
    answer = mia.post(f"{PLACES}{room}/values/new/", VALUE)
    assert answer["Location"] == f"{PLACES}{room}/values/temperature/"
    page = text(mia.get(answer["Location"]))
    assert "✕ 超出限值" in page
    assert "29.1 ℃" in page
    assert "一年 1 个点，超出限值 1 个" in page
    finding = Finding.objects.get()
    assert (finding.title, finding.source_ref) == ("一号机房：温度超出限值", str(room))
    assert f'href="{PLACES}{room}/"' in text(mia.get(f"/office/findings/{finding.pk}/"))
    assert finding.number in text(mia.get(f"{PLACES}{room}/"))
    assert "超出限值：一号机房的温度 29.1 ℃（限值 18～27 ℃）。" in text(mia.get(LIST))
    row = Measurement.objects.get()
    fixed = {**VALUE, "figure": "24.1", "reason": "看错"}
    assert mia.post(f"{LIST}values/{row.pk}/edit/", fixed).status_code == 302
    finding.refresh_from_db()
    assert finding.verdict_good_since is not None
    page = text(mia.get(f"{PLACES}{room}/values/temperature/"))
    assert "已收回" in page
    assert "看错" in page
    later = Measurement.objects.get(retracted_at=None)
    assert mia.post(f"{LIST}values/{later.pk}/retract/", {"reason": "记错房间"}).status_code == 302
    assert "没有有效的测量值" in text(mia.get(LIST))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit": ""}, "请写明单位：没有单位的数值不能判定。应为 ℃。"),
        ({"unit": "lx"}, "“lx”不是温度的单位；可以写 ℃、K、°F。"),
        ({"figure": "热"}, "“热”不是数。"),
        ({"figure": "300"}, "温度不可能是 300 ℃"),
        ({"measured_at": "2100-01-01 10:00"}, "测量时间还没有到。"),
        ({"measured_at": "昨天"}, "时间请写成 2026-11-22 18:30 的样子。"),
        ({"instrument": ""}, "请写明仪器型号"),
        ({"quantity": "mood"}, "没有这个选项。"),
        ({"quantity": "lightning_earthing"}, "没有这个选项。"),
        ({"valid_until": "2026-01-01"}, "早于测量日期"),
        ({"note": "x" * 201}, "最多 200 个字，现有 201 个。"),
    ],
)
def test_a_value_that_cannot_be_is_refused_beside_its_field_and_what_was_typed_stays(
    cast: Cast, mia: Client, change: dict[str, str], said: str
) -> None:
    room = a_room(cast, mia)
    answer = mia.post(f"{PLACES}{room}/values/new/", {**VALUE, **change})
    assert answer.status_code == 422
    assert said in text(answer).replace("&quot;", '"')
    assert "testo 174H" in text(answer) or change.get("instrument") == ""
    assert not Measurement.objects.exists()


def test_what_was_found_is_recorded_with_its_file_corrected_and_taken_back(cast: Cast, mia: Client) -> None:
    centre = a_centre(cast, mia)
    told = {"kind": "hold_up", "standing": "good", "value": "按钮 4 只", "valid_from": "2026-11-02", "origin": "本单位"}
    scan = SimpleUploadedFile("报告.pdf", PDF)
    assert mia.post(f"{PLACES}{centre}/records/new/", {**told, "scan": scan})["Location"] == f"{PLACES}{centre}/"
    row = PlaceFact.objects.get()
    sent = mia.get(f"{LIST}records/{row.pk}/file/")
    assert (sent.content, sent["Content-Type"], sent["Content-Security-Policy"]) == (PDF, "application/pdf", "sandbox")
    page = text(mia.get(f"{PLACES}{centre}/"))
    assert "按钮 4 只" in page
    assert "✓ 具备（合格）" in page
    worse = {**told, "standing": "bad", "value": "按钮 3 只失灵", "reason": "复查"}
    assert mia.post(f"{LIST}records/{row.pk}/edit/", worse).status_code == 302
    later = PlaceFact.objects.get(retracted_at=None)
    assert (later.file_sha256, later.replaces_id) == (row.file_sha256, row.pk)
    assert "不具备或不合格：运营中心的紧急报警装置。" in text(mia.get(LIST))
    assert mia.post(f"{LIST}records/{later.pk}/retract/", {"reason": "记错"}).status_code == 302
    assert not PlaceFact.objects.filter(retracted_at=None).exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "mood"}, "没有这个选项。"),
        ({"standing": ""}, "请选择一项。"),
        ({"valid_from": ""}, "请写明查实或检测的日期。"),
        ({"valid_from": "2100-01-01"}, "2100-01-01 还没有到。"),
        ({"valid_until": "2026-01-01"}, "早于起始日期"),
        ({"origin": ""}, "请写明由谁查实或检测"),
        ({"value": ""}, "请写明情况，或写报告编号、附报告或照片"),
        ({"kind": "fire"}, "请写报告编号，或附上报告"),
        ({"kind": "separation", "value": " "}, "请写明情况，或写报告编号、附报告或照片"),
        ({"kind": "discharge", "value": "21"}, "请写明单位：没有单位的数值不能判定。应为 min。"),
        ({"kind": "discharge", "value": "放电 21，额定 30 min"}, "请写明单位：没有单位的数值不能判定。应为 min。"),
        ({"kind": "discharge", "value": "放电 21 lx"}, "请写明单位：没有单位的数值不能判定。应为 min。"),
        ({"kind": "discharge", "value": "放电 99999999 分钟"}, "过大"),
        ({"scan": SimpleUploadedFile("报告.pdf", b"MZ no pdf")}, "只能是 PDF、PNG 或 JPEG 文件"),
    ],
)
def test_a_record_that_cannot_be_is_refused(cast: Cast, mia: Client, change: dict[str, Any], said: str) -> None:
    centre = a_centre(cast, mia)
    told = {"kind": "hold_up", "standing": "good", "value": "按钮", "valid_from": "2026-11-02", "origin": "本单位"}
    answer = mia.post(f"{PLACES}{centre}/records/new/", {**told, **change})
    assert (answer.status_code, said in text(answer), PlaceFact.objects.exists()) == (422, True, False)


@pytest.mark.parametrize(
    "shown",
    [
        {"number": "X-1"},
        {"scan": SimpleUploadedFile("报告.pdf", PDF)},
        {"standing": "bad"},
    ],
)
def test_a_report_its_file_or_that_there_is_none_may_be_recorded(
    cast: Cast, mia: Client, shown: dict[str, Any]
) -> None:
    told = {"kind": "fire", "standing": "good", "valid_from": "2026-11-02", "origin": "某检测公司"}
    answer = mia.post(f"{PLACES}{a_centre(cast, mia)}/records/new/", told | shown)
    assert (answer.status_code, PlaceFact.objects.get().number) == (302, shown.get("number", ""))


def test_an_old_record_that_shows_nothing_is_named_as_such(cast: Cast, mia: Client) -> None:
    centre = a_centre(cast, mia)
    PlaceFact.objects.create(
        company=cast.company, place_id=centre, kind="hold_up", standing="good", valid_from=date(2026, 1, 5),
        recorded_at=timezone.now(), recorded_by="Mia",
    )  # fmt: skip
    assert "? 待补，不算数" in text(mia.get(f"{PLACES}{centre}/"))


@pytest.mark.parametrize(
    "value",
    [
        *("合格", "放电 21 分钟后欠压告警", "２１min", "1号机组 35 min，合格", "UPS-R2 放电 35～40 min"),
        "2026-11-02 满载 100% 放电 0.6 h",
    ],
)
def test_a_discharge_test_with_its_unit_or_without_a_figure_is_kept(cast: Cast, mia: Client, value: str) -> None:
    centre = a_centre(cast, mia)
    told = {"kind": "discharge", "standing": "good", "value": value, "valid_from": "2026-11-02", "origin": "本单位"}
    assert mia.post(f"{PLACES}{centre}/records/new/", told).status_code == 302


def test_places_are_corrected_and_taken_back_and_hold_their_drawings(cast: Cast, mia: Client) -> None:
    room = a_room(cast, mia)
    centre = Place.objects.get(kind="centre").pk
    told = {"kind": "machine_room", "name": "主机房", "centre": str(centre), "area": "41.5", "reason": "改名"}
    assert mia.post(f"{PLACES}{room}/edit/", told)["Location"] == f"{PLACES}{room}/"
    assert "主机房" in text(mia.get(f"{PLACES}{room}/"))
    scan = SimpleUploadedFile("plan.pdf", PDF)
    mia.post(f"{PLACES}{room}/files/new/", {"kind": "drawing", "title": "平面图一", "scan": scan})
    file = PlaceFile.objects.get()
    assert mia.get(f"{LIST}files/{file.pk}/").content == PDF
    scan.seek(0)
    refused = mia.post(f"{PLACES}{room}/files/new/", {"kind": "photo", "title": "照片一", "scan": scan})
    assert (refused.status_code, "照片只能是 PNG 或 JPEG 图片。" in text(refused)) == (422, True)
    assert mia.post(f"{LIST}files/{file.pk}/retract/", {"reason": "旧图"}).status_code == 302
    assert "没有图纸和照片。" in text(mia.get(f"{PLACES}{room}/"))
    assert "它里面还登记着房间" in text(mia.post(f"{PLACES}{centre}/retract/", {"reason": "x"}))
    one = piece(cast, place=room)
    assert "装备台账里有 1 件在这里" in text(mia.post(f"{PLACES}{room}/retract/", {"reason": "没有这间"}))
    Equipment.objects.filter(pk=one.pk).update(place=None)
    assert mia.post(f"{PLACES}{room}/retract/", {"reason": "没有这间"})["Location"].startswith(LIST)
    assert mia.get(f"{PLACES}{room}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "machine_room"}, "请选择它在哪个运营中心里。"),
        ({"kind": "machine_room", "centre": "99"}, "没有这个选项。"),
        ({"name": ""}, "请填写。"),
        ({"name": "运营中心"}, "已有同名的一处：运营中心。"),
        ({"area": "很大"}, "“很大”不是数。"),
        ({"area": "-3"}, "面积须在 0 与 100000 m² 之间。"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "早于起始日期"),
    ],
)
def test_a_place_that_cannot_be_is_refused(cast: Cast, mia: Client, change: dict[str, str], said: str) -> None:
    a_centre(cast, mia)
    answer = mia.post(f"{LIST}{cast.company.pk}/new/", {"kind": "centre", "name": "二号中心", **change})
    assert (answer.status_code, said in text(answer), Place.objects.count()) == (422, True, 1)


def test_a_limit_of_the_company_takes_the_place_of_the_table_s(cast: Cast, mia: Client) -> None:
    room = a_room(cast, mia)
    mia.post(f"{PLACES}{room}/values/new/", VALUE)
    told = {"quantity": "temperature", "place_kind": "machine_room", "low": "15", "high": "32", "confidence": "OK"}
    told |= {"edition": "Q/LJ 6-2026", "source_clause": "4.2"}
    assert mia.post(f"{LIST}{cast.company.pk}/limits/new/", {**told, "source_clause": ""}).status_code == 422
    assert mia.post(f"{LIST}{cast.company.pk}/limits/new/", told).status_code == 302
    page = text(mia.get(LIST))
    assert "15～32 ℃" in page
    assert "Q/LJ 6-2026 4.2" in page
    assert "◐ 在本单位限值内，超出标准" in page
    assert "本单位限值比标准宽" in page
    assert "超出标准的限值 18～27 ℃" in Finding.objects.get().source_said
    row = RoomLimit.objects.get()
    assert mia.post(f"{LIST}limits/{row.pk}/edit/", {**told, "high": "29", "reason": "抄错"}).status_code == 302
    assert Finding.objects.get().verdict_good_since is None
    last = RoomLimit.objects.get(retracted_at=None)
    assert mia.post(f"{LIST}limits/{last.pk}/retract/", {"reason": "x"}).status_code == 302


def test_each_reading_is_judged_by_the_limit_in_force_on_its_day(cast: Cast, mia: Client) -> None:
    room, today = Place.objects.get(pk=a_room(cast, mia)), timezone.localdate()
    for days, figure in ((10, 30), (1, 30)):
        at = timezone.now() - timedelta(days=days)
        value_row(room, "temperature", figure, at, valid_from=at.date(), valid_until=date(2100, 1, 1)).save()
    told = {"quantity": "temperature", "place_kind": "machine_room", "low": "15", "high": "32", "confidence": "MEM"}
    told |= {"edition": "Q/LJ 6-2026", "source_clause": "4.2", "valid_from": str(today - timedelta(days=5))}
    mia.post(f"{LIST}{cast.company.pk}/limits/new/", told)
    page = text(mia.get(f"{PLACES}{room.pk}/values/temperature/"))
    assert re.findall("[✓✕] (?:在限值内|超出限值)", page) == ["✕ 超出限值"]
    assert page.count("◐ 在本单位限值内，超出标准") == 1
    assert page.count("当时的限值：18～27 ℃ GB 50174-2017 附录A") == 1
    assert "一年 2 个点，超出限值 1 个" in page
    assert page.count('class="band"') == 2


def test_past_days_and_states_of_knowledge_can_be_asked(cast: Cast, mia: Client) -> None:
    room = a_room(cast, mia)
    mia.post(f"{PLACES}{room}/values/new/", VALUE)
    before = timezone.localdate() - timedelta(days=1)
    page = text(mia.get(f"{LIST}?known={before}"))
    assert "还没有登记场地" in page
    assert "values/new/?quantity=" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_place_and_a_quantity_take_the_same_queries_however_many_values(cast: Cast, mia: Client, count: int) -> None:
    room = Place.objects.get(pk=a_room(cast, mia))
    for day in range(count):
        for quantity, value in (("temperature", 23), ("humidity", 40)):
            at = timezone.now() - timedelta(days=day)
            value_row(room, quantity, value, at, valid_from=at.date(), valid_until=date(2100, 1, 1)).save()
    found = {}
    for name, address in (
        ("list", LIST),
        ("place", f"{PLACES}{room.pk}/"),
        ("values", f"{PLACES}{room.pk}/values/humidity/"),
    ):
        mia.get(address)
        with CaptureQueriesContext(connection) as asked:
            mia.get(address)
        found[name] = len(asked)
    assert found == {"list": 19, "place": 17, "values": 9}


@pytest.mark.parametrize(
    ("name", "sees", "changes"), [("leo", 200, 200), ("polly", 200, 403), ("olivia", 403, 403), ("sam", 404, 404)]
)
def test_who_gets_in(cast: Cast, signed_on: As, mia: Client, name: str, sees: int, changes: int) -> None:
    room = a_room(cast, mia)
    mia.post(f"{PLACES}{room}/values/new/", VALUE)
    client = signed_on(name)
    assert client.get(f"{PLACES}{room}/").status_code == sees
    assert client.get(f"{PLACES}{room}/values/temperature/").status_code == sees
    row = Measurement.objects.get()
    for address in (f"{PLACES}{room}/values/new/", f"{PLACES}{room}/edit/", f"{LIST}values/{row.pk}/edit/"):
        assert client.get(address).status_code == changes
    assert client.post(f"{LIST}values/{row.pk}/retract/", {"reason": "x"}).status_code == (
        302 if changes == 200 else changes
    )


def test_what_is_not_there_is_not_found(cast: Cast, mia: Client) -> None:
    room = a_room(cast, mia)
    for address in (f"{PLACES}999/", f"{PLACES}{room}/values/mood/", f"{PLACES}{room}/values/lightning_earthing/"):
        assert mia.get(address).status_code == 404
    for address in (f"{LIST}records/9/file/", f"{LIST}files/9/", f"{LIST}values/9/edit/", f"{LIST}limits/9/edit/"):
        assert mia.get(address).status_code == 404

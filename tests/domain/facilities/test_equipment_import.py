"""The sheet `equipment`: looked at first, imported all or nothing, told by row and column, and written again."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden
from lianjing.core.workbooks.planning import File, Outcome
from lianjing.core.workbooks.writing import Form
from lianjing.domain.facilities.actions.equipment_sheet import export_equipment
from lianjing.domain.facilities.models import Equipment, EquipmentCertificate, MaintenanceRecord, Place, ServiceSpan
from lianjing.domain.incidents.importing import examine_file, import_file
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast
from tests.domain.facilities.equipped import piece
from tests.domain.sites.importing.books import SHOP, counted, csv_file, errors, sentences, workbook

HEAD = [
    *("number", "kind", "name", "model", "serial", "commissioned_on", "life_months", "cycle_months", "cycle_source"),
    *("certificate_kind", "certificate_no", "certificate_from", "certificate_until", "maintained_on", "maintained_by"),
]


def row(place: int, **cells: Any) -> list[Any]:
    told = {
        "number": f"E-{place:03d}",
        "kind": "对讲机",
        "name": f"对讲机 {place}",
        "model": "T-8",
        "serial": f"SN{place}",
        "commissioned_on": "2025-01-10",
        "life_months": 60,
        "cycle_months": 6,
        "cycle_source": "厂家说明书",
        "certificate_kind": "无线电型号核准证",
        "certificate_no": "CMIIT-1",
        "certificate_from": "2024-06-01",
        "certificate_until": "2027-05-31",
        "maintained_on": "2026-10-01",
        "maintained_by": "陈工",
        **cells,
    }
    return [told[column] for column in HEAD]


def book(*rows: list[Any], head: list[str] = HEAD) -> dict[str, Any]:
    return {"equipment": [head, *rows]}


def brought(sheets: dict[str, Any] | File) -> File:
    return sheets if isinstance(sheets, File) else File("book.xlsx", workbook(sheets))


def take(cast: Cast, sheets: dict[str, Any] | File) -> Outcome:
    return import_file(brought(sheets), cast.company.pk, by=cast.viewer("mia"), at=NOON, source="test")


def look(cast: Cast, sheets: dict[str, Any] | File) -> Outcome:
    return examine_file(brought(sheets), cast.company.pk, by=cast.viewer("mia"), at=NOON)


def test_rows_become_pieces_with_papers_days_spans_records_and_news(cast: Cast) -> None:
    dry = look(cast, book(row(1), row(2)))
    assert (counted(dry), errors(dry), Equipment.objects.count()) == ((2, 0, 0), [], 0)
    done = take(cast, book(row(1), row(2)))
    assert (done.applied, counted(done)) == (True, (2, 0, 0))
    one = Equipment.objects.get(number="E-001")
    assert (one.life_ends_on, one.maintenance_due_on, one.certificate_until, one.next_due_on) == (
        date(2030, 1, 9),
        date(2027, 4, 1),
        date(2027, 5, 31),
        date(2027, 4, 1),
    )
    assert (
        list(ServiceSpan.objects.values_list("kind", "valid_from", "cycle_months"))
        == [("radio", date(2025, 1, 10), 6)] * 2
    )
    assert Record.objects.filter(action="equipment.added", subject_id=str(one.pk)).count() == 1
    assert Message.objects.filter(topic="equipment.changed").count() == 2


def test_the_same_file_again_changes_nothing_and_another_cell_only_its_piece(cast: Cast) -> None:
    take(cast, book(row(1), row(2)))
    assert counted(take(cast, book(row(1), row(2)))) == (0, 0, 2)
    changes = {"certificate_until": "2028-05-31", "maintained_on": "2026-11-01", "life_months": 72}
    assert counted(take(cast, book(row(1), row(2, **changes)))) == (0, 1, 1)
    papers = EquipmentCertificate.objects.filter(equipment__number="E-002").order_by("pk")
    assert [(str(one.valid_until), one.retracted_at is None) for one in papers] == [
        ("2027-05-31", False),
        ("2028-05-31", True),
    ]
    assert MaintenanceRecord.objects.count() == 3
    spans = ServiceSpan.objects.filter(equipment__number="E-002").order_by("pk")
    assert [(str(one.life_ends_on), one.retracted_at is None) for one in spans] == [
        ("2030-01-09", False),
        ("2031-01-09", True),
    ]
    assert Equipment.objects.get(number="E-002").maintenance_due_on == date(2027, 5, 1)


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"kind": "飞船"}, "kind", ""),
        ({"kind": None}, "kind", "新装备须填写装备种类。"),
        ({"serial": "SN2"}, "serial", "与第 2 行重复。"),
        ({"serial": "SN-1", "model": "R-2"}, "serial", "型号 R-2 的序列号 SN-1 已登记为 E-000。"),
        ({"number": "E-002"}, "number", "与第 2 行重复。"),
        ({"cycle_source": None}, "cycle_source", "请写明维护周期的出处：标准及条号、厂家说明书或本单位规定。"),
        ({"certificate_until": "2024-05-31"}, "certificate_until", "到期日期 2024-05-31 早于起始日期 2024-06-01。"),
        ({"certificate_from": None}, "certificate_from", "写了证书，还须填写发证日期。"),
        ({"certificate_from": "2099-01-01"}, "certificate_from", "2099-01-01 还没有到。"),
        ({"maintained_on": "2099-01-01"}, "maintained_on", "2099-01-01 还没有到。"),
        ({"maintained_by": None}, "maintained_by", "请填写维护人：写了上次维护日期。"),
        ({"life_months": 0}, "life_months", ""),
        ({"commissioned_on": "去年"}, "commissioned_on", ""),
    ],
)
def test_one_bad_cell_is_named_by_row_and_column_and_nothing_is_imported(
    cast: Cast, cells: dict[str, Any], column: str, sentence: str
) -> None:
    piece(cast, number="E-000")
    done = take(cast, book(row(2), row(3, **cells)))
    assert errors(done) == [("equipment", 3, column)]
    assert sentence in ("", *sentences(done))
    assert (done.applied, Equipment.objects.count()) == (False, 1)


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"place": "机房"}, "place", "本单位没有名为 机房 的场地。"),
        ({"department": "外星部"}, "department", "本单位没有名为 外星部 的部门。"),
        ({"keeper": "404"}, "keeper", "本单位没有工号 404 的人员。"),
        ({"warranty_until": "2025-01-09"}, "warranty_until", "保修至 2025-01-09 早于启用日期 2025-01-10。"),
        ({"manufactured_on": "2025-01-11"}, "commissioned_on", "启用日期 2025-01-10 早于出厂日期 2025-01-11。"),
        ({"decommissioned_on": "2025-01-09"}, "decommissioned_on", "停用日期 2025-01-09 早于启用日期 2025-01-10。"),
    ],
)
def test_what_the_company_has_not_and_days_that_cannot_be_are_named(
    cast: Cast, cells: dict[str, Any], column: str, sentence: str
) -> None:
    Place.objects.create(company=cast.other, kind="centre", name="机房", recorded_at=NOON, recorded_by="x")
    head = ["number", "kind", "name", "commissioned_on", *cells]
    done = take(cast, book(["E-1", "ups", "UPS", "2025-01-10", *cells.values()], head=head))
    assert (errors(done), sentences(done)) == ([("equipment", 2, column)], [sentence])


def test_a_fault_in_another_sheet_keeps_equipment_out_too(cast: Cast) -> None:
    bad = {**SHOP, **book(row(1, kind="飞船"))}
    assert (take(cast, bad).applied, Equipment.objects.count()) == (False, 0)
    done = take(cast, {**SHOP, **book(row(1))})
    assert (errors(done), done.applied, Equipment.objects.count()) == ([], True, 1)


def test_a_csv_file_is_known_by_its_name_and_chinese_headers(cast: Cast) -> None:
    rows = [["装备编号", "装备种类", "装备名称", "厂家"], ["U-1", "不间断电源", "主 UPS", "某厂"]]
    done = take(cast, File("装备台账.csv", csv_file(rows)))
    assert (errors(done), counted(done)) == ([], (1, 0, 0))


def test_who_may_not_edit_imports_nothing(cast: Cast) -> None:
    file = File("book.xlsx", workbook(book(row(1))))
    for name in ("gus", "sam", "polly"):
        with pytest.raises(Forbidden):
            examine_file(file, cast.company.pk, by=cast.viewer(name), at=NOON)
    assert import_file(file, cast.company.pk, by=cast.viewer("leo"), at=NOON).applied


def test_what_is_written_is_read_back_without_a_change(cast: Cast) -> None:
    place = Place.objects.create(company=cast.company, kind="centre", name="机房", recorded_at=NOON, recorded_by="x")
    take(cast, book(row(1), row(2, certificate_until=None)))
    piece(cast, number="E-003", serial="", place=place.pk, warranty_until=date(2027, 1, 1), notes="备用")
    into = BytesIO()
    counts = export_equipment(cast.company.pk, into, Form(labels=True), by=cast.viewer("mia"), at=NOON)
    again = take(cast, File("export.xlsx", into.getvalue()))
    assert (counts, errors(again), counted(again)) == ({"equipment": 3}, [], (0, 0, 3))
    assert Record.objects.filter(action="workbook.exported").count() == 1
    with pytest.raises(Forbidden):
        export_equipment(cast.company.pk, BytesIO(), Form(), by=cast.viewer("sam"), at=NOON)


@pytest.mark.parametrize("count", [2, 40])
def test_a_file_takes_the_same_queries_however_many_rows(cast: Cast, count: int) -> None:
    take(cast, book(*(row(place) for place in range(count))))
    later = NOON + timedelta(days=1)
    changed = book(*(row(place, maintained_on="2026-11-20", certificate_until="2029-01-01") for place in range(count)))
    file = File("book.xlsx", workbook(changed))
    with CaptureQueriesContext(connection) as asked:
        done = import_file(file, cast.company.pk, by=cast.viewer("mia"), at=later)
    assert (done.applied, counted(done)) == (True, (0, count, 0))
    assert len(asked) == 22 + (connection.vendor == "postgresql")  # NOTIFY is a query of its own

"""The register of equipment: what may be on it, what changes leave behind, and who may change it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import scan_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.facilities.actions.equipment import add_equipment, change_equipment, decommission_equipment
from lianjing.domain.facilities.actions.equipment_papers import (
    correct_certificate,
    drop_need,
    need_certificate,
    record_certificate,
    record_maintenance,
    retract_certificate,
    retract_maintenance,
)
from lianjing.domain.facilities.equipment_list import equipment_by_id, kept_certificate
from lianjing.domain.facilities.equipment_policy import NewMaintenance, ends_of, next_maintenance, state_on
from lianjing.domain.facilities.models import Equipment, EquipmentCertificate, Place, ServiceSpan
from lianjing.domain.records.models import Record
from lianjing.terms.equipment import EquipmentEnd
from tests.cast import NOON, Cast
from tests.domain.facilities.equipped import CERTIFICATE, RECEIVER, SERVES, certified, maintained, piece

TODAY = date(2026, 11, 22)
LATER = NOON + timedelta(hours=1)
PDF = b"%PDF-1.4 paper\n%%EOF\n"


def a_place(cast: Cast, company: Any) -> Place:
    return Place.objects.create(company=company, kind="centre", name="接警大厅", recorded_at=NOON, recorded_by="Mia")


def refusal(act: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.field, str(refused.value)


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"number": " "}, "number", "请填写。"),
        ({"kind": "spaceship"}, "kind", "没有这个选项。"),
        ({"serial": "SN-1", "number": "E-2"}, "serial", "型号 R-2 的序列号 SN-1 已登记为 E-001。"),
        ({"number": "E-001", "serial": ""}, "number", "编号 E-001 已登记。"),
        (
            {"decommissioned_on": date(2024, 1, 9)},
            "decommissioned_on",
            "停用日期 2024-01-09 早于启用日期 2024-01-10。",
        ),
        (
            {"commissioned_on": None, "decommissioned_on": SERVES},
            "commissioned_on",
            "写了停用日期，还须写启用日期。",
        ),
        (
            {"manufactured_on": date(2024, 1, 11)},
            "commissioned_on",
            "启用日期 2024-01-10 早于出厂日期 2024-01-11。",
        ),
        ({"warranty_until": date(2024, 1, 9)}, "warranty_until", "保修至 2024-01-09 早于启用日期 2024-01-10。"),
        (
            {"commissioned_on": None, "manufactured_on": SERVES, "warranty_until": date(2024, 1, 9)},
            "warranty_until",
            "保修至 2024-01-09 早于出厂日期 2024-01-10。",
        ),
        ({"commissioned_on": date(1024, 1, 1)}, "commissioned_on", "日期 1024-01-01 不可能。"),
        ({"cycle_months": 3}, "cycle_source", "请写明维护周期的出处：标准及条号、厂家说明书或本单位规定。"),
        ({"life_months": 0}, "life_months", "须为 1 至 600 个月。"),
        ({"place": 0}, "place", "本单位没有这个场地。"),
        ({"department": 0}, "department", "本单位没有这个部门。"),
        ({"keeper": "x"}, "keeper", "本单位没有工号 x 的人员。"),
    ],
)
def test_a_piece_that_cannot_be_is_refused_and_nothing_is_kept(
    cast: Cast, told: dict[str, Any], field: str, sentence: str
) -> None:
    piece(cast)
    new = replace(RECEIVER, **({"number": "E-9", "serial": "SN-9"} | told))
    act = lambda: add_equipment(cast.company.pk, new, by=cast.viewer("mia"), at=NOON)  # noqa: E731
    assert (refusal(act), Equipment.objects.count(), ServiceSpan.objects.count()) == ((field, sentence), 1, 1)


def test_a_place_of_another_company_is_none(cast: Cast) -> None:
    theirs, ours = a_place(cast, cast.other), a_place(cast, cast.company)
    assert refusal(lambda: piece(cast, place=theirs.pk)) == ("place", "本单位没有这个场地。")
    assert piece(cast, place=ours.pk).place == ours


def test_the_same_serial_of_another_model_or_company_is_no_doublet(cast: Cast) -> None:
    piece(cast)
    piece(cast, number="E-002", model="R-3")
    piece(cast, number="E-003", serial="")
    piece(cast, number="E-004", serial="")
    cast.users["sam"].memberships.update(role="manager")
    add_equipment(cast.other.pk, RECEIVER, by=cast.viewer("sam"), at=NOON)
    assert Equipment.objects.count() == 5


def test_when_it_served_is_kept_as_it_was_known(cast: Cast) -> None:
    one = piece(cast)
    change_equipment(one.pk, replace(RECEIVER, name="主接收机"), by=cast.viewer("mia"), at=LATER)
    change_equipment(one.pk, replace(RECEIVER, name="主接收机"), by=cast.viewer("mia"), at=LATER)
    assert list(ServiceSpan.objects.values_list("valid_from", "valid_until", "retracted_at")) == [(SERVES, None, None)]
    decommission_equipment(one.pk, TODAY, "更新换代", by=cast.viewer("mia"), at=LATER)
    spans = ServiceSpan.objects.order_by("pk").values_list("valid_from", "valid_until", "retracted_at")
    assert list(spans) == [(SERVES, None, LATER), (SERVES, TODAY - timedelta(days=1), None)]
    acts = list(Record.objects.filter(subject_type="equipment").order_by("pk").values_list("action", flat=True))
    assert acts == ["equipment.added", "equipment.changed", "equipment.ended"]
    found = refusal(lambda: decommission_equipment(one.pk, TODAY, "x", by=cast.viewer("mia"), at=LATER))
    assert found == ("on", "已于 2026-11-22 停用。")


@pytest.mark.parametrize(
    ("on", "reason", "field", "sentence"),
    [
        (None, "x", "on", "请写明停用日期。"),
        (date(2024, 1, 9), "x", "on", "停用日期 2024-01-09 早于启用日期 2024-01-10。"),
        (TODAY, " ", "reason", "请写明原因。"),
    ],
)
def test_taking_out_of_service_wants_a_day_and_a_reason(
    cast: Cast, on: date | None, reason: str, field: str, sentence: str
) -> None:
    one = piece(cast)
    act = lambda: decommission_equipment(one.pk, on, reason, by=cast.viewer("mia"), at=NOON)  # noqa: E731
    assert refusal(act) == (field, sentence)
    one.refresh_from_db()
    assert one.decommissioned_on is None


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"valid_until": date(2023, 12, 31)}, "valid_until", "到期日期 2023-12-31 早于起始日期 2024-01-01。"),
        ({"valid_from": None}, "valid_from", "请写明发证日期。"),
        ({"valid_from": TODAY + timedelta(days=1)}, "valid_from", "2026-11-23 还没有到。"),
        ({"number": ""}, "number", "请填写。"),
        ({"kind": "x"}, "kind", "没有这个选项。"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused(cast: Cast, told: dict[str, Any], field: str, sentence: str) -> None:
    one = piece(cast)
    assert (refusal(lambda: certified(cast, one, **told)), EquipmentCertificate.objects.count()) == (
        (field, sentence),
        0,
    )


def test_a_certificate_keeps_its_scan_through_corrections_and_its_day_is_the_piece_s(
    cast: Cast, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    one, mia = piece(cast), cast.viewer("mia")
    first = record_certificate(one.pk, CERTIFICATE, scan_of(PDF), by=mia, at=NOON)
    second = correct_certificate(
        first.pk, replace(CERTIFICATE, valid_until=date(2028, 1, 31)), "抄错", by=mia, at=LATER
    )
    one.refresh_from_db()
    assert (one.certificate_until, second.scan_sha256) == (date(2028, 1, 31), scan_of(PDF).sha256)
    kept = kept_certificate(mia, one.pk, second.pk)
    assert kept is not None
    assert (kept[1].content, kept[1].unaltered) == (PDF, True)
    assert kept_certificate(cast.viewer("sam"), one.pk, second.pk) is None
    retract_certificate(second.pk, "不是这台的", by=mia, at=LATER)
    one.refresh_from_db()
    assert (one.certificate_until, one.next_due_on) == (None, date.max)


def test_the_next_maintenance_is_due_a_cycle_after_the_last_and_goes_back_when_that_was_none(cast: Cast) -> None:
    one = piece(cast, cycle_months=3, cycle_source="本单位规定")
    assert one.maintenance_due_on == date(2024, 4, 10)
    done = maintained(cast, one, date(2026, 11, 22))
    one.refresh_from_db()
    assert one.maintenance_due_on == date(2027, 2, 22)
    retract_maintenance(done.pk, "记到别的上", by=cast.viewer("mia"), at=LATER)
    one.refresh_from_db()
    assert one.maintenance_due_on == date(2024, 4, 10)
    ahead = NewMaintenance(TODAY + timedelta(days=1), "陈工", "x", "normal")
    early = piece(cast, number="E-2", serial="", commissioned_on=None, manufactured_on=date(2026, 1, 2))
    said = refusal(lambda: maintained(cast, early, date(2026, 1, 1)))
    assert said == ("done_on", "维护日期 2026-01-01 早于出厂日期 2026-01-02。")
    act = lambda: record_maintenance(one.pk, ahead, by=cast.viewer("mia"), at=NOON)  # noqa: E731
    assert refusal(act) == ("done_on", "2026-11-23 还没有到。")


def test_what_a_kind_needs_is_set_once_with_its_origin_and_dropped_with_a_reason(cast: Cast) -> None:
    who = {"by": cast.viewer("mia"), "at": NOON}
    need = need_certificate(cast.company.pk, "receiver", "ccc", "本单位采购规定 3.2", **who)
    again = lambda: need_certificate(cast.company.pk, "receiver", "ccc", "x", **who)  # noqa: E731
    assert refusal(again) == ("certificate", "这一种类须有这种证书，已经设定。")
    nowhere = lambda: need_certificate(cast.company.pk, "ups", "ccc", "", **who)  # noqa: E731
    assert refusal(nowhere) == ("origin", "请填写。")
    assert refusal(lambda: drop_need(need.pk, "", **who)) == ("reason", "请写明原因。")
    drop_need(need.pk, "规定改了", **who)
    assert need_certificate(cast.company.pk, "receiver", "ccc", "x", **who).pk != need.pk


def test_a_stranger_finds_nothing_and_a_guard_may_nothing(cast: Cast) -> None:
    one = piece(cast)
    new = replace(RECEIVER, name="x")
    for name, error in (("sam", Missing), ("gus", Missing), ("olivia", Missing), ("polly", Forbidden)):
        with pytest.raises(error):
            change_equipment(one.pk, new, by=cast.viewer(name), at=NOON)
    assert equipment_by_id(cast.viewer("sam"), one.pk, TODAY) is None
    with pytest.raises(Missing):
        add_equipment(cast.company.pk, replace(new, number="E-2"), by=cast.viewer("sam"), at=NOON)


# The days


def test_a_state_is_that_of_its_day() -> None:
    ended = date(2026, 1, 1)
    days = (date(2024, 1, 9), SERVES, date(2025, 12, 31), ended)
    assert [state_on(SERVES, ended, day) for day in days] == [
        "planned",
        "serving",
        "serving",
        "out_of_service",
    ]
    assert state_on(None, None, ended) == "planned"


def test_months_are_those_of_the_calendar() -> None:
    assert next_maintenance(date(2026, 1, 1), [date(2026, 11, 30)], 3) == date(2027, 2, 28)
    assert next_maintenance(date(2026, 12, 1), [date(2026, 11, 30)], 3) == date(2027, 3, 1)
    assert next_maintenance(None, [date(2026, 11, 30)], 3) is None


def test_what_ends_within_90_days_is_told_and_a_warranty_that_is_over_is_not() -> None:
    day = timedelta(days=1)
    days = {
        EquipmentEnd.CERTIFICATE: TODAY - day,
        EquipmentEnd.MAINTENANCE: TODAY,
        EquipmentEnd.LIFE: TODAY + 91 * day,
        EquipmentEnd.WARRANTY: TODAY - day,
    }
    assert [(end.what.value, end.days_left, end.is_over) for end in ends_of(days, TODAY)] == [
        ("certificate", -1, True),
        ("maintenance", 0, False),
    ]
    days = {EquipmentEnd.LIFE: TODAY + 90 * day, EquipmentEnd.WARRANTY: TODAY + 7 * day}
    assert [end.what.value for end in ends_of(days, TODAY)] == ["warranty", "life"]

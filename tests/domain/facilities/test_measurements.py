"""Measured values: unit and instrument, limits of the table and of the company, the finding that they raise."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.facilities.actions.measurements import (
    correct_measurement,
    record_measurement,
    retract_measurement,
)
from lianjing.domain.facilities.actions.room_limits import correct_room_limit, record_room_limit, retract_room_limit
from lianjing.domain.facilities.measured_list import running_out
from lianjing.domain.facilities.models import Measurement
from lianjing.domain.facilities.policy import CHANGED, NewRoomLimit
from lianjing.domain.findings.models import Finding
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast
from tests.domain.facilities.rooms import DAY, centre, measured, reading, room

OWN = NewRoomLimit("temperature", "machine_room", "15", "32", "Q/LJ 6-2026", "4.2")


def who(cast: Cast, name: str = "mia", days: int = 0) -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": NOON + days * DAY}


def findings() -> list[tuple[str, str, bool]]:
    """Title, grade, and whether the source is good again, oldest first."""
    return [(one.title, one.grade, one.verdict_good_since is not None) for one in Finding.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("figure", "unit", "kept"),
    [
        ("23.4", "℃", "23.4000"),
        ("23.4", "°C", "23.4000"),
        ("２３．４", "摄氏度", "23.4000"),
        ("296.55", "K", "23.4000"),
        ("80.6", "℉", "27.0000"),
    ],
)
def test_a_value_is_kept_in_the_unit_of_its_quantity_and_as_it_was_read(
    cast: Cast, figure: str, unit: str, kept: str
) -> None:
    row = measured(cast, room(cast, centre(cast)), figure, unit=unit)
    row.refresh_from_db()
    assert (str(row.value), row.as_read) == (kept, f"{figure} {unit}")
    assert (row.valid_from, row.valid_until) == (date(2026, 11, 22), date(2026, 12, 23))
    record = Record.objects.get(action="measurement.recorded")
    assert (record.subject_id, record.after["as_read"], record.after["value"]) == (
        str(row.pk),
        f"{figure} {unit}",
        kept.rstrip("0").rstrip("."),
    )


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"unit": ""}, "unit", "请写明单位：没有单位的数值不能判定。应为 ℃。"),
        ({"unit": "%"}, "unit", "“%”不是温度的单位；可以写 ℃、K、°F。"),
        ({"figure": ""}, "figure", "请填写数值。"),
        ({"figure": "二十"}, "figure", "“二十”不是数。"),
        ({"figure": "NaN"}, "figure", "“NaN”不是数。"),
        ({"figure": "1e30"}, "figure", "数值“1e30”过大，或小数超过四位。"),
        ({"figure": "296"}, "figure", "温度不可能是 296 ℃，请检查数值和单位。"),
        ({"quantity": "mood"}, "quantity", "没有这个测量项目。"),
        ({"quantity": "lightning_earthing", "unit": "Ω"}, "quantity", "机房里不测防雷接地电阻。"),
        ({"measured_at": None}, "measured_at", "请写明测量时间。"),
        ({"measured_at": NOON + DAY}, "measured_at", "测量时间还没有到。"),
        ({"instrument": " "}, "instrument", "请写明仪器型号：不知道用什么测的数值不能作为依据。"),
        ({"instrument": "x" * 101}, "instrument", "最多 100 个字，现有 101 个。"),
        ({"valid_until": date(2026, 11, 1)}, "valid_until", "有效期至 2026-11-01 早于测量日期 2026-11-22。"),
        ({"calibrated_until": date(1900, 1, 1)}, "calibrated_until", "日期 1900-01-01 不可能。"),
    ],
)
def test_what_cannot_be_a_value_is_refused_and_nothing_is_kept(
    cast: Cast, change: dict[str, Any], field: str, sentence: str
) -> None:
    place = room(cast, centre(cast))
    with pytest.raises(Refused) as refused:
        record_measurement(place.pk, replace(reading(), **change), **who(cast))
    assert (refused.value.field, str(refused.value)) == (field, sentence)
    assert not Measurement.objects.exists()


def test_out_of_its_limits_raises_one_finding_and_within_them_says_that_it_is_good_again(cast: Cast) -> None:
    place = room(cast, centre(cast))
    measured(cast, place, "27.0")
    assert findings() == []
    for days, figure in ((1, "27.1"), (2, "30")):
        measured(cast, place, figure, NOON + days * DAY)
    assert findings() == [("机房：温度超出限值", "minor", False)]
    finding = Finding.objects.get()
    assert finding.description == "测得 27.1 ℃，限值 18～27 ℃（GB 50174-2017 附录A，已核对原文）。"
    assert (finding.source_kind, finding.source_ref, finding.clauses) == ("premises", str(place.pk), "|6.3|")
    measured(cast, place, "18", NOON + 3 * DAY)
    assert findings() == [("机房：温度超出限值", "minor", True)]


def test_an_older_value_that_is_entered_late_does_not_hide_the_newest(cast: Cast) -> None:
    place = room(cast, centre(cast))
    measured(cast, place, "24")
    record_measurement(place.pk, reading("35", measured_at=NOON - DAY), **who(cast))
    assert findings() == []


def test_a_value_reads_no_more_while_it_is_written_however_many_there_are(cast: Cast) -> None:
    place = room(cast, centre(cast))
    measured(cast, place, "24")
    with CaptureQueriesContext(connection) as asked:
        measured(cast, place, "30", NOON + DAY)
    told = [one["sql"] for one in asked if "ORDER BY" in one["sql"] and "facilities_measurement" in one["sql"]]
    assert [("OVER (" in sql, "LIMIT 1" in sql) for sql in told] == [(False, True)]


def test_what_runs_out_is_counted_by_the_newest_value_of_each_place_and_quantity(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    inside = centre(cast)
    place, other = room(cast, inside), room(cast, inside, "duty_room", "值守室")
    measured(cast, place, "24")
    measured(cast, other, "24")
    measured(cast, other, "50", quantity="humidity", unit="%")
    measured(cast, place, "25", NOON + 20 * DAY)
    day, viewer, companies = date(2026, 12, 20), cast.viewer("mia"), [cast.company.pk]
    with django_assert_num_queries(2):
        assert running_out(viewer, companies, day, 7) == 2
    assert running_out(viewer, companies, day - 20 * DAY, 7) == 0
    assert running_out(viewer, companies, day + 200 * DAY, 7) == 0
    assert running_out(cast.viewer("sam"), companies, day, 7) == 0


def test_correcting_and_taking_back_look_again(cast: Cast) -> None:
    place = room(cast, centre(cast))
    row = measured(cast, place, "29")
    fixed = correct_measurement(row.pk, reading("25.9"), "看错", **who(cast, days=1))
    assert (findings(), fixed.replaces_id) == ([("机房：温度超出限值", "minor", True)], row.pk)
    worse = measured(cast, place, "31", NOON + 2 * DAY)
    assert findings()[0][2] is False
    retract_measurement(worse.pk, "记错房间", **who(cast, days=2))
    assert findings()[0][2] is True
    with pytest.raises(Refused, match="更正不能改变测量项目"):
        correct_measurement(fixed.pk, reading("50", "humidity", "%"), "x", **who(cast))


def test_an_unread_limit_only_asks_to_look_into_it_and_one_of_its_own_takes_its_place(cast: Cast) -> None:
    place = centre(cast)
    measured(cast, place, "1.4", quantity="joint_earthing", unit="Ω")
    assert findings() == [("运营中心：联合接地电阻超出限值", "observation", False)]
    assert Finding.objects.get().description == "测得 1.4 Ω，限值 ≤ 1 Ω（GB/T 2887-2000，未核对），待核实。"
    own = NewRoomLimit("joint_earthing", "centre", "", "1", "GB 50057-2010", "4.3.4")
    record_room_limit(cast.company.pk, own, **who(cast))
    assert findings() == [("运营中心：联合接地电阻超出限值", "minor", False)]


def test_a_limit_of_its_own_counts_while_it_stands(cast: Cast) -> None:
    place = centre(cast)
    measured(cast, place, "1.4", quantity="joint_earthing", unit="Ω")
    own = NewRoomLimit("joint_earthing", "centre", "", "4", "Q/LJ 6-2026", "4.2")
    limit = record_room_limit(cast.company.pk, own, **who(cast))
    assert findings()[0][2] is True
    said = "测得 1.4 Ω，在限值 ≤ 4 Ω 内（本单位限值，出处 Q/LJ 6-2026 4.2，已核对原文）。"
    assert Record.objects.get(action="finding.source_good").after["remark"] == said
    retract_room_limit(limit.pk, "写错条号", **who(cast))
    assert findings()[0][2] is False


def test_within_a_limit_that_nobody_has_read_the_source_is_not_good_and_the_finding_says_whose_limit_it_is(
    cast: Cast,
) -> None:
    place = room(cast, centre(cast))
    measured(cast, place, "30")
    limit = record_room_limit(cast.company.pk, replace(OWN, confidence="MEM"), **who(cast))
    assert findings() == [("机房：温度超出限值", "minor", False)]
    assert Finding.objects.get().source_said == (
        "现在的测量值在限值 15～32 ℃ 内（本单位限值，出处 Q/LJ 6-2026 4.2，未核对），不能说明已恢复：限值未核对原文。"
    )
    measured(cast, place, "29", NOON + DAY)
    assert Record.objects.filter(action="finding.source_doubtful").count() == 1
    measured(cast, place, "33", NOON + 2 * DAY)
    assert (Finding.objects.get().source_said, Finding.objects.get().description) == (
        "",
        "测得 33 ℃，限值 15～32 ℃（本单位限值，出处 Q/LJ 6-2026 4.2，未核对）。",
    )
    correct_room_limit(limit.pk, OWN, "核对了原文", **who(cast, days=3))
    measured(cast, place, "31", NOON + 3 * DAY)
    assert (findings()[0][2], Finding.objects.get().source_said) == (
        False,
        "现在的测量值在限值 15～32 ℃ 内（本单位限值，出处 Q/LJ 6-2026 4.2），不能说明已恢复："
        "超出标准的限值 18～27 ℃（GB 50174-2017）。",
    )
    measured(cast, place, "26", NOON + 4 * DAY)
    assert findings()[0][2] is True


def test_an_instrument_past_its_calibration_shows_nothing_good(cast: Cast) -> None:
    place = room(cast, centre(cast))
    measured(cast, place, "30")
    measured(cast, place, "24", NOON + DAY, calibrated_until=date(2026, 1, 1))
    assert (findings()[0][2], Finding.objects.get().source_said[-16:]) == (False, "恢复：测量时仪器已过校准有效期。")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"low": "", "high": ""}, "high"),
        ({"low": "30", "high": "20"}, "high"),
        ({"edition": ""}, "edition"),
        ({"source_clause": " "}, "source_clause"),
        ({"confidence": "NF"}, "confidence"),
        ({"place_kind": "office"}, "place_kind"),
        ({"quantity": "mood"}, "quantity"),
        ({"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 1)}, "valid_until"),
        ({}, "valid_from"),
    ],
)
def test_a_limit_without_source_or_sense_is_refused(cast: Cast, change: dict[str, Any], field: str) -> None:
    record_room_limit(cast.company.pk, OWN, **who(cast))
    with pytest.raises(Refused) as refused:
        record_room_limit(cast.company.pk, replace(OWN, **change), **who(cast))
    assert refused.value.field == field


def test_strangers_find_nothing_and_who_may_not_is_forbidden(cast: Cast) -> None:
    place = room(cast, centre(cast))
    row = measured(cast, place)
    for name, error in (("sam", Missing), ("olivia", Missing), ("polly", Forbidden)):
        with pytest.raises(error):
            record_measurement(place.pk, reading(), **who(cast, name))
        with pytest.raises(error):
            retract_measurement(row.pk, "x", **who(cast, name))
        with pytest.raises(error):
            record_room_limit(cast.company.pk, OWN, **who(cast, name))


def test_what_is_recorded_is_told(cast: Cast) -> None:
    measured(cast, room(cast, centre(cast)))
    assert Message.objects.filter(topic=CHANGED).count() == 3

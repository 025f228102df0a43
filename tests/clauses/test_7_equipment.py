"""Clause 7: what equipment was found able to do beside the limits that the company entered."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lianjing.core.refusals import Refused
from lianjing.domain.compliance.limit_policy import NewCapability, NewLimit
from lianjing.domain.compliance.limit_recording import (
    correct_capability,
    record_capability,
    record_limit,
    retract_capability,
)
from lianjing.domain.compliance.models import CapabilityFact
from lianjing.domain.facilities.models import Equipment
from tests.cast import NOON, Cast
from tests.clauses.test_companies import judged, said, verdicts
from tests.domain.facilities.equipped import piece

ON = date(2026, 11, 22)
TESTED = date(2026, 3, 1)
LIMIT = NewLimit("4.2.3", "recorded", "at_most", "2", "秒", "GA 1383-2017", "4.2.3", item="报警响应时间")
NONE = tuple(
    NewLimit(heading, "recorded", "none", edition="GA 1383-2017", source_clause=heading)
    for heading in ("4.2.2", "4.2.4", "4.2.5")
)
FOUND = NewCapability("4.2.3", "报警响应时间", "接警平台", "2", "秒", "某检测机构", TESTED, date(2027, 2, 28), "检字 1")


def record(cast: Cast, *facts: NewCapability, at: Any = NOON) -> list[CapabilityFact]:
    return [record_capability(cast.company.pk, one, by=cast.viewer("mia"), at=at) for one in facts]


def limits(cast: Cast, *told: NewLimit) -> None:
    for one in told:
        record_limit(cast.company.pk, one, by=cast.viewer("mia"), at=NOON)


def register(cast: Cast) -> Equipment:
    """One piece, in service throughout."""
    return piece(cast, number="E-000", serial="", commissioned_on=date(2020, 1, 1))


def test_what_is_missing_is_said(cast: Cast) -> None:
    assert said(judged(cast)["7"]).endswith("待登记的标题：前端、服务中心、传输网络、终端。装备台账还是空的。")
    record(cast, FOUND)
    assert said(judged(cast)["7"]).endswith("已有能力记录 1 条。装备台账还是空的。")
    assert verdicts(cast)["7"] == "insufficient"


def test_limits_that_are_kept_are_not_enough_without_a_register(cast: Cast) -> None:
    limits(cast, LIMIT, *NONE)
    record(cast, FOUND)
    assert (verdicts(cast)["7"], said(judged(cast)["7"])[-9:]) == ("insufficient", "装备台账还是空的。")
    register(cast)
    assert (verdicts(cast)["7"], said(judged(cast)["7"])[-9:]) == ("met", "在用装备 1 件。")
    assert verdicts(cast, date(2019, 12, 31))["7"] == "insufficient"


@pytest.mark.parametrize(
    ("figure", "unit", "wanted", "margin"),
    [
        ("1.9", "秒", "met", 0.1),
        ("2", "s", "met", 0),
        ("2000", "毫秒", "met", 0),
        ("2.0001", "秒", "not_met", -0.0001),
        ("1", "分钟", "not_met", -58),
        ("1", "米", "insufficient", None),
    ],
)
def test_a_finding_may_equal_its_limit_in_any_unit_of_time(
    cast: Cast, figure: str, unit: str, wanted: str, margin: float | None
) -> None:
    limits(cast, LIMIT, *NONE)
    register(cast)
    record(cast, replace(FOUND, figure=figure, unit=unit, item=" 报警 响应时间"))
    found = judged(cast)["7"]
    line = next(one for one in found.figures["lines"] if one["limit"] is not None)
    assert (found.verdict.value, line["margin"]) == (wanted, margin)


def test_of_one_device_the_latest_finding_counts_and_of_several_the_worst(cast: Cast) -> None:
    limits(cast, LIMIT, *NONE)
    register(cast)
    record(cast, replace(FOUND, figure="9", valid_from=date(2026, 1, 1)), FOUND)
    assert verdicts(cast)["7"] == "met"
    assert verdicts(cast, date(2026, 2, 1))["7"] == "not_met"
    record(cast, replace(FOUND, subject="备用平台", figure="3"))
    assert verdicts(cast)["7"] == "not_met"


def test_both_times_are_kept_and_a_certificate_counts_on_its_last_day(cast: Cast) -> None:
    limits(cast, LIMIT, *NONE)
    register(cast)
    (fact,) = record(cast, FOUND)
    days = (TESTED - timedelta(days=1), TESTED, date(2027, 2, 28), date(2027, 3, 1))
    assert [verdicts(cast, day)["7"] for day in days] == ["insufficient", "met", "met", "insufficient"]
    later = NOON + timedelta(hours=1)
    corrected = correct_capability(fact.pk, replace(FOUND, figure="3"), "抄错", by=cast.viewer("mia"), at=later)
    assert (verdicts(cast)["7"], verdicts(cast, known=NOON)["7"]) == ("not_met", "met")
    retract_capability(corrected.pk, "错", by=cast.viewer("mia"), at=later + timedelta(hours=1))
    assert (verdicts(cast)["7"], verdicts(cast, known=later)["7"]) == ("insufficient", "not_met")


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"unit": ""}, "unit", "请写明单位：没有单位的数值不能对照。"),
        ({"origin": " "}, "origin", "请写明由谁测得：检测机构、厂家或本单位。"),
        ({"valid_from": None}, "valid_from", "请写明测得或发证的日期。"),
        ({"valid_from": date(2026, 11, 23), "valid_until": None}, "valid_from", "2026-11-23 还没有到。"),
        ({"figure": "两秒"}, "figure", "“两秒”不是数。"),
        ({"item": ""}, "item", "请填写。"),
        ({"subject": ""}, "subject", "请填写。"),
        ({"heading": "x"}, "heading", "没有这个选项。"),
        ({"equipment": "E-404"}, "equipment", "台账里没有编号为 E-404 的装备。"),
    ],
)
def test_a_finding_that_cannot_be_is_refused(cast: Cast, told: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        record(cast, replace(FOUND, **told))
    assert (refused.value.field, str(refused.value), CapabilityFact.objects.count()) == (field, sentence, 0)

"""Clause 4.3: measured service beside the limits that the company entered, each with its source; none are ours."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.compliance.clauses.clause_4_3_service import Clause43Service
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.limit_lines import Compared, LimitKnown, Measured
from lianjing.domain.compliance.limit_policy import NewLimit
from lianjing.domain.compliance.limit_recording import correct_limit, record_limit, retract_limit
from lianjing.domain.compliance.looking_ahead import Span
from lianjing.domain.compliance.models import ServiceLimit
from lianjing.domain.incidents.actions import take_incident, verify_incident
from lianjing.domain.incidents.informing import tell_customer
from lianjing.domain.records.models import Record
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.sites.actions.paths import set_paths
from lianjing.domain.sites.equipment_entries import PathEntry
from lianjing.terms.alarm_service import Comparison, Measure, ServiceHeading
from lianjing.terms.sentences import words
from lianjing.terms.verdicts import Confidence
from tests.cast import NOON, Cast, Sent, alarm
from tests.clauses.test_companies import judged, said, verdicts

ON, DAY = date(2026, 11, 22), timedelta(days=1)
RULE = Clause43Service()
VERIFY = LimitKnown(
    1,
    ServiceHeading.VERIFY,
    Measure.VERIFY,
    Comparison.AT_MOST,
    Decimal(60),
    "秒",
    "1000",
    "",
    "GA 1383-2017",
    "5.2.1",
    Confidence.READ,
)
NOTHING = {"comparison": Comparison.NONE, "limit": None, "unit": "", "share": "", "measure": Measure.RECORDED}
OTHERS = tuple(
    replace(VERIFY, id=9, heading=heading, **NOTHING)  # type: ignore[arg-type]
    for heading in (ServiceHeading.FORWARD, ServiceHeading.ON_SITE, ServiceHeading.INFORM)
)


def found(*limits: LimitKnown, **told: Any) -> Judgement:
    measured = {Measure.VERIFY: Measured(told.pop("times", ()), told.pop("waits", ()), told.pop("rate", None))}
    measured[Measure.ACKNOWLEDGE] = measured[Measure.AVAILABILITY] = measured[Measure.VERIFY]
    return RULE.judge(Compared("4.3", date(2026, 8, 25), ON, limits, (), measured))


@pytest.mark.parametrize(
    ("longest", "wanted", "margin"),
    [(59_999, "met", 0.001), (60_000, "met", 0), (60_001, "not_met", -0.001)],
)
def test_what_is_measured_may_equal_its_limit(longest: int, wanted: str, margin: float) -> None:
    judgement = found(VERIFY, *OTHERS, times=(1000, longest))
    line = judgement.figures["lines"][0]
    assert (judgement.verdict.value, line["margin"]) == (wanted, margin)
    assert line == {
        "id": 1,
        "heading": "5.2.1",
        "heading_title": "报警复核",
        "measure": "复核时间",
        "share": 100,
        "comparison": "at_most",
        "limit": 60,
        "unit": "秒",
        "measured": longest / 1000,
        "margin": margin,
        "count": 2,
        "kept": wanted == "met",
        "why": "",
        "source": "GA 1383-2017 5.2.1",
        "confidence": "OK",
    }


def test_a_share_of_the_cases_keeps_the_limit_and_a_unit_is_only_a_unit() -> None:
    times = (*range(1000, 20_000, 1000), 300_000)
    assert [found(replace(VERIFY, share=share), *OTHERS, times=times).verdict.value for share in ("950", "1000")] == [
        "met",
        "not_met",
    ]
    minutes = replace(VERIFY, limit=Decimal(5), unit="分钟")
    assert found(minutes, *OTHERS, times=times).figures["lines"][0]["measured"] == 5
    assert found(minutes, *OTHERS, times=times).verdict == "met"


def test_a_case_that_waits_longer_than_the_limit_has_broken_it() -> None:
    limit = replace(VERIFY, measure=Measure.ACKNOWLEDGE)
    assert found(limit, *OTHERS, times=(1000,), waits=(60_000,)).figures["lines"][0]["count"] == 1
    assert found(limit, *OTHERS, times=(1000,), waits=(60_001,)).verdict == "not_met"


def test_availability_is_at_least_its_limit() -> None:
    limit = replace(VERIFY, measure=Measure.AVAILABILITY, comparison=Comparison.AT_LEAST, unit="%", share="")
    limit = replace(limit, limit=Decimal("99.5"))
    rates = [Decimal("99.4999"), Decimal("99.5"), Decimal(100)]
    assert [found(limit, *OTHERS, rate=rate).verdict.value for rate in rates] == ["not_met", "met", "met"]
    assert found(limit, *OTHERS).verdict == "insufficient"


def test_without_limits_and_without_measurements_nobody_knows() -> None:
    nothing = found()
    assert nothing.verdict == "insufficient"
    assert "没有登记所持 GA 1383 版本的限值" in words(nothing.sentences[0])
    assert words(nothing.sentences[1]) == "待登记的标题：报警复核、报警转发、现场处置、警情通报。"
    unmeasured = found(VERIFY, *OTHERS)
    assert (unmeasured.verdict.value, unmeasured.figures["lines"][0]["why"]) == (
        "insufficient",
        "期间内没有可计时的警情",
    )


def test_a_heading_left_open_and_a_figure_that_nobody_read_leave_it_at_mostly() -> None:
    assert found(VERIFY, *OTHERS, times=(1000,)).verdict == "met"
    open_one = found(VERIFY, *OTHERS[1:], times=(1000,))
    assert (open_one.verdict.value, open_one.figures["headings_without"]) == ("mostly", ["5.2.2"])
    second_hand = found(replace(VERIFY, confidence=Confidence.SECOND_HAND), *OTHERS, times=(1000,))
    assert (second_hand.verdict.value, words(second_hand.sentences[-1])) == (
        "mostly",
        "其中 1 项没有与标准原文核对。",
    )


# With a database

NEW = NewLimit("5.2.1", "verify", "at_most", "60", "秒", "GA 1383-2017", "5.2.1", valid_from=date(2026, 1, 1))
REST = tuple(
    NewLimit(heading, "recorded", "none", edition="GA 1383-2017", source_clause=heading)
    for heading in ("5.2.2", "5.2.3", "5.2.4")
)


def record(cast: Cast, *limits: NewLimit, at: Any = NOON) -> list[ServiceLimit]:
    return [record_limit(cast.company.pk, one, by=cast.viewer("mia"), at=at) for one in limits]


def handled(cast: Cast, seconds: int) -> None:
    """A case that is taken at once, verified after so many seconds, and told to the customer."""
    case, olivia = alarm(), cast.viewer("olivia")
    queued = case.opened_at
    take_incident(case.pk, by=olivia, at=queued + timedelta(seconds=1))
    at = queued + timedelta(seconds=seconds)
    verify_incident(case.pk, how="call", outcome="real", by=olivia, at=at)
    contact = cast.shop.contacts.get().pk
    tell_customer(case.pk, contacts=[contact], channel="phone", text="已派人", by=olivia, at=at + timedelta(seconds=5))


def test_cases_are_measured_by_what_had_happened_and_both_times_are_kept(cast: Cast) -> None:
    assert verdicts(cast)["4.3"] == "insufficient"
    limit, *_others = record(cast, NEW, *REST)
    handled(cast, 60)
    assert (verdicts(cast)["4.3"], judged(cast)["4.3"].figures["lines"][0]["measured"]) == ("met", 60)
    assert verdicts(cast, known=NOON + timedelta(seconds=59))["4.3"] == "insufficient"
    assert verdicts(cast, ON - timedelta(days=1))["4.3"] == "insufficient"
    assert [verdicts(cast, ON + timedelta(days=days))["4.3"] for days in (89, 90)] == ["met", "insufficient"]
    assert "没有登记所持" in said(judged(cast, date(2025, 12, 31), NOON - timedelta(days=1))["4.3"])
    later = NOON + timedelta(hours=1)
    correct_limit(limit.pk, replace(NEW, figure="59"), "抄错", by=cast.viewer("mia"), at=later)
    assert (verdicts(cast)["4.3"], verdicts(cast, known=later - timedelta(seconds=1))["4.3"]) == ("not_met", "met")
    assert "复核时间为 60 秒，限值不超过 59 秒（GA 1383-2017 5.2.1）" in said(judged(cast)["4.3"])


def test_informing_the_customer_and_lines_are_measured_too(cast: Cast) -> None:
    record(
        cast,
        replace(NEW, heading="5.2.4", measure="inform", figure="1", unit="min", share="950"),
        replace(NEW, heading="5.3.1", measure="availability", comparison="at_least", figure="99", unit="%"),
    )
    handled(cast, 55)
    lines = judged(cast)["4.3"].figures["lines"]
    assert [(line["measured"], line["kept"]) for line in lines] == [(1, True), (None, None)]
    supervise(cast, NOON - timedelta(days=30))
    assert judged(cast)["4.3"].figures["lines"][1]["measured"] == 100


def test_what_is_taken_back_counts_for_nothing_and_every_act_is_sealed(cast: Cast) -> None:
    limit, *_others = record(cast, NEW)
    retract_limit(limit.pk, "错了", by=cast.viewer("mia"), at=NOON + timedelta(hours=1))
    assert "没有登记所持" in said(judged(cast)["4.3"])
    acts = Record.objects.filter(subject_type="servicelimit").order_by("pk").values_list("action", "actor_name")
    assert list(acts) == [("limit.recorded", "Mia"), ("limit.retracted", "Mia")]


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"unit": " "}, "unit", "请写明单位：没有单位的数值不能对照。"),
        ({"unit": "米"}, "unit", "这一项按时间计，单位请写秒、分钟或小时，不是“米”。"),
        ({"edition": ""}, "edition", "请写明标准及版本，如 GA 1383-2017：没有出处的数值不能作为限值。"),
        ({"source_clause": ""}, "source_clause", "请写明条号：没有出处的数值不能作为限值。"),
        ({"figure": ""}, "figure", "请填写数值。"),
        ({"figure": "一分钟"}, "figure", "“一分钟”不是数。"),
        ({"figure": "1e30"}, "figure", "数值“1e30”过大，或小数超过四位。"),
        ({"figure": "nan"}, "figure", "数值“nan”过大，或小数超过四位。"),
        ({"figure": "0"}, "figure", "时间的限值须大于 0。"),
        ({"heading": "9"}, "heading", "没有这个选项。"),
        ({"confidence": "NF"}, "confidence", "没有查到的数值不能作为限值。"),
        ({"comparison": "at_least"}, "comparison", "时间的限值只能是“不超过”。"),
        ({"comparison": "none"}, "figure", "选的是“该版本没有数值要求”，这里请留空。"),
        ({"measure": "recorded", "unit": "lx"}, "item", "请写明是哪一项指标，能力记录按这个名称对照。"),
        ({"measure": "availability"}, "unit", "可用率按 % 计，不是“秒”。"),
        (
            {"measure": "availability", "comparison": "at_least", "unit": "%", "figure": "101"},
            "figure",
            "百分比不能超过 100，现在是 101。",
        ),
        (
            {"valid_until": date(2025, 12, 31)},
            "valid_until",
            "到期日期 2025-12-31 早于起始日期 2026-01-01。",
        ),
        ({"valid_from": date(1, 1, 1)}, "valid_from", "日期 0001-01-01 不可能。"),
        ({"edition": "x" * 61}, "edition", "最多 60 个字，现有 61 个。"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_in_a_clear_sentence(
    cast: Cast, told: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        record(cast, replace(NEW, **told))
    assert (refused.value.field, str(refused.value)) == (field, sentence)
    assert (ServiceLimit.objects.count(), Record.objects.count()) == (0, 0)


def test_of_the_same_thing_there_is_one_limit_at_a_time(cast: Cast) -> None:
    record(cast, NEW, replace(NEW, share="950", figure="30"))
    with pytest.raises(Refused) as refused:
        record(cast, replace(NEW, figure="50", valid_from=date(2026, 6, 1)))
    assert str(refused.value) == "2026-01-01 至 … 已有同一指标的限值，请先更正那一条的起止日期。"


@pytest.mark.parametrize("name", ["leo", "polly"])
def test_who_may_only_see_sets_nothing(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        record_limit(cast.company.pk, NEW, by=cast.viewer(name), at=NOON)
    record(cast, NEW, *REST)
    assert verdicts(cast, name=name)["4.3"] == verdicts(cast)["4.3"]


def test_ahead_it_is_asked_on_the_days_on_which_something_comes_or_goes_and_read_once(cast: Cast) -> None:
    acknowledged = replace(NEW, heading="5.3.1", measure="acknowledge", figure="36", unit="h")
    lines = replace(NEW, heading="5.3.2", measure="availability", comparison="at_least", figure="98.5", unit="%")
    record(cast, NEW, *REST, acknowledged, lines)
    supervise(cast, NOON - timedelta(days=60))
    lost(cast, NOON - timedelta(days=9), NOON - timedelta(days=8))
    handled(cast, 60)
    alarm(Sent(account="1002", at=NOON + timedelta(minutes=1)))
    span = Span(ON - timedelta(days=20), ON + timedelta(days=1000))
    with CaptureQueriesContext(connection) as asked:
        ahead = RULE.ahead(cast.viewer("mia"), cast.company.pk, span, None)
        verdicts_ahead = {day: RULE.judge(ahead.on(day)) for day in span.days[:200]}
    assert len(asked) == 7
    # The loss; the cases; one that waits 36 hours; when the loss is small beside the hours; when the cases are too old.
    assert span.turns(ahead.days) == [ON - 8 * DAY, *(ON + place * DAY for place in (0, 2, 3, 7, 90))]
    turned = [day for day in span.days[1:200] if verdicts_ahead[day].verdict != verdicts_ahead[day - DAY].verdict]
    assert turned == [ON - 8 * DAY, ON + 90 * DAY]
    for place in (-9, -8, 0, 1, 2, 6, 7, 89, 90):
        assert verdicts_ahead[ON + place * DAY] == judged(cast, ON + place * DAY)["4.3"]


def supervise(cast: Cast, at: datetime) -> None:
    set_paths(cast.shop.panels.get().pk, [PathEntry("wired_ip", interval_s=90)], by=cast.viewer("mia"), at=at)


def lost(cast: Cast, since: datetime, until: datetime) -> None:
    told = {"company": cast.company, "panel": cast.shop.panels.get(), "kind": "PA", "subject": "panel:1"}
    SystemEvent.objects.create(raised_at=since, ended_at=until, event_class="fault", grade=3, **told)

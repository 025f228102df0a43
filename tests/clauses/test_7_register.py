"""Clause 7, what the register of equipment adds: what serves, certificates, maintenance, life; on any day, as known."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.forecast import forecast
from lianjing.domain.compliance.limit_policy import NewCapability
from lianjing.domain.compliance.limit_recording import record_capability
from lianjing.domain.compliance.looking_ahead import Span
from lianjing.domain.compliance.registry import rules
from lianjing.domain.facilities.actions.equipment import decommission_equipment
from lianjing.domain.facilities.actions.equipment_papers import drop_need, need_certificate, retract_certificate
from lianjing.domain.facilities.models import Equipment, ServiceSpan
from lianjing.terms.sentences import words
from tests.cast import NOON, Cast
from tests.clauses.test_7_equipment import FOUND, LIMIT, NONE, limits
from tests.clauses.test_companies import judged, said, verdicts
from tests.domain.facilities.equipped import certified, maintained, piece

ON = date(2026, 11, 22)
DAY = timedelta(days=1)
LATER = NOON + timedelta(hours=1)
AT_HEADINGS = tuple(NONE)


@pytest.fixture
def one(cast: Cast) -> Equipment:
    """A piece, and nothing else that clause 7 could miss."""
    limits(cast, *AT_HEADINGS, LIMIT)
    made = piece(cast)
    able(cast, made)
    return made


def able(cast: Cast, one: Equipment, figure: str = "2") -> None:
    new = NewCapability("4.2.3", "报警响应时间", "", figure, "秒", "某检测机构", date(2024, 3, 1), equipment=one.number)
    record_capability(cast.company.pk, new, by=cast.viewer("mia"), at=NOON)


def needed(cast: Cast, **told: Any) -> int:
    return need_certificate(cast.company.pk, "receiver", "ccc", "采购规定", by=cast.viewer("mia"), at=NOON, **told).pk


def by_day(cast: Cast, *days: date) -> list[str]:
    return [verdicts(cast, day)["7"] for day in days]


def test_what_a_piece_is_able_to_counts_while_it_serves(cast: Cast, one: Equipment) -> None:
    spare = piece(cast, number="E-002", serial="SN-2")
    able(cast, spare, "3")
    assert by_day(cast, date(2024, 2, 29), date(2024, 3, 1)) == ["insufficient", "not_met"]
    decommission_equipment(spare.pk, ON, "换下", by=cast.viewer("mia"), at=LATER)
    assert by_day(cast, ON - DAY, ON, ON + DAY) == ["not_met", "met", "met"]
    assert verdicts(cast, known=NOON)["7"] == "not_met"
    decommission_equipment(one.pk, ON + DAY, "换下", by=cast.viewer("mia"), at=LATER)
    assert by_day(cast, ON, ON + DAY) == ["met", "insufficient"]
    assert said(judged(cast, ON + DAY)["7"]).endswith("这一天台账里没有在用的装备。")


def test_a_capability_is_called_after_its_piece_and_the_latest_of_each_piece_counts(cast: Cast, one: Equipment) -> None:
    able(cast, one, "9")
    assert one.capabilities.order_by("-pk").values_list("subject", flat=True)[0] == "E-001 接警接收机"
    assert (verdicts(cast)["7"], _counted(cast)) == ("not_met", 1)
    record_capability(cast.company.pk, FOUND, by=cast.viewer("mia"), at=NOON)
    assert _counted(cast) == 2


def _counted(cast: Cast) -> int:
    """Pieces that the one limit was measured on."""
    return next(line["count"] for line in judged(cast)["7"].figures["lines"] if line["limit"] is not None)


def test_a_needed_certificate_that_was_never_recorded_is_not_known_and_one_that_ended_is_not_met(
    cast: Cast, one: Equipment
) -> None:
    need = needed(cast)
    found = judged(cast)["7"]
    assert (found.verdict, found.figures["unproven"]) == ("insufficient", 1)
    assert "1 件按本单位设定须有证书，没有登记过：E-001 接警接收机。" in said(found)
    assert (found.evidence[0].kind, found.evidence[0].id, words(found.evidence[0])) == (
        "equipment",
        one.pk,
        "没有登记过3C 认证证书。",
    )
    certified(cast, one, kind="test")
    assert verdicts(cast)["7"] == "insufficient"
    paper = certified(cast, one, valid_from=date(2026, 1, 1), valid_until=ON)
    assert by_day(cast, date(2025, 12, 31), date(2026, 1, 1), ON, ON + DAY) == [
        "insufficient",
        "met",
        "met",
        "not_met",
    ]
    assert words(judged(cast, ON + DAY)["7"].evidence[0]) == "3C 认证证书已于 2026-11-22 到期。"
    retract_certificate(paper.pk, "假的", by=cast.viewer("mia"), at=LATER)
    assert (verdicts(cast)["7"], verdicts(cast, known=NOON)["7"]) == ("insufficient", "met")
    drop_need(need, "规定改了", by=cast.viewer("mia"), at=LATER)
    assert (verdicts(cast)["7"], verdicts(cast, known=NOON)["7"]) == ("met", "met")


def test_a_need_holds_from_its_day_for_its_kind_while_the_piece_serves(cast: Cast, one: Equipment) -> None:
    needed(cast, valid_from=ON)
    piece(cast, number="U-1", kind="ups", serial="")
    assert by_day(cast, ON - DAY, ON) == ["met", "insufficient"]
    assert judged(cast)["7"].figures["unproven"] == 1
    decommission_equipment(one.pk, ON, "换下", by=cast.viewer("mia"), at=LATER)
    assert judged(cast)["7"].figures["unproven"] == 0


def test_late_maintenance_leaves_it_at_mostly_until_it_is_done(cast: Cast, one: Equipment) -> None:
    ups = piece(cast, number="U-1", kind="ups", serial="", cycle_months=3, cycle_source="厂家说明书")
    maintained(cast, ups, date(2026, 8, 22))
    assert by_day(cast, date(2026, 8, 21), date(2026, 8, 22), ON, ON + DAY) == ["mostly", "met", "met", "mostly"]
    assert said(judged(cast, ON + DAY)["7"]).endswith("在用装备 2 件。1 件维护超期：U-1 接警接收机。")
    maintained(cast, ups, ON, at=LATER)
    assert by_day(cast, ON + DAY, date(2027, 2, 22), date(2027, 2, 23)) == ["met", "met", "mostly"]
    assert verdicts(cast, ON + DAY, NOON)["7"] == "mostly"


def test_a_planned_life_that_is_over_leaves_it_at_mostly(cast: Cast, one: Equipment) -> None:
    old = piece(cast, number="O-1", serial="", commissioned_on=date(2016, 11, 23), life_months=120)
    assert by_day(cast, ON, ON + DAY) == ["met", "mostly"]
    decommission_equipment(old.pk, ON + DAY, "报废", by=cast.viewer("mia"), at=LATER)
    assert by_day(cast, ON + DAY) == ["met"]


def test_an_exceeded_limit_is_the_gravest(cast: Cast, one: Equipment) -> None:
    needed(cast)
    able(cast, piece(cast, number="E-2", serial=""), "3")
    found = judged(cast)["7"]
    assert (found.verdict, found.figures["unproven"], found.figures["exceeded"]) == ("not_met", 2, 1)


def test_the_forecast_names_what_ends_and_says_each_day_what_the_day_says(cast: Cast, one: Equipment) -> None:
    needed(cast)
    certified(cast, one, valid_until=date(2026, 12, 10))
    ups = piece(cast, number="U-1", kind="ups", serial="", cycle_months=3, cycle_source="厂家说明书")
    maintained(cast, ups, date(2026, 9, 1))
    piece(cast, number="O-1", kind="server", serial="", commissioned_on=date(2021, 12, 6), life_months=60)
    decommission_equipment(one.pk, date(2026, 12, 20), "换下", by=cast.viewer("mia"), at=NOON)
    viewer: Viewer = cast.viewer("mia")
    turns = [turn for turn in forecast(viewer, cast.company.pk, ON, 40) if turn.clause.number == "7"]
    assert [(str(t.on), t.after.verdict.value, [words(c) for c in t.causes]) for t in turns] == [
        ("2026-12-02", "mostly", ["维护应不晚于 2026-12-01。"]),
        ("2026-12-11", "not_met", ["3C 认证证书已于 2026-12-10 到期。"]),
        ("2026-12-20", "insufficient", []),
    ]
    rule, span = rules()["7"], Span(ON - 60 * DAY, ON + 60 * DAY)
    ahead = rule.ahead(viewer, cast.company.pk, span, None)
    before = None
    for day in span.days:
        found = rule.judge(rule.facts(viewer, cast.company.pk, day, None))
        assert rule.judge(ahead.on(day)) == found, day
        assert day in ahead.days or day == span.first or found.verdict == before, day
        before = found.verdict


def test_another_company_s_register_is_nothing_of_ours(cast: Cast, one: Equipment) -> None:
    needed(cast)
    before = judged(cast)["7"]
    ServiceSpan.objects.create(
        company=cast.other,
        equipment=one,
        kind="receiver",
        valid_from=ON,
        recorded_at=NOON,
        recorded_by="x",
    )
    assert judged(cast)["7"] == before
    assert judged(cast, name="sam") == {}
    assert [verdicts(cast, name=name)["7"] for name in ("leo", "polly", "ada")] == ["insufficient"] * 3

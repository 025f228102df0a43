"""Clause 6.3: measured values at their limits, limits that nobody has read, reports, calibration, both times."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lianjing.domain.compliance.clauses.clause_6_3_environment import Clause63Environment
from lianjing.domain.facilities.models import Measurement
from lianjing.domain.facilities.standing import OwnLimit, ValueKnown
from lianjing.terms.facilities import PlaceFactKind, PlaceKind
from lianjing.terms.verdicts import Confidence
from tests.cast import NOON, Cast
from tests.clauses.premises import BAD, CENTRE, DUTY, MACHINE, ON, fact, judge, known, own, value
from tests.clauses.test_companies import judged, said, verdicts
from tests.clauses.whole_premises import UNTIL, value_row, whole_premises

RULE = Clause63Environment()
REPORTS = tuple(fact(kind) for kind in (PlaceFactKind.LIGHTNING, PlaceFactKind.FIRE, PlaceFactKind.EMC))
SOUND = {
    (2, "temperature"): "23.4",
    (2, "humidity"): "48",
    (2, "illuminance"): "300",
    (3, "temperature"): "28",
    (3, "humidity"): "35",
    (3, "illuminance"): "300",
}


def values(*changes: ValueKnown) -> tuple[ValueKnown, ...]:
    """Sound ones, with these in the place of theirs."""
    changed = {(one.place_id, one.quantity): one for one in changes}
    sound = {key: value(key[1], figure, key[0]) for key, figure in SOUND.items()}
    return tuple((sound | changed).values())


def verdict(*changes: ValueKnown) -> str:
    return judge(RULE, known(facts=REPORTS, values=values(*changes))).verdict.value


@pytest.mark.parametrize(
    ("quantity", "figure", "place", "wanted"),
    [
        ("temperature", "18", 2, "met"),
        ("temperature", "27", 2, "met"),
        ("temperature", "27.0001", 2, "not_met"),
        ("temperature", "17.9", 2, "not_met"),
        ("temperature", "28", 3, "met"),
        ("temperature", "28.1", 3, "not_met"),
        ("humidity", "60", 2, "met"),
        ("humidity", "60.1", 2, "not_met"),
        ("humidity", "34.9", 3, "not_met"),
        ("humidity", "75", 3, "met"),
        ("dew_point", "5.5", 2, "met"),
        ("dew_point", "15.1", 2, "not_met"),
        ("illuminance", "299", 3, "not_met"),
        ("magnetic_field", "800", 2, "met"),
        ("magnetic_field", "800.1", 2, "not_met"),
        ("joint_earthing", "1", 1, "met"),
        ("joint_earthing", "1.01", 1, "mostly"),
        ("ups_autonomy", "14.9", 2, "mostly"),
        ("supply_voltage", "180", 2, "met"),
    ],
)
def test_values_at_their_limits(quantity: str, figure: str, place: int, wanted: str) -> None:
    assert verdict(value(quantity, figure, place)) == wanted


def test_what_is_out_is_said_with_value_and_limit_and_what_nobody_has_read_as_such() -> None:
    hot, earth = value("temperature", "29.1"), value("joint_earthing", "1.2", 1)
    found = judge(RULE, known(facts=REPORTS, values=values(hot, earth)))
    assert said(found) == (
        "超出限值：机房的温度 29.1 ℃（限值 18～27 ℃）。"
        "待核实：运营中心的联合接地电阻 1.2 Ω（限值 ≤ 1 Ω）；限值未核对原文。"
    )
    assert (found.figures["out"], found.figures["missing"], found.figures["measured"]) == (2, 0, 7)
    assert found.evidence[0].key == "2/temperature"


@pytest.mark.parametrize("key", SOUND)
def test_each_room_s_temperature_humidity_and_lighting_are_asked(key: tuple[int, str]) -> None:
    some = tuple(one for one in values() if (one.place_id, one.quantity) != key)
    found = judge(RULE, known(facts=REPORTS, values=some))
    assert (found.verdict.value, found.figures["missing"]) == ("insufficient", 1)
    assert said(found).startswith("没有有效的测量值：")


@pytest.mark.parametrize("kind", [PlaceFactKind.LIGHTNING, PlaceFactKind.FIRE, PlaceFactKind.EMC])
def test_each_report_is_asked_and_a_bad_one_breaks_the_clause(kind: PlaceFactKind) -> None:
    others = tuple(one for one in REPORTS if one.kind is not kind)
    assert judge(RULE, known(facts=others, values=values())).verdict.value == "insufficient"
    assert judge(RULE, known(facts=(*others, fact(kind, BAD)), values=values())).verdict.value == "not_met"


def test_a_field_within_its_limit_shows_electromagnetic_protection() -> None:
    others = tuple(one for one in REPORTS if one.kind is not PlaceFactKind.EMC)
    field = value("magnetic_field", "120")
    assert judge(RULE, known(facts=others, values=values(field))).verdict.value == "met"
    elsewhere = value("magnetic_field", "120", 3)
    assert judge(RULE, known(facts=others, values=values(elsewhere))).verdict.value == "insufficient"


def test_a_failed_discharge_test_is_to_be_looked_into_and_none_says_nothing() -> None:
    facts = (*REPORTS, fact(PlaceFactKind.DISCHARGE, BAD))
    assert judge(RULE, known(facts=facts, values=values())).verdict.value == "mostly"
    assert verdict() == "met"


@pytest.mark.parametrize(
    ("calibrated", "wanted"),
    [(ON, "met"), (ON - timedelta(days=1), "insufficient"), (None, "mostly")],
)
def test_an_instrument_past_its_calibration_proves_nothing_good(calibrated: date | None, wanted: str) -> None:
    assert verdict(value("temperature", "23", calibrated=calibrated)) == wanted
    assert verdict(value("temperature", "30", calibrated=calibrated)) == "not_met"


@pytest.mark.parametrize(
    ("figure", "confidence", "wanted"),
    [
        ("26", Confidence.READ, "met"),
        ("26", Confidence.UNVERIFIED, "mostly"),
        ("30", Confidence.READ, "mostly"),
        ("30", Confidence.UNVERIFIED, "mostly"),
        ("33", Confidence.READ, "not_met"),
        ("33", Confidence.UNVERIFIED, "not_met"),
    ],
)
def test_the_company_s_own_limit_takes_the_place_of_the_table_s(
    figure: str, confidence: Confidence, wanted: str
) -> None:
    limits = (own("temperature", PlaceKind.MACHINE_ROOM, "15", "32", confidence),)
    changed = values(value("temperature", figure))
    assert judge(RULE, known(facts=REPORTS, values=changed, limits=limits)).verdict.value == wanted


def test_an_own_limit_wider_than_a_text_that_was_read_is_named_and_acquits_nobody() -> None:
    limits = (own("temperature", PlaceKind.MACHINE_ROOM, "15", "32"),)

    def found(figure: str, limits: tuple[OwnLimit, ...] = limits) -> tuple[str, str]:
        judgement = judge(RULE, known(facts=REPORTS, values=values(value("temperature", figure)), limits=limits))
        return judgement.verdict.value, said(judgement)

    named = "本单位限值比标准宽：机房的温度 15～32 ℃（GB 50174-2017 为 18～27 ℃）。"
    beyond = "在本单位限值内，但超出标准：机房的温度 30 ℃（限值 18～27 ℃）。"
    assert found("30") == ("mostly", named + beyond)
    assert (found("26")[0], found("26")[1].endswith(named)) == ("met", True)
    stricter = (own("temperature", PlaceKind.MACHINE_ROOM, "18", "24"),)
    assert (found("24", stricter)[0], "比标准宽" in found("24", stricter)[1]) == ("met", False)
    assert found("25", stricter)[0] == "not_met"


def test_what_nobody_has_read_is_no_standard_to_be_wider_than() -> None:
    limits = (own("joint_earthing", PlaceKind.CENTRE, "", "4"),)
    changed = values(value("joint_earthing", "3", 1))
    assert judge(RULE, known(facts=REPORTS, values=changed, limits=limits)).verdict.value == "met"


@pytest.mark.parametrize("places", [(), (CENTRE,), (MACHINE, DUTY)])
def test_without_a_centre_or_its_rooms_nobody_knows(places: tuple[object, ...]) -> None:
    premises = known(places=places, facts=REPORTS, values=values())  # type: ignore[arg-type]
    assert judge(RULE, premises).verdict.value == "insufficient"


def test_each_centre_needs_rooms_of_its_own() -> None:
    second, its_room = replace(CENTRE, id=9, name="二中心"), replace(MACHINE, id=10, name="二机房", centre_id=9)
    facts = (*REPORTS, *(replace(one, id=one.id + 50, place_id=9) for one in REPORTS))
    read = (*values(), *(value(code, figure, 10) for (place, code), figure in SOUND.items() if place == 2))
    bare = judge(RULE, known(places=(CENTRE, MACHINE, DUTY, second), facts=facts, values=read))
    assert (bare.verdict.value, said(bare)) == ("insufficient", "没有登记机房或值守室，无从判定：二中心。")
    whole = judge(RULE, known(places=(CENTRE, MACHINE, DUTY, second, its_room), facts=facts, values=read))
    assert whole.verdict.value == "met"


# Both times


def test_a_value_counts_on_its_last_day_and_the_newest_hides_the_others(cast: Cast) -> None:
    rooms = whole_premises(cast, NOON)
    assert [verdicts(cast, UNTIL + timedelta(days=place))["6.3"] for place in (0, 1)] == ["met", "insufficient"]
    told = {"measured_at": NOON + timedelta(hours=1), "valid_from": ON, "valid_until": ON}
    value_row(rooms[PlaceKind.MACHINE_ROOM], "temperature", 29, NOON + timedelta(hours=1), **told).save()
    days = (ON - timedelta(days=1), ON, ON + timedelta(days=1))
    assert [verdicts(cast, day)["6.3"] for day in days] == ["met", "not_met", "met"]
    assert verdicts(cast, ON, NOON)["6.3"] == "met"


def test_of_many_values_of_a_day_the_last_counts(cast: Cast) -> None:
    rooms = whole_premises(cast, NOON)
    for minute, figure in enumerate((29, 30, 24)):
        at = NOON + timedelta(minutes=minute + 1)
        value_row(rooms[PlaceKind.MACHINE_ROOM], "temperature", figure, at, measured_at=at).save()
    assert judged(cast)["6.3"].figures["out"] == 0
    Measurement.objects.filter(value=24).update(retracted_at=NOON + timedelta(days=1))
    assert [verdicts(cast, ON, known)["6.3"] for known in (NOON + timedelta(hours=1), None)] == ["met", "not_met"]

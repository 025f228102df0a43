"""Suppression rules: what may be hidden, by whom, for how long; and that hold-up and fire never are."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.records.models import Record
from lianjing.domain.signals.models import CodeOverride, SuppressionRule
from lianjing.domain.signals.suppressing import Asked, add_suppression, end_suppression
from lianjing.domain.signals.suppression_policy import HIDEABLE, Wanted, suppression_refusal
from lianjing.domain.signals.suppressions import Suppression, suppressions_in_force
from lianjing.domain.sites.models import Zone
from lianjing.terms.codes import LIFE_CLASSES, EventClass
from tests.cast import NOON, SYSTEM, Cast

WANTED = Wanted(
    place="zone",
    event_class="fault",
    code="",
    code_classes=frozenset(),
    zone_kind="intrusion",
    reason="contact is loose, part ordered",
    starts_at=NOON,
    expires_at=NOON + timedelta(days=7),
)
A_SIGNAL = {"site_id": 1, "panel_id": 2, "zone_id": 3, "zone_kind": "intrusion", "event_class": "fault", "code": "AT"}


def test_a_rule_of_a_zone_with_reason_and_expiry_is_allowed() -> None:
    assert suppression_refusal(WANTED) is None


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("place", {"place": ""}),
        ("zone", {"zone_kind": "hold_up"}),
        ("zone", {"zone_kind": "fire"}),
        ("zone", {"zone_kind": "medical"}),
        ("event_class", {"event_class": "hold_up"}),
        ("event_class", {"event_class": "fire"}),
        ("event_class", {"event_class": "medical"}),
        ("event_class", {"event_class": "nonsense"}),
        ("event_class", {"event_class": "", "place": "site"}),
        ("event_class", {"event_class": "", "place": "panel"}),
        ("code", {"code": "PA", "code_classes": frozenset({"hold_up"}), "event_class": ""}),
        ("code", {"code": "AT", "code_classes": frozenset({"fault", "fire"})}),
        ("code", {"code": "??", "code_classes": frozenset()}),
        ("code", {"code": "BA", "code_classes": frozenset({"intrusion"})}),
        ("reason", {"reason": ""}),
        ("reason", {"reason": "x" * 201}),
        ("expires_at", {"expires_at": None}),
        ("expires_at", {"expires_at": NOON}),
        ("expires_at", {"expires_at": NOON + timedelta(days=30, seconds=1)}),
    ],
)
def test_what_could_hide_a_hold_up_or_a_fire_or_lacks_reason_and_expiry_is_refused(
    field: str, change: dict[str, object]
) -> None:
    refused = suppression_refusal(replace(WANTED, **change))  # type: ignore[arg-type]
    assert refused is not None
    assert refused.field == field


@pytest.mark.parametrize("place", ["site", "panel", "zone"])
@pytest.mark.parametrize("event_class", HIDEABLE)
def test_every_class_that_endangers_nobody_may_be_hidden(place: str, event_class: EventClass) -> None:
    assert suppression_refusal(replace(WANTED, place=place, event_class=event_class)) is None


def suppression(**told: object) -> Suppression:
    row = {"id": 7, "starts_at": NOON, "ends_at": NOON + timedelta(days=1), "reason": "", "author": "Leo"}
    row |= {"site_id": None, "panel_id": None, "zone_id": None, "event_class": "", "code": ""}
    return Suppression(**row | told)  # type: ignore[arg-type]


@pytest.mark.parametrize("event_class", sorted(LIFE_CLASSES))
def test_no_rule_in_the_table_however_it_came_there_hides_somebody_in_danger(event_class: str) -> None:
    everything = suppression(site_id=1)
    assert everything.fits(NOON, **A_SIGNAL)
    assert not everything.fits(NOON, **A_SIGNAL | {"event_class": event_class})
    assert not everything.fits(NOON, **A_SIGNAL | {"zone_kind": event_class})


@pytest.mark.parametrize(
    ("told", "fits"),
    [
        ({"zone_id": 3}, True),
        ({"zone_id": 4}, False),
        ({"panel_id": 2, "event_class": "fault"}, True),
        ({"panel_id": 2, "event_class": "tamper"}, False),
        ({"panel_id": 9}, False),
        ({"site_id": 1, "code": "AT"}, True),
        ({"site_id": 1, "code": "YT"}, False),
        ({"site_id": 9}, False),
        ({"event_class": "fault"}, False),
        ({"zone_id": 3, "starts_at": NOON + timedelta(seconds=1)}, False),
        ({"zone_id": 3, "ends_at": NOON}, False),
    ],
)
def test_a_rule_fits_what_it_names_while_it_lasts_and_nothing_without_a_place(
    told: dict[str, object], fits: bool
) -> None:
    assert suppression(**told).fits(NOON, **A_SIGNAL) is fits


def zone(cast: Cast) -> Zone:
    return Zone.objects.get(panel__account="1001", number="3")


def asked(cast: Cast, **told: object) -> Asked:
    usual = {"zone_id": zone(cast).pk, "event_class": "fault", "reason": "loose"}
    usual |= {"expires_at": NOON + timedelta(days=7)}
    return Asked(**usual | told)  # type: ignore[arg-type]


def test_a_leader_adds_a_rule_which_is_in_force_recorded_and_told(cast: Cast) -> None:
    rule = add_suppression(asked(cast, site_id=cast.shop.pk), by=cast.viewer("leo"), at=NOON, source="test")
    assert (rule.author, rule.zone, rule.site, rule.panel) == ("Leo", zone(cast), None, None)
    found = suppressions_in_force(SYSTEM, [cast.company.pk, cast.other.pk], NOON, NOON)
    assert [one.rule for one in found.pop(cast.company.pk)] == [f"suppression:{rule.pk}"]
    assert found == {}
    record = Record.objects.get(action="suppression.added")
    assert (record.actor_name, record.company_id, record.after["weakens"]) == (
        "Leo",
        cast.company.pk,
        ["符合这条规则的信号不再显示给值守员"],
    )
    assert Message.objects.get(topic="suppression.added").payload == {"suppression": rule.pk}


def test_a_rule_ends_by_hand_or_at_its_expiry(cast: Cast) -> None:
    rule = add_suppression(asked(cast), by=cast.viewer("leo"), at=NOON)
    end_suppression(rule.pk, by=cast.viewer("mia"), at=NOON + timedelta(hours=1))

    def in_force(hours: float) -> int:
        at = NOON + timedelta(hours=hours)
        return sum(len(found) for found in suppressions_in_force(SYSTEM, [cast.company.pk], at, at).values())

    assert [in_force(hours) for hours in (-1, 0, 0.9, 1, 2)] == [0, 1, 1, 0, 0]
    with pytest.raises(Refused):
        end_suppression(rule.pk, by=cast.viewer("mia"), at=NOON + timedelta(hours=2))
    rule.refresh_from_db()
    assert (rule.ended_by, rule.ended_at) == ("Mia", NOON + timedelta(hours=1))


def test_a_deleted_zones_rule_fits_nothing_instead_of_the_whole_panel(cast: Cast) -> None:
    add_suppression(asked(cast), by=cast.viewer("leo"), at=NOON)
    where = {"site_id": cast.shop.pk, "panel_id": zone(cast).panel_id, "zone_id": None}
    zone(cast).delete()
    (rule,) = suppressions_in_force(SYSTEM, [cast.company.pk], NOON, NOON)[cast.company.pk]
    assert not rule.fits(NOON, **A_SIGNAL | where)


@pytest.mark.parametrize("code", ["PA", "FA", "120", "MA"])
def test_a_code_of_danger_is_refused_by_the_tables(cast: Cast, code: str) -> None:
    with pytest.raises(Refused) as refused:
        add_suppression(asked(cast, code=code, event_class=""), by=cast.viewer("leo"), at=NOON)
    assert (refused.value.field, SuppressionRule.objects.count()) == ("code", 0)


def test_a_code_that_the_company_reads_as_danger_is_refused(cast: Cast) -> None:
    CodeOverride.objects.create(company=cast.company, scheme="SIA", code="AT", event_class="hold_up", grade=1)
    with pytest.raises(Refused) as refused:
        add_suppression(asked(cast, code="at"), by=cast.viewer("leo"), at=NOON)
    assert refused.value.field == "code"


def test_an_operator_may_not_and_a_stranger_finds_no_place(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        add_suppression(asked(cast), by=cast.viewer("olivia"), at=NOON)
    for place in ("zone_id", "panel_id", "site_id"):
        ids = {"zone_id": zone(cast).pk, "panel_id": zone(cast).panel_id, "site_id": cast.shop.pk}
        with pytest.raises(Missing):
            add_suppression(replace(asked(cast, zone_id=None), **{place: ids[place]}), by=cast.viewer("sam"), at=NOON)
    rule = add_suppression(asked(cast), by=cast.viewer("leo"), at=NOON)
    with pytest.raises(Missing):
        end_suppression(rule.pk, by=cast.viewer("sam"), at=NOON)


def test_a_rule_without_a_place_is_refused_to_somebody_who_may(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        add_suppression(asked(cast, zone_id=None), by=cast.viewer("leo"), at=NOON)
    assert refused.value.field == "place"


def test_the_pipeline_asks_once_for_all_companies(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        add_suppression(asked(cast), by=cast.viewer("leo"), at=NOON)
    with django_assert_num_queries(1):
        suppressions_in_force(SYSTEM, [cast.company.pk, cast.other.pk], NOON, NOON)

"""Premises for the tests of chapter 6, without a database."""

from datetime import date
from decimal import Decimal

from lianjing.domain.compliance.attested_rule import Attested
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.premises_rule import Premises, PremisesRule
from lianjing.domain.facilities.quantities import QUANTITIES, Bounds
from lianjing.domain.facilities.standing import FactKnown, OwnLimit, PlaceKnown, PremisesKnown, Shown, ValueKnown
from lianjing.terms.facilities import PlaceFactKind, PlaceKind, PlaceStanding
from lianjing.terms.verdicts import Confidence
from tests.cast import NOON

ON = date(2026, 11, 22)
CENTRE = PlaceKnown(1, PlaceKind.CENTRE, "运营中心", None, Decimal(120))
MACHINE = PlaceKnown(2, PlaceKind.MACHINE_ROOM, "机房", 1, None)
DUTY = PlaceKnown(3, PlaceKind.DUTY_ROOM, "值守室", 1, None)
SHOWN = Shown("本单位", "实地查看", "J-1")
GOOD, BAD = PlaceStanding.GOOD, PlaceStanding.BAD


def fact(kind: PlaceFactKind, standing: PlaceStanding = GOOD, place: int = 1) -> FactKnown:
    return FactKnown(list(PlaceFactKind).index(kind), place, kind, standing, SHOWN, valid_from=ON)


def value(quantity: str, figure: str, place: int = 2, calibrated: date | None = date(2027, 1, 1)) -> ValueKnown:
    pk = 100 * place + list(QUANTITIES).index(quantity)
    return ValueKnown(pk, place, quantity, Decimal(figure), NOON, calibrated, ON, date(2026, 12, 22))


def own(quantity: str, kind: PlaceKind, low: str, high: str, confidence: Confidence = Confidence.READ) -> OwnLimit:
    ends = (Decimal(end) if end else None for end in (low, high))
    return OwnLimit(quantity, kind, Bounds(*ends, "Q/LJ 6-2026", "4.2", confidence, is_own=True))


def known(
    places: tuple[PlaceKnown, ...] = (CENTRE, MACHINE, DUTY),
    facts: tuple[FactKnown, ...] = (),
    values: tuple[ValueKnown, ...] = (),
    limits: tuple[OwnLimit, ...] = (),
    drawn: frozenset[int] = frozenset({1}),
) -> PremisesKnown:
    return PremisesKnown(ON, places, facts, values, limits, drawn)


def judge(rule: PremisesRule, premises: PremisesKnown) -> Judgement:
    return rule.judge(Premises(premises, Attested(ON, ())))

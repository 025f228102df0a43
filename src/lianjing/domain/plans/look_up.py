"""Which plan a case runs along: from the most special to the most general, and why. No Django, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lianjing.terms.sentences import marked as _


class PlanScope(StrEnum):
    """For what a plan was written, the most special first."""

    SITE = "site"
    CONTRACT = "contract"
    KIND = "kind"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Offer:
    """A version in force that may fit. `grade` None: any grade; `name`: of the site, contract or kind."""

    version: int
    number: int
    scope: PlanScope
    grade: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Look:
    """One place where was looked, as a sentence with figures."""

    sentence: str
    figures: dict[str, object]


@dataclass(frozen=True, slots=True)
class Found:
    """The version that runs; None: the template does. `looks` tells how it was found."""

    version: int | None
    looks: list[Look]


PLACES = {
    PlanScope.SITE: _("场所"),
    PlanScope.CONTRACT: _("合同"),
    PlanScope.KIND: _("场所类型"),
    PlanScope.CLASS: _("类别与级别"),
}
NONE = _("%(place)s：无。")
TAKEN = _("%(place)s %(name)s：有第 %(number)d 版（%(grade)s），采用。")
TEMPLATE = _("没有批准的预案：用模板，未批准。")


def choose(offers: Sequence[Offer], grade: int) -> Found:
    """Of the offers the most special one: in each place one for the exact grade before one for any grade."""
    looks: list[Look] = []
    for scope in PlanScope:
        fitting = [offer for offer in offers if offer.scope is scope and offer.grade in (grade, None)]
        best = min(fitting, key=lambda offer: (offer.grade is None, offer.version), default=None)
        if best is not None:
            return Found(best.version, [*looks, _taken(best)])
        looks.append(Look(NONE, {"place": PLACES[scope]}))
    return Found(None, [*looks, Look(TEMPLATE, {})])


def _taken(offer: Offer) -> Look:
    grade = {1: _("一级"), 2: _("二级"), 3: _("三级"), 4: _("四级")}.get(offer.grade or 0, _("不分级"))
    return Look(TAKEN, {"place": PLACES[offer.scope], "name": offer.name, "number": offer.number, "grade": grade})

"""A value out of its limits raises a finding; the next one within them says on it that it is good again. Steps of
actions."""

from lianjing.core.days import centre_day
from lianjing.domain.facilities.models import Place, RoomLimit
from lianjing.domain.facilities.policy import limit_words, plain_figure
from lianjing.domain.facilities.premises_known import bounds_on, newest_value, places_on
from lianjing.domain.facilities.quantities import QUANTITIES, Bounds
from lianjing.domain.facilities.standing import PlaceKnown, ValueKnown
from lianjing.domain.findings.raising import NewFinding, Source
from lianjing.domain.findings.watched import Watched, note_good, raise_watched
from lianjing.domain.records.changing import Actor
from lianjing.terms.findings import FindingGrade, FindingSource
from lianjing.terms.sentences import marked as _


def look_again(first: Place, quantity: str, actor: Actor) -> None:
    """Compares the newest value of a place that holds today with its limits. Without one, or without limits, nothing is
    said: what is not known is not good. This runs while a value is written: it reads that place only."""
    for place in places_on(actor.by, first.company_id, centre_day(actor.at)):
        if place.id == first.pk:
            _compare(first.company_id, place, quantity, actor)


def look_again_everywhere(limit: RoomLimit, actor: Actor) -> None:
    """The same in every room to which a limit applies. Two queries a room: there are few."""
    for place in places_on(actor.by, limit.company_id, centre_day(actor.at)):
        if place.kind == limit.place_kind:
            _compare(limit.company_id, place, limit.quantity, actor)


def watch_key(place_id: int, quantity: str) -> str:
    return f"measured:{place_id}:{quantity}"


def _compare(company_id: int, place: PlaceKnown, quantity: str, actor: Actor) -> None:
    day = centre_day(actor.at)
    value = newest_value(actor.by, place.id, quantity, day)
    bounds = bounds_on(actor.by, company_id, quantity, place.kind, day)
    if value is None or bounds is None:
        return
    what = Watched(company_id, watch_key(place.id, quantity))
    who = {"by": actor.by, "at": actor.at, "source": actor.source}
    if bounds.holds(value.value):
        note_good(what, **who)
    else:
        raise_watched(what, _finding(place, value, bounds), **who)


def _finding(place: PlaceKnown, value: ValueKnown, bounds: Bounds) -> NewFinding:
    """A limit that nobody has read, and that the company has not made its own, asks only to be looked into."""
    quantity = QUANTITIES[value.quantity]
    sentence = _("测得 %(value)s %(unit)s，限值 %(limit)s（%(edition)s %(clause)s）。")
    if not bounds.is_binding:
        sentence = _("测得 %(value)s %(unit)s，限值 %(limit)s（%(edition)s %(clause)s，未核对原文），待核实。")
    told = {"value": plain_figure(value.value), "unit": quantity.unit, "limit": limit_words(bounds, quantity.unit)}
    told |= {"edition": bounds.edition, "clause": bounds.source_clause}
    grade = FindingGrade.MINOR if bounds.is_binding else FindingGrade.OBSERVATION
    source = Source(FindingSource.PREMISES.value, str(place.id), f"{place.name} {quantity.zh}")
    title = _("%(place)s：%(quantity)s超出限值") % {"place": place.name, "quantity": quantity.zh}
    return NewFinding(title, grade.value, sentence % told, source, ("6.3",))

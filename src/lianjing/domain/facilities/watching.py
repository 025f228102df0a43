"""A value out of its limits raises a finding; the next one within them says on it that it is good, and by which limit.

A limit that nobody has read, one that the company has set wider than the standard where the value is beyond that, and
an instrument that is past its calibration show nothing good: the finding then says
that its source stands in doubt (docs/decisions/0030). Steps of actions."""

from lianjing.core.days import centre_day
from lianjing.domain.facilities.models import Place, RoomLimit
from lianjing.domain.facilities.policy import limit_words, plain_figure
from lianjing.domain.facilities.premises_known import limits_of, newest_value, places_on
from lianjing.domain.facilities.quantities import QUANTITIES, Bounds
from lianjing.domain.facilities.standing import LimitLine, PlaceKnown, ValueKnown
from lianjing.domain.findings.raising import NewFinding, Source
from lianjing.domain.findings.watched import Watched, note_doubt, note_good, raise_watched
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
    bounds = LimitLine(quantity, place.kind, limits_of(actor.by, company_id, quantity)).on(day)
    if value is None or bounds is None:
        return
    what = Watched(company_id, watch_key(place.id, quantity))
    who = {"by": actor.by, "at": actor.at, "source": actor.source}
    if not bounds.holds(value.value):
        raise_watched(what, _finding(place, value, bounds), **who)
    elif bounds.is_read and value.calibration is not False and not bounds.is_stretched(value.value):
        note_good(what, _within(value, bounds), **who)
    else:
        note_doubt(what, _doubt(value, bounds), **who)


def _finding(place: PlaceKnown, value: ValueKnown, bounds: Bounds) -> NewFinding:
    """A limit that nobody has read, and that the company has not made its own, asks only to be looked into."""
    quantity = QUANTITIES[value.quantity]
    sentence = _("测得 %(value)s %(unit)s，限值 %(limit)s（%(source)s，%(confidence)s）。")
    if not bounds.is_binding:
        sentence = _("测得 %(value)s %(unit)s，限值 %(limit)s（%(source)s，%(confidence)s），待核实。")
    grade = FindingGrade.MINOR if bounds.is_binding else FindingGrade.OBSERVATION
    source = Source(FindingSource.PREMISES.value, str(place.id), f"{place.name} {quantity.zh}")
    title = _("%(place)s：%(quantity)s超出限值") % {"place": place.name, "quantity": quantity.zh}
    return NewFinding(title, grade.value, sentence % _told(value, bounds), source, ("6.3",))


def _within(value: ValueKnown, bounds: Bounds) -> str:
    return _("测得 %(value)s %(unit)s，在限值 %(limit)s 内（%(source)s，%(confidence)s）。") % _told(value, bounds)


def _doubt(value: ValueKnown, bounds: Bounds) -> str:
    """Without the value: one that comes every minute says nothing new."""
    sentence = _("现在的测量值在限值 %(limit)s 内（%(source)s，%(confidence)s），不能说明已恢复：限值未核对原文。")
    if bounds.is_read:
        sentence = _("现在的测量值在限值 %(limit)s 内（%(source)s），不能说明已恢复：测量时仪器已过校准有效期。")
    if bounds.is_read and bounds.is_stretched(value.value):
        sentence = _("现在的测量值在限值 %(limit)s 内（%(source)s），不能说明已恢复：超出标准的限值 %(standard)s。")
    return sentence % _told(value, bounds)


def _told(value: ValueKnown, bounds: Bounds) -> dict[str, str]:
    unit = QUANTITIES[value.quantity].unit
    told = {"value": plain_figure(value.value), "unit": unit, "limit": limit_words(bounds, unit)}
    source = f"{bounds.edition} {bounds.source_clause}".strip()
    source = _("本单位限值，出处 %(source)s") % {"source": source} if bounds.is_own else source
    wider = bounds.wider_than
    standard = f"{limit_words(wider, unit)}（{wider.edition}）" if wider else ""
    return told | {"source": source, "confidence": bounds.confidence.zh, "standard": standard}

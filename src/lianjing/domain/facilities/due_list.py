"""What of equipment and premises is over or ends soon: for the manager's work-list and for its digest."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.facilities.equipment_list import equipment_due, equipment_lacking
from lianjing.domain.facilities.measured_list import LOOKS_BACK, newest_running_out
from lianjing.domain.facilities.models import Equipment, Place, PlaceFact
from lianjing.domain.facilities.policy import SEE
from lianjing.domain.facilities.quantities import QUANTITIES
from lianjing.domain.records.dated import holding_on
from lianjing.terms.equipment import EquipmentEnd
from lianjing.terms.facilities import PlaceFactKind
from lianjing.terms.sentences import marked as _

EQUIPMENT_WITHIN, RECORDS_WITHIN, VALUES_WITHIN = 30, 30, 7
"""Days before which something is told of. Temperature and humidity are measured every month: a value that holds for
another month is nothing to do."""
LISTED_AT_MOST = 200
"""Of equipment, of records and of values each; who has more to do looks at their lists."""
EQUIPMENT, RECORD, VALUE = "equipment", "record", "value"


@dataclass(frozen=True, slots=True)
class FacilityDue:
    """One thing that is due: `source` EQUIPMENT with the id of the piece, RECORD and VALUE with that of the place.
    `about` and `what`: which piece or place, and what of it, in Chinese; `code`: the same as a word of EquipmentEnd, of
    PlaceFactKind or a quantity; `day`: its last day, None where something was never there."""

    company_id: int
    source: str
    id: int
    about: str
    what: str
    day: date | None
    days_left: int
    code: str = ""
    doubt: str = ""
    """Why it is to be done although its day is not over."""

    @property
    def is_over(self) -> bool:
        return self.day is None or self.days_left < 0


def facilities_due(viewer: Viewer, company_ids: Collection[int], on: date) -> list[FacilityDue]:
    """The most urgent first. Six queries, however much is due; none without a company."""
    if not company_ids:
        return []
    found = [*_equipment(viewer, company_ids, on), *_of_places(viewer, company_ids, on)]
    return sorted(found, key=lambda one: (one.day or on, one.about, one.what))


def _equipment(viewer: Viewer, company_ids: Collection[int], on: date) -> Iterator[FacilityDue]:
    """Of what serves: certificate, maintenance, life, warranty; and certificates that were never there."""
    certified: set[int] = set()
    for line in equipment_due(viewer, company_ids, on, EQUIPMENT_WITHIN, LISTED_AT_MOST):
        for end in line.ends:
            what = EquipmentEnd(end.what)
            if end.days_left <= EQUIPMENT_WITHIN:
                yield FacilityDue(*_of_piece(line.piece), what.zh, end.day, end.days_left, what.value)
            if what is EquipmentEnd.CERTIFICATE:
                certified.add(line.piece.pk)
    for piece in equipment_lacking(viewer, company_ids, on, LISTED_AT_MOST):
        if piece.pk not in certified:
            yield FacilityDue(*_of_piece(piece), _("须有的证书"), None, 0, EquipmentEnd.CERTIFICATE.value)


def _of_piece(piece: Equipment) -> tuple[int, str, int, str]:
    return piece.company_id, EQUIPMENT, piece.pk, f"{piece.number} {piece.name}"


def _of_places(viewer: Viewer, company_ids: Collection[int], on: date) -> Iterator[FacilityDue]:
    """Of places in use: what was found there and has to be looked at again, the newest value of each quantity."""
    rows = visible(Place.objects.filter(company_id__in=company_ids, retracted_at=None), viewer, SEE)
    names = {row.first_id or row.pk: row.name for row in holding_on(rows, on)}
    for fact in _records(viewer, company_ids, on):
        if fact.place_id in names and fact.valid_until is not None:
            told = (fact.company_id, RECORD, fact.place_id, names[fact.place_id], PlaceFactKind(fact.kind).zh)
            yield FacilityDue(*told, fact.valid_until, (fact.valid_until - on).days, fact.kind)
    for value in newest_running_out(viewer, company_ids, on, VALUES_WITHIN)[:LISTED_AT_MOST]:
        if value.place_id in names and value.valid_until is not None:
            told = (value.company_id, VALUE, value.place_id, names[value.place_id], QUANTITIES[value.quantity].zh)
            left = (value.valid_until - on).days
            doubt = _("测量时仪器已过校准有效期") if left >= VALUES_WITHIN else ""
            yield FacilityDue(*told, value.valid_until, left, value.quantity, doubt)


def _records(viewer: Viewer, company_ids: Collection[int], on: date) -> Sequence[PlaceFact]:
    """Those that end by then or ended lately, and that no later one follows."""
    follows = PlaceFact.objects.filter(place=OuterRef("place"), kind=OuterRef("kind"), retracted_at=None)
    follows = follows.filter(Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")))
    span = (on - LOOKS_BACK, on + timedelta(days=RECORDS_WITHIN))
    rows = PlaceFact.objects.filter(company_id__in=company_ids, retracted_at=None, valid_until__range=span)
    rows = visible(rows, viewer, SEE).filter(~Exists(follows))
    return rows.order_by("valid_until", "pk")[:LISTED_AT_MOST]  # type: ignore[return-value]

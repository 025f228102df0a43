"""How each room stands to the limits of what is measured in it, for clause 6.3. No Django, no clock."""

from dataclasses import dataclass
from typing import Any

from lianjing.domain.facilities.policy import limit_words, plain_figure
from lianjing.domain.facilities.quantities import Bounds, Quantity, quantities_of
from lianjing.domain.facilities.standing import PlaceKnown, PremisesKnown, ValueKnown
from lianjing.terms.verdicts import Verdict

ASKED = frozenset({"temperature", "humidity", "illuminance"})
"""What the clause names itself and what is measured room by room: without a value nobody knows how it stands."""


@dataclass(frozen=True, slots=True)
class RoomLine:
    """One quantity of one room: the value that counts, and the limit that it is compared with."""

    place: PlaceKnown
    quantity: Quantity
    value: ValueKnown | None
    bounds: Bounds | None

    @property
    def is_asked(self) -> bool:
        return self.quantity.code in ASKED and self.bounds is not None

    @property
    def is_stale(self) -> bool:
        """Measured with an instrument that was past its calibration: it proves nothing good."""
        return self.value is not None and self.value.calibration is False

    @property
    def kept(self) -> bool | None:
        """None: it cannot be said."""
        if self.value is None or self.bounds is None:
            return None
        return self.bounds.holds(self.value.value)

    @property
    def verdict(self) -> Verdict:
        if self.kept is False and self.bounds is not None:
            return Verdict.NOT_MET if self.bounds.is_binding else Verdict.MOSTLY
        if self.is_asked and (self.kept is None or self.is_stale):
            return Verdict.INSUFFICIENT
        return Verdict.MOSTLY if self.is_stretched or (self.is_asked and self.doubt) else Verdict.MET

    @property
    def is_stretched(self) -> bool:
        """Within the company's own limit, and out of the standard's that was read: its own acquits nobody."""
        return self.value is not None and self.bounds is not None and self.bounds.is_stretched(self.value.value)

    @property
    def doubt(self) -> str:
        """Why a value within its limit does not yet show that the clause is met: nobody has read the limit, or nobody
        says until when the instrument was calibrated."""
        if self.bounds is not None and not self.bounds.is_read:
            return "limit"
        return "instrument" if self.value is not None and self.value.calibration is None else ""

    def as_figures(self) -> dict[str, Any]:
        unit, bounds = self.quantity.unit, self.bounds
        return {
            "place": self.place.name,
            "quantity": self.quantity.code,
            "value": plain_figure(self.value.value) if self.value else None,
            "unit": unit,
            "limit": limit_words(bounds, unit) if bounds else None,
            "source": f"{bounds.edition} {bounds.source_clause}".strip() if bounds else None,
            "confidence": bounds.confidence.value if bounds else None,
            "standard": limit_words(bounds.wider_than, unit) if bounds and bounds.wider_than else None,
            "kept": self.kept,
        }


def room_lines(known: PremisesKnown) -> list[RoomLine]:
    """Of all places in use: what must be measured, and whatever else was."""
    lines = [
        RoomLine(place, quantity, known.value(place.id, quantity.code), known.bounds(quantity.code, place.kind))
        for place in known.places
        for quantity in quantities_of(place.kind)
    ]
    return [one for one in lines if one.value is not None or one.is_asked]

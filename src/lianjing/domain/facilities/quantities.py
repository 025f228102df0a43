"""What is measured in rooms, as a table: unit, which rooms, and the limits that could be read, each with its source.

The confidence of a limit is that of the text it was taken from: READ in the original, SECOND_HAND, UNVERIFIED. Only
what was read is the standard's own figure (docs/decisions/0030). A quantity without a limit is one for which none was
found. No Django, no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lianjing.terms.facilities import PlaceKind
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Confidence

MACHINE, DUTY, BATTERY = PlaceKind.MACHINE_ROOM, PlaceKind.DUTY_ROOM, PlaceKind.BATTERY_ROOM
AUXILIARY, CENTRE = PlaceKind.AUXILIARY, PlaceKind.CENTRE
ROOMS = (MACHINE, DUTY, BATTERY, AUXILIARY)
GB_50174, GB_T_2887, ANNEX_A = "GB 50174-2017", "GB/T 2887", _("附录A")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a value has to keep within, both ends included; None: no end on that side."""

    low: Decimal | None
    high: Decimal | None
    edition: str
    source_clause: str
    confidence: Confidence
    is_own: bool = False
    """The company has entered it from its own edition, and judges itself by it."""
    id: int | None = None
    wider_than: "Bounds | None" = None
    """Of a limit of the company: that of the table, read in the original, which it is looser than."""

    @property
    def is_read(self) -> bool:
        return self.confidence is Confidence.READ

    @property
    def is_binding(self) -> bool:
        """Whoever breaches it does not comply; a limit that nobody has read only asks to be looked into."""
        return self.is_own or self.is_read

    def is_wider(self, other: "Bounds") -> bool:
        """Whether some value is within these and not within the others."""
        low = other.low is not None and (self.low is None or self.low < other.low)
        return low or (other.high is not None and (self.high is None or self.high > other.high))

    def is_stretched(self, value: Decimal) -> bool:
        """Whether the value is within these only because the company has set them wider than the standard."""
        return self.wider_than is not None and self.holds(value) and not self.wider_than.holds(value)

    def holds(self, value: Decimal) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One row of the table. `units`: other units of the same, each with what turns it into ours: times, then plus."""

    code: str
    zh: str
    unit: str
    kinds: tuple[PlaceKind, ...]
    """The rooms in which it is measured."""
    bounds: Mapping[PlaceKind, Bounds] = field(default_factory=dict)
    units: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    lowest: Decimal | None = Decimal(0)
    """Below that nothing of the kind can be: a slip of the pen."""
    highest: Decimal = Decimal(10) ** 6
    days: int = 92
    """For how long a value is taken for good when nobody says; ours, no standard's."""


def _within(low: str, high: str, edition: str, clause: str, confidence: Confidence) -> Bounds:
    ends = (Decimal(end) if end else None for end in (low, high))
    return Bounds(*ends, edition, clause, confidence)


def _times(factor: str, plus: str = "0") -> tuple[Decimal, Decimal]:
    return Decimal(factor), Decimal(plus)


_FAHRENHEIT = (Decimal(5) / Decimal(9), Decimal(-160) / Decimal(9))
_TEMPERATURES = {"K": _times("1", "-273.15"), "°F": _FAHRENHEIT}
_AUXILIARY_T = _within("18", "28", GB_50174, ANNEX_A, Confidence.READ)
_AUXILIARY_RH = _within("35", "75", GB_50174, ANNEX_A, Confidence.READ)
_EARTH = {"mΩ": _times("0.001"), "kΩ": _times("1000")}
_JOINT = _within("", "1", "GB/T 2887-2000", "", Confidence.UNVERIFIED)
_LIGHTNING = _within("", "10", "GB/T 2887-2000", "", Confidence.UNVERIFIED)

QUANTITIES: dict[str, Quantity] = {
    one.code: one
    for one in (
        Quantity(
            *("temperature", _("温度"), "℃", ROOMS),
            {
                MACHINE: _within("18", "27", GB_50174, ANNEX_A, Confidence.READ),
                DUTY: _AUXILIARY_T,
                AUXILIARY: _AUXILIARY_T,
                BATTERY: _within("20", "30", GB_50174, ANNEX_A, Confidence.READ),
            },
            _TEMPERATURES,
            *(Decimal(-60), Decimal(120)),
            days=31,
        ),
        Quantity(
            *("humidity", _("相对湿度"), "%", (MACHINE, DUTY, AUXILIARY, BATTERY)),
            {
                MACHINE: _within("", "60", GB_50174, ANNEX_A, Confidence.READ),
                DUTY: _AUXILIARY_RH,
                AUXILIARY: _AUXILIARY_RH,
            },
            highest=Decimal(100),
            days=31,
        ),
        Quantity(
            *("dew_point", _("露点"), "℃", (MACHINE,)),
            {MACHINE: _within("5.5", "15", GB_50174, ANNEX_A, Confidence.READ)},
            _TEMPERATURES,
            *(Decimal(-100), Decimal(100)),
            days=31,
        ),
        Quantity(
            *("illuminance", _("照度"), "lx", (MACHINE, DUTY, AUXILIARY)),
            {
                MACHINE: _within("300", "", GB_T_2887, "", Confidence.READ),
                DUTY: _within("300", "", GB_T_2887, "", Confidence.READ),
                AUXILIARY: _within("200", "", GB_T_2887, "", Confidence.READ),
            },
            {"klx": _times("1000")},
            days=366,
        ),
        Quantity(
            *("magnetic_field", _("磁场强度"), "A/m", (MACHINE, DUTY)),
            {MACHINE: _within("", "800", GB_T_2887, "", Confidence.READ)},
            {"kA/m": _times("1000"), "mA/m": _times("0.001")},
            days=366,
        ),
        Quantity(
            *("static_voltage", _("静电电压"), "V", (MACHINE, DUTY)),
            {MACHINE: _within("", "1000", GB_T_2887, "", Confidence.READ)},
            {"kV": _times("1000"), "mV": _times("0.001")},
            days=366,
        ),
        Quantity(
            *("joint_earthing", _("联合接地电阻"), "Ω", (CENTRE, MACHINE)),
            *({CENTRE: _JOINT, MACHINE: _JOINT}, _EARTH),
            days=366,
        ),
        Quantity(
            *("lightning_earthing", _("防雷接地电阻"), "Ω", (CENTRE,)),
            *({CENTRE: _LIGHTNING}, _EARTH),
            days=366,
        ),
        Quantity(
            *("ups_autonomy", _("UPS后备时间"), "min", (BATTERY, MACHINE, CENTRE)),
            {
                kind: _within("15", "", GB_50174, _("A 级"), Confidence.UNVERIFIED)
                for kind in (BATTERY, MACHINE, CENTRE)
            },
            {"h": _times("60"), "s": (Decimal(1) / Decimal(60), Decimal(0))},
            days=183,
        ),
        Quantity(
            *("supply_voltage", _("供电电压"), "V", (CENTRE, MACHINE, BATTERY)),
            {},
            {"kV": _times("1000"), "mV": _times("0.001")},
            days=92,
        ),
    )
}
"""By code, in the order of pages."""


def quantity_of(code: str) -> Quantity | None:
    return QUANTITIES.get(code)


def quantities_of(kind: PlaceKind) -> list[Quantity]:
    """What is measured in a room of that kind."""
    return [one for one in QUANTITIES.values() if kind in one.kinds]

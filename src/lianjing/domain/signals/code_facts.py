"""What single codes mean beyond class and grade: which condition they begin or end, whether they arm. No Django.

Sources: SIA DC-05 (Contact ID: qualifier 1 begins what qualifier 3 ends), SIA DC-03 (second letters: A, G, V, M alarm,
T, S trouble, R, H alarm restored, J, R trouble restored).
"""

from dataclasses import dataclass
from datetime import timedelta

from lianjing.domain.sites.policy import normal_number
from lianjing.terms.codes import EventClass, Phase, Scheme

MAINS = frozenset({(Scheme.CONTACT_ID, "301"), (Scheme.HENG_BO, "301"), (Scheme.SIA, "AT")})
"""Loss of mains (市电中断)."""

_ARMS_NOTHING = frozenset({"404", "453", "454", "455", "OI", "OT", "OH", "OL", "CD", "CI", "CT"})
"""Codes of opening and closing that only say what was not done in time, or that are followed by the report itself."""
_PARTLY = frozenset({"441", "442", "444", "456", "NF", "NL", "NM"})
"""Armed with people inside, or in part."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A signal as these rules see it."""

    scheme: str
    code: str
    event_class: str
    phase: str
    area: str
    address: str

    @property
    def is_mains(self) -> bool:
        return (self.scheme, self.code) in MAINS or (self.scheme == Scheme.SIA and self.code == "AR")


def begins(told: Reported) -> str | None:
    """The key of the condition that a signal begins; None when it begins none that a restoral can end."""
    if told.phase != Phase.RAISED or told.event_class in {EventClass.OPEN_CLOSE, EventClass.TEST}:
        return None
    if told.scheme == Scheme.SIA:
        return _key(told, told.code[:1] + ("T" if told.code[1:2] in "TS" else "A"))
    return _key(told, told.code)


def ends(told: Reported) -> frozenset[str]:
    """The keys of the conditions that a restoral ends."""
    if told.phase != Phase.RESTORED or told.event_class in {EventClass.OPEN_CLOSE, EventClass.TEST}:
        return frozenset()
    if told.scheme != Scheme.SIA:
        return frozenset({_key(told, told.code)})
    letter, second = told.code[:1], told.code[1:2]
    # DC-03 has AR, YR, ER and their like for what is a trouble from its first letter on.
    kinds = {"J": "T", "H": "A"}.get(second, "AT")
    return frozenset(_key(told, letter + kind) for kind in kinds)


def _key(told: Reported, family: str) -> str:
    area, address = (normal_number(number) for number in (told.area, told.address))
    # Zero and none are one: panels write what belongs to no zone either way.
    return f"{told.scheme}:{family}:{'' if area == '0' else area}:{'' if address == '0' else address}"[:64]


@dataclass(frozen=True, slots=True)
class Arming:
    """What a report says of an area's state."""

    armed: bool
    partly: bool


def arming_of(told: Reported) -> Arming | None:
    """Armed or disarmed, as a report of opening or closing says it; None for what reports neither."""
    if told.event_class != EventClass.OPEN_CLOSE or told.code in _ARMS_NOTHING or told.phase == Phase.NOTED:
        return None
    return Arming(armed=told.phase == Phase.RESTORED, partly=told.code in _PARTLY)


def overdue_after(event_class: str, *, is_mains: bool, alarm_min: int, mains_h: int) -> timedelta | None:
    """How long after its beginning a condition's restoral is overdue; None: nobody waits for it.

    A hold-up button and a call for help often send no restoral, and a person deals with them at once anyway.
    """
    if is_mains:
        return timedelta(hours=mains_h)
    if event_class in {EventClass.INTRUSION, EventClass.FIRE, EventClass.TAMPER}:
        return timedelta(minutes=alarm_min)
    return None


def test_allowance(interval: timedelta) -> timedelta:
    """How much later than its interval a periodic test may come: 1 h 30 min for 24 h, five minutes at least."""
    return max(interval / 16, timedelta(minutes=5))

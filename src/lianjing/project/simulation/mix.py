"""What panels say on an ordinary day: openings, closings, tests and faults, now and then an alarm and its restoral."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lianjing.project.simulation.messages import Message, contact_id, sia

# The same thing in the other format: every third panel speaks Contact ID (qualifier and code).
_AS_CONTACT_ID: Mapping[str, str] = {
    "BA": "1130",
    "BR": "3130",
    "PA": "1120",
    "PR": "3120",
    "HA": "1122",
    "HR": "3122",
    "FA": "1110",
    "FR": "3110",
    "MA": "1100",
    "MR": "3100",
    "GA": "1151",
    "GR": "3151",
    "WA": "1154",
    "WR": "3154",
    "TA": "1137",
    "TR": "3137",
    "OP": "1401",
    "CL": "3401",
    "RP": "1602",
    "AT": "1301",
    "AR": "3301",
    "YT": "1302",
    "YR": "3302",
}
_ROUTINE = (("door", 40), ("test", 30), ("fault", 8))
_ALARMS: Mapping[str, int] = {"BA": 16, "TA": 3, "WA": 3, "PA": 3, "HA": 3, "FA": 3, "MA": 3, "GA": 3}
_FAULTS = (("AT", "AR"), ("YT", "YR"))


@dataclass(frozen=True, slots=True)
class ZoneCodes:
    """A zone's number and what its detector sends, alarm first."""

    number: str
    codes: tuple[str, ...]


PLAIN_ZONES = (
    ZoneCodes("001", ("BA", "BR")),
    ZoneCodes("002", ("BA", "BR")),
    ZoneCodes("003", ("TA", "TR")),
    ZoneCodes("004", ("PA", "PR")),
    ZoneCodes("005", ("FA", "FR")),
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message now, and perhaps the end of the same matter some seconds later."""

    message: Message
    later: Message | None = None
    after: float = 0.0


@dataclass(slots=True)
class Ordinary:
    """The ordinary day of one panel. `chance` makes it repeatable in tests."""

    zones: Sequence[ZoneCodes]
    chance: random.Random
    speaks_contact_id: bool = False
    _opened: bool = field(default=False)

    def next(self) -> Said:
        """What it says next."""
        alarms = [(zone, weight) for zone in self.zones if (weight := _ALARMS.get(zone.codes[0], 0))]
        names = [name for name, _ in _ROUTINE] + [zone for zone, _ in alarms]
        share = max(len(alarms), 1)
        weights = [weight for _, weight in _ROUTINE] + [weight * 2 / share for _, weight in alarms]
        (chosen,) = self.chance.choices(names, weights)
        if isinstance(chosen, ZoneCodes):
            return self.alarm(chosen)
        return {"door": self._door, "test": self._test, "fault": self._fault}[chosen]()

    def alarm(self, zone: ZoneCodes | None = None) -> Said:
        """An alarm of `zone`, or of the first burglary zone, with its restoral."""
        where = zone or next((z for z in self.zones if z.codes[0] == "BA"), self.zones[0])
        restoral = self._of(where.codes[1], where.number) if len(where.codes) > 1 else None
        return Said(self._of(where.codes[0], where.number), restoral, self.chance.uniform(8, 30))

    def _door(self) -> Said:
        self._opened = not self._opened
        return Said(self._of("OP" if self._opened else "CL", f"{self.chance.randint(1, 2):03d}"))

    def _test(self) -> Said:
        return Said(self._of("RP", "000"))

    def _fault(self) -> Said:
        began, ended = self.chance.choice(_FAULTS)
        return Said(self._of(began, "000"), self._of(ended, "000"), self.chance.uniform(15, 60))

    def _of(self, code: str, number: str) -> Message:
        if self.speaks_contact_id and code in _AS_CONTACT_ID:
            return contact_id(f"{_AS_CONTACT_ID[code]} 01 {number[-3:].zfill(3)}")
        return sia(code if number == "000" else code + number)


def ordinary_days(accounts: Sequence[tuple[str, Sequence[ZoneCodes]]], chance: random.Random) -> Iterator[Ordinary]:
    """One a panel; every third speaks Contact ID."""
    for place, (_, zones) in enumerate(accounts):
        yield Ordinary(zones, chance, speaks_contact_id=place % 3 == 2)

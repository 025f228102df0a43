"""确认警情: when a second zone confirms the first. No Django, no clock.

After the rule of the Shanghai notice of 2010: two adjacent zones one after the other, or two detectors of different
principle. BS 8243 knows the same as sequential confirmation, within 30 to 60 minutes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class AlarmedZone:
    """A zone that has alarmed, and when last. `area` is the number of its area, "" for a panel's only one."""

    zone_id: int
    panel_id: int
    area: str
    principle: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Which two zones confirm each other, and why."""

    first: AlarmedZone
    second: AlarmedZone
    adjacent: bool
    other_principle: bool

    @property
    def kinds(self) -> list[str]:
        """How: `adjacent`, `principle`."""
        return [kind for holds, kind in ((self.adjacent, "adjacent"), (self.other_principle, "principle")) if holds]

    def words(self, zone: tzinfo) -> str:
        """ "前门门磁 22:01:07 与大堂红外 22:01:41，不同探测原理" """
        why = "、".join(
            words for holds, words in ((self.adjacent, "相邻防区"), (self.other_principle, "不同探测原理")) if holds
        )
        first, second = (f"{one.name} {one.at.astimezone(zone):%H:%M:%S}" for one in (self.first, self.second))
        return f"{first} 与{second}，{why}"


UNSAID = frozenset({"", "other"})
"""Principles that say nothing: two of them may be the same."""


def confirmation(
    earlier: Iterable[AlarmedZone],
    now: AlarmedZone,
    neighbours: Mapping[int, frozenset[int]],
    window: timedelta,
) -> Confirmation | None:
    """What of `earlier` confirms `now`: the latest that does; None when nothing does.

    `neighbours` are the declared neighbours of each zone, in both directions.
    """
    found = [
        confirmed
        for one in earlier
        if one.zone_id != now.zone_id and abs(now.at - one.at) <= window
        if (confirmed := _confirmed(one, now, neighbours)) is not None
    ]
    return max(found, key=lambda one: one.first.at, default=None)


def _confirmed(one: AlarmedZone, now: AlarmedZone, neighbours: Mapping[int, frozenset[int]]) -> Confirmation | None:
    adjacent = now.zone_id in neighbours.get(one.zone_id, ()) or one.zone_id in neighbours.get(now.zone_id, ())
    together = adjacent or (one.panel_id == now.panel_id and one.area == now.area)
    differ = one.principle != now.principle and not {one.principle, now.principle} & UNSAID
    if not adjacent and not (together and differ):
        return None
    first, second = sorted((one, now), key=lambda zone: zone.at)
    return Confirmation(first, second, adjacent, together and differ)

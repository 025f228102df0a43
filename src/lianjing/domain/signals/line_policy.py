"""What a lost line means: how urgent it is, in which words, and when many losses are one. No Django, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from lianjing.terms.codes import Grade
from lianjing.terms.premises import PathCategory, PathKind, SiteKind

ONE_LOST, ALL_LOST, MANY_LOST = "PL", "PA", "ML"
"""Codes of table "LJ"."""

KEY_KINDS = frozenset({SiteKind.BANK.value, SiteKind.KEY_UNIT.value})
NAMED = 10
"""So many places the sentence of a mass loss names; the case lists them all."""


@dataclass(frozen=True, slots=True)
class Folding:
    """When losses are folded: so many panels with something in common within `window`. `wait`: how long a loss that is
    not of the first grade waits, to come back or to be one of many."""

    most: int = 20
    window: timedelta = timedelta(seconds=60)
    wait: timedelta = timedelta(seconds=10)
    joins_for: timedelta = timedelta(minutes=10)
    """For so long after its latest one a mass loss takes further ones in."""


@dataclass(frozen=True, slots=True)
class PathFact:
    """A supervised path."""

    id: int
    panel_id: int
    kind: str
    category: str
    interval_s: int
    misses: int
    lost_at: datetime | None
    last_heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class Installation:
    """A panel with its further communicators, and what stands around it."""

    panel_id: int
    account: str
    site_kind: str
    is_key_site: bool
    armed: bool | None
    """None: it has reported neither arming nor disarming."""
    paths: Sequence[PathFact]

    @property
    def is_key(self) -> bool:
        return self.is_key_site or self.site_kind in KEY_KINDS

    @property
    def lost(self) -> list[PathFact]:
        return [path for path in self.paths if path.lost_at is not None]

    @property
    def all_lost(self) -> bool:
        return bool(self.paths) and len(self.lost) == len(self.paths)


class Verdict(NamedTuple):
    """How urgent it is, and why."""

    grade: Grade
    why: str


_KEY_ARMED = Verdict(Grade.FIRST, "重点场所布防时全部路径失联，期间的报警收不到，须立即核实")
_KEY_UNKNOWN = Verdict(Grade.FIRST, "重点场所布防情况不明时全部路径失联，期间的报警收不到，须立即核实")
_KEY_OPEN = Verdict(Grade.SECOND, "重点场所撤防时全部路径失联，有人在场，但报警收不到")
_ARMED = Verdict(Grade.SECOND, "布防时全部路径失联，期间的报警收不到")
_OPEN = Verdict(Grade.THIRD, "全部路径失联，最近没有布防")
_UNKNOWN = Verdict(Grade.THIRD, "全部路径失联，没有布防报告")
_KEY_PART = Verdict(Grade.THIRD, "重点场所失去备份，尚有路径正常，报警仍能收到")
_PART = Verdict(Grade.FOURTH, "失去备份，尚有路径正常，报警仍能收到")

GRADES: Mapping[tuple[bool, bool, bool | None], Verdict] = {
    # All lost, key site, armed.
    (True, True, True): _KEY_ARMED,
    (True, True, None): _KEY_UNKNOWN,
    (True, True, False): _KEY_OPEN,
    (True, False, True): _ARMED,
    (True, False, False): _OPEN,
    (True, False, None): _UNKNOWN,
    (False, True, True): _KEY_PART,
    (False, True, None): _KEY_PART,
    (False, True, False): _KEY_PART,
    (False, False, True): _PART,
    (False, False, None): _PART,
    (False, False, False): _PART,
}


def verdict(there: Installation) -> Verdict:
    """The grade of what is lost there."""
    return GRADES[there.all_lost, there.is_key, there.armed]


GRADE_WORDS = {Grade.FIRST: "一级", Grade.SECOND: "二级", Grade.THIRD: "三级", Grade.FOURTH: "四级"}


def reasons(there: Installation, lost: Sequence[PathFact], spoken: Mapping[int, str]) -> list[str]:
    """Sentences for an event about these of its paths. `spoken`: when each was lost, as people write it."""
    told = verdict(there)
    whole = f"设备 {there.account} 共 {len(there.paths)} 条受监督的传输路径，失联 {len(there.lost)} 条。"
    which = [_of_path(path, spoken[path.id]) for path in lost]
    return [whole, *which, f"{told.why}：定{GRADE_WORDS[told.grade]}。"]


def _of_path(path: PathFact, since: str) -> str:
    kind, allowed = PathKind(path.kind).zh, path.interval_s * path.misses
    category = f"，类别 {PathCategory(path.category).zh}" if path.category else ""
    return f"{kind}{category}：{since} 判定失联，连续 {seconds_words(allowed)}（{path.misses} 个周期）没有任何消息。"


def seconds_words(seconds: int) -> str:
    """270 -> "4 分 30 秒"."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [(hours, "小时"), (minutes, "分"), (rest, "秒")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 秒"


class Cause(NamedTuple):
    """What lost lines of one company may have in common."""

    company_id: int
    what: str
    """`carrier`, `listener` or `division`."""
    name: str

    @property
    def stem(self) -> str:
        """Begins the subjects of its events; each ends in the instant at which it was raised."""
        return f"{self.what}:{self.company_id}:{self.name}:"


def causes(company_id: int, kinds: Iterable[str], listeners: Iterable[str], division: str) -> list[Cause]:
    """What the losses of one installation may come from."""
    found = [Cause(company_id, "listener", name) for name in sorted(set(listeners))]
    found += [Cause(company_id, "carrier", kind) for kind in sorted(set(kinds))]
    return [*found, Cause(company_id, "division", division)] if division else found


def likely(lost: Mapping[Cause, int], all_of: Mapping[Cause, int]) -> Cause:
    """The cause that explains best: the one of whose panels the largest share is lost; among equals the one of most
    panels, since a carrier that fails is seen in each of its districts."""
    return max(lost, key=lambda cause: (lost[cause] / max(all_of.get(cause, 0), lost[cause]), lost[cause], cause))


def cause_words(cause: Cause, listener_words: Mapping[str, str]) -> str:
    """In plain Chinese."""
    if cause.what == "carrier":
        return f"{PathKind(cause.name).zh} 线路"
    if cause.what == "listener":
        return f"经接收机 {listener_words.get(cause.name, cause.name)} 的线路"
    return f"行政区划 {cause.name} 的线路"


def mass_reasons(
    words: str, lost: int, all_of: int, window: timedelta, places: Sequence[str], urgent: int
) -> list[str]:
    """Sentences for the event that folds many. `places`: names of key and armed sites, of which there are `urgent`."""
    share = f"，占该类 {all_of} 台的 {lost * 100 // all_of}%" if all_of else ""
    told = [f"{window.total_seconds():g} 秒内{words}失联 {lost} 台{share}：并为一案，以后同因的归入本案，名单见案内。"]
    if places:
        more = f" 等 {urgent} 处" if urgent > len(places) else ""
        told.append(f"其中重点或布防场所：{'、'.join(places)}{more}。")
    return told

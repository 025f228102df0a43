"""What a lost line means: how urgent it is, in which words, and when many losses are one. No Django, no clock."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple, Self

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
    """For so long after its first ones a mass loss takes further ones in. Never anew: one that renews itself would in
    the end take in whatever is lost for whatever reason."""


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


CARRIER, RECEIVER, DISTRICT = "carrier", "listener", "division"
"""What a cause may be."""
LARGE_SHARE = 0.5
"""So much of what is heard through a receiver must be lost before the receiver is blamed: nearly every line of a
company has its receiver in common with every other."""


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

    @classmethod
    def of(cls, subject: str) -> Self:
        """The cause in the subject of a mass loss."""
        what, company_id, name, _ = subject.split(":", 3)
        return cls(int(company_id), what, name)


def causes(company_id: int, kind: str, listener: str, division: str) -> frozenset[Cause]:
    """What the loss of one line may come from."""
    found = {CARRIER: kind, RECEIVER: listener, DISTRICT: division}
    return frozenset(Cause(company_id, what, name) for what, name in found.items() if name)


class LostLine(NamedTuple):
    """A line that was lost a moment ago, and is in no mass loss yet."""

    installation: int
    """Id of the panel, or of the one that it is a further communicator of."""
    causes: frozenset[Cause]
    age_s: float
    """Since it was found lost."""


Standing = Mapping[Cause, Mapping[int, int]]
"""By cause and interval how many lines were in order before, those included that are lost now."""


def blamed(lost: Sequence[LostLine], standing: Standing, most: int) -> list[tuple[Cause, int]]:
    """The causes that take down `most` installations or more, each with how many: what explains best first, then what
    explains best of the rest, so that none is counted twice."""
    found, rest = [], list(lost)
    while (cause := _best(rest, standing, most)) is not None:
        taken = {line.installation for line in rest if cause in line.causes}
        rest = [line for line in rest if line.installation not in taken]
        found.append((cause, len(taken)))
    return found


def _best(lost: Sequence[LostLine], standing: Standing, most: int) -> Cause | None:
    by_cause: dict[Cause, list[LostLine]] = defaultdict(list)
    for line in lost:
        for cause in line.causes:
            by_cause[cause].append(line)
    many = {
        cause: len(lines)
        for cause, lines in by_cause.items()
        if len({line.installation for line in lines}) >= most
        and (cause.what != RECEIVER or _share(lines, standing.get(cause, {})) >= LARGE_SHARE)
    }
    return likely(many, {cause: sum(standing.get(cause, {}).values()) for cause in many}) if many else None


def likely(lost: Mapping[Cause, int], all_of: Mapping[Cause, int]) -> Cause:
    """The cause that explains best: the one that explains many of the losses and of whose lines few are left. A
    district explains little of a carrier's failure, and a receiver would have lost its other lines too. Among equals
    the carrier: it fails most often."""
    return max(lost, key=lambda c: (lost[c] ** 2 / max(all_of.get(c, 0), lost[c]), c.what == CARRIER, c))


def _share(lost: Sequence[LostLine], by_interval: Mapping[int, int]) -> float:
    """How much is lost of what could be found lost by now. A line that falls silent is found some time within its
    interval, so after ten seconds of a failure that is a ninth of those with 90 s. Losses of one failure come evenly:
    it lasts twice as long as the middle one is old, and an older stray does not count."""
    lasts = max(1.0, 2 * median(line.age_s for line in lost))
    expected = sum(lines * min(1.0, lasts / interval) for interval, lines in by_interval.items())
    return len(lost) / max(expected, 1.0)


def cause_words(cause: Cause, listener_words: Mapping[str, str]) -> str:
    """In plain Chinese."""
    if cause.what == CARRIER:
        return f"{PathKind(cause.name).zh} 线路"
    if cause.what == RECEIVER:
        return f"经接收机 {listener_words.get(cause.name, cause.name)} 的线路"
    return f"行政区划 {cause.name} 的线路"


def mass_reasons(words: str, lost: int, all_of: int, folding: Folding, places: Sequence[str], urgent: int) -> list[str]:
    """Sentences for the event that folds many. `places`: names of key and armed sites, of which there are `urgent`."""
    share = f"，占该类此前在线 {all_of} 台的 {lost * 100 // all_of}%" if all_of else ""
    joins = int(folding.joins_for.total_seconds()) // 60
    what = f"{folding.window.total_seconds():g} 秒内{words}失联 {lost} 台{share}"
    told = [f"{what}：并为一案，{joins} 分钟内同因的归入本案，名单见案内。"]
    if places:
        more = f" 等 {urgent} 处" if urgent > len(places) else ""
        told.append(f"其中重点或布防场所：{'、'.join(places)}{more}。")
    return told

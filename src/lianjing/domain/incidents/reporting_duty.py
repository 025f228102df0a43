"""The duty to report a case to 110, 119 or 120, computed from the facts of the case. No Django, no clock.

After the Shanghai notice of 2010 关于进一步规范区域报警系统接处警服务工作的通知, which has responders report to 110 at
once when (1) a hold-up without video is confirmed by the customer or the customer cannot be reached, (2) two adjacent
zones or two principles of detection alarm one after the other, (3) whoever went there confirms it, (4) the video shows
a person. That a fire is reported by whoever finds it is article 44 of the Fire Protection Law; the rest is our own.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lianjing.domain.incidents.policy import SEEN_THERE
from lianjing.terms.codes import ALARM_CLASSES, EventClass
from lianjing.terms.sentences import marked as _

SERVICES = ("110", "119", "120")
SERVICE_OF_CLASS = {EventClass.FIRE: "119", EventClass.MEDICAL: "120"}
"""Who comes for a class; 110 for every other."""
SCENES = ("nothing", "false_cause", "trace", "person", "crime", "fire", "ill", "no_access")
"""What whoever goes there may find: nothing, the cause of a false alarm, traces, a person who has no business there,
a crime, a fire, somebody ill or hurt; or he does not get in."""
SCENE_CONFIRMS = {"trace": "110", "person": "110", "crime": "110", "fire": "119", "ill": "120"}
"""What of it confirms an alarm, and who is told."""
NOT_REAL = ("device_false", "human_false", "test")
"""Dispositions that say that there was nothing."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What is known of a case, as far as the duty depends on it."""

    event_class: str
    confirmed_by: frozenset[str] = frozenset()
    """How zones have confirmed each other: `adjacent`, `principle`."""
    how: str = ""
    outcome: str = ""
    """The verification by a person, both "" when there was none."""
    scene: str = ""
    """What whoever went there found, "" when nobody has said."""
    brought: frozenset[str] = frozenset()
    """Names of duties of cases that have become one, which the facts of that one do not found."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A reason to report. `name` stays with a waiver: what was waived does not cover what comes later."""

    name: str
    service: str
    sentence: str


def service_of(event_class: str) -> str:
    """Who is told of a case of this class."""
    return next((service for kind, service in SERVICE_OF_CLASS.items() if kind == event_class), "110")


def may_end_untold(how: str, outcome: str) -> bool:
    """Whether a case whose plan asks to tell them may end without, for a written reason: somebody has seen that there
    was nothing."""
    return outcome == "false" and how in SEEN_THERE


def duties_to_report(facts: ReportFacts) -> list[Duty]:
    """Every duty that these facts found, in the order of the notice. A person's "false" does not end one of zones."""
    found = [*_of_hold_up(facts), *_of_zones(facts), *_of_scene(facts), *_of_verification(facts)]
    return [*found, *(_BY_NAME[name] for name in sorted(facts.brought - {duty.name for duty in found}))]


def duties_brought(found: Collection[Duty], facts: ReportFacts) -> list[str]:
    """Of the duties that two cases had, by name, those about whose service the one that they become says nothing."""
    told_anyway = {duty.service for duty in duties_to_report(facts)}
    return sorted({duty.name for duty in found if duty.service not in told_anyway})


def standing_duties(facts: ReportFacts, told: Collection[str], waived: Collection[str]) -> list[Duty]:
    """The duties that nobody has met: their service was not told, and nobody has said why not."""
    return [duty for duty in duties_to_report(facts) if duty.service not in told and duty.name not in waived]


_HOLD_UP_SAYS = {
    "": _("紧急报警没有核实，按不能核实处理，应立即报告 110（接处警规定第 1 项）。"),
    "unclear": _("紧急报警无法判断真假，应立即报告 110（接处警规定第 1 项）。"),
    "no_answer": _("紧急报警联系不上用户，应立即报告 110（接处警规定第 1 项）。"),
    "real": _("紧急报警经用户证实，应立即报告 110（接处警规定第 1 项）。"),
}

_HOLD_UP = {
    outcome: Duty(f"hold_up_{outcome or 'unverified'}", "110", _HOLD_UP_SAYS[outcome]) for outcome in _HOLD_UP_SAYS
}


def _of_hold_up(facts: ReportFacts) -> Iterator[Duty]:
    if facts.event_class == EventClass.HOLD_UP and facts.outcome in _HOLD_UP:
        yield _HOLD_UP[facts.outcome]


_ZONES = {
    "adjacent": Duty("adjacent", "110", _("两个相邻防区先后报警，应立即报告 110（接处警规定第 2 项）。")),
    "principle": Duty("principle", "110", _("两种不同原理的探测器先后报警，应立即报告 110（接处警规定第 2 项）。")),
}


def _of_zones(facts: ReportFacts) -> Iterator[Duty]:
    yield from (duty for kind, duty in _ZONES.items() if kind in facts.confirmed_by)


_SCENE = {
    "110": Duty("scene", "110", _("到场人员证实警情，应立即报告 110（接处警规定第 3 项）。")),
    "119": Duty("scene_fire", "119", _("到场人员证实起火，应立即报告 119（消防法第四十四条）。")),
    "120": Duty("scene_ill", "120", _("到场人员证实有人需要急救，应立即报告 120。")),
}


def _of_scene(facts: ReportFacts) -> Iterator[Duty]:
    if facts.scene in SCENE_CONFIRMS:
        yield _SCENE[SCENE_CONFIRMS[facts.scene]]
    elif facts.how == "patrol" and facts.outcome == "real" and facts.event_class in ALARM_CLASSES:
        yield _SCENE[service_of(facts.event_class)]


_VERIFIED = {
    "duress": Duty("duress", "110", _("核对口令后须静默报告 110。")),
    "fire": Duty("fire", "119", _("火警属实，应立即报告 119（消防法第四十四条）。")),
    "medical": Duty("medical", "120", _("有人需要急救，应立即报告 120。")),
    "video": Duty("video", "110", _("视频里有可疑的人或情况，应立即报告 110（接处警规定第 4 项）。")),
    "real": Duty("real", "110", _("警情经复核属实，应立即报告 110。")),
}


def _of_verification(facts: ReportFacts) -> Iterator[Duty]:
    if facts.outcome == "duress":
        yield _VERIFIED["duress"]
    if facts.outcome != "real" or facts.event_class not in ALARM_CLASSES or facts.how == "patrol":
        return
    if facts.event_class == EventClass.FIRE:
        yield _VERIFIED["fire"]
    elif facts.event_class == EventClass.MEDICAL:
        yield _VERIFIED["medical"]
    elif facts.how == "video":
        yield _VERIFIED["video"]
    elif facts.event_class != EventClass.HOLD_UP:
        yield _VERIFIED["real"]


_BY_NAME = {duty.name: duty for table in (_HOLD_UP, _ZONES, _SCENE, _VERIFIED) for duty in table.values()}

"""What a signal becomes: one ordered list of small steps, each of which decides or passes on. No Django, no clock.

Whoever asks why a signal did or did not reach an operator reads `PIPELINE` from top to bottom. Sentences are evidence:
they are stored with the decision, in plain Chinese.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from lianjing.terms.codes import ALARM_CLASSES, LIFE_CLASSES, EventClass, Grade, Phase

CASE_CLASSES = ALARM_CLASSES | {EventClass.FAULT}
"""Classes that a person must handle when their condition begins."""

HOUSE = "系统"
"""Who answers for a rule that nobody in particular has set."""


@dataclass(frozen=True, slots=True)
class Hiding:
    """A suppression rule that fits the signal."""

    rule_id: int
    author: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Disabled:
    """That somebody has disabled the signal's zone."""

    author: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Opening:
    """How the schedule judges an opening or closing. `breach` names what is wrong with it, "" when nothing is."""

    breach: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Service:
    """Whether the site's contract is in service: `standing` is `in_service`, `paused` or `ended`."""

    standing: str = "in_service"
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decision needs to know of one signal. Sentences are empty where there is nothing to say."""

    event_class: EventClass
    grade: Grade
    phase: Phase
    known_code: bool = True
    known_account: bool = True
    case_open: bool = False
    """A case that it could join is open."""
    test: str = ""
    """Which test covers it, in words."""
    service: Service = field(default_factory=Service)
    meant: str = ""
    """Why class or grade are not those of the code's table."""
    zone_disabled: Disabled | None = None
    hiding: Hiding | None = None
    runaway: str = ""
    """By how much it is over the limits, in words."""
    opening: Opening | None = None
    mains_delay: timedelta | None = None
    """Set for a loss of mains that is held; None for everything else."""
    held: str = ""
    """For the restoral of a condition that was held: that it came in time, in words."""
    arming: str = ""
    """Whether the area was armed, in words."""
    is_key_site: bool = False

    @property
    def is_life(self) -> bool:
        return self.event_class in LIFE_CLASSES


@dataclass(frozen=True, slots=True)
class Decision:
    """The fate, the rule that decided, its author and reason, and whether a case must be opened when none is open.

    `grade` is set where the rule grades the signal otherwise than its code does.
    """

    fate: str
    rule: str
    sentence: str = ""
    is_alarm: bool = False
    author: str = HOUSE
    grade: Grade | None = None


Ruling = Decision | str
"""A decision, or what a step has to say before it passes the signal on ("" for nothing)."""


def _account(facts: Facts) -> Ruling:
    if facts.known_account:
        return facts.meant
    if not facts.known_code:
        return Decision("in_case", "unknown_code", "账号没有登记，代码也读不懂：请人查看。", is_alarm=True)
    if facts.event_class in ALARM_CLASSES and facts.phase is Phase.RAISED:
        return Decision("in_case", "unknown_account", "账号没有登记，但报的是警情：请人处理。", is_alarm=True)
    if facts.event_class in ALARM_CLASSES and facts.phase is Phase.NOTED:
        return _still_present(facts)
    if facts.case_open and facts.phase is Phase.RESTORED:
        return Decision("in_case", "restore_joins_case", "恢复信号，归入该账号未结的警情。")
    return Decision("suppressed", "unknown_account_no_alarm", "账号没有登记，报的不是警情：只记录。")


def _test(facts: Facts) -> Ruling:
    return Decision("on_test", "site_on_test", facts.test) if facts.test else ""


def _service(facts: Facts) -> Ruling:
    if facts.service.standing == "ended":
        return Decision("suppressed", "service_ended", facts.service.sentence)
    if facts.service.standing == "paused" and not facts.is_life:
        return Decision("suppressed", "service_paused", facts.service.sentence)
    return facts.service.sentence


def _code(facts: Facts) -> Ruling:
    if facts.known_code:
        return ""
    # What nobody can read may be the one that counts.
    return Decision("in_case", "unknown_code", "代码读不懂，可能要紧：请人查看。", is_alarm=True)


def _zone(facts: Facts) -> Ruling:
    if facts.zone_disabled and facts.event_class is EventClass.INTRUSION:
        disabled = facts.zone_disabled
        return Decision("suppressed", "zone_disabled", disabled.sentence, author=disabled.author)
    return ""


def _hiding(facts: Facts) -> Ruling:
    if facts.hiding is None:
        return ""
    if facts.is_life:
        return f"抑制规则 {facts.hiding.rule_id} 不适用于劫盗、火警和医疗求助。"
    hiding = facts.hiding
    return Decision("suppressed", f"suppression:{hiding.rule_id}", hiding.sentence, author=hiding.author)


def _runaway(facts: Facts) -> Ruling:
    if not facts.runaway:
        return ""
    if facts.is_life:
        return f"{facts.runaway}；劫盗、火警和医疗求助每次都提示。"
    return Decision("suppressed", "runaway", f"{facts.runaway}：只记录，不提示，另立故障案件。")


_BREACHES = frozenset({"opened_out_of_hours", "opened_early", "opened_forbidden", "opened_by_stranger"})


def _schedule(facts: Facts) -> Ruling:
    opening = facts.opening
    if opening is None or opening.breach not in _BREACHES:
        return opening.sentence if opening else ""
    grade = Grade.SECOND if facts.is_key_site else Grade.THIRD
    return Decision("in_case", opening.breach, opening.sentence, is_alarm=True, grade=min(grade, facts.grade))


def _restoral(facts: Facts) -> Ruling:
    if facts.phase is not Phase.RESTORED:
        return ""
    if facts.held:
        # Before any open case: what nobody was shown belongs to none, whatever else is broken at the site.
        return Decision("automatic", "restored_in_time", facts.held)
    if facts.case_open:
        return Decision("in_case", "restore_joins_case", "恢复信号，归入未结的案件。")
    if facts.event_class is EventClass.OPEN_CLOSE:
        return ""  # A closing ends nothing that anybody would miss.
    return Decision("automatic", "restored_without_case", "恢复信号，没有未结的案件：只记录。")


def _mains(facts: Facts) -> Ruling:
    if facts.mains_delay is None or facts.phase is not Phase.RAISED:
        return ""
    minutes = facts.mains_delay // timedelta(minutes=1)
    return Decision("automatic", "mains_held", f"市电中断，等待恢复 {minutes} 分钟；到时仍未恢复则提示。")


def _presence(facts: Facts) -> Ruling:
    if facts.phase is Phase.NOTED and facts.event_class in ALARM_CLASSES:
        return _still_present(facts)
    return ""


def _still_present(facts: Facts) -> Decision:
    # With no case open, the report of its beginning never arrived.
    sentence = "仍未恢复的警情，归入未结的案件。" if facts.case_open else "仍未恢复，而开始时的报警没有收到：请人处理。"
    return Decision("in_case", "still_present", sentence, is_alarm=not facts.case_open)


def _person(facts: Facts) -> Ruling:
    if facts.phase is not Phase.RAISED:
        return ""
    if facts.event_class in CASE_CLASSES:
        kind = "警情" if facts.event_class in ALARM_CLASSES else "故障"
        return Decision("in_case", "needs_a_person", f"{kind}，须由人处理。{facts.arming}", is_alarm=True)
    if facts.event_class is EventClass.OPEN_CLOSE and facts.grade < Grade.FOURTH:
        return Decision("in_case", "needs_a_person", "设备自己报告没有按时布撤防，须由人处理。", is_alarm=True)
    if facts.event_class is EventClass.BYPASS and facts.grade < Grade.FOURTH:
        return Decision("in_case", "life_zone_bypassed", "恢复之前它报不了警，须由人核实。", is_alarm=True)
    return ""


def _log(facts: Facts) -> Ruling:
    if facts.phase is Phase.RAISED or facts.event_class is EventClass.OPEN_CLOSE:
        return Decision("automatic", "logged_only", "日常信号：只记录。")
    return Decision("automatic", "noted_only", "状态报告：只记录。")


PIPELINE: tuple[tuple[str, Callable[[Facts], Ruling]], ...] = (
    ("account", _account),
    ("test", _test),
    ("service", _service),
    ("code", _code),
    ("zone", _zone),
    ("hiding", _hiding),
    ("runaway", _runaway),
    ("schedule", _schedule),
    ("restoral", _restoral),
    ("mains", _mains),
    ("presence", _presence),
    ("person", _person),
    ("log", _log),
)
"""Steps by name, in order of strength; the first that decides ends it. The last one always does."""


@dataclass(frozen=True, slots=True)
class Path:
    """The decision and every step on the way to it, with what it said."""

    decision: Decision
    steps: tuple[tuple[str, str], ...]


def decide(facts: Facts) -> Path:
    """The fate of one signal, and why."""
    steps: list[tuple[str, str]] = []
    for name, step in PIPELINE:
        ruling = step(facts)
        if isinstance(ruling, Decision):
            return Path(ruling, (*steps, (name, ruling.sentence)))
        steps.append((name, ruling))
    raise AssertionError("the last step decides everything")


def meant_class(event_class: str, grade: int, phase: str, zone_kind: str) -> tuple[str, int]:
    """Class and grade of a code at a zone: an intrusion at a hold-up, fire or medical zone is one of these, and that
    somebody bypasses such a zone a person must know.

    Never the other way round: the code may only be made more urgent.
    """
    if phase != Phase.RAISED or zone_kind not in LIFE_CLASSES:
        return event_class, grade
    if event_class == EventClass.BYPASS:
        return event_class, min(grade, int(Grade.SECOND))
    return (zone_kind, int(Grade.FIRST)) if event_class == EventClass.INTRUSION else (event_class, grade)


def join_key(site_id: int | None, listener: str, account: str, event_class: str) -> str:
    """Signals with one key may share a case: a site's of one class, or all of an unknown account."""
    return f"site:{site_id}:{event_class}" if site_id is not None else f"account:{listener}:{account}"


def storm_key(company_id: int, scheme: str, code: str) -> str:
    """Faults of one code from many sites of a company at once share a case."""
    return f"storm:{company_id}:{scheme}:{code}"


def lane_key(site_id: int | None, listener: str, account: str) -> str:
    return f"site:{site_id}" if site_id is not None else f"account:{listener}:{account}"

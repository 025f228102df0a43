"""What a signal's class and state of its site make of it; no Django, no clock (design: treatment)."""

from dataclasses import dataclass

from lianjing.terms.codes import EventClass, Grade, Phase

ALARM_CLASSES = frozenset(
    {EventClass.INTRUSION, EventClass.HOLD_UP, EventClass.FIRE, EventClass.MEDICAL, EventClass.TAMPER}
)
"""警情: somebody or something is in danger."""

CASE_CLASSES = ALARM_CLASSES | {EventClass.FAULT}
"""Classes that a person must handle when their condition begins."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decision needs to know of one signal."""

    event_class: EventClass
    grade: Grade
    phase: Phase
    known_code: bool
    known_account: bool
    on_test: bool
    case_open: bool
    """A case that it could join is open."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The fate, the name of the rule that decided, and whether a case must be opened when none can be joined."""

    fate: str
    rule: str
    is_alarm: bool = False


def decide(facts: Facts) -> Decision:
    """The fate of one signal. Rules in order of strength; the first that fits decides."""
    if facts.on_test:
        return Decision("on_test", "site_on_test")
    if not facts.known_code:
        # What nobody can read may be the one that counts: a person looks at it.
        return Decision("in_case", "unknown_code", is_alarm=True)
    if facts.phase is Phase.RAISED:
        return _raised(facts)
    if facts.phase is Phase.NOTED and facts.event_class in ALARM_CLASSES:
        # "Still present": with no case open, the report of its beginning never arrived.
        return Decision("in_case", "still_present", is_alarm=not facts.case_open)
    if facts.case_open and facts.phase is Phase.RESTORED:
        return Decision("in_case", "restore_joins_case")
    if not facts.known_account:
        return Decision("suppressed", "unknown_account_no_alarm")
    return Decision("automatic", "restored_without_case" if facts.phase is Phase.RESTORED else "noted_only")


def _raised(facts: Facts) -> Decision:
    if not facts.known_account:
        if facts.event_class in ALARM_CLASSES:
            return Decision("in_case", "unknown_account", is_alarm=True)
        return Decision("suppressed", "unknown_account_no_alarm")
    if facts.event_class in CASE_CLASSES or _breaks_schedule(facts):
        return Decision("in_case", "needs_a_person", is_alarm=True)
    return Decision("automatic", "logged_only")


def _breaks_schedule(facts: Facts) -> bool:
    """逾时未布防 and its like: an opening or closing that its code grades above the everyday ones."""
    return facts.event_class is EventClass.OPEN_CLOSE and facts.grade < Grade.FOURTH


def join_key(site_id: int | None, listener: str, account: str, event_class: str) -> str:
    """Signals with one key may share a case: a site's of one class, or all of an unknown account."""
    return f"site:{site_id}:{event_class}" if site_id is not None else f"account:{listener}:{account}"


def lane_key(site_id: int | None, listener: str, account: str) -> str:
    return f"site:{site_id}" if site_id is not None else f"account:{listener}:{account}"

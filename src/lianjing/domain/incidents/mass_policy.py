"""What may be closed many at a time. No Django, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianjing.domain.incidents.policy import DISPOSITIONS, Refusal
from lianjing.terms.codes import LIFE_CLASSES, EventClass
from lianjing.terms.sentences import marked as _

CLOSABLE = tuple(each for each in EventClass if each not in LIFE_CLASSES)
"""Classes of which many may be closed together: never where a life may hang on it."""
MASS_DISPOSITIONS = tuple(each for each in DISPOSITIONS if each != "real")
"""真警 cannot be said of many at once."""
PORTION = 200
"""Cases of one transaction: whoever else writes waits for no more than that."""
AGES = tuple(timedelta(minutes=minutes) for minutes in (0, 10, 30, 60, 240, 1440))
"""Ages to choose from."""
CODE_LIMIT = 8

HELD, CONFIRMED, REAL, FORWARDED, LIFE, UNTREATED, CHANGED = (
    "held",
    "confirmed",
    "real",
    "forwarded",
    "life",
    "untreated",
    "changed",
)
LEFT_OUT = (LIFE, CONFIRMED, REAL, FORWARDED, UNTREATED, HELD, CHANGED)
"""Why a case of the class is left out; of several reasons the first is told."""


@dataclass(frozen=True, slots=True)
class MassRule:
    """Which cases: of one class, and of one company, older than so long, or with one code where that is given."""

    event_class: str
    shown_at: datetime
    """When the person was shown what he is about to close: what has changed since is not closed."""
    company_id: int | None = None
    older_than: timedelta = timedelta(0)
    code: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How each of them ends: disposition, its cause, and why they are closed together."""

    result: str
    cause: str
    reason: str


def rule_refusal(rule: MassRule) -> Refusal | None:
    """Why cases cannot be closed by this rule at all."""
    if rule.event_class in LIFE_CLASSES:
        return Refusal(_("火警、紧急和医疗警情关系人身安全，只能逐件处理，不能批量结案。"), {})
    if rule.event_class not in CLOSABLE:
        return Refusal(_("请选择一个类别。"), {})
    return None

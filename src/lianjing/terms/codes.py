"""What an event code means: its class, its grade, its phase, its words (事件类别与级别)."""

from enum import IntEnum, StrEnum
from typing import NamedTuple


class EventClass(StrEnum):
    """类别: what kind of thing happened, in the words of the outside contract."""

    INTRUSION = "intrusion"
    HOLD_UP = "hold_up"
    FIRE = "fire"
    MEDICAL = "medical"
    TAMPER = "tamper"
    FAULT = "fault"
    OPEN_CLOSE = "open_close"
    TEST = "test"
    BYPASS = "bypass"
    SYSTEM = "system"


ALARM_CLASSES = frozenset(
    {EventClass.INTRUSION, EventClass.HOLD_UP, EventClass.FIRE, EventClass.MEDICAL, EventClass.TAMPER}
)
"""警情: somebody or something is in danger."""

LIFE_CLASSES = frozenset({EventClass.HOLD_UP, EventClass.FIRE, EventClass.MEDICAL})
"""A life may hang on it: no rule that somebody sets, no limit and no unpaid bill hides one of these. Kinds of zones
have the same names."""


class Grade(IntEnum):
    """级别: urgency, 1 is the most urgent (一级)."""

    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4


class Phase(StrEnum):
    """Where in its life the reported condition stands."""

    RAISED = "raised"
    """The condition began: an alarm, a fault, an opening."""
    RESTORED = "restored"
    """The condition ended: a restoral, a closing's counterpart, a cancel."""
    NOTED = "noted"
    """Neither begins nor ends anything: a status, a test, a log entry."""


class Scheme(StrEnum):
    """代码体系: the table in which a code is looked up."""

    CONTACT_ID = "CID"
    SIA = "SIA"
    HENG_BO = "HB"
    """Codes of its own that a maker (恒博) puts into Contact ID; its other codes are Contact ID's."""
    LIANJING = "LJ"
    """Ours: what the product itself noticed, such as a lost line."""
    OTHER = "other"
    """No table: a format that is received and not decoded. Its code is the format's name."""


class AddressKind(StrEnum):
    """What the number behind a code names."""

    ZONE = "zone"
    USER = "user"
    AREA = "area"
    DEVICE = "device"
    NONE = "none"


class CodeMeaning(NamedTuple):
    """One row of a code table. `known` is False for a code that no table lists."""

    scheme: Scheme
    code: str
    event_class: EventClass
    grade: Grade
    phase: Phase
    address_kind: AddressKind
    zh: str
    en: str
    known: bool = True

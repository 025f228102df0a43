"""Tables of `signals`. Those of the journal are read only here: `receive` alone writes them (core.journal)."""

from lianjing.domain.signals.models.account import (
    AccountChange,
    AccountFigure,
    AccountLook,
    AccountPortion,
    SequenceGap,
    SequenceMark,
    SequenceTrack,
)
from lianjing.domain.signals.models.books import (
    ArmingDue,
    ArmingState,
    Condition,
    PanelWatch,
    Runaway,
)
from lianjing.domain.signals.models.classes import ClassesState, Classification, ReadingChange
from lianjing.domain.signals.models.events import (
    LineMark,
    PendingLoss,
    SystemEvent,
)
from lianjing.domain.signals.models.journal import (
    AccountMark,
    Batch,
    Frame,
    FrameOfAccount,
    LineDay,
    LineEvent,
    Signal,
)
from lianjing.domain.signals.models.rules import (
    CodeOverride,
    SuppressionRule,
    TestPeriod,
    TreatmentLimits,
)
from lianjing.domain.signals.models.treatment import (
    Decision,
    Fate,
    FrameErasure,
    IntakeMark,
    Lane,
    Treatment,
)

__all__ = [
    "AccountChange",
    "AccountFigure",
    "AccountLook",
    "AccountMark",
    "AccountPortion",
    "ArmingDue",
    "ArmingState",
    "Batch",
    "ClassesState",
    "Classification",
    "CodeOverride",
    "Condition",
    "Decision",
    "Fate",
    "Frame",
    "FrameErasure",
    "FrameOfAccount",
    "IntakeMark",
    "Lane",
    "LineDay",
    "LineEvent",
    "LineMark",
    "PanelWatch",
    "PendingLoss",
    "ReadingChange",
    "Runaway",
    "SequenceGap",
    "SequenceMark",
    "SequenceTrack",
    "Signal",
    "SuppressionRule",
    "SystemEvent",
    "TestPeriod",
    "Treatment",
    "TreatmentLimits",
]

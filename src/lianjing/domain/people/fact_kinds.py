"""What each kind of fact about a person holds: one table for forms, checks, lists and eligibility. No Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lianjing.terms.premises import Word
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import Bar, Education, Outcome, PostKind, StaffFactKind


class Part(StrEnum):
    """What can be told of a fact, beside its kind: its columns, and what stands in `details`."""

    VALUE = "value"
    NUMBER = "number"
    ISSUER = "issuer"
    FROM = "valid_from"
    UNTIL = "valid_until"
    HOURS = "hours"
    SUBJECTS = "subjects"
    CONTENT = "content"
    LEVEL = "level"
    RESULT = "result"
    SCAN = "scan"


DETAILS = (Part.HOURS, Part.SUBJECTS, Part.CONTENT, Part.LEVEL, Part.RESULT)
"""Parts that stand in the column `details`."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One kind. `single`: on one day at most one of it holds, so a later one ends the earlier."""

    kind: StaffFactKind
    basis: str
    """Clause or article that asks for it; "" when none does."""
    takes: tuple[Part, ...]
    needs: tuple[Part, ...] = ()
    values: type[Word] | None = None
    value_words: str = ""
    """What the value is called when it is no choice."""
    single: bool = False
    expected: bool = False
    """Everybody at work should have one; its absence is on the work-list."""
    watched: bool = False
    """Its end is on the work-list beforehand."""
    private: bool = False
    """For the manager's eyes only; others learn no more than that something is in the way."""


_FROM, _UNTIL, _SCAN = Part.FROM, Part.UNTIL, Part.SCAN

SPECS: Mapping[StaffFactKind, Spec] = {
    spec.kind: spec
    for spec in (
        Spec(StaffFactKind.EMPLOYMENT, "", (_FROM, _UNTIL), single=True, expected=True),
        Spec(
            StaffFactKind.POST_KIND,
            "5.2",
            (Part.VALUE, _FROM, _UNTIL),
            (Part.VALUE,),
            PostKind,
            single=True,
            expected=True,
        ),
        Spec(StaffFactKind.IDENTITY, "5.1.1", (Part.VALUE,), (Part.VALUE,), single=True, expected=True, private=True),
        Spec(
            StaffFactKind.NATIONALITY,
            "3.1.2",
            (Part.VALUE, _FROM, _UNTIL),
            (Part.VALUE,),
            value_words=_("国籍代码"),
            single=True,
        ),
        Spec(
            StaffFactKind.EDUCATION,
            "5.1.1",
            (Part.VALUE, Part.ISSUER, _FROM, _SCAN),
            (Part.VALUE,),
            Education,
            single=True,
            expected=True,
        ),
        Spec(
            StaffFactKind.HEALTH,
            "5.1.1",
            (Part.VALUE, Part.ISSUER, _FROM, _UNTIL, _SCAN),
            (Part.VALUE,),
            Outcome,
            expected=True,
            watched=True,
        ),
        Spec(
            StaffFactKind.BACKGROUND,
            "令564 17",
            (Part.VALUE, Part.ISSUER, _FROM, _UNTIL, _SCAN),
            (Part.VALUE,),
            Outcome,
            expected=True,
            watched=True,
            private=True,
        ),
        Spec(
            StaffFactKind.BAR,
            "令564 17",
            (Part.VALUE, _FROM, _UNTIL, Part.CONTENT, _SCAN),
            (Part.VALUE,),
            Bar,
            private=True,
        ),
        Spec(
            StaffFactKind.POLICE_EXAM,
            "5.1.2",
            (Part.VALUE, Part.ISSUER, _FROM, _SCAN),
            (Part.VALUE,),
            Outcome,
            expected=True,
        ),
        Spec(StaffFactKind.POLICE_REVIEW, "5.1.2", (Part.VALUE, Part.ISSUER, _FROM, _SCAN), (Part.VALUE,), Outcome),
        Spec(StaffFactKind.BIOMETRICS, "3.1.2", (Part.ISSUER, _FROM)),
        Spec(
            StaffFactKind.GUARD_CERTIFICATE,
            "5.1.4",
            (Part.NUMBER, Part.LEVEL, Part.ISSUER, _FROM, _UNTIL, _SCAN),
            (Part.NUMBER,),
            expected=True,
            watched=True,
        ),
        Spec(
            StaffFactKind.QUALIFICATION,
            "3.1.3",
            (Part.NUMBER, Part.LEVEL, Part.ISSUER, _FROM, _UNTIL, _SCAN),
            (Part.NUMBER,),
            watched=True,
        ),
        Spec(
            StaffFactKind.LABOUR_CONTRACT,
            "令564 18",
            (Part.NUMBER, _FROM, _UNTIL, _SCAN),
            (_FROM,),
            expected=True,
            watched=True,
        ),
        Spec(
            StaffFactKind.INSURANCE,
            "令564 18、20",
            (Part.VALUE, Part.NUMBER, Part.ISSUER, _FROM, _UNTIL, _SCAN),
            (Part.VALUE,),
            value_words=_("险种"),
            expected=True,
            watched=True,
        ),
        Spec(
            StaffFactKind.TRAINING,
            "5.1.3",
            (Part.VALUE, Part.SUBJECTS, Part.HOURS, Part.CONTENT, Part.RESULT, Part.ISSUER, _FROM, _UNTIL, _SCAN),
            (Part.SUBJECTS, Part.HOURS),
            value_words=_("培训名称"),
            expected=True,
            watched=True,
        ),
        Spec(
            StaffFactKind.APPRAISAL,
            "令564 19",
            (Part.VALUE, Part.CONTENT, _FROM, _SCAN),
            (Part.VALUE, _FROM),
            Outcome,
        ),
        Spec(
            StaffFactKind.LEAVE,
            "",
            (Part.VALUE, _FROM, _UNTIL, Part.CONTENT),
            (_FROM, _UNTIL),
            value_words=_("假别"),
            private=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as the rules see it. Days are inclusive; None: always did, open-ended."""

    kind: StaffFactKind
    value: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    number: str = ""
    details: Mapping[str, Any] | None = None
    id: int | None = None

    def holds_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)

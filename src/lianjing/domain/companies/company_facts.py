"""What each kind of fact about a company holds: one table for forms, checks, pages and its standing. No Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from lianjing.terms.premises import Word
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import (
    CompanyFactKind,
    CopyCycle,
    CopyPlace,
    ExerciseResult,
    Outcome,
    RecoveryEdition,
    RecoveryLevel,
    RuleSet,
    SecondSite,
)


class Part(StrEnum):
    """What can be told of a fact, beside its kind: its columns, and what stands in `details`."""

    VALUE = "value"
    NUMBER = "number"
    ISSUER = "issuer"
    FROM = "valid_from"
    UNTIL = "valid_until"
    SCOPE = "scope"
    CAPITAL = "capital"
    REGISTERED_ON = "registered_on"
    POSITION = "position"
    YEARS = "years"
    CHECKED_ON = "checked_on"
    RESULT = "result"
    APPROVED_ON = "approved_on"
    EDITION = "edition"
    PLACE = "place"
    HEAD = "head"
    DISTANCE = "distance_km"
    CYCLE = "cycle"
    KEPT_AT = "kept_at"
    MINUTES = "minutes"
    STANDARD = "standard"
    NOTE = "note"
    SCAN = "scan"


COLUMNS = frozenset({Part.VALUE, Part.NUMBER, Part.ISSUER, Part.FROM, Part.UNTIL, Part.SCAN})
DETAILS = tuple(part for part in Part if part not in COLUMNS)
"""Parts that stand in the column `details`; days among them as ISO text."""
DAYS = frozenset({Part.FROM, Part.UNTIL, Part.REGISTERED_ON, Part.CHECKED_ON, Part.APPROVED_ON})
PAST = frozenset({Part.REGISTERED_ON, Part.CHECKED_ON, Part.APPROVED_ON})
"""Days on which something was done: they cannot lie ahead."""
CHOICES: Mapping[Part, type[Word]] = {
    Part.RESULT: Outcome,
    Part.CYCLE: CopyCycle,
    Part.KEPT_AT: CopyPlace,
    Part.STANDARD: RecoveryEdition,
}
"""Details that are one of some words."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One kind. `single`: on one day at most one of it holds (of the same value, when `by_value`), so that a later one
    ends the earlier."""

    kind: CompanyFactKind
    basis: str
    """Clause or article that asks for it."""
    takes: tuple[Part, ...]
    needs: tuple[Part, ...]
    values: type[Word] | None = None
    words: Mapping[Part, str] = field(default_factory=dict)
    """What parts are called in this kind, where it is not the usual word."""
    single: bool = False
    by_value: bool = False
    private: bool = False
    """Its papers are for those who keep them: they show identity numbers."""
    done: bool = False
    """It begins with the day on which it was done: that cannot lie ahead."""
    about: tuple[CompanyFactKind, ...] = ()
    """It is about a fact of one of these kinds."""


_FROM, _UNTIL, _SCAN = Part.FROM, Part.UNTIL, Part.SCAN

SPECS: Mapping[CompanyFactKind, Spec] = {
    spec.kind: spec
    for spec in (
        Spec(
            CompanyFactKind.GUARD_LICENCE,
            "4.2",
            (Part.NUMBER, Part.SCOPE, Part.ISSUER, _FROM, _UNTIL, _SCAN),
            (Part.NUMBER, Part.SCOPE, Part.ISSUER, _FROM),
            words={_FROM: _("发证日期")},
            single=True,
        ),
        Spec(
            CompanyFactKind.BUSINESS_LICENCE,
            "令564 8、12",
            (Part.NUMBER, Part.CAPITAL, Part.REGISTERED_ON, Part.ISSUER, _FROM, _UNTIL, _SCAN),
            (Part.NUMBER, Part.CAPITAL, Part.REGISTERED_ON),
            words={Part.NUMBER: _("统一社会信用代码"), Part.ISSUER: _("登记机关")},
            single=True,
        ),
        Spec(
            CompanyFactKind.LEGAL_REPRESENTATIVE,
            "令564 8、12",
            (Part.VALUE, _FROM, _UNTIL, Part.YEARS, Part.CHECKED_ON, Part.RESULT, Part.APPROVED_ON, _SCAN),
            (Part.VALUE, _FROM),
            words={Part.VALUE: _("姓名"), _FROM: _("任职起始日"), _UNTIL: _("任职最后一天")},
            single=True,
            private=True,
        ),
        Spec(
            CompanyFactKind.MANAGER,
            "令564 8",
            (Part.VALUE, Part.POSITION, _FROM, _UNTIL, Part.YEARS, Part.CHECKED_ON, Part.RESULT, _SCAN),
            (Part.VALUE, Part.POSITION, _FROM),
            words={Part.VALUE: _("姓名"), _FROM: _("任职起始日"), _UNTIL: _("任职最后一天")},
            private=True,
        ),
        Spec(
            CompanyFactKind.RULE_SET,
            "令564 8",
            (Part.VALUE, Part.EDITION, _FROM, _UNTIL, _SCAN),
            (Part.VALUE, Part.EDITION, _FROM),
            RuleSet,
            words={Part.VALUE: _("哪一套制度"), _FROM: _("施行日期")},
            single=True,
            by_value=True,
        ),
        Spec(
            CompanyFactKind.INSURANCE,
            "令564 20",
            (Part.VALUE, Part.NUMBER, Part.ISSUER, _FROM, _UNTIL, _SCAN),
            (Part.VALUE, Part.ISSUER, _UNTIL),
            words={Part.VALUE: _("险种"), Part.NUMBER: _("保单号"), Part.ISSUER: _("承保公司")},
        ),
        Spec(
            CompanyFactKind.BRANCH,
            "令564 12",
            (Part.VALUE, Part.PLACE, Part.HEAD, _FROM, _UNTIL, _SCAN),
            (Part.VALUE, Part.PLACE, _FROM),
            words={Part.VALUE: _("分公司名称"), _FROM: _("设立日期"), _UNTIL: _("撤销前最后一天")},
        ),
        Spec(
            CompanyFactKind.CROSS_REGION,
            "令564 23",
            (Part.VALUE, Part.PLACE, Part.HEAD, Part.NUMBER, _FROM, _UNTIL, _SCAN),
            (Part.VALUE, Part.PLACE, _FROM),
            words={
                Part.VALUE: _("服务项目或客户"),
                Part.NUMBER: _("合同编号"),
                Part.HEAD: _("项目负责人"),
                _FROM: _("开始服务日期"),
            },
        ),
        Spec(
            CompanyFactKind.FILING,
            "令564 12、23",
            (Part.NUMBER, Part.ISSUER, _FROM, Part.NOTE, _SCAN),
            (Part.ISSUER, _FROM),
            words={
                Part.NUMBER: _("备案编号"),
                Part.ISSUER: _("受理公安机关"),
                _FROM: _("备案日期"),
                _SCAN: _("回执扫描件"),
            },
            done=True,
            about=(CompanyFactKind.BRANCH, CompanyFactKind.CROSS_REGION),
        ),
        Spec(
            # The one that takes over; a further one stands in the note, and its copies have their own place.
            CompanyFactKind.SECOND_SITE,
            "3.1.1",
            (Part.VALUE, Part.PLACE, Part.DISTANCE, _FROM, _UNTIL, Part.NOTE, _SCAN),
            (Part.VALUE, _FROM),
            SecondSite,
            words={
                Part.VALUE: _("在哪里"),
                Part.PLACE: _("地址"),
                _FROM: _("启用日期"),
                _UNTIL: _("停用前最后一天"),
            },
            single=True,
        ),
        Spec(
            CompanyFactKind.DATA_COPY,
            "3.1.1",
            (Part.VALUE, Part.CYCLE, Part.KEPT_AT, Part.PLACE, _FROM, _UNTIL, Part.NOTE),
            (Part.VALUE, Part.CYCLE, Part.KEPT_AT, _FROM),
            words={Part.VALUE: _("哪些数据"), Part.PLACE: _("存放地址")},
        ),
        Spec(
            CompanyFactKind.FAILOVER_EXERCISE,
            "3.1.1",
            (Part.VALUE, _FROM, Part.MINUTES, Part.NOTE, _SCAN),
            (Part.VALUE, _FROM),
            ExerciseResult,
            words={Part.VALUE: _("演练结果"), _FROM: _("演练日期"), _SCAN: _("演练报告扫描件")},
            done=True,
        ),
        Spec(
            CompanyFactKind.RECOVERY_LEVEL,
            "GB/T 20988",
            (Part.VALUE, Part.STANDARD, Part.ISSUER, Part.NUMBER, _FROM, _UNTIL, _SCAN),
            (Part.VALUE, Part.STANDARD, Part.ISSUER, _FROM),
            RecoveryLevel,
            words={
                Part.VALUE: _("评定等级"),
                Part.ISSUER: _("评定单位"),
                Part.NUMBER: _("报告编号"),
                _FROM: _("评定日期"),
            },
            single=True,
            done=True,
        ),
        Spec(
            CompanyFactKind.RECOVERY_LEVEL_ASKED,
            "GB/T 20988",
            (Part.VALUE, Part.STANDARD, Part.ISSUER, Part.NOTE, _FROM, _UNTIL, _SCAN),
            (Part.VALUE, Part.STANDARD, Part.ISSUER, Part.NOTE, _FROM),
            RecoveryLevel,
            words={Part.VALUE: _("应达到的等级"), Part.ISSUER: _("由谁提出"), Part.NOTE: _("出处")},
            single=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class CompanyKnown:
    """A fact as the rules see it. Days are inclusive; None: always did, open-ended."""

    kind: CompanyFactKind
    value: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    number: str = ""
    issuer: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    has_scan: bool = False
    id: int = 0
    thread: int = 0
    """The first fact of those that were corrected into this one; its own id when it is the first."""
    about: int | None = None
    """Of a filing: the thread of what was filed."""

    def holds_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)

    def day(self, part: Part) -> date | None:
        """A day that stands among the details."""
        told = self.details.get(part.value)
        return date.fromisoformat(told) if told else None

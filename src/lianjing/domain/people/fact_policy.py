"""Whether a fact about a person may be recorded so. No Django, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lianjing.core.refusals import Refused
from lianjing.domain.people.fact_kinds import DETAILS, SPECS, Fact, Part, Spec
from lianjing.domain.people.identity_policy import NO_IDENTITY, numbers_in
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import StaffFactKind, Subject
from lianjing.terms.texts import storable

HOURS_AT_MOST = 2000
TEXT_AT_MOST = {Part.VALUE: 40, Part.NUMBER: 64, Part.ISSUER: 100, Part.CONTENT: 500, Part.LEVEL: 40, Part.RESULT: 40}
EARLIEST = date(1950, 1, 1)
LATEST = date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact to be recorded, as it was told. Of `details`: `hours`, `subjects`, `content`, `level`, `result`."""

    kind: StaffFactKind
    value: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    number: str = ""
    issuer: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def part(self, part: Part) -> Any:
        return self.details.get(part.value) if part in DETAILS else getattr(self, part.value, "")


def checked(new: NewFact) -> NewFact:
    """The fact, its texts trimmed. Raises Refused for what its kind does not allow, naming the part."""
    spec = SPECS[new.kind]
    trimmed = NewFact(
        new.kind,
        new.value.strip(),
        new.valid_from,
        new.valid_until,
        new.number.strip(),
        new.issuer.strip(),
        _details(spec, new.details),
    )
    for part in spec.needs:
        if not trimmed.part(part):
            raise Refused(part.value, _("请填写。"))
    _check_texts(trimmed)
    _check_days(trimmed)
    if spec.values is not None and spec.values.of(trimmed.value) is None:
        raise Refused("value", _("没有这个选项。"))
    return trimmed


def _details(spec: Spec, told: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in DETAILS:
        value = told.get(part.value)
        if part not in spec.takes or value in (None, "", [], ()):
            continue
        found[part.value] = _detail(part, value)
    return found


def _detail(part: Part, value: Any) -> Any:
    if part == Part.HOURS:
        return _hours(value)
    if part == Part.SUBJECTS:
        known = [subject.value for subject in Subject if subject.value in value]
        if len(known) != len(set(value)):
            raise Refused("subjects", _("没有这个选项。"))
        return known
    return str(value).strip()


def _hours(value: Any) -> float:
    try:
        hours = float(value)
    except ValueError as other:
        raise Refused("hours", _("学时请写数字。")) from other
    if not 0 < hours <= HOURS_AT_MOST:
        raise Refused("hours", _("学时应大于 0，最多 %(limit)d。"), limit=HOURS_AT_MOST)
    return hours


def _check_texts(new: NewFact) -> None:
    for part, limit in TEXT_AT_MOST.items():
        text = new.part(part) or ""
        if not storable(text):
            raise Refused(part.value, _("含有不能保存的字符。"))
        if numbers_in(text):
            raise Refused(part.value, NO_IDENTITY)
        if len(text) > limit:
            raise Refused(part.value, _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=limit, count=len(text))


def _check_days(new: NewFact) -> None:
    for part in (Part.FROM, Part.UNTIL):
        day = new.part(part)
        if day and not EARLIEST <= day <= LATEST:
            raise Refused(part.value, _("日期 %(day)s 不可能。"), day=str(day))
    if new.valid_from and new.valid_until and new.valid_until < new.valid_from:
        said = _("到期日期 %(until)s 早于起始日期 %(begins)s。")
        raise Refused("valid_until", said, until=str(new.valid_until), begins=str(new.valid_from))


def overlapping(new: NewFact, others: list[Fact]) -> list[Fact]:
    """Of the facts of the same kind, those that hold on one of its days."""
    begins, ends = new.valid_from or date.min, new.valid_until or date.max
    return [
        other
        for other in others
        if other.kind == new.kind
        and (other.valid_from or date.min) <= ends
        and begins <= (other.valid_until or date.max)
    ]

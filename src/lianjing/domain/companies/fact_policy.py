"""Whether a fact about a company may be recorded so. No Django, no clock."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lianjing.core.refusals import Refused
from lianjing.domain.companies.company_facts import (
    CHOICES,
    COLUMNS,
    DAYS,
    DETAILS,
    PAST,
    SPECS,
    CompanyKnown,
    Part,
    Spec,
)
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import CompanyFactKind, GuardService, RecoveryLevel, SecondSite

TEXT_AT_MOST = {
    Part.VALUE: 100,
    Part.NUMBER: 64,
    Part.ISSUER: 100,
    Part.POSITION: 40,
    Part.EDITION: 40,
    Part.PLACE: 200,
    Part.HEAD: 50,
    Part.NOTE: 200,
}
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
CAPITAL_AT_MOST = 10**12
YEARS_AT_MOST = 60
DISTANCE = re.compile(r"\d{1,5}(\.\d)?")
MINUTES_AT_MOST = 60 * 24 * 30
CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}")
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
OLD_NUMBER = re.compile(r"\d{15}")


@dataclass(frozen=True, slots=True)
class NewCompanyFact:
    """A fact to be recorded, as it was told. `about`: id of the branch or service that a filing is about."""

    kind: CompanyFactKind
    value: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    number: str = ""
    issuer: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    about: int | None = None

    def part(self, part: Part) -> Any:
        return self.details.get(part.value) if part not in COLUMNS else getattr(self, part.value, "")


def checked(new: NewCompanyFact, today: date) -> NewCompanyFact:
    """The fact, its texts trimmed. Raises Refused for what its kind does not allow, naming the part."""
    spec = SPECS[new.kind]
    told = replace(
        new,
        value=new.value.strip(),
        number=new.number.strip(),
        issuer=new.issuer.strip(),
        details={part.value: value for part, value in _details(spec, new.details)},
    )
    for part in spec.needs:
        if told.part(part) in (None, "", []):
            raise Refused(part.value, _("请填写。"))
    _check_texts(told)
    _check_days(told, today)
    return _check_choices(told, spec)


def _details(spec: Spec, told: Mapping[str, Any]) -> Iterable[tuple[Part, Any]]:
    for part in DETAILS:
        value = told.get(part.value)
        if part in spec.takes and value not in (None, "", [], ()):
            yield part, _detail(part, value)


def _detail(part: Part, value: Any) -> Any:
    if part == Part.CAPITAL:
        return _whole(part, value, CAPITAL_AT_MOST, _("注册资本请写元数，如 1000000。"))
    if part == Part.YEARS:
        return _whole(part, value, YEARS_AT_MOST, _("年限请写 0 至 60 的整数。"))
    if part == Part.MINUTES:
        return _whole(part, value, MINUTES_AT_MOST, _("用时请写整分钟数，如 15，至多 43200。"))
    if part == Part.DISTANCE and not DISTANCE.fullmatch(str(value).strip()):
        raise Refused(part.value, _("距离请写公里数，如 35 或 0.8。"))
    if part == Part.SCOPE:
        known = [service.value for service in GuardService if service.value in value]
        if len(known) != len(set(value)):
            raise Refused(part.value, _("没有这个选项。"))
        return known
    if part not in CHOICES:
        return str(value).strip()
    word = CHOICES[part].of(str(value))
    if word is None:
        raise Refused(part.value, _("没有这个选项。"))
    return word.value


def _whole(part: Part, value: Any, most: int, sentence: str) -> int:
    try:
        number = int(str(value).replace(",", "").replace("，", ""))
    except ValueError as other:
        raise Refused(part.value, sentence) from other
    if not 0 <= number <= most:
        raise Refused(part.value, sentence)
    return number


def _check_texts(new: NewCompanyFact) -> None:
    for part, limit in TEXT_AT_MOST.items():
        text = new.part(part) or ""
        if "\0" in text:
            raise Refused(part.value, _("含有不能保存的字符。"))
        if len(text) > limit:
            raise Refused(part.value, _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=limit, count=len(text))


def _day(new: NewCompanyFact, part: Part) -> date | None:
    told = new.part(part)
    if not isinstance(told, str):
        return told or None
    try:
        return date.fromisoformat(told) if told else None
    except ValueError as other:
        raise Refused(part.value, _("日期请写成 2026-11-22 的样子。")) from other


def _check_days(new: NewCompanyFact, today: date) -> None:
    days = {part: day for part in DAYS if (day := _day(new, part))}
    for part, day in sorted(days.items()):
        if not EARLIEST <= day <= LATEST:
            raise Refused(part.value, _("日期 %(day)s 不可能。"), day=str(day))
        is_done = part in PAST or (part == Part.FROM and SPECS[new.kind].done)
        if is_done and day > today:
            raise Refused(part.value, _("%(day)s 还没有到。"), day=str(day))
    if new.valid_from and new.valid_until and new.valid_until < new.valid_from:
        said = _("到期日期 %(until)s 早于起始日期 %(begins)s。")
        raise Refused("valid_until", said, until=str(new.valid_until), begins=str(new.valid_from))
    registered = days.get(Part.REGISTERED_ON)
    if registered and new.valid_until and new.valid_until < registered:
        said = _("到期日期 %(until)s 早于登记日期 %(begins)s。")
        raise Refused("valid_until", said, until=str(new.valid_until), begins=str(registered))


def _check_choices(new: NewCompanyFact, spec: Spec) -> NewCompanyFact:
    if new.part(Part.RESULT) and not new.part(Part.CHECKED_ON):
        raise Refused("checked_on", _("有核查结果，请写明核查日期。"))
    if new.kind == CompanyFactKind.BUSINESS_LICENCE:
        return replace(new, number=credit_code(new.number))
    if spec.values is None:
        return new
    word = spec.values.of(new.value)
    if word is None:
        raise _no_such_value(spec, new.value)
    if new.kind == CompanyFactKind.SECOND_SITE:
        _check_site(new, SecondSite(word.value))
    return replace(new, value=word.value)


def _no_such_value(spec: Spec, typed: str) -> Refused:
    if spec.values is RecoveryLevel:
        return Refused("value", _("等级只有第1级到第6级，没有“%(typed)s”。"), typed=typed)
    return Refused("value", _("没有这个选项。"))


def _check_site(new: NewCompanyFact, where: SecondSite) -> None:
    """A room has an address; what is not there has none."""
    if where != SecondSite.NONE and not new.part(Part.PLACE):
        raise Refused("place", _("请写明第二机房的地址。"))
    told = next((part for part in (Part.PLACE, Part.DISTANCE) if new.part(part)), None)
    if where == SecondSite.NONE and told:
        raise Refused(told.value, _("登记的是“没有第二机房”，这里请留空。"))


def credit_code(typed: str) -> str:
    """统一社会信用代码 (GB 32100), or the fifteen digits that licences had before. Raises Refused."""
    code = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if OLD_NUMBER.fullmatch(code):
        return code
    if not CREDIT_CODE.fullmatch(code):
        raise Refused("number", _("统一社会信用代码为 18 位数字和大写字母（不含 I、O、S、V、Z）。"))
    # GB 32100: 3 to the power of the place, modulo 31.
    weighed = sum(CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    if CREDIT_SIGNS[-weighed % 31] != code[17]:
        raise Refused("number", _("统一社会信用代码的校验位不对，请核对每一位。"))
    return code


def check_filed(new: NewCompanyFact, subject: CompanyKnown | None) -> None:
    """Whether a filing can be about that. Raises Refused."""
    kinds = SPECS[new.kind].about
    if not kinds:
        return
    if subject is None or subject.kind not in kinds:
        raise Refused("about", _("请选择备案的是哪个分公司或哪项跨区域服务。"))
    is_branch = subject.kind == CompanyFactKind.BRANCH
    if is_branch and subject.valid_from and new.valid_from and new.valid_from < subject.valid_from:
        said = _("备案日期 %(filed)s 早于分公司设立日期 %(begun)s。")
        raise Refused("valid_from", said, filed=str(new.valid_from), begun=str(subject.valid_from))


def overlapping(new: NewCompanyFact, others: Iterable[CompanyKnown]) -> list[CompanyKnown]:
    """Of the facts in whose place it would stand, those that hold on one of its days."""
    begins, ends = new.valid_from or date.min, new.valid_until or date.max
    by_value = SPECS[new.kind].by_value
    return [
        other
        for other in others
        if other.kind == new.kind
        and (not by_value or other.value == new.value)
        and (other.valid_from or date.min) <= ends
        and begins <= (other.valid_until or date.max)
    ]

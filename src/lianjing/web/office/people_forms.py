"""Forms about people: entering one, changing him, and a form for each kind of fact, which follows from its table."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later

from lianjing.core.scans import Scan
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.queries import companies
from lianjing.domain.people.fact_kinds import DETAILS, Part, Spec
from lianjing.domain.people.fact_policy import TEXT_AT_MOST, NewFact
from lianjing.domain.people.models import StaffFact, User
from lianjing.terms.staffing import Education, Outcome, PostKind, StaffFactKind, Subject
from lianjing.web.office.brought import scan_brought
from lianjing.web.office.forms import OfficeForm, choice, date, text, why_corrected
from lianjing.web.office.people_words import part_words
from lianjing.web.words import label

SCAN_HINT = later("PDF、PNG 或 JPEG，不超过 10 MB")
SCAN_TYPES = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
HINTS: dict[tuple[StaffFactKind, Part], Promise] = {
    (StaffFactKind.NATIONALITY, Part.VALUE): later("三位字母代码，中国为 CHN。"),
    (StaffFactKind.INSURANCE, Part.VALUE): later("如社会保险、意外伤害保险；每个险种一条。"),
    (StaffFactKind.BAR, Part.UNTIL): later("吊销未满三年的，填满三年的前一天。"),
    (StaffFactKind.EMPLOYMENT, Part.UNTIL): later("不填：仍在职。离职请用“离职”。"),
    (StaffFactKind.LEAVE, Part.CONTENT): later("不必写病情。"),
}


class StaffForm(OfficeForm):
    """What does not go by days."""

    staff_no = text(later("工号"), 32, required=True, hint=later("本单位自己的编号，导入时凭它认出人员。"))
    name = text(later("姓名"), 50, required=True)
    phone = text(later("电话"), 32)
    notes = text(later("备注"), 500, lines=3)


class NewStaffForm(StaffForm):
    """A person with what is mostly known on his first day. `company` is asked for only when there are several."""

    company = forms.ChoiceField(label=later("从业单位"), error_messages={"invalid_choice": later("没有这个选项。")})
    identity = text(later("公民身份号码"), 40, hint=later("加密保存，页面只显示末四位；出生日期和性别由号码得出。"))
    hired_on = date(later("入职日期"))
    post_kind = choice(later("岗位类别"), PostKind, empty=later("以后登记"))
    education = choice(later("学历"), Education, empty=later("以后登记"))

    field_order = ("company", "staff_no", "name", "identity", "phone", "hired_on", "post_kind", "education", "notes")

    def __init__(self, *told: Any, viewer: Viewer, **more: Any) -> None:
        super().__init__(*told, **more)
        self.mine = may_edit(viewer)
        self.fields["company"].choices = self.mine  # type: ignore[attr-defined]
        if len(self.mine) < 2:
            del self.fields["company"]

    def company_shown(self, told: Mapping[str, Any]) -> int:
        """The one that is chosen, as far as it is one of his; else the first."""
        ours = [pk for pk, _name in self.mine]
        chosen = told.get("company", "")
        return int(chosen if chosen in ours else ours[0])

    def company_id(self) -> int:
        return int(self.cleaned_data.get("company") or self.mine[0][0])

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in StaffForm.base_fields}

    def facts(self) -> list[NewFact]:
        told = self.cleaned_data
        hired = told["hired_on"]
        facts = [NewFact(StaffFactKind.EMPLOYMENT, valid_from=hired)] if hired else []
        if told["post_kind"]:
            facts.append(NewFact(StaffFactKind.POST_KIND, told["post_kind"], hired))
        return [*facts, *([NewFact(StaffFactKind.EDUCATION, told["education"])] if told["education"] else [])]


def may_edit(viewer: Viewer) -> list[tuple[str, str]]:
    """The companies whose files the viewer keeps."""
    scope = viewer.scope("people.edit")
    return [(str(company.pk), company.name) for company in companies(viewer) if scope.holds(company.pk)]


class IdentityForm(OfficeForm):
    identity = text(
        later("公民身份号码"),
        40,
        required=True,
        hint=later("18 位，末位可以是 X。加密保存，页面只显示末四位；出生日期和性别由号码得出。"),
    )


class LeaveForm(OfficeForm):
    last_day = date(later("最后在职日"), required=True, hint=later("这一天仍算在职。"))
    reason = text(later("说明"), 200, lines=2)


class AccountForm(OfficeForm):
    """The accounts of his company that are nobody else's."""

    username = forms.ChoiceField(
        label=later("登录账号"), required=False, error_messages={"invalid_choice": later("没有这个选项。")}
    )

    def __init__(self, data: object = None, *, accounts: list[User], **more: Any) -> None:
        super().__init__(data, **more)
        named = [(user.username, f"{user.shown_name}（{user.username}）") for user in accounts]
        self.fields["username"].choices = [("", str(later("没有账号"))), *named]  # type: ignore[attr-defined]


class FactForm(OfficeForm):
    """A form for one kind of fact; a correction also asks why."""

    def __init__(self, spec: Spec, *told: Any, corrects: bool = False, **more: Any) -> None:
        super().__init__(*told, **more)
        self.spec = spec
        for part in spec.takes:
            self.fields[part.value] = _field(spec, part)
        if corrects:
            self.fields["reason"] = why_corrected()

    def new_fact(self) -> NewFact:
        told = self.cleaned_data
        columns = {part.value: told[part.value] for part in self.spec.takes if part not in (*DETAILS, Part.SCAN)}
        if self.spec.kind == StaffFactKind.NATIONALITY:
            columns["value"] = columns["value"].upper()
        details = {part.value: told[part.value] for part in self.spec.takes if part in DETAILS and told[part.value]}
        return NewFact(self.spec.kind, details=details, **columns)

    def scan(self) -> Scan | None:
        """Raises Refused for what may not be kept."""
        return scan_brought(self.cleaned_data.get(Part.SCAN.value))


def initial_of(fact: StaffFact, *, follows: bool) -> dict[str, Any]:
    """What stands in a form at first: the fact as it is, or one that begins when it ends."""
    told: dict[str, Any] = {"value": fact.value, "number": fact.number, "issuer": fact.issuer, **(fact.details or {})}
    if not follows:
        return told | {"valid_from": fact.valid_from, "valid_until": fact.valid_until}
    begins = fact.valid_until + timedelta(days=1) if fact.valid_until else timezone.localdate()
    kept = {name: told[name] for name in ("value", "number", "issuer", "level", "subjects", "hours") if name in told}
    return kept | {"valid_from": begins}


def scan_field(words: Any, hint: Any = SCAN_HINT, types: str = SCAN_TYPES) -> forms.FileField:
    return forms.FileField(
        label=words,
        required=False,
        allow_empty_file=True,
        help_text=hint,
        widget=forms.FileInput(attrs={"accept": types}),
    )


def _field(spec: Spec, part: Part) -> forms.Field:
    make = _MAKERS.get(part, _text)
    return make(spec, part)


def _told(spec: Spec, part: Part) -> dict[str, Any]:
    return {"required": part in spec.needs, "hint": HINTS.get((spec.kind, part), "")}


def _text(spec: Spec, part: Part) -> forms.Field:
    lines = 3 if part == Part.CONTENT else 1
    return text(part_words(spec, part), TEXT_AT_MOST[part], lines=lines, **_told(spec, part))


def _value(spec: Spec, part: Part) -> forms.Field:
    if spec.values is None:
        return _text(spec, part)
    return choice(part_words(spec, part), spec.values, empty=None if part in spec.needs else "—")


def _day(spec: Spec, part: Part) -> forms.Field:
    told = _told(spec, part)
    if part == Part.UNTIL and not told["hint"] and not told["required"]:
        told["hint"] = later("最后一天；不填：长期。")
    return date(part_words(spec, part), **told)


def _hours(spec: Spec, part: Part) -> forms.Field:
    field = text(part_words(spec, part), 10, **_told(spec, part))
    field.widget.attrs["inputmode"] = "decimal"
    return field


def _subjects(spec: Spec, part: Part) -> forms.Field:
    return forms.MultipleChoiceField(
        label=part_words(spec, part),
        required=part in spec.needs,
        choices=[(subject.value, label(Subject, subject.value)) for subject in Subject],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")},
    )


def _result(spec: Spec, part: Part) -> forms.Field:
    return choice(part_words(spec, part), Outcome, empty="—")


def _scan(spec: Spec, part: Part) -> forms.Field:
    return scan_field(part_words(spec, part))


_MAKERS: dict[Part, Callable[[Spec, Part], forms.Field]] = {
    Part.VALUE: _value,
    Part.FROM: _day,
    Part.UNTIL: _day,
    Part.HOURS: _hours,
    Part.SUBJECTS: _subjects,
    Part.RESULT: _result,
    Part.SCAN: _scan,
}

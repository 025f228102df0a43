"""Forms of training: a course, a question with its options, whom to assign it to, a group."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.queries import companies
from lianjing.domain.people.course_policy import (
    CONTENT_AT_MOST,
    OPTION_AT_MOST,
    OPTIONS_AT_MOST,
    TEXT_AT_MOST,
    NewQuestion,
)
from lianjing.domain.people.models import Course, Question, TrainingGroup
from lianjing.domain.people.training_list import EDIT, groups, people_named
from lianjing.terms.sentences import marked
from lianjing.terms.staffing import PostKind, Subject
from lianjing.web.office.forms import NOT_FILLED, OfficeForm, choice, date, text
from lianjing.web.words import label

NAMES_AT_MOST = 100_000
PEOPLE_AT_MOST = 5000
OPTIONS_SHOWN = 4
"""So many empty lines a new question begins with; more are a click away."""
WHOLE = {**NOT_FILLED, "invalid": later("请填整数。")}
NO_SUCH = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}


def may_edit(viewer: Viewer) -> list[tuple[str, str]]:
    """The companies whose training the viewer looks after, as choices."""
    scope = viewer.scope(EDIT)
    return [(str(company.pk), company.name) for company in companies(viewer) if scope.holds(company.pk)]


class CompanyForm(OfficeForm):
    """`company` is asked for only of something new, and only when there are several."""

    company = forms.ChoiceField(label=later("从业单位"), error_messages=NO_SUCH)

    def __init__(self, *told: Any, viewer: Viewer | None = None, **more: Any) -> None:
        super().__init__(*told, **more)
        self._mine = [] if viewer is None else may_edit(viewer)
        self.fields["company"].choices = self._mine  # type: ignore[attr-defined]
        if len(self._mine) < 2:
            del self.fields["company"]

    def company_id(self) -> int:
        return int(self.cleaned_data.get("company") or self._mine[0][0])


def _whole(words: Any, *, required: bool = True, hint: Any = "") -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=words, required=required, help_text=hint, widget=widget, error_messages=WHOLE)


class CourseForm(CompanyForm):
    code = text(later("课程编号"), 32, required=True)
    title = text(later("名称"), 100, required=True)
    subjects = forms.MultipleChoiceField(
        label=later("科目"),
        choices=lambda: [(subject.value, label(Subject, subject.value)) for subject in Subject],
        widget=forms.CheckboxSelectMultiple,
        error_messages=NO_SUCH,
    )
    hours = forms.DecimalField(
        label=later("学时"),
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            **NOT_FILLED,
            "invalid": later("学时请写数字。"),
            "max_decimal_places": later("学时最多一位小数。"),
            "max_whole_digits": later("数字太大。"),
            "max_digits": later("数字太大。"),
        },
    )
    pass_mark = _whole(later("合格线（百分制）"))
    valid_months = _whole(later("有效月数"), required=False, hint=later("通过后算数多久；不填：长期有效。"))
    content = text(
        later("内容"),
        CONTENT_AT_MOST,
        lines=18,
        hint=later("Markdown：# 标题，- 列表，**重点**，> 引文。HTML 按文字显示。"),
    )

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "company"}


def course_initial(course: Course) -> dict[str, Any]:
    return {name: getattr(course, name) for name in CourseForm.base_fields if name != "company"}


class QuestionForm(OfficeForm):
    """A question and lines for its options, each with a tick for a right one. Empty lines do not count."""

    text = text(later("题目"), TEXT_AT_MOST, required=True, lines=2)

    def __init__(self, data: object = None, *, question: Question | None = None) -> None:
        initial: dict[str, Any] = {}
        if question is not None:
            initial["text"] = question.text
            for place, option in enumerate(question.options):
                initial |= {f"option_{place}": option, f"right_{place}": place in question.right}
        super().__init__(data, initial=initial)
        for place in range(OPTIONS_AT_MOST):
            words = _("选项 %(letter)s") % {"letter": chr(ord("A") + place)}
            self.fields[f"option_{place}"] = text(words, OPTION_AT_MOST)
            self.fields[f"right_{place}"] = forms.BooleanField(label=_("正确"), required=False)

    def lines(self) -> list[dict[str, Any]]:
        """The option and its tick, line by line; `more`: not shown until it is asked for."""
        last = max([OPTIONS_SHOWN, *(place + 2 for place in range(OPTIONS_AT_MOST) if self[f"option_{place}"].value())])
        return [
            {"option": self[f"option_{place}"], "right": self[f"right_{place}"], "more": place >= last}
            for place in range(OPTIONS_AT_MOST)
        ]

    def question(self) -> NewQuestion:
        """Raises Refused for a tick beside an empty line."""
        told = self.cleaned_data
        filled = [place for place in range(OPTIONS_AT_MOST) if told[f"option_{place}"].strip()]
        right = [place for place in range(OPTIONS_AT_MOST) if told[f"right_{place}"]]
        if any(place not in filled for place in right):
            raise Refused("right", marked("标为正确的选项是空的。"))
        return NewQuestion(
            told["text"], [told[f"option_{place}"] for place in filled], [filled.index(place) for place in right]
        )


class PeopleField(forms.CharField):
    """Staff numbers or names, one a line or with commas between; cleaned to the words."""

    def __init__(self, words: Any, hint: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"})
        super().__init__(
            label=words,
            required=False,
            max_length=NAMES_AT_MOST,
            widget=widget,
            help_text=hint,
            error_messages=NOT_FILLED,
        )

    def clean(self, value: Any) -> list[str]:
        words = [word for word in re.split(r"[\s,，、;；]+", super().clean(value)) if word]
        if len(words) > PEOPLE_AT_MOST:
            raise forms.ValidationError(_("一次最多 %(limit)d 人。") % {"limit": PEOPLE_AT_MOST})
        return words


def people_ids(viewer: Viewer, company_id: int, words: Sequence[str], field: str = "people") -> Sequence[int]:
    """Whom the words mean. Raises Refused naming the first that mean nobody or several."""
    named = people_named(viewer, company_id, words)
    if named.unknown:
        said = marked("没有这些人：%(names)s。请写工号或全名。")
        raise Refused(field, said, names="、".join(named.unknown[:10]))
    if named.several:
        said = marked("不止一个人叫 %(names)s，请改写工号。")
        raise Refused(field, said, names="、".join(named.several[:10]))
    return named.found


class AssignForm(OfficeForm):
    """Whom, and by when. What is named adds up."""

    due_on = date(later("截止日期"), required=True, hint=later("当天结束前完成都算按时。"))
    post_kind = choice(later("岗位类别的全部在职人员"), PostKind, empty=later("不按岗位类别"))
    group = forms.ChoiceField(label=later("分组"), required=False, error_messages=NO_SUCH)
    people = PeopleField(later("人员"), later("工号或姓名，一行一个，或用逗号分开。"))
    again = forms.BooleanField(label=later("已通过且仍有效的人也再考一次"), required=False)

    field_order = ("due_on", "post_kind", "group", "people", "again")

    def __init__(self, data: object = None, *, viewer: Viewer, company_id: int) -> None:
        super().__init__(data)
        found = groups(viewer, company_id, None, 500)
        mine = [(str(group.pk), f"{group.name}（{group.people}）") for group in found]  # type: ignore[attr-defined]
        self.fields["group"].choices = [("", _("不按分组")), *mine]  # type: ignore[attr-defined]


class GroupForm(CompanyForm):
    name = text(later("名称"), 50, required=True)
    people = PeopleField(
        later("人员"), later("工号或姓名，一行一个，或用逗号分开。以后加入的人不会自动补上已布置的培训。")
    )


def group_initial(group: TrainingGroup) -> dict[str, str]:
    return {"name": group.name, "people": "\n".join(member.staff_no for member in group.members.all())}

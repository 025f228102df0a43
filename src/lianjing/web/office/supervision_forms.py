"""The forms of the supervision log."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as later

from lianjing.core.scans import Scan
from lianjing.core.viewer import Viewer
from lianjing.domain.assessments.policy import GAP_AT_MOST, MONTHS_AT_MOST
from lianjing.domain.assessments.queries import department_offers, post_offers
from lianjing.domain.assessments.supervising import NewEntry
from lianjing.terms.assessments import SupervisionResult
from lianjing.terms.findings import FindingGrade
from lianjing.web.office import forms as fields
from lianjing.web.office.brought import scan_brought
from lianjing.web.office.forms import NOT_FILLED, OfficeForm

NO_CHOICE = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}


def whole(words: Any, most: int, hint: Any = "") -> forms.IntegerField:
    """A whole number; what it may be says the domain."""
    return forms.IntegerField(
        label=words,
        help_text=hint,
        widget=forms.NumberInput(attrs={"min": 1, "max": most}),
        error_messages={**NOT_FILLED, "invalid": later("请填写整数。")},
    )


class EntryForm(OfficeForm):
    """A look at a department on a day."""

    day = fields.date(later("日期"), required=True)
    department = forms.ChoiceField(label=later("部门"), error_messages=NO_CHOICE)
    post = forms.ChoiceField(
        label=later("岗位"), required=False, error_messages=NO_CHOICE, help_text=later("不选：整个部门。")
    )
    looked_at = fields.text(later("检查了什么"), 200, required=True, hint=later("如：夜班交接班记录、装备完好。"))
    result = fields.choice(later("结果"), SupervisionResult)
    found = fields.text(later("发现"), 1000, lines=3, hint=later("有问题的须写明。"))
    grade = fields.choice(
        later("同时提出整改"), FindingGrade, empty=later("不提出"), hint=later("有问题时可一步提出，选级别即可。")
    )
    scan = forms.FileField(
        label=later("照片或文件"), required=False, help_text=later("PDF、PNG 或 JPEG，不超过 10 MB；可不附。")
    )

    def __init__(self, viewer: Viewer, company_id: int, on: date, *sent: Any, **more: Any) -> None:
        super().__init__(*sent, **more)
        named = [(str(pk), name) for pk, name in department_offers(viewer, company_id, on)]
        self.fields["department"].choices = [("", "—"), *named]  # type: ignore[attr-defined]
        posts = [(str(pk), name) for pk, name in post_offers(viewer, company_id, on)]
        self.fields["post"].choices = [("", "—"), *posts]  # type: ignore[attr-defined]

    def entry(self) -> NewEntry:
        told = self.cleaned_data
        return NewEntry(
            told["day"],
            int(told["department"]),
            told["looked_at"],
            told["result"],
            told["found"],
            int(told["post"]) if told["post"] else None,
            told["grade"],
        )

    def kept(self) -> Scan | None:
        """What was brought, looked at. Raises Refused."""
        return scan_brought(self.cleaned_data["scan"])


class LimitsForm(OfficeForm):
    """Of the log and of evaluations: the company's own word."""

    gap_days = whole(
        later("最多间隔几个工作日"),
        GAP_AT_MOST,
        later("一个部门超过这些工作日没有日常监督记录，即为迟。默认 3，规范没有写明。"),
    )
    evaluation_months = whole(
        later("评价有效几个月"), MONTHS_AT_MOST, later("自我评价和相互评价在这些月内有效。默认 12，规范没有写明。")
    )
    origin = fields.text(later("依据"), 200, hint=later("如：本单位考核制度第 4 条；不填：本单位自定。"))

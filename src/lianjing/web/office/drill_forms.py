"""The forms of drills and reviews."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.scans import Scan
from lianjing.core.viewer import Viewer
from lianjing.domain.drills.actions import Cast
from lianjing.domain.drills.drill_page import DrillPage
from lianjing.domain.drills.looking_back import LookedBack, ToImprove
from lianjing.domain.drills.models import Drill, PlannedDrill
from lianjing.domain.drills.policy import (
    INJECTS_AT_MOST,
    MINUTES_AT_MOST,
    PARTICIPANTS_AT_MOST,
    REVIEW_DAYS_AT_MOST,
    Inject,
    Preparation,
)
from lianjing.domain.drills.programming import NewLine
from lianjing.domain.drills.queries import PersonOffered
from lianjing.domain.plans.queries import plan_lines
from lianjing.terms.drills import DrillKind, DrillRole, ReviewConclusion
from lianjing.terms.findings import FindingGrade
from lianjing.web.office import forms as fields
from lianjing.web.office.brought import scan_needed
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.words import CLASSES, GRADES, label

NO_CHOICE = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}
BLANK_INJECTS, FINDING_ROWS, BLANK_PEOPLE = 4, 4, 4


class LineForm(OfficeForm):
    """A line of the year's programme."""

    month = forms.TypedChoiceField(
        label=later("月份"), coerce=int, choices=lambda: [(m, _("%(month)d 月") % {"month": m}) for m in range(1, 13)]
    )
    kind = fields.choice(later("种类"), DrillKind, hint=later("通讯测试不计入每年不少于 2 次的演练。"))
    title = fields.text(later("名称"), 60, required=True, hint=later("如：珠宝店胁迫报警。"))
    event_class = forms.ChoiceField(
        label=later("演练哪一类警情"),
        required=False,
        error_messages=NO_CHOICE,
        choices=lambda: [("", "—"), *CLASSES.items()],
        help_text=later("通讯测试可不选。"),
    )
    grade = forms.TypedChoiceField(
        label=later("级别"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages=NO_CHOICE,
        choices=lambda: [("", _("不分级")), *GRADES.items()],
    )

    @staticmethod
    def beginning(line: PlannedDrill) -> dict[str, Any]:
        return {name: getattr(line, name) for name in ("month", "kind", "title", "event_class", "grade")}

    def line(self) -> NewLine:
        told = self.cleaned_data
        return NewLine(told["month"], told["kind"], told["title"], told["event_class"], told["grade"])


class PlanDayForm(OfficeForm):
    planned_on = fields.date(later("演练日期"), required=True)


class LateDayForm(OfficeForm):
    """The day of a drill that is on paper."""

    planned_on = fields.date(later("举行的日期"), required=True, hint=later("纸质记录上的那一天，今天或以前。"))


class DescribeForm(OfficeForm):
    """What a drill is to be; the script's lines stand beside it in `injects`."""

    planned_on = fields.date(later("演练日期"), required=True)
    place = fields.text(later("地点"), 100)
    aim = fields.text(later("目的"), 1000, lines=2, hint=later("要检验什么。"))
    scenario = fields.text(later("情景"), 2000, lines=4, hint=later("演练开始时发生了什么。"))
    safety = fields.text(later("安全措施"), 1000, lines=2, hint=later("功能演练和实战演练必填。"))
    stop_word = fields.text(later("叫停词"), 20, hint=later("谁听到都立即停下，如“演练终止”。"))
    renamed: Mapping[str, str] = {"script": ""}

    def __init__(self, drill: Drill, data: Any = None) -> None:
        names = ("planned_on", "place", "aim", "scenario", "safety", "stop_word")
        super().__init__(data, initial={name: getattr(drill, name) for name in names})
        self.injects = _typed(data) if data is not None else _kept(drill)

    def clean(self) -> dict[str, Any]:
        for place, (minute, text, expected) in enumerate(self.injects, 1):
            if (text or expected) and not _is_minute(minute):
                self.add_error(None, _("脚本第 %(place)d 条：分钟数请填 0 到 1440 的整数。") % {"place": place})
        return super().clean() or self.cleaned_data

    def preparation(self) -> Preparation:
        told = dict(self.cleaned_data)
        script = tuple(Inject(int(minute), text, more) for minute, text, more in self.injects if text or more)
        return Preparation(script=script, **told)


Row = tuple[str, str, str]


def _is_minute(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:6]) <= MINUTES_AT_MOST


def _kept(drill: Drill) -> list[Row]:
    rows = [(str(one["minute"]), one["text"], one["expected"]) for one in drill.script]
    return rows + [("", "", "")] * BLANK_INJECTS


def _typed(data: Any) -> list[Row]:
    columns = [data.getlist(name)[: INJECTS_AT_MOST + 1] for name in ("minute", "inject", "expected")]
    rows = list(zip(*([value.replace("\0", "").strip() for value in column] for column in columns), strict=False))
    return [row for row in rows if any(row)] + [("", "", "")] * BLANK_INJECTS


def typed_cast(data: Any, offered: Collection[PersonOffered]) -> list[Cast]:
    """Who was given a role: fields `role-NUMBER` and `task-NUMBER`, and rows of `add-person`, `add-role`, `add-task`. A
    name that only one of those offered has means him."""
    named = [(name.removeprefix("role-"), value) for name, value in data.items() if name.startswith("role-")]
    kept = [Cast(number[:32], role, data.get(f"task-{number}", "")) for number, role in named if role]
    columns = [data.getlist(f"add-{column}")[: PARTICIPANTS_AT_MOST + 1] for column in ("person", "role", "task")]
    rows = zip(*([value.replace("\0", "").strip() for value in column] for column in columns), strict=False)
    return kept + [Cast(_number_of(person, offered)[:32], role, task) for person, role, task in rows if person]


def _number_of(person: str, offered: Collection[PersonOffered]) -> str:
    called = [one.staff_no for one in offered if one.name == person]
    return called[0] if len(called) == 1 and person not in {one.staff_no for one in offered} else person


def cast_rows(parts: Collection[Cast], known: Mapping[str, PersonOffered]) -> dict[str, list[Any]]:
    """`chosen`: whoever is known, each once; `adding`: what was typed and means nobody, and empty rows."""
    chosen = {one.staff_no: (known[one.staff_no], one.role, one.task) for one in parts if one.staff_no in known}
    unknown = [(one.staff_no, one.role, one.task) for one in parts if one.staff_no not in known]
    return {"chosen": list(chosen.values()), "adding": [*unknown, *[("", DrillRole.PLAYER.value, "")] * BLANK_PEOPLE]}


def role_options() -> list[tuple[str, str]]:
    return [(one.value, label(DrillRole, one.value)) for one in DrillRole]


class PlansForm(OfficeForm):
    """Which plans a drill exercises."""

    plans = forms.MultipleChoiceField(
        label=later("演练的预案"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NO_CHOICE,
        help_text=later("准备完毕时锁定为当时执行中的版本。"),
    )

    def __init__(self, viewer: Viewer, page: DrillPage, data: Any = None) -> None:
        super().__init__(data, initial={"plans": [str(one.plan_id) for one in page.plans]})
        self.fields["plans"].choices = plan_options(viewer, page.drill.company_id)  # type: ignore[attr-defined]


def plan_options(viewer: Viewer, company_id: int) -> list[tuple[str, str]]:
    return [(str(one.plan.pk), one.plan.title) for one in plan_lines(viewer, company_id)]


class HeldForm(OfficeForm):
    """A drill that was held on paper."""

    began_at = fields.moment(later("开始"), required=True)
    ended_at = fields.moment(later("结束"), required=True)


class LateObservationForm(OfficeForm):
    """Something seen, entered after the end."""

    clock = fields.text(later("开始后多久（时:分:秒）"), 8, required=True, hint=later("如 0:12:40。"))
    kind = forms.ChoiceField(
        label=later("看到"), choices=lambda: [("good", _("✓ 做到")), ("bad", _("✕ 没做到")), ("note", _("· 记录"))]
    )
    text = fields.text(later("内容"), 300, required=True)
    renamed: Mapping[str, str] = {"offset": "clock"}

    def clean_clock(self) -> int:
        parts = self.cleaned_data["clock"].replace("：", ":").split(":")
        if not 2 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
            raise forms.ValidationError(_("请写成 0:12:40 的样子。"))
        hours, minutes, seconds = [0, *map(int, parts)][-3:]
        return hours * 3600 + minutes * 60 + seconds


class EvaluationForm(OfficeForm):
    evaluation = fields.text(
        later("评估结论"), 2000, required=True, lines=5, hint=later("达到目的没有，哪里好，哪里要改。")
    )


class AttachForm(OfficeForm):
    title = fields.text(later("名称"), 60, required=True, hint=later("如：签到表、现场照片。"))
    scan = forms.FileField(
        label=later("文件"), help_text=later("PDF、PNG 或 JPEG，不超过 10 MB。"), error_messages=NOT_FILLED
    )

    def kept(self) -> Scan:
        """What was brought, looked at. Raises Refused."""
        return scan_needed(self.cleaned_data["scan"])


class ReviewForm(OfficeForm):
    """A review; its findings stand beside it in `rows`."""

    went_well = fields.text(later("做得好的"), 2000, lines=3)
    went_badly = fields.text(later("做得不好的"), 2000, lines=3)
    conclusion = forms.ChoiceField(label=later("结论"), error_messages=NO_CHOICE)
    reason = fields.text(later("理由"), 1000, lines=2, hint=later("没有改进项时必填。"))
    renamed: Mapping[str, str] = {"findings": "", "title": "", "owner": "", "due_on": "", "grade": ""}

    def __init__(self, conclusions: Sequence[ReviewConclusion], data: Any = None) -> None:
        super().__init__(data)
        options = [(one.value, label(ReviewConclusion, one.value)) for one in conclusions]
        self.fields["conclusion"].choices = options  # type: ignore[attr-defined]
        blank = dict.fromkeys(("title", "plan", "owner", "due_on", "grade"), "")
        typed = _typed_findings(data) if data is not None else []
        self.rows = (typed + [blank] * FINDING_ROWS)[: max(FINDING_ROWS, len(typed) + 1)]
        self.typed = typed

    def clean(self) -> dict[str, Any]:
        for place, row in enumerate(self.typed, 1):
            plan = row["plan"].isascii() and row["plan"].isdigit()
            if not row["title"] or not plan or not row["owner"] or _day(row["due_on"]) is None:
                told = _("改进项第 %(place)d 条：内容、预案、责任人和期限都要填。") % {"place": place}
                self.add_error(None, told)
        return super().clean() or self.cleaned_data

    def looked_back(self) -> LookedBack:
        told = self.cleaned_data
        findings = tuple(
            ToImprove(row["title"], int(row["plan"]), row["owner"], _day(row["due_on"]), row["grade"])
            for row in self.typed
        )
        return LookedBack(told["conclusion"], told["went_well"], told["went_badly"], told["reason"], findings)


def _typed_findings(data: Any) -> list[dict[str, str]]:
    names = ("title", "plan", "owner", "due_on", "grade")
    columns = [[value.replace("\0", "").strip() for value in data.getlist(f"f-{name}")[:20]] for name in names]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if row["title"] or row["owner"] or row["due_on"]]


def _day(text: str) -> Any:
    try:
        return forms.DateField().to_python(text)
    except forms.ValidationError:
        return None


def grade_options() -> list[tuple[str, str]]:
    return [(one.value, label(FindingGrade, one.value)) for one in FindingGrade]


class TermForm(OfficeForm):
    days = forms.IntegerField(
        label=later("复盘期限（天）"),
        min_value=1,
        max_value=REVIEW_DAYS_AT_MOST,
        error_messages=NOT_FILLED,
        help_text=later("演练结束、警情结案之后多少天内复盘。规范没有写明，由本单位自定；未设定时为 14 天。"),
    )


class RetestForm(OfficeForm):
    """The revised plan was tried again."""

    drill = forms.ChoiceField(
        label=later("在哪次演练里复测"),
        required=False,
        error_messages=NO_CHOICE,
        help_text=later("不在演练里复测的，填日期。"),
    )
    tested_on = fields.date(later("复测日期"))
    result = forms.ChoiceField(
        label=later("结果"), choices=lambda: [("passed", _("✓ 通过")), ("failed", _("✕ 没有通过"))]
    )
    note = fields.text(later("怎样复测，看到什么"), 500, required=True, lines=3)

    def __init__(self, drills: Sequence[Drill], data: Any = None) -> None:
        super().__init__(data)
        named = [(str(one.pk), f"{one.number} {one.title} {one.planned_on}") for one in drills]
        self.fields["drill"].choices = [("", "—"), *named]  # type: ignore[attr-defined]

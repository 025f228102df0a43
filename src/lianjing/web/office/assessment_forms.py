"""The forms of assessments: criteria line by line, a new assessment, its sheets, its analysis."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.viewer import Viewer
from lianjing.domain.assessments.models import AssessmentCycle, CriteriaSet, Criterion, ScoreSheet
from lianjing.domain.assessments.policy import CRITERIA_AT_MOST, SHARES, NewCriterion, NewCycle, period_of
from lianjing.domain.assessments.queries import criteria_sets, department_offers
from lianjing.domain.assessments.sheets import Given
from lianjing.terms.assessments import CyclePeriod, OperationFigure, ScoredBy, SheetKind
from lianjing.terms.findings import FindingGrade
from lianjing.web.office import forms as fields
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.office.supervision_forms import NO_CHOICE, whole

SPARE_ROWS, FIRST_ROWS = 3, 8
SHEETS_AFTER, ANALYSIS_AFTER = timedelta(days=14), timedelta(days=30)
"""What a form offers; ours."""
COLUMNS = ("name", "looks_at", "weight", "scale", "scored_by", "figure", "full_at", "zero_at")


def number(words: Any, *, required: bool = False, places: int = 2, **attrs: Any) -> forms.DecimalField:
    """A number as it was typed: whether it fits says the domain."""
    return forms.DecimalField(
        label=words,
        required=required,
        max_digits=10,
        decimal_places=places,
        widget=forms.NumberInput(attrs={"step": "any", "autocomplete": "off", **attrs}),
        error_messages={
            **NOT_FILLED,
            "invalid": later("请填写数字。"),
            "max_digits": later("数字太长。"),
            "max_whole_digits": later("数字太长。"),
            "max_decimal_places": later("小数位太多。"),
        },
    )


class CriteriaForm(OfficeForm):
    """A set of criteria: a row each, empty rows count for nothing."""

    name = fields.text(later("指标名称"), 60, required=True, hint=later("同名的成为它的下一版；用过的版本不改。"))

    def __init__(self, data: Any = None, earlier: CriteriaSet | None = None) -> None:
        lines = list(earlier.lines.all()) if earlier else []
        self.count = min(max(len(lines) + SPARE_ROWS, FIRST_ROWS), CRITERIA_AT_MOST)
        initial: dict[str, Any] = {"name": earlier.name} if earlier else {}
        for place, line in enumerate(lines):
            initial |= {f"{column}-{place}": getattr(line, column) for column in COLUMNS}
        super().__init__(data, initial=initial)
        if data is not None:
            self.count = max(self.count, min(_rows_of(data), CRITERIA_AT_MOST))
        for place in range(self.count):
            self.fields.update({f"{name}-{place}": one for name, one in _line_fields().items()})

    @property
    def rows(self) -> Iterator[dict[str, BoundField]]:
        return ({column: self[f"{column}-{place}"] for column in COLUMNS} for place in range(self.count))

    def lines(self) -> list[NewCriterion]:
        """Those rows in which something stands. What the domain says of the second of them, stands in its own row."""
        told = self.cleaned_data
        rows = {
            place: {column: told.get(f"{column}-{place}") for column in COLUMNS}
            for place in range(self.count)
            if self._is_filled(place)
        }
        kept = list(enumerate(rows))
        self.renamed = {f"{column}-{at}": f"{column}-{place}" for at, place in kept for column in COLUMNS}
        return [_line(row) for row in rows.values()]

    def _is_filled(self, place: int) -> bool:
        told = (self.cleaned_data.get(f"{column}-{place}") for column in ("name", "looks_at", "weight", "figure"))
        return any(value not in (None, "") for value in told)


def _rows_of(data: Any) -> int:
    return sum(1 for name in data if str(name).startswith("weight-"))


def _line_fields() -> dict[str, forms.Field]:
    return {
        "name": fields.text(later("指标"), 60),
        "looks_at": fields.text(later("看什么、依据在哪里"), 200),
        "weight": forms.IntegerField(label=later("权重 %"), required=False, error_messages=_WHOLE),
        "scale": forms.IntegerField(label=later("满分"), required=False, error_messages=_WHOLE),
        "scored_by": fields.choice(later("怎样评分"), ScoredBy, empty="—"),
        "figure": fields.choice(later("运行数据"), OperationFigure, empty="—"),
        "full_at": number(later("满分值")),
        "zero_at": number(later("零分值")),
    }


_WHOLE = {**NOT_FILLED, "invalid": later("请填写整数。")}


def _line(row: dict[str, Any]) -> NewCriterion:
    return NewCriterion(
        row["name"] or "",
        row["weight"] or 0,
        100 if row["scale"] is None else row["scale"],
        row["scored_by"] or (ScoredBy.FIGURE.value if row["figure"] else ScoredBy.HAND.value),
        row["figure"] or "",
        row["full_at"],
        row["zero_at"],
        row["looks_at"] or "",
    )


class CycleForm(OfficeForm):
    """A new assessment."""

    name = fields.text(later("名称"), 60, required=True, hint=later("如：2026 年三季度部门考核。"))
    period = fields.choice(later("周期"), CyclePeriod, hint=later("下一次考核按它推算。"))
    first_on = fields.date(later("考核期首日"), required=True)
    last_on = fields.date(later("考核期末日"), required=True)
    criteria_id = forms.ChoiceField(label=later("指标"), error_messages=NO_CHOICE)
    responsible_no = fields.text(later("考核负责人工号"), 32, required=True, hint=later("由他评“考核”分。"))
    sheets_due_on = fields.date(later("评分期限"), required=True)
    analysis_due_on = fields.date(later("分析期限"), required=True)
    self_share = whole(later("自评占比 %"), 100)
    mutual_share = whole(later("互评占比 %"), 100)
    assessor_share = whole(later("考核占比 %"), 100, later("三项合计 100；默认 20、30、50 是本系统的。"))
    departments = forms.MultipleChoiceField(
        label=later("部门"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={**NO_CHOICE, "required": later("请选部门。")},
        help_text=later("至少两个。"),
    )
    renamed: ClassVar = {"shares": "assessor_share"}

    def __init__(self, viewer: Viewer, company_id: int, data: Any = None) -> None:
        today = timezone.localdate()
        first, last = period_of(CyclePeriod.QUARTER.value, today)
        named = [(str(pk), name) for pk, name in department_offers(viewer, company_id, today)]
        initial = {"period": CyclePeriod.QUARTER.value, "first_on": first, "last_on": last}
        initial |= {"sheets_due_on": today + SHEETS_AFTER, "analysis_due_on": today + ANALYSIS_AFTER}
        initial |= {f"{kind.value}_share": share for kind, share in SHARES.items()}
        initial |= {"departments": [pk for pk, _name in named]}  # type: ignore[dict-item]
        super().__init__(data, initial=initial)
        self.fields["departments"].choices = named  # type: ignore[attr-defined]
        sets = [(str(one.pk), str(one)) for one in criteria_sets(viewer, company_id)]
        self.fields["criteria_id"].choices = sets  # type: ignore[attr-defined]
        self.fields["responsible_no"].widget.attrs["list"] = "people"
        for kind in SheetKind:
            self.fields[f"{kind.value}_share"].widget.attrs["min"] = 0

    def cycle(self) -> NewCycle:
        told = self.cleaned_data
        shares = {kind: told[f"{kind.value}_share"] for kind in SheetKind}
        names = ("name", "period", "first_on", "last_on")
        return NewCycle(
            *(told[name] for name in names),
            int(told["criteria_id"]),
            tuple(int(pk) for pk in told["departments"]),
            told["responsible_no"],
            told["sheets_due_on"],
            told["analysis_due_on"],
            shares,
        )


class SheetForm(OfficeForm):
    """The points of a sheet, criterion by criterion."""

    def __init__(self, sheet: ScoreSheet, lines: list[Criterion], data: Any = None) -> None:
        had = {row.criterion_id: row for row in sheet.scores.all()}
        initial: dict[str, Any] = {}
        for pk, row in had.items():
            initial |= {f"points-{pk}": row.points, f"evidence-{pk}": row.evidence}
        super().__init__(data, initial=initial)
        self.lines = lines
        for line in lines:
            attrs = {
                "min": 0,
                "max": line.scale,
                "data-score": "",
                "aria-label": _("得分：%(name)s") % {"name": line.name},
            }
            self.fields[f"points-{line.pk}"] = number(line.name, places=4, **attrs)
            evidence = fields.text(later("依据"), 300)
            evidence.widget.attrs |= {"aria-label": _("依据：%(name)s") % {"name": line.name}}
            self.fields[f"evidence-{line.pk}"] = evidence

    def rows(self) -> list[tuple[Criterion, BoundField, BoundField]]:
        return [(line, self[f"points-{line.pk}"], self[f"evidence-{line.pk}"]) for line in self.lines]

    def given(self) -> dict[int, Given]:
        told = self.cleaned_data
        return {one.pk: Given(told.get(f"points-{one.pk}"), told[f"evidence-{one.pk}"]) for one in self.lines}


class EvaluatorForm(OfficeForm):
    evaluator = fields.text(later("评分人工号"), 32, required=True)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["evaluator"].widget.attrs["list"] = "people"


class AnalysisForm(OfficeForm):
    analysis = fields.text(
        later("分析"), 4000, required=True, lines=7, hint=later("哪里好、哪里差、为什么；自评与互评为何不同。")
    )
    measures = fields.text(
        later("措施"), 4000, required=True, lines=5, hint=later("做什么、由谁做；没有需要改进的也要写明。")
    )


class FindingForm(OfficeForm):
    """A finding of what the results show, with who puts it right."""

    title = fields.text(later("标题"), 100, required=True, hint=later("一句话：哪里不符合。"))
    grade = fields.choice(later("级别"), FindingGrade)
    description = fields.text(later("情况"), 2000, lines=3)
    owner = fields.text(later("责任人工号"), 32, required=True, hint=later("本单位在职人员。"))
    department = forms.ChoiceField(label=later("责任部门"), required=False, error_messages=NO_CHOICE)
    due_on = fields.date(later("期限"), required=True)

    def __init__(self, cycle: AssessmentCycle, data: Any = None) -> None:
        due = timezone.localdate() + ANALYSIS_AFTER
        super().__init__(data, initial={"grade": FindingGrade.MINOR.value, "due_on": due})
        named = [(str(one.department_id), one.name) for one in cycle.departments.order_by("pk")]
        self.fields["department"].choices = [("", "—"), *named]  # type: ignore[attr-defined]
        self.fields["owner"].widget.attrs["list"] = "people"

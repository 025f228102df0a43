"""The forms of findings: what each move asks."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as later

from lianjing.core.days import centre_day
from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan
from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import Clause, catalogue
from lianjing.domain.compliance.local_texts import kept_standards
from lianjing.domain.documents.queries import document_by_number
from lianjing.domain.findings.conditions import conditions_of
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.policy import keeps_what_it_revises
from lianjing.domain.findings.raising import Source
from lianjing.domain.people.subject_pages import department_choices
from lianjing.domain.plans.queries import plan_lines
from lianjing.terms.findings import Effect, FindingGrade, FindingSource
from lianjing.terms.sentences import marked as _
from lianjing.web.office import forms as fields
from lianjing.web.office.brought import scan_brought
from lianjing.web.office.forms import OfficeForm
from lianjing.web.words import label

NO_CHOICE = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}
FIRST_DUE = timedelta(days=14)
"""What a form offers; ours."""


class MoveForm(OfficeForm):
    """A form about one finding."""

    def __init__(self, finding: Finding, viewer: Viewer, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial=self.beginning(finding))
        self.finding = finding
        self.offer(finding, viewer)

    def beginning(self, finding: Finding) -> dict[str, Any]:
        """What stands in it at first."""
        return {}

    def offer(self, finding: Finding, viewer: Viewer) -> None:
        """Choices that depend on the finding."""


class NewForm(OfficeForm):
    """A finding by hand."""

    title = fields.text(later("标题"), 100, required=True, hint=later("一句话：哪里不符合。"))
    grade = fields.choice(later("级别"), FindingGrade)
    source_kind = forms.ChoiceField(label=later("来源"), error_messages=NO_CHOICE)
    source_words = fields.text(later("来源说明"), 200, hint=later("如：11 月质量检查第 3 项。"))
    clauses = forms.MultipleChoiceField(
        label=later("涉及的条款"),
        required=False,
        help_text=later("可选多条；不选：不涉及规范条款。"),
        error_messages={"invalid_choice": later("没有这个选项。")},
        widget=forms.CheckboxSelectMultiple,
    )
    description = fields.text(later("情况"), 2000, lines=4, hint=later("何时、何处、看到什么，与什么要求不一致。"))
    needs_retest = forms.BooleanField(label=later("整改后须复测（演练、检测再做一次）才能复核"), required=False)

    def __init__(self, clauses: Iterable[Clause], data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        own = [one for one in FindingSource if one is not FindingSource.CLAUSE]
        self.fields["source_kind"].choices = [  # type: ignore[attr-defined]
            (one.value, label(FindingSource, one.value)) for one in reversed(own)
        ]
        self.fields["clauses"].choices = [  # type: ignore[attr-defined]
            (one.number, f"{one.number} {one.title}") for one in clauses
        ]


class ConfirmForm(MoveForm):
    grade = fields.choice(later("级别"), FindingGrade, hint=later("级别只说有多重，与办到哪一步无关。"))
    note = fields.text(later("说明"), 1000, lines=3)

    def beginning(self, finding: Finding) -> dict[str, Any]:
        return {"grade": finding.grade}


class RegradeForm(MoveForm):
    grade = fields.choice(later("级别"), FindingGrade)
    reason = fields.reason()

    def beginning(self, finding: Finding) -> dict[str, Any]:
        return {"grade": finding.grade}


class AssignForm(MoveForm):
    owner = fields.text(later("责任人工号"), 32, required=True, hint=later("本单位在职人员。"))
    department = forms.ChoiceField(label=later("责任部门"), required=False, error_messages=NO_CHOICE)
    due_on = fields.date(later("期限"), required=True, hint=later("今天或以后。"))
    reason = fields.text(later("推迟的原因"), 200, hint=later("把期限推后时必须写明。"))

    def beginning(self, finding: Finding) -> dict[str, Any]:
        today = centre_day()
        owner = finding.owner.staff_no if finding.owner else ""
        return {
            "owner": owner,
            "department": finding.department_id or "",
            "due_on": finding.due_on or today + FIRST_DUE,
        }

    def offer(self, finding: Finding, viewer: Viewer) -> None:
        self.fields["owner"].widget.attrs["list"] = "people"
        named = [(str(pk), name) for pk, name in department_choices(viewer, finding.company_id)]
        self.fields["department"].choices = [("", "—"), *named]  # type: ignore[attr-defined]
        if finding.owner is None:
            del self.fields["reason"]


class PlanForm(MoveForm):
    cause = fields.text(later("根因"), 1000, required=True, lines=4, hint=later("为什么会这样，不只是看到了什么。"))
    measure = fields.text(later("措施"), 1000, required=True, lines=4, hint=later("做什么，使它不再发生。"))
    revises = forms.ChoiceField(
        label=later("须修订的预案"), required=False, error_messages=NO_CHOICE, help_text=later("没有就不选。")
    )
    revises_document = fields.text(later("须修订的文件（编号）"), 64, hint=later("受控文件的编号；与预案只填一个。"))
    needs_retest = forms.BooleanField(label=later("整改后须复测（演练、检测再做一次）才能复核"), required=False)

    def beginning(self, finding: Finding) -> dict[str, Any]:
        told = {name: getattr(finding, name) for name in ("cause", "measure", "needs_retest")}
        number = finding.revises_words.partition(" · ")[0] if finding.revises_kind == "document" else ""
        return told | {
            "revises": finding.revises_ref if finding.revises_kind == "plan" else "",
            "revises_document": number,
        }

    def offer(self, finding: Finding, viewer: Viewer) -> None:
        # What a review asked for is not waived by whoever puts it right.
        for name in ("needs_retest", "revises"):
            self.fields[name].disabled = keeps_what_it_revises(finding.source_kind, finding.needs_retest)
        named = [(str(one.plan.pk), one.plan.title) for one in plan_lines(viewer, finding.company_id)]
        self.fields["revises"].choices = [("", "—"), *named]  # type: ignore[attr-defined]
        self.viewer = viewer

    def revised(self) -> Source:
        """The plan that was chosen, or the document that was named; nothing when neither was. Raises Refused."""
        chosen, number = self.cleaned_data["revises"], self.cleaned_data["revises_document"].strip()
        if number and chosen:
            raise Refused("revises_document", _("预案和文件只填一个。"))
        if number:
            return _document(self.viewer, self.finding.company_id, number)
        if not chosen:
            return Source("", "", "")
        return Source("plan", chosen, dict(self.fields["revises"].choices)[chosen])  # type: ignore[attr-defined]


def _document(viewer: Viewer, company_id: int, number: str) -> Source:
    one = document_by_number(viewer, company_id, number)
    if one is None:
        raise Refused("revises_document", _("没有编号为 %(number)s 的文件。"), number=number)
    return Source("document", str(one.pk), f"{one.number} · {one.title}"[:200])


class NoteForm(MoveForm):
    note = fields.text(later("进展"), 1000, required=True, lines=4)


class FinishForm(MoveForm):
    proof = fields.text(
        later("完成的依据"), 1000, required=True, lines=4, hint=later("做了什么，从哪里看得出来；复核的人按它核对。")
    )
    scan = forms.FileField(
        label=later("照片或文件"), required=False, help_text=later("PDF、PNG 或 JPEG，不超过 10 MB；可不附。")
    )

    def kept(self) -> Scan | None:
        """What was brought, looked at. Raises Refused."""
        return scan_brought(self.cleaned_data["scan"])


class VerifyForm(MoveForm):
    note = fields.text(later("看到了什么"), 1000, required=True, lines=4, hint=later("怎样核对的，结果如何。"))
    retested_on = fields.date(later("复测日期"), required=True)
    check_on = fields.date(later("有效性检查日期"), hint=later("措施运行一段时间后再看是否有效；不填：不安排。"))

    def offer(self, finding: Finding, viewer: Viewer) -> None:
        on_file = any(one.tested_on for one in conditions_of(finding))
        if on_file or not finding.needs_retest:
            del self.fields["retested_on"]


class ReasonForm(MoveForm):
    reason = fields.reason()


class CloseForm(MoveForm):
    note = fields.text(later("说明"), 1000, lines=2)


class ReopenForm(MoveForm):
    reason = fields.reason()
    due_on = fields.date(later("新的期限"), required=True)

    def offer(self, finding: Finding, viewer: Viewer) -> None:
        if finding.state != "closed":
            del self.fields["due_on"]


class EffectForm(MoveForm):
    effect = fields.choice(later("措施是否有效"), Effect)
    note = fields.text(later("怎样看出来的"), 1000, required=True, lines=3)
    due_on = fields.date(later("新的期限"), hint=later("无效时须填：重新整改。"))


def clause_options(viewer: Viewer) -> list[tuple[str, str]]:
    """The clauses by which a list is narrowed, those of local texts behind the specification's."""
    local = [(one.text.key(clause), clause.kind) for one in kept_standards(viewer) for clause in one.text.clauses]
    judged = [number for number, kind in local if kind.is_judged]
    return [(number, number) for number in (*(one.number for one in catalogue().judged), *judged)]

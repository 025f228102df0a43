"""The forms of controlled documents: what each act asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as later

from lianjing.core.days import centre_day
from lianjing.core.papers import Paper, paper_of
from lianjing.core.scans import LARGEST
from lianjing.core.viewer import Viewer
from lianjing.domain.documents.actions import NewDocument, Wording
from lianjing.domain.documents.models import Document, Edition
from lianjing.domain.documents.policy import READ_WITHIN
from lianjing.domain.documents.queries import planned_last_day
from lianjing.domain.people.subject_pages import department_choices, post_choices
from lianjing.terms.documents import DocumentKind, StandardState
from lianjing.terms.verdicts import Confidence
from lianjing.web.office import forms as fields
from lianjing.web.office.forms import NOT_FILLED, OfficeForm

NO_CHOICE = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}
NUMBER = {"required": later("请填写。"), "invalid": later("请填整数。")}
ACCEPT = ".pdf,.docx"
WORDING = ("label", "text", "summary", "change_note", "kept_where", "kept_months", "kept_basis")


def whole(label: Any, *, required: bool = True, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, help_text=hint, error_messages=NUMBER)


class WordingForm(OfficeForm):
    """What an edition says; a file keeps its place until another one is chosen."""

    label = fields.text(later("版本号"), 32, required=True, hint=later("如：第2版、2026-1。"))
    text = fields.text(
        later("正文（Markdown）"), 200_000, lines=18, hint=later("或附文件；两样都有时，以批准的全部为准。")
    )
    file = forms.FileField(
        label=later("附件"),
        required=False,
        allow_empty_file=True,
        error_messages={**NOT_FILLED, "missing": later("没有收到文件。")},
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=later("PDF 或不含宏的 Word（.docx），不超过 10 MB。PDF 的文字不能检索，请写摘要。"),
    )
    summary = fields.text(later("摘要"), 2000, lines=3, hint=later("用于检索。"))
    change_note = fields.text(
        later("修订说明"), 1000, lines=2, hint=later("为什么改、改了什么；由整改引起的写上整改编号。")
    )
    kept_where = fields.text(later("存放处"), 200, hint=later("原件或记录放在哪里。"))
    kept_months = whole(later("记录保存月数"), required=False, hint=later("只用于记录：每一份保存多久。"))
    kept_basis = fields.text(later("保存依据"), 200, hint=later("如：国务院令第564号第二十五条。"))

    def wording(self) -> Wording:
        return Wording(**{name: self.cleaned_data[name] for name in WORDING})

    def paper(self) -> Paper | None:
        """What was brought, looked at. Raises Refused. Never more in memory than is allowed."""
        file = self.cleaned_data["file"]
        return paper_of(file.read(LARGEST + 1), file.name) if file else None


class NewDocumentForm(WordingForm):
    """A document with its first edition."""

    kind = fields.choice(later("类别"), DocumentKind)
    number = fields.text(
        later("编号"), 64, required=True, hint=later("外来文件写标准号和年份，如 GB 50348-2018；登记后不改。")
    )
    title = fields.text(later("名称"), 200, required=True)
    owner = fields.text(later("责任人工号"), 32, required=True, hint=later("本单位在职人员；记录由他保管。"))
    department = forms.ChoiceField(label=later("责任部门"), required=False, error_messages=NO_CHOICE)
    cycle_months = whole(later("复审周期（月）"), hint=later("1 至 60。"))
    field_order = ("kind", "number", "title", "owner", "department", "cycle_months", *WORDING[:2], "file", *WORDING[2:])

    def __init__(self, company_id: int, viewer: Viewer, data: Any = None, files: Any = None, **more: Any) -> None:
        super().__init__(data, files, **more)
        offer_departments(self, viewer, company_id)
        self.fields["owner"].widget.attrs["list"] = "people"

    def new(self) -> NewDocument:
        told = self.cleaned_data
        department = int(told["department"]) if told["department"] else None
        return NewDocument(told["kind"], told["number"], told["title"], told["owner"], department, told["cycle_months"])


def offer_departments(form: forms.Form, viewer: Viewer, company_id: int) -> None:
    named = [(str(pk), name) for pk, name in department_choices(viewer, company_id)]
    form.fields["department"].choices = [("", "—"), *named]  # type: ignore[attr-defined]


def wording_of(edition: Edition) -> dict[str, Any]:
    """What stands in a form about an edition at first."""
    return {name: getattr(edition, name) for name in WORDING}


class DocumentForm(OfficeForm):
    """A form about one document."""

    def __init__(self, document: Document, viewer: Viewer, data: Any = None) -> None:
        super().__init__(data, initial=self.beginning(document))
        self.offer(document, viewer)

    def beginning(self, document: Document) -> dict[str, Any]:
        return {}

    def offer(self, document: Document, viewer: Viewer) -> None:
        """Choices that depend on the document."""


class AskNothing(DocumentForm):
    """Only the word."""


class NoteForm(DocumentForm):
    note = fields.text(later("审查意见"), 500, required=True, lines=3, hint=later("看了什么，是否适用、充分。"))


class ReasonForm(DocumentForm):
    reason = fields.reason()


class IssueForm(DocumentForm):
    effective_on = fields.date(
        later("施行日期"), required=True, hint=later("上一版到前一天为止；任何一天只有一个现行版本。")
    )
    review_by = fields.date(later("首次复审期限"), hint=later("不填：按复审周期。"))

    def beginning(self, document: Document) -> dict[str, Any]:
        return {"effective_on": centre_day()}


class WithdrawForm(DocumentForm):
    last_day = fields.date(later("施行到（含）"), required=True)
    reason = fields.reason()

    def beginning(self, document: Document) -> dict[str, Any]:
        return {"last_day": centre_day()}


class EndForm(WithdrawForm):
    """Begins with the day that was planned."""

    def offer(self, document: Document, viewer: Viewer) -> None:
        self.initial["last_day"] = planned_last_day(viewer, document.pk, centre_day())


class OwnerForm(DocumentForm):
    owner = fields.text(later("责任人工号"), 32, required=True, hint=later("本单位在职人员。"))
    department = forms.ChoiceField(label=later("责任部门"), required=False, error_messages=NO_CHOICE)
    since = fields.date(later("自"), required=True)

    def beginning(self, document: Document) -> dict[str, Any]:
        return {"owner": document.owner.staff_no, "department": document.department_id or "", "since": centre_day()}

    def offer(self, document: Document, viewer: Viewer) -> None:
        offer_departments(self, viewer, document.company_id)
        self.fields["owner"].widget.attrs["list"] = "people"


class ReviewForm(DocumentForm):
    reviewed_on = fields.date(later("复审日期"), required=True)
    next_on = fields.date(later("下次复审"), hint=later("不填：按复审周期。"))
    note = fields.text(later("复审意见"), 500, required=True, lines=3, hint=later("仍适用的理由；不适用的请另起一版。"))

    def beginning(self, document: Document) -> dict[str, Any]:
        return {"reviewed_on": centre_day()}


class StatusForm(DocumentForm):
    state = fields.choice(later("现行状态"), StandardState)
    since = fields.date(later("自"), hint=later("被代替或废止的日期；现行的可不填。"))
    successor = fields.text(later("替代文件"), 64, hint=later("被代替的须写明，如 GB/T 20988-2025。"))
    origin = fields.text(later("从哪里查到"), 200, required=True, hint=later("网站、公告或原件，写明日期。"))
    confidence = fields.choice(later("可信程度"), Confidence)


class DistributeForm(DocumentForm):
    staff_no = fields.text(
        later("个人：工号"), 32, hint=later("填工号，或在下面选岗位、部门，也可以都填；都不填：全体在职人员。")
    )
    post = forms.ChoiceField(label=later("岗位"), required=False, error_messages=NO_CHOICE)
    department = forms.ChoiceField(label=later("部门"), required=False, error_messages=NO_CHOICE)
    days = whole(later("施行后几天内读完"))

    def beginning(self, document: Document) -> dict[str, Any]:
        return {"days": READ_WITHIN}

    def offer(self, document: Document, viewer: Viewer) -> None:
        offer_departments(self, viewer, document.company_id)
        named = [(str(pk), name) for pk, name in post_choices(viewer, document.company_id)]
        self.fields["post"].choices = [("", "—"), *named]  # type: ignore[attr-defined]
        self.fields["staff_no"].widget.attrs["list"] = "people"


class PeriodForm(OfficeForm):
    """How long editions of a kind are kept."""

    kind = fields.choice(later("类别"), DocumentKind)
    months = whole(later("版本停止施行后保存月数"))
    basis = fields.text(later("依据"), 200, required=True, hint=later("法规、标准的条款，或单位的规定。"))

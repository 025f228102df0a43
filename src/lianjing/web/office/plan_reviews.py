"""Entering, correcting and taking back reviews of plans, and the file of one."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.scans import Scan
from lianjing.domain.plans.basis import as_read, basis_list
from lianjing.domain.plans.models import PlanReview, PlanVersion
from lianjing.domain.plans.permissions import REVIEW
from lianjing.domain.plans.plan_reviewing import correct_review, record_review, retract_review
from lianjing.domain.plans.queries import SEE, version_by_id
from lianjing.domain.plans.review_list import review_by_id, review_file
from lianjing.domain.plans.review_policy import NewReview
from lianjing.terms.plans import FollowUp, ReviewConclusion, ReviewKind
from lianjing.terms.verdicts import Confidence
from lianjing.web.acting import found, submitted, who
from lianjing.web.file_sending import kept_file
from lianjing.web.office import forms as fields
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.brought import scan_brought
from lianjing.web.office.evidence_form import ACCEPT
from lianjing.web.office.forms import NOT_FILLED, OfficeForm, ReasonForm
from lianjing.web.words import label

TAB = "plans"
ERRORS = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}


class ReviewForm(OfficeForm):
    """A review of one kind; when it is corrected, why."""

    conclusion = forms.ChoiceField(label=later("结论"), error_messages=ERRORS)
    reviewed_on = fields.date(later("评审日期"), required=True)
    valid_until = fields.date(later("有效至"), hint=later("最后一天，当天仍算数；不填：一年。"))
    bases = forms.MultipleChoiceField(
        label=later("依据"), required=False, widget=forms.CheckboxSelectMultiple, error_messages=ERRORS
    )
    more_bases = fields.text(later("其他依据"), 2000, lines=2, hint=later("每行一项，如地方法规、合同约定。"))
    reviewers = fields.text(later("参加评审的人"), 200, hint=later("如法律顾问；登记人自己不用写。"))
    note = fields.text(later("意见"), 1000, lines=4, hint=later("不符合或需要修订时写明哪里须改。"))
    follow_up = fields.choice(later("需要修订时"), FollowUp, empty=later("以后再说"))
    scan = forms.FileField(
        label=later("评审记录"),
        required=False,
        allow_empty_file=True,
        help_text=later("PDF、PNG 或 JPEG，不超过 10 MB；Word 请先另存为 PDF。"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages=NOT_FILLED,
    )

    def __init__(self, kind: ReviewKind, *told: Any, is_correction: bool = False, **more: Any) -> None:
        super().__init__(*told, **more)
        self.kind = kind
        mine = [(one.value, label(ReviewConclusion, one.value)) for one in ReviewConclusion if one.kind is kind]
        self.fields["conclusion"].choices = [("", _("请选择")), *mine]  # type: ignore[attr-defined]
        self.fields["bases"].choices = _bases()  # type: ignore[attr-defined]
        left_out = ("bases", "more_bases") if kind is ReviewKind.YEARLY else ("follow_up",)
        for name in (*left_out, *(("follow_up",) if is_correction and kind is ReviewKind.YEARLY else ())):
            del self.fields[name]
        if is_correction:
            self.fields["reason"] = fields.why_corrected()

    def new(self) -> NewReview:
        told = self.cleaned_data
        same = {name: told[name] for name in ("conclusion", "reviewed_on", "valid_until", "reviewers", "note")}
        more = {name: told.get(name, "") for name in ("more_bases", "follow_up")}
        return NewReview(self.kind.value, **same, **more, bases=tuple(told.get("bases", ())))

    def file(self) -> Scan | None:
        """Raises Refused."""
        return scan_brought(self.cleaned_data.get("scan"))


def _bases() -> list[tuple[str, str]]:
    """Each with how well we know what it says."""
    return [(one.key, f"{one.words}{_doubt(one.confidence)}") for one in basis_list()]


def _doubt(confidence: str) -> str:
    return f"（{label(Confidence, confidence)}）" if confidence and confidence != Confidence.READ.value else ""


def _initial(row: PlanReview) -> dict[str, Any]:
    named = as_read(row.bases)
    told = {name: getattr(row, name) for name in ("conclusion", "reviewers", "note", "valid_until")}
    told |= {"reviewed_on": row.valid_from, "bases": [one.key for one in named if one.key]}
    return told | {"more_bases": "\n".join(one.name for one in named if not one.key)}


def _title(version: PlanVersion, kind: ReviewKind) -> str:
    figures = {"kind": label(ReviewKind, kind.value), "plan": version.plan.title, "number": version.number}
    return _("%(kind)s：%(plan)s 第 %(number)d 版") % figures


def _href(version: PlanVersion) -> str:
    return f"{reverse('office:plan', args=[version.plan_id])}?version={version.number}#reviews"


LEADS = {
    ReviewKind.LEGAL: later("由没有写过这一版的人评审是否符合法律、法规和规章，是否适合本单位的服务。有效期最长一年。"),
    ReviewKind.YEARLY: later("每年至少看一次：组织、人员、法规、客户变了没有，演练和警情说明了什么，预案要不要改。"),
}


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def add_legal(request: HttpRequest, version_id: int) -> HttpResponse:
    return _add(request, version_id, ReviewKind.LEGAL)


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def add_yearly(request: HttpRequest, version_id: int) -> HttpResponse:
    return _add(request, version_id, ReviewKind.YEARLY)


def _add(request: HttpRequest, version_id: int, kind: ReviewKind) -> HttpResponse:
    version = found(version_by_id(viewer_of(request), version_id))
    initial = {"reviewed_on": timezone.localdate()}
    form = ReviewForm(kind, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and submitted(
        form, lambda _values: record_review(version_id, form.new(), form.file(), **who(request))
    ):
        return done(request, _href(version), _("评审已登记。"))
    return show_form(request, _page(version, kind, _title(version, kind), _("登记")), form)


def _page(version: PlanVersion, kind: ReviewKind, title: str, send: str) -> FormPage:
    return FormPage(TAB, title, send, _href(version), str(LEADS[kind]))


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, plan_review_id: int) -> HttpResponse:
    row = _standing(request, plan_review_id)
    kind = ReviewKind(row.kind)
    form = ReviewForm(kind, request.POST or None, request.FILES or None, initial=_initial(row), is_correction=True)

    def act(values: dict[str, Any]) -> None:
        correct_review(plan_review_id, form.new(), values["reason"], form.file(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(row.version), _("已更正，原来的记录留存。"))
    title = _("更正：%(name)s") % {"name": _title(row.version, kind)}
    return show_form(request, _page(row.version, kind, title, _("更正")), form)


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, plan_review_id: int) -> HttpResponse:
    row, form = _standing(request, plan_review_id), ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: retract_review(plan_review_id, values["reason"], **who(request))
    ):
        return done(request, _href(row.version), _("已收回，记录留存。"))
    title = _("收回：%(name)s") % {"name": _title(row.version, ReviewKind(row.kind))}
    lead = _("登记错了才收回：它在任何一天都不再算数，但仍留存。")
    return show_form(request, FormPage(TAB, title, _("收回"), _href(row.version), lead), form)


def _standing(request: HttpRequest, plan_review_id: int) -> PlanReview:
    row = found(review_by_id(viewer_of(request), plan_review_id))
    return row if row.retracted_at is None else found(None)


@needs(SEE)
@require_safe
def file(request: HttpRequest, plan_review_id: int) -> HttpResponse:
    """The file itself, never shown inside our pages. One that is not what was kept says so in its name."""
    viewer = viewer_of(request)
    row = found(review_by_id(viewer, plan_review_id))
    return kept_file(review_file(viewer, plan_review_id), f"{row.plan.title}-{row.valid_from}")

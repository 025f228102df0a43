"""What is done to a finding: a form each, and back to its page. Which are offered follows from the transition table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.findings import actions
from lianjing.domain.findings.actions import Assignment, Measure, Verification
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.permissions import may_move, standing_of
from lianjing.domain.findings.policy import MOVES, NEXT_MOVES, SEE, Refusal, refusal
from lianjing.domain.findings.queries import finding_by_id, owner_offers
from lianjing.web.acting import found, submitted, who
from lianjing.web.office import finding_forms as forms
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.finding_forms import MoveForm

TAB = "findings"


def _confirm(pk: int, form: Any, actor: dict[str, Any]) -> Finding:
    told = form.cleaned_data
    return actions.confirm_finding(pk, told["grade"], told["note"], **actor)


def _regrade(pk: int, form: Any, actor: dict[str, Any]) -> Finding:
    told = form.cleaned_data
    return actions.regrade_finding(pk, told["grade"], told["reason"], **actor)


def _assign(pk: int, form: Any, actor: dict[str, Any]) -> Finding:
    told = form.cleaned_data
    department = int(told["department"]) if told["department"] else None
    to = Assignment(told["owner"], told["due_on"], department, told.get("reason", ""))
    return actions.assign_finding(pk, to, **actor)


def _plan(pk: int, form: Any, actor: dict[str, Any]) -> Finding:
    told = form.cleaned_data
    measure = Measure(told["cause"], told["measure"], form.revised(), told["needs_retest"])
    return actions.plan_measure(pk, measure, **actor)


def _finish(pk: int, form: Any, actor: dict[str, Any]) -> Finding:
    return actions.finish_finding(pk, form.cleaned_data["proof"], form.kept(), **actor)


def _verify(pk: int, form: Any, actor: dict[str, Any]) -> Finding:
    told = form.cleaned_data
    return actions.verify_finding(pk, Verification(told["note"], told.get("retested_on"), told["check_on"]), **actor)


def _reopen(pk: int, form: Any, actor: dict[str, Any]) -> Finding:
    return actions.reopen_finding(pk, form.cleaned_data["reason"], form.cleaned_data.get("due_on"), **actor)


def _effect(pk: int, form: Any, actor: dict[str, Any]) -> Finding:
    told = form.cleaned_data
    return actions.judge_effect(pk, told["effect"], told["note"], told["due_on"], **actor)


@dataclass(frozen=True, slots=True)
class Asked:
    """One move on the screen: its key, its words, what it asks, and what it says when it is done."""

    key: str
    words: Promise
    form: type[MoveForm]
    act: Callable[[int, Any, dict[str, Any]], Finding]
    said: Promise
    lead: Promise | str = ""
    row: str = ""
    """The row of the transition table, where it is called otherwise."""


ASKED: dict[str, Asked] = {
    "confirm": Asked("C", later("确认属实"), forms.ConfirmForm, _confirm, later("已确认，等派责任人。")),
    "assign": Asked("A", later("派责任人"), forms.AssignForm, _assign, later("责任人和期限已定。")),
    "plan": Asked("M", later("写根因和措施"), forms.PlanForm, _plan, later("根因和措施已写明。")),
    "finish": Asked(
        "F",
        later("报告完成"),
        forms.FinishForm,
        _finish,
        later("已报告完成，等他人复核。"),
        later("由责任人和报告人以外的人复核。"),
    ),
    "verify": Asked(
        "V",
        later("复核"),
        forms.VerifyForm,
        _verify,
        later("已复核。"),
        later("只有亲自核对过才复核；没有做到的请退回。"),
    ),
    "close": Asked(
        "K",
        later("关闭"),
        forms.CloseForm,
        lambda pk, form, actor: actions.close_finding(pk, form.cleaned_data["note"], **actor),
        later("已关闭。"),
    ),
    "effect": Asked(
        "E",
        later("检查有效性"),
        forms.EffectForm,
        _effect,
        later("检查结果已记下。"),
        later("措施运行一段时间后：同样的情况是否还在发生？无效的重新整改。"),
        "effective",
    ),
    "note": Asked(
        "N",
        later("记进展"),
        forms.NoteForm,
        lambda pk, form, actor: actions.note_on_finding(pk, form.cleaned_data["note"], **actor),
        later("进展已记下。"),
    ),
    "regrade": Asked("G", later("改级别"), forms.RegradeForm, _regrade, later("级别已改。")),
    "return": Asked(
        "B",
        later("退回重做"),
        forms.ReasonForm,
        lambda pk, form, actor: actions.return_finding(pk, form.cleaned_data["reason"], **actor),
        later("已退回责任人。"),
    ),
    "dismiss": Asked(
        "X",
        later("作废"),
        forms.ReasonForm,
        lambda pk, form, actor: actions.dismiss_finding(pk, form.cleaned_data["reason"], **actor),
        later("已作废，记录留存。"),
        later("不属实、重复登记或不再适用时作废。作废不等于整改：来源再变坏时会另提一件。"),
    ),
    "reopen": Asked("O", later("重新打开"), forms.ReopenForm, _reopen, later("已重新打开。")),
}
"""In the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that this person may make now. `is_next`: the one that the state waits for."""

    name: str
    key: str
    words: str
    href: str
    is_next: bool


def offers(viewer: Viewer, finding: Finding) -> list[Offer]:
    """What this person may do to it now, the next step first."""
    standing, told = standing_of(viewer, finding), []
    for name, asked in ASKED.items():
        row = asked.row or name
        if may_move(viewer, row, finding) and refusal(row, standing) is None:
            href = reverse(f"office:finding_{name}", args=[finding.pk])
            told.append(Offer(name, asked.key, _words(name, finding), href, NEXT_MOVES.get(finding.state) == row))
    return sorted(told, key=lambda one: not one.is_next)


def next_refusal(viewer: Viewer, finding: Finding) -> Refusal | None:
    """Why the step that the state waits for is not this person's, where the table says so."""
    row = NEXT_MOVES.get(finding.state, "")
    return refusal(row, standing_of(viewer, finding)) if row and may_move(viewer, row, finding) else None


def _words(name: str, finding: Finding) -> str:
    if name == "assign" and finding.owner is not None:
        return _("改责任人或期限")
    if name == "plan" and finding.measure:
        return _("改根因和措施")
    return str(ASKED[name].words)


def _view(name: str) -> Callable[..., HttpResponse]:
    asked, move = ASKED[name], MOVES[ASKED[name].row or name]

    @needs(SEE if move.by_owner else move.permission)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, finding_id: int) -> HttpResponse:
        viewer, today = viewer_of(request), timezone.localdate()
        finding = found(finding_by_id(viewer, finding_id, today)).finding
        href = reverse("office:finding", args=[finding_id])
        if not may_move(viewer, asked.row or name, finding):
            raise PermissionDenied
        why_not = refusal(asked.row or name, standing_of(viewer, finding))
        if why_not is not None and request.method != "POST":
            return refused(request, href, Refused("", why_not.sentence, **why_not.figures))
        sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = asked.form(finding, viewer, *sent)
        if request.method == "POST" and submitted(form, lambda _told: asked.act(finding_id, form, who(request))):
            return done(request, href, str(asked.said))
        words = _words(name, finding)
        page = FormPage(TAB, f"{words}：{finding.number}", words, href, str(asked.lead), "office/findings/form.html")
        people = owner_offers(viewer, finding.company_id, today) if name == "assign" else []
        return show_form(request, page, form, {"finding": finding, "people": people})

    return view


VIEWS = {name: _view(name) for name in ASKED}
"""By move, for the addresses."""

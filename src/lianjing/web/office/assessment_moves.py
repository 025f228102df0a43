"""What is done to assessments and their sheets: a form or a button each, and back to the page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.assessments.criteria import add_criteria
from lianjing.domain.assessments.cycles import (
    analyse_cycle,
    cancel_cycle,
    close_cycle,
    draft_cycle,
    open_cycle,
    raise_from_cycle,
    score_cycle,
)
from lianjing.domain.assessments.models import AssessmentCycle, CriteriaSet
from lianjing.domain.assessments.permissions import is_evaluator
from lianjing.domain.assessments.policy import EDIT, SCORE
from lianjing.domain.assessments.queries import (
    criteria_sets,
    cycle_by_id,
    evaluator_offers,
    responsible_offers,
    sheet_by_id,
)
from lianjing.domain.assessments.sheet_lines import asked_of, figures_of
from lianjing.domain.assessments.sheets import keep_sheet, return_sheet, set_evaluator, submit_sheet
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.findings.actions import Assignment
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.queries import owner_offers
from lianjing.domain.findings.raising import NewFinding
from lianjing.terms.assessments import CycleState, SheetKind
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.assessment_forms import (
    AnalysisForm,
    CriteriaForm,
    CycleForm,
    EvaluatorForm,
    FindingForm,
    SheetForm,
)
from lianjing.web.office.assessment_words import plain, scoring_words
from lianjing.web.office.assessments import TAB
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import one_of
from lianjing.web.pages import show
from lianjing.web.paging import asked_id
from lianjing.web.words import label


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def criteria_add(request: HttpRequest, company_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    company = one_of(companies_with(viewer, EDIT), company_id)
    wanted = asked_id(request, "from")
    earlier = next((one for one in criteria_sets(viewer, company.pk) if one.pk == wanted), None)
    form = CriteriaForm(request.POST if request.method == "POST" else None, earlier)
    made: list[CriteriaSet] = []

    def act(told: dict[str, Any]) -> None:
        made.append(add_criteria(company.pk, told["name"], form.lines(), **who(request)))

    if request.method == "POST" and submitted(form, act):
        said = _("%(name)s 第 %(version)d 版已制定。") % {"name": made[0].name, "version": made[0].version}
        return done(request, _list(company.pk), said)
    title = _("考核指标：%(name)s") % {"name": company.name}
    lead = _("权重合计 100%。按运行数据评分的，满分值和零分值之间按比例给分；没有数据的由考核负责人评分并写明依据。")
    page = FormPage(TAB, title, _("制定"), _list(company.pk), lead, "office/assessments/criteria.html")
    return show_form(request, page, form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, company_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    company = one_of(companies_with(viewer, EDIT), company_id)
    if not criteria_sets(viewer, company.pk):
        return refused(request, _list(company.pk), Refused("", _("还没有考核指标，请先制定。")))
    form = CycleForm(viewer, company.pk, request.POST or None)
    made: list[AssessmentCycle] = []

    def act(_told: dict[str, Any]) -> None:
        made.append(draft_cycle(company.pk, form.cycle(), **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, _page(made[0].pk), _("考核已拟，核对后开始评分。"))
    title = _("新的考核：%(name)s") % {"name": company.name}
    page = FormPage(TAB, title, _("拟定"), _list(company.pk), "", "office/assessments/form.html")
    return show_form(request, page, form, {"people": responsible_offers(viewer, company.pk)})


def _button(act: Callable[..., AssessmentCycle], said: Callable[[], str]) -> Callable[..., HttpResponse]:
    """A move without a form."""

    @needs(EDIT)
    @require_POST
    def view(request: HttpRequest, cycle_id: int) -> HttpResponse:
        try:
            with doors():
                act(cycle_id, **who(request))
        except Refused as why_not:
            return refused(request, _page(cycle_id), why_not)
        return done(request, _page(cycle_id), said())

    return view


start = _button(open_cycle, lambda: _("已开始评分，评分表已分给各部门。"))
score = _button(score_cycle, lambda: _("得分和运行数据已确定。"))
close = _button(close_cycle, lambda: _("考核已关闭。"))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def analyse(request: HttpRequest, cycle_id: int) -> HttpResponse:
    cycle = found(cycle_by_id(viewer_of(request), cycle_id))
    form = AnalysisForm(request.POST or None)

    def act(told: dict[str, Any]) -> None:
        analyse_cycle(cycle_id, told["analysis"], told["measures"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _page(cycle_id), _("分析和措施已写明。"))
    title = _("分析和措施：%(name)s") % {"name": cycle.name}
    return show_form(request, FormPage(TAB, title, _("写定"), _page(cycle_id), _("写定以后不改。")), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, cycle_id: int) -> HttpResponse:
    cycle = found(cycle_by_id(viewer_of(request), cycle_id))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda told: cancel_cycle(cycle_id, told["reason"], **who(request))
    ):
        return done(request, _page(cycle_id), _("考核已作废，记录留存。"))
    title = _("作废考核：%(name)s") % {"name": cycle.name}
    return show_form(request, FormPage(TAB, title, _("作废"), _page(cycle_id)), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, cycle_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    cycle = found(cycle_by_id(viewer, cycle_id))
    form = FindingForm(cycle, request.POST or None)
    made: list[Finding] = []

    def act(told: dict[str, Any]) -> None:
        new = NewFinding(told["title"], told["grade"], told["description"])
        to = Assignment(told["owner"], told["due_on"], int(told["department"]) if told["department"] else None)
        made.append(raise_from_cycle(cycle_id, new, to, **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, _page(cycle_id), _("整改 %(number)s 已提出并派责任人。") % {"number": made[0].number})
    title = _("由考核提出整改：%(name)s") % {"name": cycle.name}
    page = FormPage(TAB, title, _("提出"), _page(cycle_id), "", "office/assessments/form.html")
    people = owner_offers(viewer, cycle.company_id, timezone.localdate())
    return show_form(request, page, form, {"people": people})


@needs(SCORE)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """A sheet to read, or for its evaluator to fill in: kept as often as he likes, handed in once."""
    viewer, now = viewer_of(request), timezone.now()
    one = found(sheet_by_id(viewer, sheet_id))
    lines = asked_of(viewer, one, now)
    form = SheetForm(one, lines, request.POST or None)
    is_last = "submit" in request.POST
    keep = submit_sheet if is_last else keep_sheet
    if request.method == "POST" and submitted(form, lambda _told: keep(sheet_id, form.given(), **who(request))):
        back = _page(one.cycle_id) if is_last else request.path
        return done(request, back, _("评分表已提交。") if is_last else _("已保存，尚未提交。"))
    may_fill = is_evaluator(viewer, one) and one.submitted_at is None and one.returned_at is None
    context = surroundings(request, TAB) | {"sheet": one, "cycle": one.cycle, "form": form}
    context |= {"may_fill": may_fill and one.cycle.state == CycleState.OPEN, "kind": label(SheetKind, one.kind)}
    context |= {"rows": [(line, scoring_words(line), *cells) for line, *cells in form.rows()]}
    context |= {"figures": _figures(viewer, one, now) if one.cycle.state == CycleState.OPEN else []}
    status = 422 if request.method == "POST" else 200
    return show(request, "office/assessments/sheet.html", context, status=status)


def _figures(viewer: Any, one: Any, now: Any) -> list[tuple[str, str, int]]:
    """What the assessor need not score: its value now."""
    lines = {line.pk: line for line in one.cycle.criteria.lines.all()}
    told = figures_of(viewer, one, now).items()
    return [
        (scoring_words(lines[pk]), plain(figure.value), figure.count) for pk, figure in told if figure.value is not None
    ]


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def evaluator(request: HttpRequest, sheet_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    one = found(sheet_by_id(viewer, sheet_id))
    form = EvaluatorForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda told: set_evaluator(sheet_id, told["evaluator"], **who(request))
    ):
        return done(request, _page(one.cycle_id), _("评分人已指定。"))
    told = {"department": str(one.department), "kind": label(SheetKind, one.kind), "by": str(one.by_department)}
    title = _("%(department)s的%(kind)s：由%(by)s的人评分") % told
    page = FormPage(TAB, title, _("指定"), _page(one.cycle_id), "", "office/assessments/form.html")
    return show_form(request, page, form, {"people": evaluator_offers(viewer, one, timezone.localdate())})


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, sheet_id: int) -> HttpResponse:
    one = found(sheet_by_id(viewer_of(request), sheet_id))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda told: return_sheet(sheet_id, told["reason"], **who(request))
    ):
        return done(request, _page(one.cycle_id), _("评分表已退回，原表留存。"))
    told = {"department": str(one.department), "kind": label(SheetKind, one.kind)}
    title = _("退回%(department)s的%(kind)s评分表") % told
    return show_form(request, FormPage(TAB, title, _("退回"), _page(one.cycle_id)), form)


def _list(company_id: int) -> str:
    return f"{reverse('office:assessments')}?company={company_id}"


def _page(cycle_id: int) -> str:
    return reverse("office:assessment", args=[cycle_id])

"""One drill: what it is to be, how it went, what came of it; and the forms by which it gets there."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.drills import actions, running
from lianjing.domain.drills.drill_page import DrillPage, drill_page
from lianjing.domain.drills.models import Drill
from lianjing.domain.drills.permissions import may_move, why_not
from lianjing.domain.drills.policy import EDIT, SEE
from lianjing.domain.drills.queries import PersonOffered, drill_by_id, kept_attachment, people_offered
from lianjing.terms.drills import DrillKind, DrillState, DrivenBy
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.file_sending import kept_file
from lianjing.web.office import drill_forms as forms
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.drill_words import (
    conclusion_words,
    day_words,
    kind_words,
    late_words,
    role_words,
    state_words,
)
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.words import label

TAB = "drills"
TABS = ("prepare", "run", "review")
FIRST_TABS = {
    DrillState.PLANNED: "prepare",
    DrillState.PREPARED: "prepare",
    DrillState.UNDER_WAY: "run",
    DrillState.HELD: "review",
    DrillState.REVIEWED: "review",
    DrillState.ARCHIVED: "review",
    DrillState.CANCELLED: "prepare",
}


def page_of(request: HttpRequest, drill_id: int) -> DrillPage:
    return found(drill_page(viewer_of(request), drill_id))


def href_of(drill_id: int, tab: str = "") -> str:
    return reverse("office:drill", args=[drill_id]) + (f"?tab={tab}" if tab else "")


@needs(SEE)
@require_safe
def drill(request: HttpRequest, drill_id: int) -> HttpResponse:
    viewer, page = viewer_of(request), page_of(request, drill_id)
    one, asked = page.drill, request.GET.get("tab", "")
    tab = asked if asked in TABS else FIRST_TABS[DrillState(one.state)]
    context = surroundings(request, TAB) | {
        "page": page,
        "drill": one,
        "kind": kind_words(one.kind),
        "driven": label(DrivenBy, one.driven_by),
        "state": state_words(one),
        "tabs": [(name, words) for name, words in zip(TABS, (_("准备"), _("进行"), _("评估与复盘")), strict=True)],
        "shown_tab": tab,
        "waits_for": waits_for(page),
        "late": late_words(one),
        "when": day_words(one),
        "moves": {name: may_move(viewer, name, one) for name in MOVE_NAMES},
        "roles": [(role_words(part.role), part) for part in page.participants],
        "groups": _groups(page),
        "conclusion": conclusion_words(page.review.conclusion) if page.review else "",
        "is_on_site": DrillKind(one.kind).is_on_site,
        "history": history(viewer, [("drill", one.pk)], SEE, limit=60),
    }
    return show(request, "office/drills/drill.html", context)


MOVE_NAMES = (
    *("edit", "prepare", "unprepare", "begin", "observe", "end", "hold", "evaluate", "review", "attach"),
    *("archive", "cancel", "retract"),
)


def waits_for(page: DrillPage) -> str:
    """What the drill waits for, in one sentence: the loud one of the page."""
    one = page.drill
    return {
        DrillState.PLANNED: _("等准备：情景、脚本、人员和预案齐了才能准备完毕。"),
        DrillState.PREPARED: _prepared(one),
        DrillState.UNDER_WAY: _("正在进行。"),
        DrillState.HELD: _after_held(page),
        DrillState.REVIEWED: _("已复盘，等归档。"),
        DrillState.ARCHIVED: _("已归档，内容不再变。"),
        DrillState.CANCELLED: _gone(one),
    }[DrillState(one.state)]


def _prepared(one: Drill) -> str:
    if one.from_paper:
        return _("情景、人员和预案已齐，等按纸质记录补记起止时间。")
    return _("已准备完毕，%(day)s 演练；到时开始。") % {"day": one.planned_on}


def _gone(one: Drill) -> str:
    told = {"reason": one.cancelled_for, "name": one.cancelled_by}
    return (_("已举行的记录被%(name)s收回：%(reason)s") if one.held_at else _("已取消：%(reason)s")) % told


def _after_held(page: DrillPage) -> str:
    left = len(page.scale.without(page.scores))
    if left and DrillKind(page.drill.kind).counts:
        return _("已举行，等评分：还有 %(count)d 个指标。") % {"count": left}
    if page.drill.evaluated_at is None and DrillKind(page.drill.kind).counts:
        return _("评分已齐，等写评估结论。")
    return _("等复盘：哪里做得好，预案哪里要改。")


def _groups(page: DrillPage) -> list[dict[str, Any]]:
    return [
        {"title": group.title, "rows": [(one, page.scores.get(one.key)) for one in group.indicators]}
        for group in page.groups
    ]


def _may(request: HttpRequest, drill_id: int, move: str) -> Drill:
    """The drill, where this move may be made now; else its page says why not."""
    one = found(drill_by_id(viewer_of(request), drill_id))
    if (refusal := why_not(viewer_of(request), move, one)) is not None:
        raise refusal
    if not may_move(viewer_of(request), move, one):
        raise PermissionDenied
    return one


View = Callable[..., HttpResponse]


def asks(move: str) -> Callable[[View], View]:
    """Around a form of a drill: opened at the wrong time it leads back, and says why."""

    def around(view: View) -> View:
        def guarded(request: HttpRequest, drill_id: int) -> HttpResponse:
            try:
                one = _may(request, drill_id, move)
            except Refused as refusal:
                return refused(request, href_of(drill_id), refusal)
            return view(request, one)

        return guarded

    return around


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@asks("edit")
def describe(request: HttpRequest, one: Drill) -> HttpResponse:
    form = forms.DescribeForm(one, request.POST if request.method == "POST" else None)

    def act(_told: Any) -> None:
        actions.describe_drill(one.pk, form.preparation(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(one.pk), _("情景和脚本已保存。"))
    title = _("情景和脚本：%(number)s %(title)s") % {"number": one.number, "title": one.title}
    page = FormPage(TAB, title, _("保存"), href_of(one.pk), "", "office/drills/describe.html")
    return show_form(request, page, form, {"injects": form.injects})


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@asks("edit")
def cast(request: HttpRequest, one: Drill) -> HttpResponse:
    offered = people_offered(viewer_of(request), one.company_id, one.planned_on)
    form = forms.OfficeForm(request.POST if request.method == "POST" else None)
    form.renamed = {"participants": ""}
    typed = forms.typed_cast(request.POST, offered) if request.method == "POST" else []

    def act(_told: Any) -> None:
        actions.cast_drill(one.pk, typed, **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(one.pk), _("参加人员已定：%(count)d 人。") % {"count": len(typed)})
    parts = page_of(request, one.pk).participants if request.method != "POST" else ()
    had = [actions.Cast(part.member.staff_no, part.role, part.task) for part in parts]
    known = {person.staff_no: person for person in offered}
    known |= {part.member.staff_no: PersonOffered(part.member.staff_no, part.member.name, "") for part in parts} | known
    title = _("参加人员：%(number)s %(title)s") % {"number": one.number, "title": one.title}
    lead = _("%(day)s 在职的人，当天有班的在前。") % {"day": one.planned_on}
    page = FormPage(TAB, title, _("保存"), href_of(one.pk), lead, "office/drills/cast.html")
    rows = forms.cast_rows(typed or had, known)
    return show_form(request, page, form, {**rows, "offered": offered, "roles": forms.role_options()})


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@asks("edit")
def plans(request: HttpRequest, one: Drill) -> HttpResponse:
    form = forms.PlansForm(viewer_of(request), page_of(request, one.pk), request.POST or None)

    def act(told: dict[str, Any]) -> None:
        actions.choose_plans(one.pk, [int(pk) for pk in told["plans"]], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(one.pk), _("演练的预案已定。"))
    title = _("演练的预案：%(number)s") % {"number": one.number}
    return show_form(request, FormPage(TAB, title, _("保存"), href_of(one.pk)), form)


def _button(permission: str, act: Callable[..., object], said: Promise, tab: str = "") -> View:
    """A view of one button without a form; back to the drill, which says what was done, or why not."""

    @needs(permission)
    @require_POST
    def view(request: HttpRequest, drill_id: int) -> HttpResponse:
        try:
            with doors():
                act(drill_id, **who(request))
        except Refused as refusal:
            return refused(request, href_of(drill_id), refusal)
        return done(request, href_of(drill_id, tab), str(said))

    return view


def _reasoned(act: Callable[..., object], move: str, words: Promise, said: Promise) -> View:
    """A view that asks for a reason."""

    @needs(EDIT)
    @require_http_methods(["GET", "HEAD", "POST"])
    @asks(move)
    def view(request: HttpRequest, one: Drill) -> HttpResponse:
        form = ReasonForm(request.POST if request.method == "POST" else None)
        reason: Callable[[Any], object] = lambda told: act(one.pk, told["reason"], **who(request))  # noqa: E731
        if request.method == "POST" and submitted(form, reason):
            return done(request, href_of(one.pk), str(said))
        title = f"{words}：{one.number} {one.title}"
        return show_form(request, FormPage(TAB, title, str(words), href_of(one.pk)), form)

    return view


prepare = _button(EDIT, actions.prepare_drill, later("准备完毕，预案已锁定版本。"))
archive = _button(EDIT, running.archive_drill, later("已归档。"), "review")
unprepare = _reasoned(actions.unprepare_drill, "unprepare", later("退回修改"), later("已退回修改。"))
retract = _reasoned(actions.retract_drill, "retract", later("收回演练记录"), later("演练记录已收回，原记录留存。"))
cancel = _reasoned(actions.cancel_drill, "cancel", later("取消演练"), later("演练已取消，记录留存。"))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@asks("hold")
def hold(request: HttpRequest, one: Drill) -> HttpResponse:
    """Held on paper, entered afterwards."""
    form = forms.HeldForm(request.POST if request.method == "POST" else None)

    def act(told: dict[str, Any]) -> None:
        running.record_held(one.pk, told["began_at"], told["ended_at"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(one.pk, "run"), _("已补记为已举行。"))
    title = _("补记已举行：%(number)s %(title)s") % {"number": one.number, "title": one.title}
    lead = _("演练时没有用本系统的，按纸质记录补记起止时间；之后仍可补记观察。")
    return show_form(request, FormPage(TAB, title, _("补记"), href_of(one.pk), lead), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@asks("attach")
def attach(request: HttpRequest, one: Drill) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.AttachForm(*sent)

    def act(told: dict[str, Any]) -> None:
        running.attach(one.pk, told["title"], form.kept(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(one.pk, "review"), _("附件已保存。"))
    title = _("添加附件：%(number)s") % {"number": one.number}
    return show_form(request, FormPage(TAB, title, _("添加"), href_of(one.pk, "review")), form)


@needs(SEE)
@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    row, kept = found(kept_attachment(viewer_of(request), attachment_id))
    return kept_file(kept, f"{row.drill.number}-{row.title}")

"""交接班: drawn up, signed by both, printed."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.incidents import shift_hand_over
from lianjing.domain.incidents.hand_over_policy import ADDED_LIMIT, REMARKS_LIMIT
from lianjing.domain.incidents.hand_over_standing import SIGN
from lianjing.domain.incidents.hand_overs import HandOverPage, hand_over_page, hand_overs, waiting_hand_overs
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.web.acting import who
from lianjing.web.console.acting import NO_CHOICE, NOT_FILLED, ActionForm, text
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.words import Words, word

SEE = "handovers.see"
LISTS: Words = {
    "open": later("未结案警情"),
    "held": later("挂起的警情"),
    "on_test": later("测试中"),
    "unrestored": later("未恢复"),
    "lost": later("线路失联"),
    "tasks": later("在外任务"),
    "notices": later("临时提示"),
}


def _remarks() -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return forms.CharField(
        label=later("交班说明（可不填）"),
        required=False,
        max_length=REMARKS_LIMIT,
        widget=widget,
        error_messages=NOT_FILLED,
    )


class DrawUpForm(ActionForm):
    company = forms.ChoiceField(label=later("单位"), error_messages=NO_CHOICE)
    remarks = _remarks()

    def __init__(self, choices: list[tuple[str, str]], data: object = None) -> None:
        super().__init__(data, initial={"company": choices[0][0] if choices else ""})
        self.fields["company"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["company"].widget = forms.HiddenInput()


class RedrawForm(ActionForm):
    remarks = _remarks()


class SignForm(ActionForm):
    remark = text(later("备注（可不填）"), ADDED_LIMIT)
    checked = forms.BooleanField(
        label=later("已逐项看过，情况属实"), error_messages={"required": later("请先逐项看过并勾选。")}
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class RemarkForm(ActionForm):
    text = text(later("备注"), ADDED_LIMIT)


def _choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [(str(company.pk), company.name) for company in companies_with(viewer_of(request), SIGN)]


@needs(SEE)
@require_safe
def all_of_them(request: HttpRequest) -> HttpResponse:
    return _show_list(request)


def _show_list(request: HttpRequest, form: DrawUpForm | None = None, status: int = 200) -> HttpResponse:
    context = surroundings(request, "handover")
    found = hand_overs(viewer_of(request), after=asked_id(request), limit=PAGE + 1)
    choices = _choices(request)
    context |= {"lines": found[:PAGE], "waiting": waiting_hand_overs(viewer_of(request)), "may_sign": bool(choices)}
    context["form"] = form or DrawUpForm(choices)
    context |= pager(request, found[PAGE - 1].id if len(found) > PAGE else None)
    return show(request, "desk/handovers.html", context, status)


@needs(SIGN)
@require_POST
def draw_up(request: HttpRequest) -> HttpResponse:
    form = DrawUpForm(_choices(request), request.POST)
    if not form.is_valid():
        return _show_list(request, form, status=422)
    told = form.cleaned_data
    try:
        one = shift_hand_over.draw_up_hand_over(int(told["company"]), remarks=told["remarks"], **who(request))
    except BadChoice as bad:
        form.add_error(bad.field, str(bad))
        return _show_list(request, form, status=422)
    return _to(one.pk)


def _to(hand_over_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:hand_over", args=[hand_over_id]))


@needs(SEE)
@require_safe
def one_of_them(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    return _show(request, hand_over_id)


def _show(request: HttpRequest, hand_over_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    context = surroundings(request, "handover")
    page = hand_over_page(viewer_of(request), hand_over_id, at=context["now"])
    if page is None:
        raise Http404
    context |= {"page": page, "one": page.one, "lists": _lists(page), "grades": _grades(page)}
    context |= {
        "redraw": RedrawForm({"remarks": page.one.remarks}) if page.may_redraw else None,
        "sign": SignForm(initial={"digest": page.one.digest}),
        "remark": RemarkForm(),
    }
    return show(request, "desk/handover.html", context | more, status)


def _lists(page: HandOverPage) -> list[dict[str, Any]]:
    return [
        {"name": name, "words": word(LISTS, name), "left_out": listed["count"] - len(listed["lines"]), **listed}
        for name, listed in page.one.content["lists"].items()
    ]


def _grades(page: HandOverPage) -> list[tuple[int, int]]:
    return [(int(grade), count) for grade, count in page.one.content["grades"].items()]


@needs(SIGN)
@require_POST
def redraw(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """Draws it up anew with what stands now. Only the outgoing person, and only before he has signed."""
    page = hand_over_page(viewer_of(request), hand_over_id, at=who(request)["at"])
    if page is None:
        raise Http404
    form = RedrawForm(request.POST)
    if not form.is_valid():
        return _show(request, hand_over_id, redraw=form, status=422)
    if not page.may_redraw:
        return _show(request, hand_over_id, refused=page.not_redrawn, status=409)
    one = shift_hand_over.draw_up_hand_over(page.one.company_id, remarks=form.cleaned_data["remarks"], **who(request))
    return _to(one.pk)


@needs(SIGN)
@require_POST
@reauthentication_required
def sign(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """Whoever has not just signed on gives his password (or code) again: a signature is his, not the desk's."""
    form = SignForm(request.POST)
    return _act(request, hand_over_id, form, "sign", _sign)


def _sign(hand_over_id: int, told: dict[str, Any], who: dict[str, Any]) -> None:
    shift_hand_over.sign_hand_over(hand_over_id, digest=told["digest"], remark=told["remark"], **who)


@needs(SIGN)
@require_POST
def add_remark(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    return _act(request, hand_over_id, RemarkForm(request.POST), "remark", _remark)


def _remark(hand_over_id: int, told: dict[str, Any], who: dict[str, Any]) -> None:
    shift_hand_over.add_hand_over_remark(hand_over_id, told["text"], **who)


def _act(request: HttpRequest, hand_over_id: int, form: ActionForm, name: str, act: Any) -> HttpResponse:
    if not form.is_valid():
        return _show(request, hand_over_id, status=422, **{name: form})
    try:
        act(hand_over_id, form.cleaned_data, who(request))
    except Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except BadChoice as bad:
        form.add_error(bad.field, str(bad))
        return _show(request, hand_over_id, status=422, **{name: form})
    except Refused as refused:
        return _show(request, hand_over_id, status=409, refused=str(refused))
    return _to(hand_over_id)

"""批量结案: which class, what would be closed and what not, and then the closing."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Forbidden, Person
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.incidents.choice_words import disposition_words
from lianjing.domain.incidents.mass_choice import PERMISSION, closable_rows, left_out_rows, preview
from lianjing.domain.incidents.mass_closing import close_many
from lianjing.domain.incidents.mass_policy import (
    AGES,
    CLOSABLE,
    CODE_LIMIT,
    MASS_DISPOSITIONS,
    Ending,
    MassRule,
    rule_refusal,
)
from lianjing.domain.incidents.moving import TEXT_LIMIT, BadChoice, Refused
from lianjing.terms.codes import LIFE_CLASSES
from lianjing.web.acting import who
from lianjing.web.console.acting import NO_CHOICE, ActionForm, duration_label, text
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.words import CLASSES, Words, word

WHY: Words = {
    "life": later("含火警、紧急或医疗信号"),
    "confirmed": later("已确认警情"),
    "real": later("复核属实或胁迫"),
    "forwarded": later("已转发，等处置结果"),
    "untreated": later("自动处理失败，须由人看"),
    "held": later("他人正在处理"),
    "changed": later("预览之后又有新信号"),
}


class RuleForm(ActionForm):
    """Which cases. Lives in the address, so that the preview can be paged and sent to somebody."""

    event_class = forms.ChoiceField(
        label=later("类别"),
        choices=lambda: [("", _("请选择")), *((name, word(CLASSES, name)) for name in CLOSABLE)],
        error_messages=NO_CHOICE,
    )
    company = forms.ChoiceField(label=later("单位"), required=False, error_messages=NO_CHOICE)
    older = forms.ChoiceField(
        label=later("发生已超过"),
        required=False,
        choices=lambda: [(str(int(age.total_seconds() // 60)), _age_words(age)) for age in AGES],
        error_messages=NO_CHOICE,
    )
    code = text(later("只限代码（可不填，如 TA、301）"), CODE_LIMIT)

    def __init__(self, viewer: Person, data: object = None) -> None:
        super().__init__(data)
        mine = [(str(company.pk), company.name) for company in companies_with(viewer, PERMISSION)]
        self.fields["company"].choices = [("", _("全部")), *mine]  # type: ignore[attr-defined]
        if len(mine) < 2:
            del self.fields["company"]

    def rule(self, shown_at: datetime) -> MassRule:
        told = self.cleaned_data
        company = told.get("company")
        return MassRule(
            event_class=told["event_class"],
            shown_at=shown_at,
            company_id=int(company) if company else None,
            older_than=timedelta(minutes=int(told["older"] or 0)),
            code=told["code"].upper(),
        )


def _age_words(age: timedelta) -> str:
    return duration_label(age) if age else _("不限")


class EndForm(ActionForm):
    result = forms.ChoiceField(
        label=later("处置结果"),
        choices=lambda: [(name, disposition_words(name)) for name in MASS_DISPOSITIONS],
        widget=forms.RadioSelect,
        error_messages=NO_CHOICE,
    )
    cause = text(later("原因（写入每件警情）"), TEXT_LIMIT)
    reason = text(later("为什么批量结案"), TEXT_LIMIT)


@needs(PERMISSION)
@require_http_methods(["GET", "HEAD", "POST"])
def mass_close(request: HttpRequest) -> HttpResponse:
    """GET: the class, then what would be closed. POST to the same address: closes what was shown."""
    viewer = viewer_of(request)
    form = RuleForm(viewer, request.GET if "event_class" in request.GET else None)
    if request.GET.get("event_class", "") in LIFE_CLASSES:
        refused = rule_refusal(MassRule(request.GET["event_class"], who(request)["at"]))
        return _show(request, RuleForm(viewer), refused=_(refused.sentence) if refused else "", status=409)
    if not form.is_valid():
        return _show(request, form, status=422 if form.is_bound else 200)
    if request.method != "POST":
        return _show_preview(request, form)
    return _close(request, form)


def _close(request: HttpRequest, form: RuleForm) -> HttpResponse:
    end, told = EndForm(request.POST), who(request)
    shown_at = _instant(request.POST.get("shown_at", ""), told["at"])
    if shown_at is None or not end.is_valid():
        return _show_preview(request, form, end, status=422)
    rule, ended = form.rule(shown_at), end.cleaned_data
    try:
        closed = close_many(rule, Ending(ended["result"], ended["cause"], ended["reason"]), **told)
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except BadChoice as bad:
        end.add_error(bad.field, str(bad))
        return _show_preview(request, form, end, status=422)
    except Refused as refused:
        return _show(request, form, refused=str(refused), status=409)
    left = left_out_rows(viewer_of(request), rule, told["at"], limit=PAGE)
    seen = preview(viewer_of(request), rule, told["at"])
    return _show(request, form, done=True, closed=closed, left=_left(left), seen=seen, whys=_whys(seen.left))


def _instant(written: str, now: datetime) -> datetime | None:
    """When the preview was shown: never in the future, whatever the browser sends."""
    try:
        at = parse_datetime(written)
    except ValueError:
        return None
    return min(at, now) if at is not None and at.tzinfo is not None else None


def _show_preview(request: HttpRequest, form: RuleForm, end: EndForm | None = None, status: int = 200) -> HttpResponse:
    viewer, now = viewer_of(request), who(request)["at"]
    rule = form.rule(now)
    rows = closable_rows(viewer, rule, now, after=asked_id(request), limit=PAGE + 1)
    seen = preview(viewer, rule, now)
    more: dict[str, Any] = {"rows": rows[:PAGE], "left": _left(left_out_rows(viewer, rule, now, limit=PAGE))}
    more |= pager(request, rows[PAGE - 1].id if len(rows) > PAGE else None)
    # What is closed is what this very page shows.
    more |= {"seen": seen, "whys": _whys(seen.left), "end": end or EndForm(), "shown_at": now.isoformat()}
    return _show(request, form, status=status, **more)


def _left(found: Any) -> list[dict[str, Any]]:
    return [{"row": one.row, "why": word(WHY, one.why)} for one in found]


def _whys(left: dict[str, int]) -> list[tuple[str, int]]:
    return [(word(WHY, name), left[name]) for name in WHY if left.get(name)]


def _show(request: HttpRequest, form: RuleForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = surroundings(request, "incidents") | {"form": form}
    return show(request, "desk/mass_close.html", context | more, status)

"""每日对账: what was received equals the sum of what became of it, for every day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.signals.daily_account import Account, account_of, today
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show

FIRST_YEAR = 2000
"""Nothing was received before; the calendar's own ends are no days to count in."""


@dataclass(frozen=True, slots=True)
class Line:
    words: str
    count: int
    meaning: str


def _lines(account: Account) -> list[Line]:
    return [
        Line(_("入案"), account.in_cases, _("成为警情，或并入已有的警情")),
        Line(_("自动"), account.automatic, _("按规则记录，不需要人处理，如布撤防、测试报告、恢复")),
        Line(_("测试"), account.on_test, _("场所在测试中")),
        Line(_("抑制"), account.suppressed, _("按规则不显示，规则记在信号上")),
        Line(_("重复"), account.duplicates, _("设备重发的同一帧，或入案时认出的重复")),
        Line(_("待处理"), account.waiting, _("已存妥，还没有处理")),
    ]


def _asked_day(request: HttpRequest) -> tuple[date, str]:
    """The day asked for, and what was wrong with it."""
    text = request.GET.get("on", "")
    try:
        asked = parse_date(text) if text else today()
    except ValueError:
        asked = None
    if asked is None or asked.year < FIRST_YEAR:
        return today(), _("“%(text)s”不是日期，这里是今天。") % {"text": text}
    if asked > today():
        return today(), _("%(day)s 还没有到，这里是今天。") % {"day": asked.isoformat()}
    return asked, ""


@needs("accounting.see")
@require_safe
def accounting(request: HttpRequest) -> HttpResponse:
    on, problem = _asked_day(request)
    context = surroundings(request, "accounting")
    account = account_of(viewer_of(request), on)
    context |= {"on": on, "today": today(), "problem": problem, "day": account}
    context["previous"] = on - timedelta(days=1) if on > date.min else on
    context["following"] = on + timedelta(days=1) if on < today() else None
    if account is not None:
        context |= {"lines": _lines(account), "gap": abs(account.received - account.accounted)}
    return show(request, "desk/accounting.html", context, 400 if problem else 200)

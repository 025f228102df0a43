"""每日对账: what was received equals the sum of what became of it, for every day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.records.handing_out import record_taken
from lianjing.domain.signals.account_figures import Figures, total
from lianjing.domain.signals.daily_account import (
    Account,
    ClassRow,
    CompanyRow,
    Rows,
    account_of,
    rows_of_account,
    today,
)
from lianjing.domain.signals.sequence_list import gaps_of_day
from lianjing.web.acting import who
from lianjing.web.console.surroundings import surroundings
from lianjing.web.file_sending import Csv
from lianjing.web.pages import show
from lianjing.web.words import CLASSES, word

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


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a company's sum or one of its classes."""

    words: str
    figures: Figures
    balances: bool
    is_sum: bool = False

    @property
    def counts(self) -> list[int]:
        told = self.figures
        fates = (told.in_cases, told.automatic, told.on_test, told.suppressed, told.duplicates, told.waiting)
        return [told.received, *fates]


def _company_words(company: CompanyRow) -> str:
    return _("不属于任何公司") if company.company_id is None else company.name


def _class_row(row: ClassRow) -> Row:
    return Row(word(CLASSES, row.event_class), row.figures, row.figures.balances)


def _groups(rows: Rows) -> list[list[Row]]:
    """One group a company, its sum first; in front, when there are several, the classes of all together."""
    groups = [
        [
            Row(_company_words(company), company.figures, company.balances, is_sum=True),
            *map(_class_row, company.classes),
        ]
        for company in rows.companies
    ]
    if len(groups) < 2:
        return groups
    whole = total(company.figures for company in rows.companies)
    balances = all(company.balances for company in rows.companies)
    return [[Row(_("全部公司"), whole, balances, is_sum=True), *map(_class_row, rows.classes)], *groups]


HEADINGS = (_l("收到"), _l("入案"), _l("自动"), _l("测试"), _l("抑制"), _l("重复"), _l("待处理"))


@needs("accounting.see")
@require_safe
def accounting(request: HttpRequest) -> HttpResponse:
    on, problem = _asked_day(request)
    context = surroundings(request, "accounting")
    viewer = viewer_of(request)
    account = account_of(viewer, on)
    context |= {"on": on, "today": today(), "problem": problem, "day": account, "headings": HEADINGS}
    context["previous"] = on - timedelta(days=1) if on > date.min else on
    context["following"] = on + timedelta(days=1) if on < today() else None
    if account is not None:
        context |= {"lines": _lines(account), "gap": account.differing}
        context["groups"] = _groups(rows_of_account(viewer, account))
        context["gaps"] = gaps_of_day(viewer, on)
        context["several_companies"] = len(context["groups"]) > 1
    return show(request, "desk/accounting.html", context, 400 if problem else 200)


@needs("accounting.see")
@require_safe
def accounting_csv(request: HttpRequest) -> HttpResponse:
    """The rows of a day as a file for a spreadsheet: one line a company and class; on record."""
    on, problem = _asked_day(request)
    viewer = viewer_of(request)
    account = account_of(viewer, on)
    if problem or account is None:
        return HttpResponse(problem, status=400, content_type="text/plain; charset=utf-8")
    sheet = Csv(f"account-{on}.csv")
    sheet.line(_("日期"), _("公司代码"), _("公司"), _("类别"), *map(str, HEADINGS), _("差额"))
    rows = rows_of_account(viewer, account).companies
    lines = {one.company_id: len(one.classes) for one in rows if one.company_id is not None}
    record_taken("account", lines, "accounting.see", **who(request), on=str(on))
    for company in rows:
        for row in company.classes:
            named = [on, company.code or "", _company_words(company), word(CLASSES, row.event_class)]
            sheet.line(*named, *_class_row(row).counts, row.figures.difference)
    return sheet.response

"""Which figures a request asks for: days, company, groups. The same words on the page, in its files and in the API."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.reports.periods import LONGEST, SEE, Period
from lianjing.domain.reports.policy import AXES, AXES_AT_ONCE
from lianjing.domain.signals.days import today

FIRST_YEAR = 2000
USUAL = timedelta(days=6)


class BadAsk(Exception):
    """What cannot be asked for; the text is a sentence, `field` the name in the query."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Asked:
    period: Period
    by: tuple[str, ...]


def usual() -> Period:
    """Today and the six days before."""
    return Period(today() - USUAL, today())


def asked(request: HttpRequest, viewer: Viewer) -> Asked:
    """`from`, `to`, `company` (code or name) and `by` (with commas, or repeated). Raises `BadAsk`."""
    last = _day(request, "to", today())
    first = _day(request, "from", last - USUAL)
    if first > last:
        raise BadAsk("from", _("开始日期不能晚于结束日期。"))
    if last - first >= LONGEST:
        raise BadAsk("from", _("一次最多统计 366 天。"))
    first, last = min(first, today()), min(last, today())
    return Asked(Period(first, last, _company(request, viewer)), _axes(request))


def _day(request: HttpRequest, name: str, default: date) -> date:
    text = request.GET.get(name, "")
    if not text:
        return default
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or day.year < FIRST_YEAR:
        raise BadAsk(name, _("“%(text)s”不是日期。") % {"text": text[:20]})
    return day


def _company(request: HttpRequest, viewer: Viewer) -> int | None:
    """With one company it is that one; with several all together, until one is chosen."""
    text, found = request.GET.get("company", ""), companies_with(viewer, SEE)
    if not text:
        return found[0].pk if len(found) == 1 else None
    for company in found:
        if text in (company.code, company.name):
            return company.pk
    raise BadAsk("company", _("没有这家公司。"))


def _axes(request: HttpRequest) -> tuple[str, ...]:
    named = [name for text in request.GET.getlist("by") for name in text.split(",") if name]
    axes = tuple(dict.fromkeys(named))
    if not set(axes) <= set(AXES) or len(axes) > AXES_AT_ONCE:
        raise BadAsk("by", _("最多按四项分组：%(allowed)s。") % {"allowed": "、".join(AXES)})
    return axes

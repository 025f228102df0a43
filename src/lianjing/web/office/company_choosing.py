"""Which company, which day, and by what was known when: what pages of licences and departments are asked for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.access import viewer_of
from lianjing.domain.companies.fact_reading import seen_companies
from lianjing.domain.companies.models import Company
from lianjing.web.acting import found
from lianjing.web.office import forms as fields
from lianjing.web.office.forms import OfficeForm
from lianjing.web.office.whose import NoCompany
from lianjing.web.police_reading import reads

EDIT = "company.edit"


class DayForm(OfficeForm):
    """The day that is looked at, and the day until whose end things were known."""

    on = fields.date(later("哪一天"))
    known = fields.date(later("按当时所知"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is shown. `known`: None is now."""

    company: Company
    companies: list[Company]
    on: date
    known: datetime | None
    form: DayForm
    may_edit: bool

    def context(self) -> dict[str, Any]:
        """Context of office/company/_choose.html."""
        today = timezone.localdate()
        told = {"company": self.company, "companies": self.companies, "on": self.on, "day_form": self.form}
        told |= {"may_keep": self.may_edit and self.known is None, "is_today": self.on == today}
        return {**told, "known": self.known, "today": today}


def chosen(request: HttpRequest) -> Chosen:
    """The company named in the query by id, code or name, or the first; a date that cannot be read is today, and the
    form says so."""
    viewer, today = viewer_of(request), timezone.localdate()
    mine = seen_companies(viewer)
    asked = request.GET.get("company", "")
    first = mine[0] if mine else None
    if first is None:
        raise NoCompany
    company = found(_named(mine, asked) if asked else first)
    reads(request, [company.pk])
    form = DayForm(request.GET if {"on", "known"} & set(request.GET) else None, initial={"on": today})
    form.is_valid()
    told = form.cleaned_data if form.is_bound else {}
    may_edit = viewer.scope(EDIT).holds(company.pk)
    return Chosen(company, mine, told.get("on") or today, _end_of(told.get("known")), form, may_edit)


def _named(mine: list[Company], asked: str) -> Company | None:
    by_id = next((one for one in mine if str(one.pk) == asked), None)
    return by_id or next((one for one in mine if asked in (one.code, one.name)), None)


def _end_of(day: date | None) -> datetime | None:
    """The last moment of that day at the centre; None for today and what is ahead."""
    if day is None or day >= timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) - timedelta(microseconds=1)


def day_words(on: date) -> str:
    return _("今天") if on == timezone.localdate() else str(on)

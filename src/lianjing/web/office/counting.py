"""在服务户数: how many 户 are in service on a day that can be chosen, and what counts as one."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.actions import set_counted_unit
from lianjing.domain.companies.queries import companies
from lianjing.domain.sites.in_service import customers_in_service
from lianjing.terms.premises import CustomerUnit
from lianjing.web.acting import doors, who
from lianjing.web.office import forms as fields
from lianjing.web.office.acting import done
from lianjing.web.office.forms import OfficeForm
from lianjing.web.office.whose import one_of
from lianjing.web.words import label

EDIT = "contracts.edit"


class DayForm(OfficeForm):
    """The day on which is counted."""

    on = fields.date(later("哪一天"))


class UnitForm(OfficeForm):
    """What counts as one 户."""

    unit = fields.choice(later("一户指"), CustomerUnit)


def counted(request: HttpRequest) -> dict[str, Any]:
    """Context of office/_in_service.html: the figures of each company, today or on `?on=`."""
    viewer, today = viewer_of(request), timezone.localdate()
    form = DayForm(request.GET if request.GET.get("on") else None, initial={"on": today})
    on: date = (form.cleaned_data["on"] if form.is_valid() else None) or today
    told = []
    for company in companies(viewer):
        figures = customers_in_service(viewer, company.pk, on)
        if figures is not None:
            one = {"company": company, "figures": figures, "unit": label(CustomerUnit, figures.unit)}
            if viewer.scope(EDIT).holds(company.pk):
                one["form"] = UnitForm(initial={"unit": figures.unit}, auto_id=f"unit-{company.pk}")
            told.append(one)
    kept = [(name, value) for name, value in request.GET.items() if name not in ("on", "after")]
    return {"in_service": told, "counted_on": on, "is_today": on == today, "day_form": form, "kept": kept}


@needs(EDIT)
@require_POST
def counted_unit_set(request: HttpRequest, company_id: int) -> HttpResponse:
    company = one_of(companies(viewer_of(request)), company_id)
    form = UnitForm(request.POST)
    if not form.is_valid():
        return done(request, reverse("office:contracts"), _("没有保存：没有这种计法。"))
    with doors():
        changed = set_counted_unit(company_id, CustomerUnit(form.cleaned_data["unit"]), **who(request))
    said = _("%(company)s 的户数从现在起按“%(unit)s”计。") if changed else _("计法没有变化。")
    told = {"company": company.name, "unit": label(CustomerUnit, form.cleaned_data["unit"])}
    return done(request, reverse("office:contracts"), said % told)

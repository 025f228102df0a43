"""处理限值: a company's figures for the treatment of its signals, each with what it does and what it is by default."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.signals.limit_policy import FIGURES, Figure
from lianjing.domain.signals.limit_setting import EDIT, defaults, figures_of, set_limits
from lianjing.web.acting import submitted, who
from lianjing.web.office.acting import done
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import company_asked, one_of
from lianjing.web.pages import show


class LimitsForm(OfficeForm):
    """A field a figure; made of the domain's table."""

    def __init__(self, data: object = None, **more: Any) -> None:
        super().__init__(data, **more)
        usual = defaults()
        for figure in FIGURES:
            self.fields[figure.name] = _field(figure, usual[figure.name])


def _field(figure: Figure, usual: int) -> forms.IntegerField:
    bounds = {"low": figure.low, "high": figure.high, "unit": _(figure.unit)}
    between = _("须在 %(low)d 至 %(high)d %(unit)s之间。") % bounds
    hint = _("%(does)s默认 %(usual)d，可设 %(low)d 至 %(high)d。")
    return forms.IntegerField(
        label=_("%(label)s（%(unit)s）") % {"label": _(figure.label), "unit": _(figure.unit)},
        min_value=figure.low,
        max_value=figure.high,
        help_text=hint % {"does": _(figure.does), "usual": usual, **bounds},
        error_messages={
            **NOT_FILLED,
            "invalid": later("请填整数。"),
            "min_value": between,
            "max_value": between,
        },
    )


@needs(EDIT)
@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """`?company=`: whose; without it the first that the viewer sets the figures of."""
    company, mine = company_asked(request, EDIT)
    return _show(request, company, mine)


@needs(EDIT)
@require_POST
def limits_set(request: HttpRequest, company_id: int) -> HttpResponse:
    mine = companies_with(viewer_of(request), EDIT)
    company = one_of(mine, company_id)
    form = LimitsForm(request.POST)
    changed: list[bool] = []

    def act(given: Mapping[str, Any]) -> None:
        changed.append(set_limits(company_id, given, **who(request)))

    if submitted(form, act):
        said = _("限值已保存，下一批信号起生效。") if changed[0] else _("限值没有变化。")
        return done(request, f"{reverse('office:limits')}?company={company_id}", said)
    return _show(request, company, mine, form, status=422)


def _show(
    request: HttpRequest,
    company: Company | None,
    mine: list[Company],
    form: LimitsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = surroundings(request, "limits") | {"company": company, "companies": mine}
    if company is not None:
        context["form"] = form or LimitsForm(initial=figures_of(viewer_of(request), company.pk))
    return show(request, "office/limits.html", context, status)

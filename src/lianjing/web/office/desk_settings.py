"""接警席限值: how long cases may wait, how much one person gets, when a silent browser counts as gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.incidents.desk_setting import EDIT, desk_figures_of, set_desk_figures
from lianjing.domain.incidents.queue_policy import AGE_LIMITS, RANGES, AgeLimits, DeskFigures
from lianjing.web.acting import submitted, who
from lianjing.web.office.acting import done
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import company_asked, one_of
from lianjing.web.pages import show
from lianjing.web.words import CLASSES, word

USUAL = DeskFigures()
LABELS: Mapping[str, Promise] = {
    "gone_seconds": later("浏览器断开多久退回警情（秒）"),
    "load_limit": later("一人同时最多几件（件）"),
    "reaction_seconds": later("紧急、火警无反应多久他人可接（秒）"),
    "undetermined_limit": later("一班“无法判断”最多几件（件）"),
}
STEPS: Mapping[str, Promise] = {
    "amber": later("琥珀"),
    "red": later("红色"),
    "escalate": later("升级"),
}
WHOLE = {**NOT_FILLED, "invalid": later("请填整数。"), "min_value": later("请填整数。")}


class DeskForm(OfficeForm):
    """Three fields a class, made of the domain's table, and one a figure."""

    def __init__(self, data: object = None, *, figures: DeskFigures | None = None) -> None:
        super().__init__(data, initial=_initial(figures) if figures else None)
        for name in AGE_LIMITS:
            for step, words in STEPS.items():
                label = _("%(class)s：%(step)s（秒）") % {"class": word(CLASSES, name), "step": words}
                self.fields[f"{name}-{step}"] = _whole(label)
        for name, allowed in RANGES.items():
            hint = _("默认 %(usual)d，可设 %(low)d 至 %(high)d。")
            told = {"usual": getattr(USUAL, name), "low": allowed.low, "high": allowed.high}
            self.fields[name] = _whole(str(LABELS[name]), hint % told)

    def refuse(self, refused: Refused) -> None:
        """What is wrong with a class is said beside its first field."""
        field = f"{refused.field}-amber" if refused.field in AGE_LIMITS else refused.field
        self.add_error(field, _(refused.sentence) % refused.figures)

    @property
    def rows(self) -> "list[ClassRow]":
        """The classes, a row each."""
        usual = {name: " / ".join(map(str, limits)) for name, limits in AGE_LIMITS.items()}
        return [
            ClassRow(word(CLASSES, name), [self[f"{name}-{step}"] for step in STEPS], usual[name])
            for name in AGE_LIMITS
        ]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in RANGES]

    def figures(self) -> DeskFigures:
        given = self.cleaned_data
        limits = {name: AgeLimits(*(given[f"{name}-{step}"] for step in STEPS)) for name in AGE_LIMITS}
        return DeskFigures(limits, **{name: given[name] for name in RANGES})


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class of events with its three fields and what is usual."""

    words: str
    fields: list[forms.BoundField]
    usual: str


def _whole(label: str, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=32_000, help_text=hint, error_messages=WHOLE)


def _initial(figures: DeskFigures) -> dict[str, int]:
    ages = {f"{name}-{step}": getattr(figures.limits[name], step) for name in AGE_LIMITS for step in STEPS}
    return ages | {name: getattr(figures, name) for name in RANGES}


@needs(EDIT)
@require_safe
def desk_settings(request: HttpRequest) -> HttpResponse:
    """`?company=`: whose; without it the first that the viewer sets the figures of."""
    company, mine = company_asked(request, EDIT)
    return _show(request, company, mine)


@needs(EDIT)
@require_POST
def desk_settings_set(request: HttpRequest, company_id: int) -> HttpResponse:
    mine = companies_with(viewer_of(request), EDIT)
    company = one_of(mine, company_id)
    form = DeskForm(request.POST)
    changed: list[bool] = []

    def act(given: Mapping[str, Any]) -> None:
        changed.append(set_desk_figures(company_id, form.figures(), **who(request)))

    if submitted(form, act):
        said = _("限值已保存，此后的警情按它计时。") if changed[0] else _("限值没有变化。")
        return done(request, f"{reverse('office:desk_settings')}?company={company_id}", said)
    return _show(request, company, mine, form, status=422)


def _show(
    request: HttpRequest,
    company: Company | None,
    mine: list[Company],
    form: DeskForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = surroundings(request, "desk_settings") | {"company": company, "companies": mine}
    if company is not None:
        context["form"] = form or DeskForm(figures=desk_figures_of(viewer_of(request), company.pk))
        context["steps"] = list(STEPS.values())
    return show(request, "office/desk_settings.html", context, status)

"""场所: the list, the page of one, its form, its notes."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import may, needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.queries import open_cases_of
from lianjing.domain.signals.pass_words import PERMISSION as CHECK_WORDS
from lianjing.domain.signals.queries import site_signals
from lianjing.domain.signals.test_periods import test_spans
from lianjing.domain.sites.actions.sites import add_note, add_site, change_site, remove_note
from lianjing.domain.sites.models import Site
from lianjing.domain.sites.site_list import SHOWN, Wanted, sites
from lianjing.domain.sites.site_page import SitePage, customer_by_id, site_by_id, site_page
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office import drawings, schedules
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.customers import kind_choice
from lianjing.web.office.filters import Choice, bar, choice, company_choice, company_id, text_of
from lianjing.web.office.forms import OfficeForm, moment, text
from lianjing.web.office.history import history
from lianjing.web.office.service_words import service_choice
from lianjing.web.office.site_form import SiteForm, shown_values
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.pass_words import answer

TAB = "sites"
LATELY = timedelta(hours=24)
SIGNALS_SHOWN = 20


@needs("sites.see")
@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    context = surroundings(request, TAB)
    kind, service, company = kind_choice(request), service_choice(request), company_choice(request)
    special = _special(request)
    wanted = Wanted(text_of(request), kind.chosen, service.chosen, special.chosen, company_id(company))
    rows = sites(viewer_of(request), wanted, timezone.localdate(), after=asked_id(request), limit=PAGE + 1)
    context |= {"rows": rows[:PAGE], **pager(request, rows[PAGE - 1].site.pk if len(rows) > PAGE else None)}
    context |= bar(request, _("名称、首字母、编号、账号、电话、地址"), [kind, service, special, company])
    context["several_companies"] = company is not None
    return show(request, "office/sites.html", context)


def _special(request: HttpRequest) -> Choice:
    words = {
        "key": _("治安重点单位"),
        "no_panel": _("没有设备"),
        "pending": _("设备待激活"),
        "unverified": _("联系人超过 180 天未核实"),
    }
    return choice(request, "show", _("不限"), [(name, words[name]) for name in SHOWN])


@needs("sites.see")
@require_safe
def site(request: HttpRequest, site_id: int) -> HttpResponse:
    now = timezone.now()
    context = surroundings(request, TAB)
    page = found(site_page(viewer_of(request), site_id, on=timezone.localdate(now), at=now))
    context |= _of_company(viewer_of(request), page.site.company_id)
    context |= {"page": page, "site": page.site, **_happening(viewer_of(request), page)}
    context |= {**schedules.summary(viewer_of(request), site_id), **drawings.summary(viewer_of(request), site_id)}
    context["word_href"] = reverse("office:check_word", args=[site_id])
    context["today"] = timezone.localdate(now)
    return show(request, "office/site.html", context)


def _of_company(viewer: Viewer, company_id: int) -> dict[str, bool]:
    """What the viewer may do in that company."""
    return {
        "may_edit": viewer.scope("sites.edit").holds(company_id),
        "may_edit_contracts": viewer.scope("contracts.edit").holds(company_id),
        "may_test": viewer.scope("tests.start").holds(company_id),
        "may_check_words": viewer.scope(CHECK_WORDS).holds(company_id),
    }


def _happening(viewer: Viewer, page: SitePage) -> dict[str, Any]:
    """What the rooms above know of the site: cases, signals, tests, and who changed what."""
    now, site = timezone.now(), page.site
    subjects: list[tuple[str, object]] = [("site", site.pk), *(("panel", one.panel.pk) for one in page.panels)]
    spans = test_spans(viewer, [site.pk], now, now).get(site.pk, [])
    return {
        "cases": open_cases_of(viewer, site.pk),
        "signals": list(reversed(site_signals(viewer, site.pk, now - LATELY, SIGNALS_SHOWN))),
        "tests": [span for span in spans if span.starts_at <= now < span.ends_at],
        "history": history(viewer, subjects, "sites.see"),
        "may_see_frames": may(viewer, "frames.see"),
    }


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, customer_id: int) -> HttpResponse:
    customer = found(customer_by_id(viewer_of(request), customer_id))
    form = SiteForm(request.POST or None, initial={"name": customer.name, "kind": customer.kind})
    made: list[Site] = []

    def act(values: dict[str, Any]) -> None:
        made.append(add_site(customer_id, form.values(), **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(made[0].pk), _("场所已登记。接着登记设备和联系人。"))
    title = _("登记场所：%(name)s") % {"name": customer.name}
    back = reverse("office:customer", args=[customer_id])
    return show_form(request, FormPage(TAB, title, _("登记"), back, template="office/site_form.html"), form)


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, site_id: int) -> HttpResponse:
    site = found(site_by_id(viewer_of(request), site_id))
    form = SiteForm(request.POST or None, initial=shown_values(site))
    if request.method == "POST" and submitted(
        form, lambda _values: change_site(site_id, form.values(), **who(request))
    ):
        return done(request, _href(site_id), _("已保存。"))
    title = _("修改场所：%(name)s") % {"name": site.name}
    return show_form(request, FormPage(TAB, title, _("保存"), _href(site_id), template="office/site_form.html"), form)


class NoteForm(OfficeForm):
    """A note that expires by itself, or stays."""

    text = text(later("提示"), 500, required=True, lines=3)
    until = moment(later("失效时间"), hint=later("不填：一直显示，直到撤下。"))
    must_acknowledge = forms.BooleanField(label=later("处理警情前须先确认已读"), required=False)


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def write_note(request: HttpRequest, site_id: int) -> HttpResponse:
    site = found(site_by_id(viewer_of(request), site_id))
    form = NoteForm(request.POST or None)

    def act(values: dict[str, Any]) -> None:
        must = values["must_acknowledge"]
        add_note(site_id, values["text"], values["until"], must_acknowledge=must, **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(site_id), _("提示已写下，处理警情的人都会看到。"))
    title = _("临时提示：%(name)s") % {"name": site.name}
    return show_form(request, FormPage(TAB, title, _("写下"), _href(site_id)), form)


@needs("sites.edit")
@require_POST
def take_note_away(request: HttpRequest, site_id: int, note_id: int) -> HttpResponse:
    with doors():
        remove_note(site_id, note_id, **who(request))
    return done(request, _href(site_id), _("提示已撤下。"))


@sensitive_post_parameters("word")
@needs(CHECK_WORDS)
@require_POST
def check_word(request: HttpRequest, site_id: int) -> HttpResponse:
    return answer(request, site_id, reverse("office:check_word", args=[site_id]))


def _href(site_id: int) -> str:
    return reverse("office:site", args=[site_id])

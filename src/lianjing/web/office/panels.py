"""设备: the register of panels, the page of one, and its registration."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.incidents.sweeping import register_panel, reregister_panel
from lianjing.domain.sites.actions.panels import move_panel, remove_panel
from lianjing.domain.sites.equipment_on_file import entry_of
from lianjing.domain.sites.models import Panel
from lianjing.domain.sites.panel_register import (
    LACKS,
    PanelOnFile,
    PanelsWanted,
    panel_on_file,
    registered_count,
    registered_panels,
    site_to_edit,
    sites_to_choose,
)
from lianjing.domain.sites.queries import key_state
from lianjing.domain.sites.searching import TEXT_LIMIT
from lianjing.terms.premises import Listener
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.filters import bar, choice, company_choice, company_id, text_of
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.history import history
from lianjing.web.office.panel_forms import PanelForm
from lianjing.web.office.panel_words import panel_facts, path_rows
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager

TAB = "panels"


def _typed(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "").strip()[:TEXT_LIMIT]


@needs("sites.see")
@require_safe
def panel_list(request: HttpRequest) -> HttpResponse:
    viewer, company = viewer_of(request), company_choice(request)
    state = choice(request, "state", _("待激活与已激活"), [("pending", _("待激活")), ("active", _("已激活"))])
    lacks = choice(request, "lacks", _("不论缺什么"), _lacks())
    listener = choice(request, "protocol", _("全部接入协议"), [(word.value, _(word.zh)) for word in Listener])
    wanted = PanelsWanted(text_of(request), state.chosen, lacks.chosen, listener.chosen, company_id(company))
    found_rows = registered_panels(viewer, wanted, after=asked_id(request), limit=PAGE + 1)
    context = surroundings(request, TAB)
    context |= {"rows": found_rows[:PAGE], "total": registered_count(viewer, wanted)}
    context |= bar(request, _("账号、场所、拼音首字母、编号或型号"), [state, lacks, listener, company])
    context["several_companies"] = company is not None
    last = found_rows[PAGE - 1].panel.pk if len(found_rows) > PAGE else None
    return show(request, "office/panels.html", context | pager(request, last))


def _lacks() -> list[tuple[str, str]]:
    words = {
        "test": _("没有测试间隔"),
        "path": _("没有监督路径"),
        "lost": _("有路径失联"),
        "key": _("没有密钥"),
    }
    return [(name, words[name]) for name in LACKS]


@needs("sites.see")
@require_safe
def panel(request: HttpRequest, panel_id: int) -> HttpResponse:
    on_file = found(panel_on_file(viewer_of(request), panel_id))
    viewer, row = viewer_of(request), on_file.panel
    context = surroundings(request, TAB)
    context |= {"on_file": on_file, "panel": row, "facts": panel_facts(on_file, key_state(viewer, row))}
    context |= {"paths": path_rows(on_file), "may_edit": viewer.scope("sites.edit").holds(row.site.company_id)}
    context["hints"] = [_(hint.sentence) % hint.figures for hint in on_file.path_hints]
    subjects = [("panel", row.pk), *(("zone", one.zone.pk) for one in on_file.zones)]
    context["history"] = history(viewer, subjects, "sites.see")
    context["may_see_frames"] = viewer.scope("frames.see").holds(row.site.company_id)
    return show(request, "office/panel.html", context)


def editable(request: HttpRequest, panel_id: int) -> PanelOnFile:
    """A panel that the viewer may change; of one that he may only see he is told so."""
    on_file = found(panel_on_file(viewer_of(request), panel_id))
    if not viewer_of(request).scope("sites.edit").holds(on_file.panel.site.company_id):
        raise PermissionDenied
    return on_file


def back_to(panel_id: int, part: str = "") -> str:
    return reverse("office:panel", args=[panel_id]) + (f"#{part}" if part else "")


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new_panel(request: HttpRequest) -> HttpResponse:
    """With `site` the form, without it first the choice of one; `account` and `listener` fill it in."""
    viewer = viewer_of(request)
    site = site_to_edit(viewer, asked_id(request, "site") or 0)
    if site is None:
        return _choose_site(request)
    start = {"account": _typed(request, "account"), "listener": request.GET.get("listener", "")}
    form = PanelForm(request.POST or None, viewer=viewer, site_id=site.pk, initial=start)
    made: list[Panel] = []
    if request.method == "POST" and submitted(
        form, lambda _told: made.append(register_panel(site.pk, form.entry(), **who(request)))
    ):
        return done(request, back_to(made[0].pk), _registered(made[0]))
    title, lead = _("登记设备"), f"{site.name} · {site.company.name}"
    return show_form(request, _page(title, _("登记"), reverse("office:site", args=[site.pk]), lead), form)


def _page(title: str, send_words: str, back_href: str, lead: str) -> FormPage:
    return FormPage(TAB, title, send_words, back_href, lead, template="office/panel_form.html")


def _registered(made: Panel) -> str:
    if made.activated_at is None:
        return _("已登记，待激活：收到第一条信号后开始监督。接下来请登记路径、分区和防区。")
    return _("已登记并激活：此账号登记前发来的信号和警情已转入本场所。接下来请登记路径、分区和防区。")


def _choose_site(request: HttpRequest) -> HttpResponse:
    text = text_of(request)
    found = sites_to_choose(viewer_of(request), text)
    context = surroundings(request, TAB)
    context |= {"text": text, "account": _typed(request, "account")}
    context["choices"] = [(site, href(request, site=site.id, q=None)) for site in found]
    context["kept"] = [(name, request.GET[name]) for name in ("account", "listener") if name in request.GET]
    return show(request, "office/choose_site.html", context)


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_panel(request: HttpRequest, panel_id: int) -> HttpResponse:
    row = editable(request, panel_id).panel
    start = PanelForm.start(entry_of(row))
    form = PanelForm(
        request.POST or None, viewer=viewer_of(request), site_id=row.site_id, panel_id=row.pk, initial=start
    )
    if request.method == "POST" and submitted(
        form, lambda _told: reregister_panel(panel_id, form.entry(), **who(request))
    ):
        return HttpResponseRedirect(back_to(panel_id))
    title = _("修改设备 %(account)s") % {"account": row.account}
    return show_form(request, _page(title, _("保存"), back_to(row.pk), row.site.name), form)


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, panel_id: int) -> HttpResponse:
    """A choice of sites; each is a button."""
    row = editable(request, panel_id).panel
    refused = ""
    if request.method == "POST":
        chosen = request.POST.get("site", "")
        try:
            with doors():
                move_panel(panel_id, int(chosen) if chosen.isascii() and chosen.isdigit() else 0, **who(request))
            return HttpResponseRedirect(back_to(panel_id))
        except Refused as told:
            refused = _(told.sentence) % told.figures
    text = text_of(request)
    company_id = row.site.company_id
    sites = [
        site for site in sites_to_choose(viewer_of(request), text, company_id=company_id) if site.id != row.site_id
    ]
    context = surroundings(request, TAB) | {"panel": row, "text": text, "refused": refused}
    context["choices"] = [(site, "") for site in sites if site.id != row.site_id]
    return show(request, "office/choose_site.html", context, 422 if refused else 200)


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, panel_id: int) -> HttpResponse:
    row = editable(request, panel_id).panel
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda told: remove_panel(panel_id, told["reason"], **who(request))
    ):
        said = _("设备 %(account)s 已移除，账号可以再用。") % {"account": row.account}
        return done(request, reverse("office:site", args=[row.site_id]), said)
    lead = _("移除后“%(site)s”不再受它保护；账号空出来，再收到它的信号按未登记账号处理。历史保留。")
    title = _("移除设备 %(account)s") % {"account": row.account}
    return show_form(request, _page(title, _("移除"), back_to(row.pk), lead % {"site": row.site.name}), form)

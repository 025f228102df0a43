"""设备: the register of panels, the page of one, and its registration."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.incidents.sweeping import register_panel, reregister_panel
from lianjing.domain.sites.actions.panels import move_panel, remove_panel
from lianjing.domain.sites.equipment_on_file import entry_of
from lianjing.domain.sites.models import Panel
from lianjing.domain.sites.panel_register import (
    PanelOnFile,
    PanelsWanted,
    panel_on_file,
    registered_count,
    registered_panels,
    site_to_edit,
    sites_to_choose,
)
from lianjing.domain.sites.queries import key_state
from lianjing.domain.sites.refusals import Refused
from lianjing.terms.premises import Listener
from lianjing.web.office.acting import doors, submitted, who
from lianjing.web.office.panel_forms import PanelForm, ReasonForm
from lianjing.web.office.panel_words import panel_facts, path_rows
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager

TEXT_LIMIT = 64


def text_of(request: HttpRequest, name: str = "q") -> str:
    return request.GET.get(name, "").replace("\0", "").strip()[:TEXT_LIMIT]


@needs("sites.see")
@require_safe
def panel_list(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    wanted = PanelsWanted(
        text=text_of(request),
        state=_one_of(request, "state", ("pending", "active")),
        lacks=_one_of(request, "lacks", ("test", "key", "path", "lost")),
        listener=_one_of(request, "protocol", tuple(Listener)),
    )
    found = registered_panels(viewer, wanted, after=asked_id(request), limit=PAGE + 1)
    last = found[PAGE - 1].panel.pk if len(found) > PAGE else None
    context = surroundings(request, "panels")
    context |= {"rows": found[:PAGE], "wanted": wanted, "total": registered_count(viewer, wanted)}
    context |= {"filters": _filters(request, wanted), "everything": viewer.scope("sites.see").everything}
    context["is_filtered"] = wanted != PanelsWanted()
    return show(request, "office/panels.html", context | pager(request, last))


def _one_of(request: HttpRequest, name: str, allowed: tuple[str, ...]) -> str:
    value = request.GET.get(name, "")
    return value if value in allowed else ""


def _filters(request: HttpRequest, wanted: PanelsWanted) -> list[dict[str, Any]]:
    """Each a row of choices of which one is chosen."""
    told = [
        ("state", _("状态"), wanted.state, [("pending", _("待启用")), ("active", _("已启用"))]),
        (
            "lacks",
            _("缺什么"),
            wanted.lacks,
            [("test", _("无测试间隔")), ("path", _("无监督路径")), ("lost", _("路径失联")), ("key", _("无密钥"))],
        ),
        ("protocol", _("接入协议"), wanted.listener, [(word.value, _(word.zh)) for word in Listener]),
    ]
    return [
        {
            "name": name,
            "words": words,
            "chosen": chosen,
            "choices": [
                {"words": label, "chosen": value == chosen, "href": href(request, **{name: value, "after": None})}
                for value, label in [("", _("全部")), *choices]
            ],
        }
        for name, words, chosen, choices in told
    ]


@needs("sites.see")
@require_safe
def panel(request: HttpRequest, panel_id: int) -> HttpResponse:
    on_file = on_file_or_404(request, panel_id)
    viewer, row = viewer_of(request), on_file.panel
    context = surroundings(request, "panels")
    context |= {"on_file": on_file, "panel": row, "facts": panel_facts(on_file, key_state(viewer, row))}
    context |= {"paths": path_rows(on_file), "may_edit": viewer.scope("sites.edit").holds(row.site.company_id)}
    context["hints"] = [_(hint.sentence) % hint.figures for hint in on_file.path_hints]
    context["may_see_frames"] = viewer.scope("frames.see").holds(row.site.company_id)
    return show(request, "office/panel.html", context)


def on_file_or_404(request: HttpRequest, panel_id: int) -> PanelOnFile:
    on_file = panel_on_file(viewer_of(request), panel_id)
    if on_file is None:
        raise Http404
    return on_file


def editable(request: HttpRequest, panel_id: int) -> PanelOnFile:
    """A panel that the viewer may change; of one that he may only see he is told so."""
    on_file = on_file_or_404(request, panel_id)
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
    start = {"account": text_of(request, "account"), "listener": request.GET.get("listener", "")}
    form = PanelForm(request.POST or None, viewer=viewer, site_id=site.pk, initial=start)
    made: list[Panel] = []
    if request.method == "POST" and submitted(
        form, lambda _told: made.append(register_panel(site.pk, form.entry(), **who(request)))
    ):
        messages.success(request, _registered(made[0]))
        return HttpResponseRedirect(back_to(made[0].pk))
    context = surroundings(request, "panels")
    context |= {"title": _("登记设备"), "lead": f"{site.name} · {site.company.name}", "form": form}
    context |= {"send_words": _("登记"), "back_href": reverse("office:site", args=[site.pk])}
    return show(request, "office/panel_form.html", context, 422 if form.errors else 200)


def _registered(made: Panel) -> str:
    if made.activated_at is None:
        return _("已登记，待启用：收到第一条信号后开始监督。接下来请登记路径、分区和防区。")
    return _("已登记并启用：此账号登记前发来的信号和警情已转入本场所。接下来请登记路径、分区和防区。")


def _choose_site(request: HttpRequest) -> HttpResponse:
    text = text_of(request)
    found = sites_to_choose(viewer_of(request), text)
    context = surroundings(request, "panels")
    context |= {"text": text, "account": text_of(request, "account")}
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
    return _one_form(request, row, form, _("修改设备 %(account)s") % {"account": row.account}, _("保存"))


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
    context = surroundings(request, "panels") | {"panel": row, "text": text, "refused": refused}
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
        messages.success(request, _("设备 %(account)s 已移除，账号可以再用。") % {"account": row.account})
        return HttpResponseRedirect(reverse("office:site", args=[row.site_id]))
    lead = _("移除后“%(site)s”不再受它保护；账号空出来，再收到它的信号按未登记账号处理。历史保留。")
    title = _("移除设备 %(account)s") % {"account": row.account}
    return _one_form(request, row, form, title, _("移除"), lead % {"site": row.site.name})


def _one_form(request: HttpRequest, row: Panel, form: Any, title: str, send_words: str, lead: str = "") -> HttpResponse:
    context = surroundings(request, "panels")
    context |= {"title": title, "lead": lead or row.site.name, "form": form, "send_words": send_words}
    context["back_href"] = back_to(row.pk)
    template = "office/panel_form.html" if isinstance(form, PanelForm) else "office/form.html"
    return show(request, template, context, 422 if form.errors else 200)

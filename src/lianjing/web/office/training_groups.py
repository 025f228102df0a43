"""培训分组: the list, and one with its people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.people.training_groups import add_group, change_group, remove_group
from lianjing.domain.people.training_list import EDIT, group_by_id, groups
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.filters import company_choice, company_id
from lianjing.web.office.training import TAB, training_surroundings
from lianjing.web.office.training_forms import GroupForm, group_initial, people_ids
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager


@needs(EDIT)
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    company = company_choice(request)
    rows = groups(viewer_of(request), company_id(company), asked_id(request), PAGE + 1)
    context = training_surroundings(request, "groups") | {"rows": rows[:PAGE]}
    context |= pager(request, rows[PAGE - 1].pk if len(rows) > PAGE else None)
    context["several_companies"] = company is not None
    return show(request, "office/training/groups.html", context)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = GroupForm(request.POST or None, viewer=viewer)

    def act(values: dict[str, Any]) -> None:
        company = form.company_id()
        add_group(company, values["name"], people_ids(viewer, company, values["people"]), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, reverse("office:training_groups"), _("分组已建。"))
    return show_form(request, FormPage(TAB, _("新分组"), _("保存"), reverse("office:training_groups")), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, group_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    group = found(group_by_id(viewer, group_id))
    form = GroupForm(request.POST or None, initial=group_initial(group))

    def act(values: dict[str, Any]) -> None:
        ids = people_ids(viewer, group.company_id, values["people"])
        change_group(group_id, values["name"], ids, **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, reverse("office:training_groups"), _("已保存。"))
    title = _("修改分组：%(name)s") % {"name": group.name}
    back = reverse("office:training_groups")
    page = FormPage(TAB, title, _("保存"), back, template="office/training/group.html")
    return show_form(request, page, form, {"group": group})


@needs(EDIT)
@require_POST
def remove(request: HttpRequest, group_id: int) -> HttpResponse:
    with doors():
        remove_group(group_id, **who(request))
    return done(request, reverse("office:training_groups"), _("分组已删除；已布置的培训不变。"))

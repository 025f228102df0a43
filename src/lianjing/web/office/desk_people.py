"""派单范围: which classes and regions "next" gives an operator, and how many cases at once."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.people.desk_profiles import EDIT, BadProfile, Profile, set_profile
from lianjing.domain.people.duty_list import DeskPerson, desk_people
from lianjing.terms.codes import EventClass
from lianjing.terms.divisions import division_words
from lianjing.web.acting import found, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.forms import NOT_FILLED, OfficeForm, text
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import company_asked, one_of
from lianjing.web.pages import show
from lianjing.web.words import CLASSES, word

COMMAS = str.maketrans("，、；;\n\r", "," * 6)


class ProfileForm(OfficeForm):
    skills = forms.MultipleChoiceField(
        label=later("处理哪些类别（不选为全部）"),
        required=False,
        choices=lambda: [(each.value, word(CLASSES, each.value)) for each in EventClass],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": later("没有这个选项。")},
    )
    regions = text(
        later("处理哪些地区（不填为全部）"), 300, hint=later("行政区划代码的开头，用逗号分开，如 31 或 310101,310115。")
    )
    load_limit = forms.IntegerField(
        label=later("同时最多几件（不填按单位的规定）"),
        required=False,
        error_messages={**NOT_FILLED, "invalid": later("请填整数。")},
    )

    def profile(self) -> Profile:
        given = self.cleaned_data
        regions = [part.strip() for part in given["regions"].translate(COMMAS).split(",") if part.strip()]
        return Profile(given["skills"], regions, given["load_limit"])


@needs(EDIT)
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """`?company=`: whose operators; without it those of the first company."""
    company, mine = company_asked(request, EDIT)
    people = desk_people(viewer_of(request), company.pk) if company else []
    context = surroundings(request, "desk_people") | {"company": company, "companies": mine}
    return show(request, "office/desk_people.html", context | {"people": [_line(one) for one in people]})


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, company_id: int, user_id: int) -> HttpResponse:
    company = one_of(companies_with(viewer_of(request), EDIT), company_id)
    people = desk_people(viewer_of(request), company.pk)
    person = found(next((one for one in people if one.user.pk == user_id), None))
    back = f"{reverse('office:desk_people')}?company={company.pk}"
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm(initial=_initial(person))
    if request.method == "POST" and form.is_valid() and _set(request, form, person):
        return done(request, back, _("派单范围已保存，下次取件起生效。"))
    title = _("%(name)s 的派单范围") % {"name": person.user.shown_name}
    return show_form(request, FormPage("desk_people", title, _("保存"), back), form)


def _set(request: HttpRequest, form: ProfileForm, person: DeskPerson) -> bool:
    try:
        set_profile(person.user.pk, person.company_id, form.profile(), **who(request))
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except BadProfile as bad:
        form.add_error(bad.field or None, str(bad))
        return False
    return True


def _initial(person: DeskPerson) -> dict[str, Any]:
    held = person.profile
    return {"skills": held.skills, "regions": ", ".join(held.regions), "load_limit": held.load_limit}


def _line(person: DeskPerson) -> dict[str, Any]:
    held = person.profile
    return {
        "id": person.user.pk,
        "name": person.user.shown_name,
        "username": person.user.username,
        "skills": _("、").join(word(CLASSES, skill) for skill in held.skills) or _("全部"),
        "regions": _("、").join(f"{code} {division_words(code.ljust(6, '0'))}".strip() for code in held.regions)
        or _("全部"),
        "load": held.load_limit,
    }

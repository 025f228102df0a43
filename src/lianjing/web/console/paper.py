"""纸质补录: a form for what was handled on paper while the system was down."""

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs, viewer_of
from lianjing.domain.incidents.choice_words import choice_words
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.paper import ENTER, enter_paper_case
from lianjing.domain.incidents.paper_policy import CAUSE_LIMIT, WHAT_LIMIT, WHO_LIMIT, PaperCase
from lianjing.domain.incidents.policy import TARGETS
from lianjing.domain.signals.places import find_sites, place_of
from lianjing.terms.codes import EventClass
from lianjing.web.acting import submitted, who
from lianjing.web.console.acting import NO_CHOICE, NOT_FILLED, ActionForm, text
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import asked_id
from lianjing.web.words import CLASSES, DISPOSITIONS, GRADES, word

TAB = "incidents"
TEXT_LIMIT = 64
INSTANTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]


def _instant(label: Any, *, required: bool = False) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=INSTANTS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S"),
        error_messages={**NOT_FILLED, "invalid": later("时刻请写成 2026-11-22 14:30 的样子。")},
    )


def _choice(label: Any, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=required, error_messages=NO_CHOICE)


class PaperForm(ActionForm):
    """What stands on the paper, in the order of the paper."""

    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    event_class = _choice(later("类别"), lambda: [(kind.value, word(CLASSES, kind.value)) for kind in EventClass])
    grade = _choice(later("级别"), lambda: [(str(grade), words) for grade, words in GRADES.items()])
    what = text(later("何事"), WHAT_LIMIT)
    handled_by = text(later("处理人"), WHO_LIMIT)
    received_at = _instant(later("收到"), required=True)
    verified_at = _instant(later("复核"))
    forwarded_to = _choice(
        later("转发给"), lambda: [("", "—"), *((name, choice_words(name)) for name in TARGETS)], required=False
    )
    forwarded_at = _instant(later("转发"))
    arrived_at = _instant(later("到场"))
    closed_at = _instant(later("结案"), required=True)
    result = _choice(later("处置结果"), lambda: list(DISPOSITIONS.items()))
    cause = text(later("原因与说明"), CAUSE_LIMIT)

    def case(self, site_id: int) -> PaperCase:
        told = dict(self.cleaned_data)
        return PaperCase(**told | {"grade": int(told["grade"]), "site_id": site_id})


@needs(ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest) -> HttpResponse:
    """Without a site: which one; with it: the form."""
    site_id = asked_id(request, "site")
    if site_id is None:
        return _which_site(request)
    place = place_of(viewer_of(request), site_id)
    if place is None:
        raise Http404
    if request.method != "POST":
        return _show(request, place, PaperForm(initial={"key": token_urlsafe(16), "grade": "2"}))
    form, entered = PaperForm(request.POST), list[Incident]()
    if not submitted(form, lambda _told: entered.append(enter_paper_case(form.case(site_id), **who(request)))):
        return _show(request, place, form, status=422)
    return HttpResponseRedirect(reverse("console:incident", args=[entered[0].pk]))


def _which_site(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").replace("\0", "").strip()[:TEXT_LIMIT]
    context = surroundings(request, TAB) | {"title": _("补录纸质记录"), "text": asked}
    context |= {"sites": find_sites(viewer_of(request), asked) if asked else [], "back": reverse("console:incidents")}
    return show(request, "desk/which_site.html", context)


def _show(request: HttpRequest, place: Any, form: PaperForm, status: int = 200) -> HttpResponse:
    context = surroundings(request, TAB) | {"place": place, "form": form}
    return show(request, "desk/paper_form.html", context, status)

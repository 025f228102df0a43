"""自查报告: made for a company and a day, and which were made."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.pages import get_ready
from lianjing.domain.compliance.reports_made import reports_made
from lianjing.web.acting import doors, who
from lianjing.web.file_sending import download
from lianjing.web.office.company_choosing import Chosen, chosen
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none
from lianjing.web.pages import show
from lianjing.web.self_inspection.content import Asked
from lianjing.web.self_inspection.making import FORMS, Busy, CannotSet, file_name, made_files
from lianjing.web.words import ACTORS, word

TAB = "clauses"


@needs("compliance.see")
@require_safe
@says_when_none(TAB)
def clause_report(request: HttpRequest) -> HttpResponse:
    """Without `as`: what can be made and what was made; with it: the file, which is recorded."""
    what, form = chosen(request), request.GET.get("as", "")
    if form in FORMS and request.method == "GET" and not what.form.errors:
        return _made(request, what, form)
    get_ready()
    if form in ("", *FORMS):
        return _page(request, what, "", 422 if form and what.form.errors else 200)
    return _page(request, what, _("报告可以是 pdf、xlsx 或 json。"), 422)


def _made(request: HttpRequest, what: Chosen, form: str) -> HttpResponse:
    asked, acting = Asked(what.company, what.on, what.known, _address(request)), who(request)
    try:
        with doors():
            files = made_files(acting["by"], asked, [form], acting["at"], acting["source"])
    except Busy:
        return _page(request, what, _("正在制作的报告太多，请过一会儿再试。"), 503)
    except CannotSet:
        return _page(request, what, _("本机缺少排版所需的组件，做不了 PDF；工作簿和 JSON 可以。"), 503)
    return download(files[form], FORMS[form], file_name(asked, form))


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _page(request: HttpRequest, what: Chosen, wrong: str, status: int) -> HttpResponse:
    told = {"company": str(what.company.pk), "on": str(what.on)}
    if what.known is not None:
        told["known"] = request.GET.get("known", "")
    here = reverse("office:clause_report")
    context: dict[str, Any] = surroundings(request, TAB) | what.context() | {"wrong": wrong}
    context |= {"files": [(form, f"{here}?{urlencode({**told, 'as': form})}") for form in FORMS]}
    made = reports_made(viewer_of(request), what.company.pk)
    context |= {"made": [(one, word(ACTORS, one.by)) for one in made]}
    context |= {"back": f"{reverse('office:clauses')}?{urlencode(told)}"}
    return show(request, "office/clauses/report.html", context, status)

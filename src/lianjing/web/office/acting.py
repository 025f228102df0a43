"""Pages of the office around a form, and the way back from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from lianjing.core.refusals import Refused
from lianjing.terms.sentences import words
from lianjing.web.office.forms import OfficeForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.once import StoresNothing
from lianjing.web.pages import show


def done(request: HttpRequest, href: str, said: str) -> HttpResponse:
    """Back to the page that shows it, which says so once."""
    messages.success(request, said)
    return HttpResponseRedirect(href)


def refused(request: HttpRequest, href: str, refusal: Refused) -> HttpResponse:
    """For a button without a form: back to its page, which says why not."""
    messages.error(request, words(refusal, _))
    return StoresNothing(href)


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with one form: its title, the words of its button, where "cancel" leads."""

    tab: str
    title: str
    send_words: str
    back_href: str
    lead: str = ""
    template: str = "office/form.html"


def show_form(
    request: HttpRequest, page: FormPage, form: OfficeForm, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """200 when it is asked for, 422 when it was refused."""
    context = surroundings(request, page.tab) | {"form": form, "is_upload": form.is_multipart(), **(more or {})}
    context |= {"title": page.title, "send_words": page.send_words, "back_href": page.back_href, "lead": page.lead}
    return show(request, page.template, context, status=422 if request.method == "POST" else 200)

"""From a form to an action: who acts, and what the answers of the domain are on the web."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.access import viewer_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.sites.refusals import Missing, Refused
from lianjing.web.office.forms import OfficeForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show

T = TypeVar("T")


def who(request: HttpRequest) -> dict[str, Any]:
    """The keywords that every action wants."""
    return {"by": viewer_of(request), "at": timezone.now(), "source": request.META.get("REMOTE_ADDR", "")}


def found(thing: T | None) -> T:
    """What is not there, or another company's, is 404."""
    if thing is None:
        raise Http404
    return thing


@contextmanager
def doors() -> Iterator[None]:
    """What the viewer cannot see is 404, what his role may not is 403."""
    try:
        yield
    except Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden


def submitted(form: OfficeForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was sound and the action done; else the form says what was wrong (answer 422)."""
    if not form.is_valid():
        return False
    try:
        with doors():
            act(form.cleaned_data)
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def done(request: HttpRequest, href: str, said: str) -> HttpResponse:
    """Back to the page that shows it, which says so once."""
    messages.success(request, said)
    return HttpResponseRedirect(href)


def refused(request: HttpRequest, href: str, refusal: Refused) -> HttpResponse:
    """For a button without a form: back to its page, which says why not."""
    messages.error(request, _(refusal.sentence) % refusal.figures)
    return HttpResponseRedirect(href)


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

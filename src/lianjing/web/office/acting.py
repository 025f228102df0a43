"""From a form to an action: who acts, and what the answers of the domain are on the web."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from lianjing.core.access import viewer_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.sites.refusals import Missing, Refused
from lianjing.web.office.forms import OfficeForm


def who(request: HttpRequest) -> dict[str, Any]:
    """The keywords that every action wants."""
    return {"by": viewer_of(request), "at": timezone.now(), "source": request.META.get("REMOTE_ADDR", "")}


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

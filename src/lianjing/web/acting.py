"""From a form to an action: who acts, and what the answers of the domain are on the web."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.access import viewer_of
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.terms.sentences import words
from lianjing.web.form_words import speak_plainly

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


class RefusableForm(forms.Form):
    """Keeps what was typed and says beside each field what is wrong with it."""

    use_required_attribute = False
    renamed: Mapping[str, str] = {}
    """Fields of the domain that are called otherwise in the form."""
    must: Collection[str] = ()
    """Fields that the domain does not do without, and says so in words of its own."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            speak_plainly(field)
        super().full_clean()

    def refuse(self, refused: Refused) -> None:
        """Puts the domain's sentence beside the field that it is about."""
        told = self.renamed.get(refused.field, refused.field)
        field = told if told in self.fields else None
        self.add_error(field, words(refused, _))


def submitted(form: RefusableForm, act: Callable[[dict[str, Any]], object]) -> bool:
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

"""The answer to a word that somebody said on the phone, for whichever room asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from lianjing.core.refusals import Refused
from lianjing.domain.signals.pass_words import check_word
from lianjing.domain.sites.pass_words import Checked, WordIs
from lianjing.web.acting import doors, who
from lianjing.web.pages import show

TEMPLATE = "_word_check.html"


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence for the operator; `tone`: ok, bad, duress."""

    tone: str
    sentence: str


@sensitive_variables("word")
def answer(request: HttpRequest, site_id: int, href: str) -> HttpResponse:
    """The box with the answer and an empty field again: the word is never sent back. 422 when it was not looked at."""
    return _answer(request, href, lambda word, **by: check_word(site_id, word, **by), _told)


@sensitive_variables("word")
def quiet_answer(request: HttpRequest, href: str, check: Callable[..., Checked]) -> HttpResponse:
    """As `answer`, in the room where somebody may look over the operator's shoulder, or hear him: a duress word is
    answered like the right one. What has to be done says the plan."""
    return _answer(request, href, check, _told_quietly)


@sensitive_variables("word")
def _answer(
    request: HttpRequest, href: str, check: Callable[..., Checked], told: Callable[[Checked], Answer]
) -> HttpResponse:
    word = request.POST.get("word", "")[:200]
    try:
        with doors():
            checked = check(word, **who(request))
    except Refused as refused:
        return show(request, TEMPLATE, _context(href, Answer("bad", _(refused.sentence) % refused.figures)), status=422)
    return show(request, TEMPLATE, _context(href, told(checked)))


def _told_quietly(checked: Checked) -> Answer:
    if checked.contact is None:
        return _told(checked)
    return Answer("ok", _("口令已核对：是 %(name)s 的口令。") % {"name": checked.contact.name})


def _context(href: str, told: Answer) -> dict[str, Any]:
    return {"word_href": href, "word_answer": told}


def _told(checked: Checked) -> Answer:
    name = {"name": checked.contact.name if checked.contact else ""}
    if checked.word_is is WordIs.DURESS:
        return Answer(
            "duress", _("胁迫口令！是 %(name)s 的。已按一级警情上报：不要追问，照常应答，按劫持处置。") % name
        )
    if checked.word_is is WordIs.RIGHT:
        return Answer("ok", _("口令正确：是 %(name)s 的口令。") % name)
    return Answer("bad", _("口令错误：不是本场所任何联系人的口令。"))

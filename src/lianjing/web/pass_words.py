"""The answer to a word that somebody said on the phone, for whichever room asked."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from lianjing.domain.signals.pass_words import check_word
from lianjing.domain.sites.pass_words import Checked, WordIs
from lianjing.domain.sites.refusals import Refused
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
    word = request.POST.get("word", "")[:200]
    try:
        with doors():
            checked = check_word(site_id, word, **who(request))
    except Refused as refused:
        return show(request, TEMPLATE, _context(href, Answer("bad", _(refused.sentence) % refused.figures)), status=422)
    return show(request, TEMPLATE, _context(href, _told(checked)))


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

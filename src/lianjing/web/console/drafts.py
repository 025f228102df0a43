"""Drafts of the case page: kept while one types, and shown to who has the case when their writer is gone."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from lianjing.core.access import needs
from lianjing.core.viewer import Forbidden, Person
from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.domain.incidents.draft_list import DraftLine, drafts_of
from lianjing.domain.incidents.drafting import keep_draft
from lianjing.domain.incidents.moving import BadChoice, Missing
from lianjing.web.acting import who
from lianjing.web.console.forms import FORMS
from lianjing.web.words import MOVES, word


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A draft in words. `usable`: the form is there to take it in."""

    id: int
    form: str
    mine: bool
    name: str
    at: datetime
    move_words: str
    text: str
    json: str
    usable: bool


def drafts(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """A part of the case page."""
    found = drafts_of(viewer, page.row.id, of_others=page.is_mine)
    return {"drafts": [_shown(line, page) for line in found if line.form in FORMS]}


def _shown(line: DraftLine, page: IncidentPage) -> ShownDraft:
    return ShownDraft(
        id=line.id,
        form=line.form,
        mine=line.mine,
        name=line.name,
        at=line.at,
        move_words=word(MOVES, line.form),
        text=_text(line, page),
        json=json.dumps(line.values, ensure_ascii=False),
        usable=page.moves[line.form].allowed,
    )


def _text(line: DraftLine, page: IncidentPage) -> str:
    form = FORMS[line.form]()
    form.fit(page, {})
    told = []
    for name, value in line.values.items():
        field = form.fields.get(name)
        choices = {str(key): words for key, words in getattr(field, "choices", ())}
        told.append(str(choices.get(value, value)))
    return "，".join(told)


@needs("incidents.note")
@require_POST
def draft(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Keeps what the page sends at a pause of typing: `form`, and `values` by the form's own fields. Whether the case
    is the viewer's to see is asked first, whatever is sent."""
    try:
        sent = json.loads(request.body)
        name, values = str(sent["form"]), dict(sent["values"])
    except (ValueError, TypeError, KeyError):
        name, values = "", {}
    fields = FORMS[name].base_fields if name in FORMS else {}
    typed = {field: str(value) for field, value in values.items() if field in fields}
    try:
        keep_draft(incident_id, name if name in FORMS else "", typed, **who(request))
    except Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except BadChoice:
        return HttpResponse(status=422)
    return HttpResponse(status=204 if name in FORMS else 400)

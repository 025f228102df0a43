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
from lianjing.domain.plans.policy import Step as PlanStep
from lianjing.web.acting import who
from lianjing.web.console.forms import FORMS
from lianjing.web.console.forms_of_plan import StepForm
from lianjing.web.console.move_form import MoveForm
from lianjing.web.words import DRAFTED, word

NAME_LIMIT = 40
"""Of a draft's name: the column has no more."""


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
    return {"drafts": [_shown(line, page) for line in found if _move_of(line.form) in FORMS]}


def _move_of(name: str) -> str:
    """The move of a form; what follows the ":" tells which of several steps or contacts it stands for."""
    return name.partition(":")[0]


def _shown(line: DraftLine, page: IncidentPage) -> ShownDraft:
    return ShownDraft(
        id=line.id,
        form=line.form,
        mine=line.mine,
        name=line.name,
        at=line.at,
        move_words=_about(line, page),
        text=_text(line, page),
        json=json.dumps(line.values, ensure_ascii=False),
        usable=_is_usable(line.form, page),
    )


def _step(name: str, page: IncidentPage) -> PlanStep | None:
    """The step of the plan whose form it is."""
    key = name.removeprefix("step:")
    return next((line.step for line in page.plan.lines if name != key and line.step.key == key), None)


def _about(line: DraftLine, page: IncidentPage) -> str:
    step = _step(line.form, page)
    return step.title if step is not None else word(DRAFTED, _move_of(line.form))


def _is_usable(name: str, page: IncidentPage) -> bool:
    """Whether the page has the form now: of the plan's steps that of the one that is due."""
    step, move = _step(name, page), _move_of(name)
    return page.moves[move].allowed and (move != "step" or (step is not None and step == page.plan.now))


def _text(line: DraftLine, page: IncidentPage) -> str:
    form = FORMS[_move_of(line.form)]()
    form.fit(page, {})
    if isinstance(form, StepForm) and (step := _step(line.form, page)) is not None:
        form.offer(step)
    told = []
    # In the order of the form: PostgreSQL keeps none.
    for name, field in form.fields.items():
        if (value := line.values.get(name)) is not None:
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
    form = FORMS.get(_move_of(name)) if len(name) <= NAME_LIMIT else None
    typed = {field: str(value) for field, value in values.items() if form and _may_keep(form, field)}
    try:
        keep_draft(incident_id, name if form else "", typed, **who(request))
    except Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except BadChoice:
        return HttpResponse(status=422)
    return HttpResponse(status=204 if form else 400)


def _may_keep(form: type[MoveForm], name: str) -> bool:
    """Whether it is a field of the form, and no secret such as a word that somebody said."""
    field = form.base_fields.get(name)
    return field is not None and "data-secret" not in field.widget.attrs

"""The steps that acts on an assessment have in common: found, locked, allowed to, moved and told."""

from collections.abc import Mapping
from typing import Any

from lianjing.core.refusals import Refused
from lianjing.core.viewer import require
from lianjing.domain.assessments.models import AssessmentCycle
from lianjing.domain.assessments.policy import CHANGED, EDIT, SEE, check_move
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

TEXT_LIMIT = 4000
ACTS = {"open": "opened", "score": "scored", "analyse": "analysed", "close": "closed", "cancel": "cancelled"}
"""What each move is called in the records."""


def cycle_to_change(cycle_id: int, move: str, actor: Actor) -> AssessmentCycle:
    """The assessment, locked, when it may be moved so. Raises Missing, Forbidden or Refused."""
    rows = AssessmentCycle.objects.select_related("company", "criteria", "responsible")
    cycle = locked(rows, cycle_id, actor.by, see=SEE)
    require(actor.by, EDIT, cycle.company_id)
    check_move(move, cycle.state)
    return cycle


def moved(cycle: AssessmentCycle, move: str, actor: Actor, after: Mapping[str, Any]) -> AssessmentCycle:
    """Puts it into its next state, and keeps what the act has changed."""
    had = cycle.state
    cycle.state = check_move(move, had)
    cycle.save()
    told, name = {**after, "state": cycle.state}, f"assessment.{ACTS[move]}"
    write_down(name, cycle, cycle.company_id, actor, after=told, before={"state": had}, topic=CHANGED)
    return cycle


def text_given(field: str, value: str) -> str:
    """What was written. Raises Refused when it is missing, too long or cannot be stored."""
    text = value.strip()
    if not text:
        raise Refused(field, _("请填写。"))
    if not storable(text):
        raise Refused(field, _("含有不能保存的字符。"))
    if len(text) > TEXT_LIMIT:
        raise Refused(field, _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=TEXT_LIMIT, count=len(text))
    return text

"""How an act moves a drill: locked and allowed to, saved, recorded and told. Steps of the actions of this app."""

from collections.abc import Mapping
from typing import Any

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.drills.models import Drill
from lianjing.domain.drills.permissions import has_recorded
from lianjing.domain.drills.policy import CHANGED, SEE, TEXT_LIMIT, check_move, permission_of
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable


def company_of(company_id: int, permission: str, by: Viewer) -> Company:
    """The company, where the viewer may do this. Raises Missing or Forbidden."""
    company = visible(Company.objects.all(), by, SEE, company_field="pk").filter(pk=company_id).first()
    if company is None:
        raise Missing(f"company {company_id}")
    require(by, permission, company_id)
    return company


def drill_to_move(drill_id: int, move: str, actor: Actor) -> Drill:
    """The drill, locked, when it may be moved so now. Raises Missing, Forbidden or Refused."""
    drill = locked(Drill.objects.select_related("company"), drill_id, actor.by, see=SEE)
    require(actor.by, permission_of(move), drill.company_id)
    check_move(move, drill.state, from_paper=drill.from_paper, is_recorder=has_recorded(actor.by, drill))
    return drill


def moved(drill: Drill, move: str, act: str, actor: Actor, after: Mapping[str, Any]) -> Drill:
    """Saves it in its next state, and keeps what the act was."""
    had = drill.state
    drill.state = check_move(move, had)
    drill.save()
    told = {name: value for name, value in after.items() if value not in ("", None, [])}
    changed = {"state": drill.state} if drill.state != had else {}
    before = {"state": had} if drill.state != had else {}
    write_down(f"drill.{act}", drill, drill.company_id, actor, after=told | changed, before=before, topic=CHANGED)
    return drill


def written(field: str, value: str, *, required: bool = False, limit: int = TEXT_LIMIT) -> str:
    """What was written, stripped. Raises Refused when it is missing, too long or cannot be stored."""
    text = value.strip()
    if not storable(text):
        raise Refused(field, _("含有不能保存的字符。"))
    if required and not text:
        raise Refused(field, _("请填写。"))
    if len(text) > limit:
        raise Refused(field, _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=limit, count=len(text))
    return text

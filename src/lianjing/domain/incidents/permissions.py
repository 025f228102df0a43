"""Who may move a case: the permission of each move stands in its row of the transition table."""

from datetime import datetime

from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents.duty_facts import duties_of
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.policy import MOVES, Standing, refusals
from lianjing.domain.incidents.waiting import case_is_overdue
from lianjing.terms.codes import LIFE_CLASSES


def may_move(viewer: Viewer, move_name: str, incident: Incident) -> bool:
    return viewer.scope(MOVES[move_name].permission).holds(incident.company_id)


def standing_of(
    viewer: Viewer,
    incident: Incident,
    at: datetime | None = None,
    *,
    open_required: tuple[str, ...] = (),
    unread_notices: int = 0,
    calls_open: tuple[str, ...] = (),
) -> Standing:
    """The case as the transition table sees it for this viewer. Needs `holder`, `offered_to` and the company's
    `desk_settings` loaded. Without `at` nothing counts as overdue."""
    me = person_id(viewer)
    return Standing(
        state=incident.state,
        holder=incident.holder.shown_name if incident.holder else None,
        mine=incident.holder_id is not None and incident.holder_id == me,
        unseen=incident.unseen,
        may_break=may_move(viewer, "break_lock", incident),
        open_required=open_required,
        unread_notices=unread_notices,
        on_hold=incident.held_until is not None,
        offered_to=incident.offered_to.shown_name if incident.offered_to else None,
        offered_to_me=incident.offered_to_id is not None and incident.offered_to_id == me,
        reserved_for=_reserved_for(incident, me),
        overdue=at is not None and case_is_overdue(incident, at),
        joined_into=incident.joined_into_id,
        duties=tuple(_(duty.sentence) for duty in duties_of(incident)),
        receipt_owed=incident.receipt_owed,
        tasks_out=incident.tasks_out,
        life=incident.event_class in LIFE_CLASSES or incident.verified_outcome == "duress",
        calls_open=calls_open,
    )


def _reserved_for(incident: Incident, me: int | None) -> str | None:
    """Who handles another open case of the site. A case that is held, or of no site, is reserved for nobody."""
    if incident.holder_id is not None or incident.site_id is None or incident.state == State.CLOSED:
        return None
    others = Incident.objects.filter(site_id=incident.site_id, holder__isnull=False).exclude(state=State.CLOSED)
    holders = {other.holder_id: other.holder for other in others.select_related("holder")[:20]}
    return None if me in holders else next((holder.shown_name for holder in holders.values() if holder), None)


def refusal_words(move_name: str, case: Standing) -> str:
    """Every reason why the move is impossible, a sentence each; "" when it is possible."""
    return " ".join(_(each.sentence) % each.figures for each in refusals(move_name, case))

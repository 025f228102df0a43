"""Who may move a case: the permission of each move stands in its row of the transition table."""

from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents.duty_facts import duties_of
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.policy import MOVES, Standing


def may_move(viewer: Viewer, move_name: str, incident: Incident) -> bool:
    return viewer.scope(MOVES[move_name].permission).holds(incident.company_id)


def standing_of(viewer: Viewer, incident: Incident) -> Standing:
    """The case as the transition table sees it for this viewer. Needs `holder` loaded."""
    return Standing(
        state=incident.state,
        holder=incident.holder.shown_name if incident.holder else None,
        mine=incident.holder_id is not None and incident.holder_id == person_id(viewer),
        unseen=incident.unseen,
        may_break=may_move(viewer, "break_lock", incident),
        duties=tuple(_(duty.sentence) for duty in duties_of(incident)),
        receipt_owed=incident.receipt_owed,
        tasks_out=incident.tasks_out,
    )

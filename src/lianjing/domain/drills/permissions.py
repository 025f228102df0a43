"""Who may what with drills: rows of the one permission table, named in `policy`."""

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.drills.models import Drill
from lianjing.domain.drills.policy import check_move, permission_of


def may_move(viewer: Viewer, move: str, drill: Drill) -> bool:
    """Whether the drill's state and the viewer's role let it happen now."""
    return viewer.scope(permission_of(move)).holds(drill.company_id) and why_not(viewer, move, drill) is None


def why_not(viewer: Viewer, move: str, drill: Drill) -> Refused | None:
    """Why the drill cannot be moved so now; None: it can, by whoever has the permission."""
    try:
        check_move(move, drill.state, from_paper=drill.from_paper, is_recorder=has_recorded(viewer, drill))
    except Refused as refused:
        return refused
    return None


def has_recorded(viewer: Viewer, drill: Drill) -> bool:
    """Whether it was he who recorded the drill as held. Of one that was recorded before persons were kept: by name."""
    if drill.held_user_id is None:
        return drill.held_by == viewer.name[:150]
    return drill.held_user_id == person_id(viewer)

"""Who may what with drills: rows of the one permission table, named in `policy`."""

from lianjing.core.viewer import Viewer
from lianjing.domain.drills.models import Drill
from lianjing.domain.drills.policy import MOVES, permission_of


def may_move(viewer: Viewer, move: str, drill: Drill) -> bool:
    """Whether the drill's state and the viewer's role let it happen now."""
    return drill.state in MOVES[move].states and viewer.scope(permission_of(move)).holds(drill.company_id)

"""Who may move an edition: the permission of each move stands in its row of the transition table."""

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.documents.models import Edition
from lianjing.domain.documents.policy import MOVES, Standing


def may_move(viewer: Viewer, move_name: str, company_id: int) -> bool:
    return viewer.scope(MOVES[move_name].permission).holds(company_id)


def standing_of(viewer: Viewer, edition: Edition) -> Standing:
    """The edition as the transition table sees it for this viewer."""
    me = person_id(viewer)
    return Standing(edition.state, me in edition.writers, me is not None)

"""Who may send guards, and whose task it is."""

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.dispatch.models import Task

WORK, SEE = "tasks.work", "tasks.see"


def is_his(viewer: Viewer, task: Task) -> bool:
    """A guard has his own tasks only, for the companies that he guards for."""
    return viewer.scope(WORK).holds(task.company_id) and task.guard_id == person_id(viewer)

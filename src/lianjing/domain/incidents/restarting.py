"""What was decided of a case is decided no more. What these change, their caller saves.

Steps of the actions of this app, and no actions themselves.
"""

from lianjing.domain.incidents.desk_figures import figures_of_company
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.moving import Actor
from lianjing.domain.incidents.plan_running import begin_anew
from lianjing.domain.incidents.waiting import wait_from

DISPOSITION_FIELDS = [
    "disposition",
    "cause",
    "cause_kind",
    "cause_zone",
    "disposed_at",
    "disposed_by",
    "repair_wanted",
    "repair_text",
]


def withdraw_disposition(incident: Incident) -> str:
    """It has no result any more; what it was, which the record keeps."""
    was = incident.disposition
    incident.disposition = incident.cause = incident.cause_kind = ""
    incident.disposed_at, incident.disposed_by, incident.cause_zone = None, None, None
    incident.repair_wanted, incident.repair_text = False, ""
    return was


def restart(incident: Incident, actor: Actor) -> None:
    """A closed case waits again, to be led through every step of its plan anew."""
    withdraw_disposition(incident)
    # Whom we have told stays told. What was waived is judged anew.
    incident.duties_waived = []
    incident.verified_how = incident.verified_outcome = incident.forwarded_to = ""
    # Alarms join it again, unless the site has opened a newer case of this class meanwhile.
    incident.joinable = not Incident.objects.filter(join_key=incident.join_key, joinable=True).exists()
    incident.state, incident.holder, incident.taken_at = State.OPEN.value, None, None
    incident.closed_at, incident.closed_by = None, None
    wait_from(incident, actor.at, figures_of_company(incident.company))
    begin_anew(incident, actor)

"""并案 from the page of the case that stays."""

from typing import Any

from django.utils.translation import gettext as _

from lianjing.domain.incidents.joining import merge_incidents
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.moving import BadChoice, Missing
from lianjing.domain.incidents.queries import incident_of


def take_in(incident_id: int, *, other: int, note: str, **who: Any) -> Incident:
    """Joins the other case into this one. A number that leads to no case is a slip of the pen, not a missing page."""
    if incident_of(who["by"], incident_id) is None:
        raise Missing(_("没有这件警情。"))
    try:
        return merge_incidents(other, into=incident_id, note=note, **who)
    except Missing as missing:
        raise BadChoice("other", _("没有编号为 %(number)d 的警情。") % {"number": other}) from missing

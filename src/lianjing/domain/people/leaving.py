"""Somebody leaves the company."""

from datetime import date, datetime

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.people.facts import CHANGED, end_fact, in_the_way, member_to_change
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.changing import REASON_LIMIT, Actor, write_down
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import StaffFactKind

ENDING = (StaffFactKind.EMPLOYMENT, StaffFactKind.POST_KIND)


@transaction.atomic
def leave_company(
    member_id: int, last_day: date, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> StaffMember:
    """Ends a person's employment and his post kind with that day; all that was recorded stays on file.

    Raises Missing, Forbidden, or Refused: he was not employed on that day, or something recorded begins later.
    """
    member = member_to_change(member_id, by)
    why = reason.strip()
    if len(why) > REASON_LIMIT or "\0" in why:
        raise Refused("reason", _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=REASON_LIMIT, count=len(why))
    actor = Actor(by, at, source)
    standing = member.facts.filter(kind__in=ENDING, retracted_at=None).order_by("pk")
    rows = list(standing.exclude(valid_until__lte=last_day))
    later = next((row for row in rows if row.valid_from is not None and row.valid_from > last_day), None)
    if later is not None:
        raise in_the_way(later, "last_day")
    if not any(row.kind == StaffFactKind.EMPLOYMENT for row in rows):
        raise Refused("last_day", _("%(day)s 之后没有在职记录，已经离职或没有登记入职。"), day=str(last_day))
    for row in rows:
        end_fact(row, last_day, _("离职"), actor)
    told = {"last_day": str(last_day), **({"reason": why} if why else {})}
    write_down("staff.left", member, member.company_id, actor, after=told, topic=CHANGED)
    return member

"""Who sees to a clause, how far he is and until when: set by whoever runs the company's compliance."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lianjing.core.changes import difference
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.local_texts import judged_entries
from lianjing.domain.compliance.models import ClauseWork
from lianjing.domain.compliance.models.work import NOTE_LIMIT
from lianjing.domain.compliance.work_reading import dealing_with
from lianjing.domain.people.models import StaffMember, User
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable
from lianjing.terms.verdicts import WorkStatus

SET = "clause.work_set"
SETTINGS = "compliance.settings"


@dataclass(frozen=True, slots=True)
class GivenWork:
    """As somebody sets it. `owner`: a staff number, a name on the staff list, or that of a user; "": nobody."""

    owner: str = ""
    status: WorkStatus = WorkStatus.NONE
    due_on: date | None = None
    note: str = ""


@transaction.atomic
def set_work(company_id: int, clause: str, given: GivenWork, *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Sets owner, status, due day and note of a clause that no open finding is about; the verdict is another matter.
    False: nothing changed.

    Raises Missing, Forbidden, or Refused naming the field.
    """
    require(by, SETTINGS, company_id)
    locked(Company.objects.all(), company_id, by, see=SETTINGS, company="id")
    if clause not in judged_entries(by, company_id):
        raise Missing(f"clause {clause}")
    if finding := dealing_with(by, company_id, (clause,)).get(clause):
        raise Refused("owner", _("这一条有未关闭的整改 %(number)s，责任人和期限在整改里定。"), number=finding.number)
    member, user = _owner(company_id, given.owner.strip())
    row = ClauseWork.objects.filter(company_id=company_id, clause=clause).first()
    row = row or ClauseWork(company_id=company_id, clause=clause)
    had = _told(row)
    row.member, row.user, row.status = member, user, given.status.value
    row.due_on, row.note = given.due_on, _note(given.note)
    before, after = difference(had, _told(row))
    if not after:
        return False
    row.changed_at, row.changed_by = at, by.name
    row.save()
    told = {"clause": clause}
    write_down(SET, row, company_id, Actor(by, at, source), before=told | before, after=told | after, topic=SET)
    return True


def _told(row: ClauseWork) -> dict[str, object]:
    return {
        "member": row.member_id,
        "user": row.user_id,
        "status": row.status,
        "due_on": row.due_on,
        "note": row.note,
    }


def _owner(company_id: int, name: str) -> tuple[StaffMember | None, User | None]:
    """Whom the name means. Raises Refused when it is nobody, or several."""
    if not name:
        return None, None
    staff = StaffMember.objects.filter(company_id=company_id)
    number = name.partition(" ")[0]
    member = staff.filter(staff_no=name).first() or staff.filter(staff_no=number, name=name[len(number) + 1 :]).first()
    if member is not None:
        return member, None
    people = User.objects.filter(memberships__company_id=company_id, is_active=True).distinct()
    found = [(one, None) for one in staff.filter(name=name)[:2]]
    users = [(None, one) for one in people if name in (one.username, one.shown_name)][:2]
    if len(found) + len(users) > 1:
        raise Refused("owner", _("叫“%(name)s”的不止一人，请填工号或用户名。"), name=name)
    if not found and not users:
        raise Refused("owner", _("本单位没有“%(name)s”：请填工号、姓名或用户名。"), name=name)
    return found[0] if found else users[0]


def _note(note: str) -> str:
    text = note.strip()
    if not storable(text):
        raise Refused("note", _("含有不能保存的字符。"))
    if len(text) > NOTE_LIMIT:
        raise Refused("note", _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=NOTE_LIMIT, count=len(text))
    return text

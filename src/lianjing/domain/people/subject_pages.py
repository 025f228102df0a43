"""Reading one department or post through all its times: its rows, its duties version by version, who held it."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company, Department, DutyText, Post
from lianjing.domain.companies.names_now import call_as_now
from lianjing.domain.companies.versions import standing_rows
from lianjing.domain.people.holders import Holder, at_work_on, holder_of
from lianjing.domain.people.models import Appointment
from lianjing.domain.people.organisation import SEE, SEE_PEOPLE
from lianjing.domain.records.dated import LATEST_FIRST, OLDEST_FIRST

ENOUGH = 50
S = TypeVar("S", Department, Post)


@dataclass(frozen=True, slots=True)
class SubjectPage(Generic[S]):
    """`first` names it; `rows`: what it is and was, the latest first; `now`: the latest; `duties`: all versions, those
    taken back too, the latest first."""

    first: S
    rows: list[S]
    duties: list[DutyText]
    holders: list[Holder]

    @property
    def now(self) -> S:
        return self.rows[0]

    @property
    def company(self) -> Company:
        return self.first.company


def department_page(viewer: Viewer, department_id: int) -> SubjectPage[Department] | None:
    """A department; None when there is none that the viewer may see, or it was taken back."""
    rows = visible(Department.objects.filter(first=None).select_related("company"), viewer, SEE)
    first = rows.filter(pk=department_id).first()
    times = standing_rows(first)[::-1] if first else []
    if first is None or not times:
        return None
    duties = DutyText.objects.filter(department=first).order_by("-valid_from", "-version")
    return SubjectPage(first, times, list(duties), [])


def post_page(viewer: Viewer, post_id: int, on: date) -> SubjectPage[Post] | None:
    """A post, likewise; who of its holders is still at work is told for `on`."""
    rows = visible(Post.objects.filter(first=None).select_related("company", "department"), viewer, SEE)
    first = rows.filter(pk=post_id).first()
    times = standing_rows(first)[::-1] if first else []
    if first is None or not times:
        return None
    duties = DutyText.objects.filter(post=first).order_by("-valid_from", "-version")
    return SubjectPage(first, times, list(duties), appointments_of(viewer, first.pk, on))


def department_choices(viewer: Viewer, company_id: int) -> list[tuple[int, str]]:
    """Departments by their latest name, for a form."""
    rows = visible(Department.objects.filter(company_id=company_id, retracted_at=None), viewer, SEE)
    named = {row.first_id or row.pk: row.name for row in rows.order_by(OLDEST_FIRST, "pk")}
    return sorted(named.items(), key=lambda one: (one[1], one[0]))


def post_choices(viewer: Viewer, company_id: int) -> list[tuple[int, str]]:
    """Posts by their latest title, for a form."""
    rows = visible(Post.objects.filter(company_id=company_id, retracted_at=None), viewer, SEE)
    named = {row.first_id or row.pk: row.title for row in rows.order_by(OLDEST_FIRST, "pk")}
    return sorted(named.items(), key=lambda one: (one[1], one[0]))


def appointment_by_id(viewer: Viewer, appointment_id: int) -> Appointment | None:
    """An appointment that stands, for who may see both the company and its people."""
    rows = visible(Appointment.objects.filter(retracted_at=None), viewer, SEE)
    rows = visible(rows, viewer, SEE_PEOPLE).select_related("post", "member")
    row = rows.filter(pk=appointment_id).first()
    call_as_now([row.post] if row is not None else [])
    return row


def appointments_of(viewer: Viewer, post_id: int, on: date) -> list[Holder]:
    """Everybody who holds, held or will hold a post, the latest first; nobody for who may not see people. Who should
    hold it on `on` and is not at work then is told as such."""
    rows = visible(Appointment.objects.filter(post_id=post_id, retracted_at=None), viewer, SEE)
    found = list(visible(rows, viewer, SEE_PEOPLE).select_related("member").order_by(LATEST_FIRST, "-pk"))
    now = [row for row in found if _holds(row, on)]
    gone = {row.member_id for row in now} - at_work_on([row.member_id for row in now], on)
    return [holder_of(row, not (_holds(row, on) and row.member_id in gone), True) for row in found]


def appointment_ids(viewer: Viewer, post_id: int) -> list[int]:
    """Every appointment to a post, those taken back too, whose records tell its history; the latest."""
    rows = visible(Appointment.objects.filter(post_id=post_id), viewer, SEE_PEOPLE)
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:ENOUGH])


def _holds(row: Appointment, day: date) -> bool:
    begun = row.valid_from is None or row.valid_from <= day
    return begun and (row.valid_until is None or day <= row.valid_until)


def duties_by_id(viewer: Viewer, duty_id: int) -> DutyText | None:
    """A version of a text that stands."""
    rows = visible(DutyText.objects.filter(retracted_at=None), viewer, SEE)
    return rows.filter(pk=duty_id).first()

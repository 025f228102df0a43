"""People on file, as the duty gate asks for them."""

from datetime import date, datetime, timedelta

from lianjing.core.viewer import Person
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.models import Assignment, Course, RosterEntry, StaffFact, StaffMember
from lianjing.domain.people.staff import NewMember, add_member, link_account
from lianjing.terms.staffing import PostKind
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast

TODAY = date(2026, 11, 22)
SOUND = (
    NewFact(Kind.EMPLOYMENT, valid_from=date(2020, 1, 1)),
    NewFact(Kind.IDENTITY, "1990-01-01"),
    NewFact(Kind.NATIONALITY, "CHN"),
    NewFact(Kind.EDUCATION, "college"),
    NewFact(Kind.HEALTH, "passed", valid_from=date(2026, 1, 1), valid_until=date(2099, 12, 31)),
    NewFact(Kind.BACKGROUND, "passed", valid_from=date(2020, 1, 1)),
    NewFact(Kind.POLICE_EXAM, "passed", valid_from=date(2020, 1, 1)),
    NewFact(Kind.POLICE_REVIEW, "passed", valid_from=date(2020, 1, 1)),
    NewFact(Kind.BIOMETRICS, valid_from=date(2020, 1, 1)),
    NewFact(
        Kind.TRAINING,
        valid_from=date(2020, 1, 1),
        details={"hours": 40, "subjects": ["law", "guard", "skill"], "result": "passed"},
    ),
)


def certificate(until: date | None = None) -> NewFact:
    return NewFact(Kind.GUARD_CERTIFICATE, "", date(2020, 1, 1), until, "浙330001", "绍兴市公安局")


def on_file(cast: Cast, name: str, *facts: NewFact, manager: Person | None = None) -> StaffMember:
    """Somebody of the cast with his file; without facts everything is sound."""
    by = manager or cast.viewer("mia")
    new = NewMember({"staff_no": f"S-{name}", "name": name.title()}, "", facts or (*SOUND, certificate()))
    member = add_member(cast.company.pk, new, by=by, at=NOON - timedelta(days=300))
    return link_account(member.pk, name, by=by, at=NOON - timedelta(days=300))


def end_certificate(member: StaffMember, on: date) -> None:
    StaffFact.objects.filter(member=member, kind=Kind.GUARD_CERTIFICATE.value).update(valid_until=on)


def shift(
    member: StaffMember, begins: datetime, ends: datetime, place: str = "1 号席", kind: PostKind = PostKind.WATCH
) -> RosterEntry:
    """A published one."""
    return RosterEntry.objects.create(
        company_id=member.company_id,
        member=member,
        post_kind=kind.value,
        place=place,
        shift="白班",
        day=begins.date(),
        begins_at=begins,
        ends_at=ends,
        state="published",
        planned_at=NOON - timedelta(days=7),
        published_at=NOON - timedelta(days=7),
    )


def owes(member: StaffMember, due_on: date, title: str = "消防法") -> Assignment:
    course, _ = Course.objects.get_or_create(
        company_id=member.company_id, code=title, defaults={"title": title, "hours": 2, "changed_at": NOON}
    )
    return Assignment.objects.create(
        company_id=member.company_id,
        course=course,
        member=member,
        due_on=due_on,
        assigned_at=NOON - timedelta(days=30),
        assigned_by="Mia",
    )

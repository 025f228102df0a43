"""The list of people on file: who he is, what he does, whether he may stand duty today, what ends next."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.people.eligibility import Reason, eligibility
from lianjing.domain.people.fact_kinds import SPECS, Fact
from lianjing.domain.people.known_facts import answer_of, known_of
from lianjing.domain.people.models import StaffFact, StaffMember
from lianjing.domain.people.staff_facts import SEE, facts_of, is_employed, post_kind_on
from lianjing.domain.people.telling import told_against
from lianjing.domain.people.work_list_policy import next_end
from lianjing.domain.records.dated import holding_on
from lianjing.terms.staffing import PostKind, StaffFactKind

FILES = "people.files"
NOT_LEFT, EMPLOYED, LEFT, ALL = "", "employed", "left", "all"
EMPLOYMENTS = (NOT_LEFT, EMPLOYED, LEFT, ALL)
"""Without a choice: everybody but who has left; whoever is yet to come, or has no employment on file, is shown."""
ORDER = ("staff_no", "id")


@dataclass(frozen=True, slots=True)
class StaffWanted:
    """What to list. `eligible` None: both; `employment`: of EMPLOYMENTS."""

    text: str = ""
    post_kind: str = ""
    eligible: bool | None = None
    employment: str = NOT_LEFT
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends next: the kind of paper, and its last day."""

    kind: StaffFactKind
    day: date
    days_left: int


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A person as the list shows him. `against`: what stands in the way, as far as the viewer may know."""

    member: StaffMember
    post_kind: PostKind
    employed: bool
    eligible: bool
    against: tuple[Reason, ...]
    ends_next: Ending | None


def staff_list(
    viewer: Viewer, wanted: StaffWanted, on: date, *, after: int | None = None, limit: int = 50
) -> list[StaffLine]:
    """By staff number. Two queries a page; with a choice of eligible or not, four."""
    rows = _wanted(behind(visible(StaffMember.objects.all(), viewer, SEE), ORDER, after), wanted, on)
    if wanted.eligible is not None:
        rows = StaffMember.objects.filter(pk__in=_judged(viewer, rows, wanted, on, limit)).order_by(*ORDER)
    members = list(rows.select_related("company")[:limit])
    facts = facts_of([member.pk for member in members])
    files = viewer.scope(FILES)
    return [_line(m, facts.get(m.pk, []), on, sees_file=files.holds(m.company_id)) for m in members]


def _line(member: StaffMember, facts: list[Fact], on: date, *, sees_file: bool) -> StaffLine:
    answer = eligibility(facts, on)
    open_facts = facts if sees_file else [fact for fact in facts if not SPECS[fact.kind].private]
    end = next_end(open_facts, on)
    return StaffLine(
        member,
        post_kind_on(facts, on),
        is_employed(facts, on),
        answer.eligible,
        told_against(answer, sees_file=sees_file),
        Ending(end[0].kind, end[1], (end[1] - on).days) if end else None,
    )


def _judged(viewer: Viewer, rows: "QuerySet[StaffMember]", wanted: StaffWanted, on: date, limit: int) -> list[int]:
    """The first `limit` of whom the one rule gives the answer wanted."""
    scope = viewer.scope(SEE)
    known = known_of(None if scope.everything else scope.companies)
    found: list[int] = []
    for pk in rows.values_list("pk", flat=True):
        if answer_of(known.get(pk), on).eligible == wanted.eligible:
            found.append(pk)
            if len(found) == limit:
                break
    return found


def _wanted(rows: "QuerySet[StaffMember]", wanted: StaffWanted, on: date) -> "QuerySet[StaffMember]":
    if wanted.company_id is not None:
        rows = rows.filter(company_id=wanted.company_id)
    if wanted.text:
        rows = rows.filter(_called(wanted.text))
    if wanted.post_kind:
        rows = rows.filter(_post_kind(wanted.post_kind, on))
    return rows.filter(_employment(wanted.employment, on))


def _called(text: str) -> Q:
    return Q(name__icontains=text) | Q(initials__contains=text.lower()) | Q(staff_no__istartswith=text)


def _post_kind(kind: str, on: date) -> Q:
    """Whoever has none on file counts among the others, as in table 1."""
    held = holding_on(_standing(StaffFactKind.POST_KIND), on)
    if kind == PostKind.OTHER:
        return ~Q(Exists(held.exclude(value=kind)))
    return Q(Exists(held.filter(value=kind)))


def _employment(chosen: str, on: date) -> Q:
    at_work = Exists(holding_on(_standing(StaffFactKind.EMPLOYMENT), on))
    if chosen == EMPLOYED:
        return Q(at_work)
    if chosen == ALL:
        return Q()
    gone = Q(Exists(_standing(StaffFactKind.EMPLOYMENT).filter(valid_until__lt=on)))
    return ~Q(at_work) & gone if chosen == LEFT else Q(at_work) | ~gone


def _standing(kind: StaffFactKind) -> "QuerySet[StaffFact]":
    return StaffFact.objects.filter(member=OuterRef("pk"), kind=kind.value, retracted_at=None)

"""Reading what is known of people: for a day, as it was known at a time, for one or for thousands at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.people.eligibility import Eligibility, eligibility
from lianjing.domain.people.fact_kinds import Fact
from lianjing.domain.people.facts import as_fact
from lianjing.domain.people.models import StaffFact, StaffMember
from lianjing.domain.records.dated import known_at
from lianjing.terms.staffing import PostKind, StaffFactKind

SEE = "people.see"
COLUMNS = ("value", "valid_from", "valid_until", "number", "details", "pk")
"""Of a fact as the rule sees it, in its order: without the model there may be thousands of people."""


def facts_of(member_ids: Collection[int], known: datetime | None = None) -> dict[int, list[Fact]]:
    """What was known of these people at `known` (None: is now), whatever the days; one query. A step of queries."""
    rows = known_at(StaffFact.objects.filter(member_id__in=member_ids), known).order_by("pk")
    found: dict[int, list[Fact]] = defaultdict(list)
    for member_id, kind, *told in rows.values_list("member_id", "kind", *COLUMNS):
        found[member_id].append(Fact(StaffFactKind(kind), *told))
    return found


def eligible_members(
    viewer: Viewer, members: Iterable[StaffMember], on: date, known: datetime | None = None
) -> dict[int, Eligibility]:
    """The answer of the one rule for each of these people, by id. Whom the viewer may not see is left out."""
    scope = viewer.scope(SEE)
    ids = [member.pk for member in members if scope.holds(member.company_id)]
    facts = facts_of(ids, known)
    return {pk: eligibility(facts.get(pk, []), on) for pk in ids}


@dataclass(frozen=True, slots=True)
class Counted:
    """A person as table 1 of clause 5.2 counts him: in one post kind at most, and only while eligible."""

    member_id: int
    post_kind: PostKind
    eligible: bool


def counted_staff(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[Counted]:
    """Everybody at work for the company on that day, each once; two queries however many they are."""
    rows = visible(StaffFact.objects.filter(company_id=company_id), viewer, SEE)
    by_member: dict[int, list[Fact]] = defaultdict(list)
    for row in known_at(rows, known).order_by("pk"):
        by_member[row.member_id].append(as_fact(row))
    return [
        Counted(pk, post_kind_on(facts, on), eligibility(facts, on).eligible)
        for pk, facts in by_member.items()
        if is_employed(facts, on)
    ]


def is_employed(facts: Iterable[Fact], on: date) -> bool:
    return any(fact.kind == StaffFactKind.EMPLOYMENT and fact.holds_on(on) for fact in facts)


def post_kind_on(facts: Iterable[Fact], on: date) -> PostKind:
    """His post kind on that day; without one on file he counts in no column."""
    held = [fact for fact in facts if fact.kind == StaffFactKind.POST_KIND and fact.holds_on(on)]
    return PostKind(held[-1].value) if held else PostKind.OTHER


def member_by_id(viewer: Viewer, member_id: int) -> StaffMember | None:
    """The person; None when there is none that the viewer may see."""
    return visible(StaffMember.objects.select_related("company", "user"), viewer, SEE).filter(pk=member_id).first()

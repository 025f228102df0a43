"""The people of the three posts of table 1, each with the answer of the one rule of clause 5.1."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.judging import Evidence
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.compliance.table_1 import POSTS
from lianjing.domain.people.eligibility import Eligibility, Reason, eligibility
from lianjing.domain.people.fact_kinds import Fact
from lianjing.domain.people.models import StaffFact, StaffMember
from lianjing.domain.people.staff_facts import is_employed, post_kind_on
from lianjing.domain.people.telling import WITHHELD
from lianjing.domain.records.dated import known_at
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import PostKind, StaffFactKind

SEE, NAMES, FILES = "compliance.see", "people.see", "people.files"
COLUMNS = ("value", "valid_from", "valid_until", "number", "details", "pk")
"""Of a fact as the rule sees it, in its order: without the model there may be thousands of people."""
ABSENT_IS_AGAINST = frozenset({"certificate", "training"})
"""What must have been had or done: without it on file the clause is not met. Of all else it is only not proved."""


@dataclass(frozen=True, slots=True)
class PersonKnown:
    """Somebody at work in one of the posts. `name` "" and `member_id` None: for eyes that may not see people."""

    member_id: int | None
    name: str
    post: PostKind
    answer: Eligibility
    held: frozenset[int]
    """Facts of his that hold on the day."""
    sees_file: bool

    def lacks(self, codes: Iterable[str]) -> list[Reason]:
        """What of these stands in the way."""
        return [reason for reason in self.answer.against if reason.code in codes]

    def is_against(self, reason: Reason) -> bool:
        """Whether a record that holds says that it is not so; else it is not proved."""
        return reason.code in ABSENT_IS_AGAINST or reason.fact_id in self.held

    def tells(self, reason: Reason) -> Evidence:
        told = WITHHELD if reason.private and not self.sees_file else reason
        hidden = told is WITHHELD
        return Evidence("person", self.member_id, self.name, told.sentence, told.figures, hidden, told.code)

    def says(self, sentence: str) -> Evidence:
        """Something about his post."""
        return Evidence("person", self.member_id, self.name, sentence, {"post": Phrase(self.post.zh)}, key="post")


@dataclass(frozen=True, slots=True)
class StaffFile:
    """The facts of everybody, whatever their days, by member. `names`: for who may see people, else empty."""

    facts: dict[int, list[Fact]]
    names: dict[int, str]
    sees_files: bool

    def person_on(self, member_id: int, on: date) -> PersonKnown | None:
        """Somebody as he is known on the day; None when he is not at work in one of the posts."""
        facts = self.facts[member_id]
        if not is_employed(facts, on) or post_kind_on(facts, on) not in POSTS:
            return None
        held = frozenset(fact.id for fact in facts if fact.id is not None and fact.holds_on(on))
        named, name = member_id if self.names else None, self.names.get(member_id, "") or _("未具名人员")
        return PersonKnown(named, name, post_kind_on(facts, on), eligibility(facts, on), held, self.sees_files)


def staff_file(viewer: Viewer, company_id: int, known: datetime | None) -> StaffFile:
    """Everything that was known of the people at `known`; two queries."""
    rows = visible(StaffFact.objects.filter(company_id=company_id), viewer, SEE)
    by_member: dict[int, list[Fact]] = defaultdict(list)
    for member_id, kind, *told in known_at(rows, known).order_by("pk").values_list("member_id", "kind", *COLUMNS):
        by_member[member_id].append(Fact(StaffFactKind(kind), *told))
    return StaffFile(by_member, _names(viewer, company_id), viewer.scope(FILES).holds(company_id))


@once_a_sweep
def staff_known(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> list[PersonKnown]:
    """Everybody at work in the three posts on day `on`, by what was known at `known`; two queries."""
    file = staff_file(viewer, company_id, known)
    return [person for pk in file.facts if (person := file.person_on(pk, on)) is not None]


def _names(viewer: Viewer, company_id: int) -> dict[int, str]:
    rows = visible(StaffMember.objects.filter(company_id=company_id), viewer, NAMES)
    return {pk: f"{number} {name}" for pk, number, name in rows.values_list("pk", "staff_no", "name")}

"""The people of the three posts of table 1, each with the answer of the one rule of clause 5.1."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.judging import Evidence
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.compliance.table_1 import POSTS
from lianjing.domain.people.eligibility import Eligibility, Reason, eligibility
from lianjing.domain.people.fact_kinds import Fact
from lianjing.domain.people.known_facts import Known, known_of
from lianjing.domain.people.models import StaffFact, StaffMember
from lianjing.domain.people.staff_facts import COLUMNS, is_employed, post_kind_on
from lianjing.domain.people.telling import WITHHELD
from lianjing.domain.records.dated import known_at
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import PostKind, StaffFactKind

SEE, FILES = "compliance.see", "people.files"
NAMES = ("people.see", "police.registers")
"""Who may open the people's pages, or reads their names in the register of the police (decision 0028)."""
ABSENT_IS_AGAINST = frozenset({"certificate", "training"})
"""What must have been had or done: without it on file the clause is not met. Of all else it is only not proved."""


@dataclass(frozen=True, slots=True)
class PersonKnown:
    """Somebody at work in one of the posts. `member_id` None and no name of his: for eyes that may not see people."""

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
        return self.seen(member_id, _in_post(self.facts[member_id], on))

    def seen(self, member_id: int, found: "InPost | None") -> PersonKnown | None:
        """The same, of what was found of him."""
        if found is None:
            return None
        named, name = member_id if self.names else None, self.names.get(member_id, "") or _("未具名人员")
        return PersonKnown(named, name, found.post, found.answer, found.held, self.sees_files)


@dataclass(frozen=True, slots=True)
class InPost:
    """What the facts of somebody at work say of a day, whoever looks."""

    post: PostKind
    answer: Eligibility
    held: frozenset[int]


def _in_post(facts: Collection[Fact], on: date) -> InPost | None:
    if not is_employed(facts, on) or post_kind_on(facts, on) not in POSTS:
        return None
    held = frozenset(fact.id for fact in facts if fact.id is not None and fact.holds_on(on))
    return InPost(post_kind_on(facts, on), eligibility(facts, on), held)


def staff_file(viewer: Viewer, company_id: int, known: datetime | None) -> StaffFile:
    """Everything that was known of the people at `known`; two queries."""
    rows = visible(StaffFact.objects.filter(company_id=company_id), viewer, SEE)
    by_member: dict[int, list[Fact]] = defaultdict(list)
    for member_id, kind, *told in known_at(rows, known).order_by("pk").values_list("member_id", "kind", *COLUMNS):
        by_member[member_id].append(Fact(StaffFactKind(kind), *told))
    return StaffFile(by_member, _names(viewer, company_id), _sees_files(viewer, company_id))


def _sees_files(viewer: Viewer, company_id: int) -> bool:
    return viewer.scope(FILES).holds(company_id)


@once_a_sweep
def staff_known(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> list[PersonKnown]:
    """Everybody at work in the three posts on day `on`, by what was known at `known`; two queries, and two more when
    something has changed."""
    if known is None:
        return _known_now(viewer, company_id, on)
    file = staff_file(viewer, company_id, known)
    return [person for pk in file.facts if (person := file.person_on(pk, on)) is not None]


def _known_now(viewer: Viewer, company_id: int, on: date) -> list[PersonKnown]:
    """From memory: a page over a thousand people reads neither their facts nor judges them each time."""
    if not viewer.scope(SEE).holds(company_id):
        return []
    file = StaffFile({}, _names(viewer, company_id), _sees_files(viewer, company_id))
    people = [(pk, mine) for pk, mine in known_of([company_id]).items() if mine.facts]
    # In the order in which they are read when asked by a time: the same answer is the same to the byte.
    people.sort(key=lambda one: one[1].facts[0].id or 0)
    told = ((pk, _remembered(mine, on)) for pk, mine in people)
    return [person for pk, found in told if (person := file.seen(pk, found)) is not None]


def _remembered(mine: Known, on: date) -> InPost | None:
    return mine.answer("in a post", (on,), lambda facts: _in_post(facts, on))


def _names(viewer: Viewer, company_id: int) -> dict[int, str]:
    if not any(viewer.scope(needed).holds(company_id) for needed in NAMES):
        return {}
    rows = StaffMember.objects.filter(company_id=company_id)
    return {pk: f"{number} {name}" for pk, number, name in rows.values_list("pk", "staff_no", "name")}

"""What the four clauses of 5.1 have in common: each is asked of everybody in the three posts, person by person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.compliance.staff_ahead import staff_ahead
from lianjing.domain.compliance.staff_known import PersonKnown, staff_known
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import StaffFactKind
from lianjing.terms.verdicts import Verdict

SHOWN_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Counted:
    """How many are in the posts, and for how many it is met, not met, not proved."""

    people: int
    met: int
    against: int
    unproven: int
    evidence: tuple[Evidence, ...]

    @property
    def verdict(self) -> Verdict:
        if self.against:
            return Verdict.NOT_MET
        return Verdict.INSUFFICIENT if self.unproven or not self.people else Verdict.MET

    @property
    def told(self) -> Phrase:
        if not self.people:
            return said(_("三类岗位没有登记在职人员，无从判定。"))
        if self.met == self.people:
            return said(_("三类岗位在职 %(people)d 人，人人符合。"), people=self.people)
        sentence = _("三类岗位在职 %(people)d 人：符合 %(met)d 人，不符合 %(against)d 人，证据不足 %(unproven)d 人。")
        return said(sentence, people=self.people, met=self.met, against=self.against, unproven=self.unproven)

    @property
    def figures(self) -> dict[str, int]:
        names = ("people", "met", "against", "unproven")
        return {name: getattr(self, name) for name in names} | {
            "not_listed": max(0, self.against + self.unproven - SHOWN_AT_MOST)
        }


def stands(person: PersonKnown, codes: frozenset[str]) -> Verdict:
    """How somebody stands by these reasons alone."""
    lacks = person.lacks(codes)
    if any(person.is_against(reason) for reason in lacks):
        return Verdict.NOT_MET
    return Verdict.INSUFFICIENT if lacks else Verdict.MET


def read_of_people(*kinds: StaffFactKind) -> frozenset[str]:
    """These facts of people, and those which say who is in which post."""
    return frozenset(f"staff:{kind.value}" for kind in (StaffFactKind.EMPLOYMENT, StaffFactKind.POST_KIND, *kinds))


def counted(people: Iterable[PersonKnown], codes: frozenset[str]) -> Counted:
    """Everybody once, with the first reason that stands in his way; who is against it before who is not proved."""
    everybody, against, unproven = 0, list[Evidence](), list[Evidence]()
    for person in people:
        everybody += 1
        lacks = person.lacks(codes)
        worst = next((reason for reason in lacks if person.is_against(reason)), None)
        if worst is not None:
            against.append(person.tells(worst))
        elif lacks:
            unproven.append(person.tells(lacks[0]))
    met = everybody - len(against) - len(unproven)
    evidence = (*against, *unproven)[:SHOWN_AT_MOST]
    return Counted(everybody, met, len(against), len(unproven), evidence)


class PeopleRule(Rule[list[PersonKnown]]):
    """Asks these reasons of the one rule (`people.eligibility`) of everybody."""

    evidence_kinds = ("person",)

    codes: ClassVar[frozenset[str]]
    kinds: ClassVar[tuple[StaffFactKind, ...]]
    """Of the facts by which these reasons are judged."""
    wakes_on = ("staff.changed",)

    def __init_subclass__(cls) -> None:
        cls.reads = read_of_people(*cls.kinds)

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> list[PersonKnown]:
        return staff_known(viewer, company_id, on, known)

    def judge(self, facts: list[PersonKnown]) -> Judgement:
        found = counted(facts, self.codes)
        return Judgement(found.verdict, (found.told,), found.figures, found.evidence)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[list[PersonKnown]]:
        staff = staff_ahead(viewer, company_id, span, known)
        days = staff.first_or_last(lambda person: stands(person, self.codes))
        return Ahead(staff.on, set(days), lambda day: tuple(staff.causes(day, self.codes)))

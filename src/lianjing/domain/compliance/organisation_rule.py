"""What the clauses of 8.1 have in common: what is lacking in departments and posts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.judging import Evidence, Rule
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.people.organisation import organisation
from lianjing.domain.people.organisation_ahead import OrganisationAhead, organisation_ahead
from lianjing.domain.people.organisation_policy import Gap
from lianjing.domain.people.organisation_tree import Organisation
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class OrganisationKnown:
    """How many departments, posts and key posts there are, and what is lacking."""

    departments: int
    posts: int
    key_posts: int
    gaps: tuple[Gap, ...]

    def gaps_of(self, clause: str) -> list[Gap]:
        """What is lacking by one clause; advice last."""
        return sorted((gap for gap in self.gaps if gap.clause == clause), key=lambda gap: gap.is_advice)


@once_a_sweep
def organisation_known(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> OrganisationKnown:
    """Departments and posts on the day, by what was known at `known`."""
    return _known(organisation(viewer, company_id, on, known))


def _known(found: Organisation) -> OrganisationKnown:
    posts = [post for line in found.departments for post in line.posts]
    key_posts = sum(post.row.is_key for post in posts)
    return OrganisationKnown(len(found.departments), len(posts), key_posts, tuple(found.gaps))


@once_a_sweep
def _organisation_ahead(viewer: Viewer, company_id: int, _span: Span, known: datetime | None) -> OrganisationAhead:
    return organisation_ahead(viewer, company_id, known)


class OrganisationRule(Rule[OrganisationKnown]):
    """Judges by what is lacking by its clause."""

    evidence_kinds = ("department", "post")

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> OrganisationKnown:
        return organisation_known(viewer, company_id, on, known)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[OrganisationKnown]:
        found = _organisation_ahead(viewer, company_id, span, known)

        def causes(day: date) -> tuple[Evidence, ...]:
            return self._news(_known(found.on(day - DAY)), _known(found.on(day)))

        return Ahead(lambda day: _known(found.on(day)), found.days, causes)

    def _news(self, had: OrganisationKnown, has: OrganisationKnown) -> tuple[Evidence, ...]:
        """What is lacking from then on, and what no longer is."""
        before, after = had.gaps_of(self.clause), has.gaps_of(self.clause)
        gone = (
            replace(one, sentence=_("不再是：%(gap)s"), figures={"gap": Phrase(one.sentence, one.figures)})
            for one in evidence_of(gap for gap in before if gap not in after)
        )
        return (*evidence_of(gap for gap in after if gap not in before), *gone)


def evidence_of(gaps: Iterable[Gap]) -> tuple[Evidence, ...]:
    return tuple(map(_evidence, gaps))


def _evidence(gap: Gap) -> Evidence:
    if gap.post_id is not None:
        return Evidence("post", gap.post_id, _("岗位"), gap.sentence, gap.figures)
    return Evidence("department", gap.department_id, _("部门"), gap.sentence, gap.figures)

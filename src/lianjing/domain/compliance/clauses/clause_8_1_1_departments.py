"""Clause 8.1.1: the three departments, and key posts that are held."""

from lianjing.domain.compliance.judging import Judgement, said
from lianjing.domain.compliance.organisation_rule import OrganisationKnown, OrganisationRule, evidence_of
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict


class Clause811Departments(OrganisationRule):
    clause = "8.1.1"
    wakes_on = ("company.changed", "staff.changed")
    reads = frozenset({"department", "post", "appointment", "staff:employment"})

    def judge(self, facts: OrganisationKnown) -> Judgement:
        """What no clause asks for in so many words (a deputy, a place that is free) makes it no worse than mostly."""
        gaps = facts.gaps_of(self.clause)
        broken = sum(not gap.is_advice for gap in gaps)
        figures = {"departments": facts.departments, "key_posts": facts.key_posts}
        figures |= {"broken": broken, "advice": len(gaps) - broken}
        told = said(
            _("设有部门 %(departments)d 个、关键岗位 %(key_posts)d 个；缺 %(broken)d 项，宜补 %(advice)d 项。"),
            **figures,
        )
        short_of_met = Verdict.MOSTLY if gaps else Verdict.MET
        return Judgement(Verdict.NOT_MET if broken else short_of_met, (told,), figures, evidence_of(gaps))

"""Clause 8.1.2: every department and post has its duties in writing."""

from lianjing.domain.compliance.judging import Judgement, said
from lianjing.domain.compliance.organisation_rule import OrganisationKnown, OrganisationRule, evidence_of
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict


class Clause812Duties(OrganisationRule):
    clause = "8.1.2"
    wakes_on = ("company.changed",)
    reads = frozenset({"department", "post", "duty"})

    def judge(self, facts: OrganisationKnown) -> Judgement:
        gaps = facts.gaps_of(self.clause)
        figures = {"departments": facts.departments, "posts": facts.posts, "without": len(gaps)}
        if not facts.departments:
            return Judgement(Verdict.INSUFFICIENT, (said(_("没有登记部门和岗位，无从判定。")),), figures)
        sentence = _("部门 %(departments)d 个、岗位 %(posts)d 个，没有书面职责的 %(without)d 个。")
        if not gaps:
            sentence = _("部门 %(departments)d 个、岗位 %(posts)d 个，都有书面职责。")
        told = said(sentence, **figures)
        return Judgement(Verdict.NOT_MET if gaps else Verdict.MET, (told,), figures, evidence_of(gaps))

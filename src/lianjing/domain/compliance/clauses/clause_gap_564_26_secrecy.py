"""令564 art. 26: secrets are kept. Who has access is reviewed (computed), rules and agreements are attested.

Both parts are needed: the worse one decides.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.access_rule import WAKES, Access, access_days, access_known, access_part, worst
from lianjing.domain.compliance.attested_rule import CHANGED, Attested, AttestedRule
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.judging import Judgement, Rule
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.terms.sentences import marked as _

LACKING = _("保密制度、保密协议和保密培训凭证据，还没有接受的证据。")


@dataclass(frozen=True, slots=True)
class Secrecy:
    access: Access
    attested: Attested


class ClauseGap56426Secrecy(Rule[Secrecy]):
    clause = "令564-26"
    wakes_on = (*WAKES, CHANGED)
    evidence_kinds = ("access_review", "evidence")

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Secrecy:
        attested = self._attested().facts(viewer, company_id, on, known)
        return Secrecy(access_known(viewer, company_id, on, known), attested)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Secrecy]:
        attested = self._attested().ahead(viewer, company_id, span, known)
        days = {*access_days(viewer, company_id, span, known), *attested.days}

        def on(day: date) -> Secrecy:
            return Secrecy(access_known(viewer, company_id, day, known), attested.on(day))

        return Ahead(on, days, attested.causes)

    def judge(self, facts: Secrecy) -> Judgement:
        part, attested = access_part(facts.access), self._attested().judge(facts.attested)
        return Judgement(
            worst(part.verdict, attested.verdict),
            (*part.told, *attested.sentences),
            {**part.figures, **attested.figures},
            (*part.evidence, *attested.evidence),
        )

    def _attested(self) -> AttestedRule:
        return AttestedRule(replace(catalogue().clauses[self.clause], lacking=LACKING))

"""令564 art. 30: guards delete, alter and spread no records. Who has access is reviewed; what was revealed, taken out
and erased within a year is counted from the sealed records.

That records are there and unaltered is judged by 令564-25 and GB55029-3.5.1(7). A count is no proof that nothing was
spread: without accepted evidence (instruction, checks) it is 基本符合 at best.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.access_rule import WAKES, Access, access_days, access_known, access_part, worst
from lianjing.domain.compliance.attested_rule import CHANGED, Attested, AttestedRule
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.handled_records import GONE, HANDLED, REVEALED, TAKEN_OUT
from lianjing.domain.compliance.judging import Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.records.models import Record
from lianjing.domain.records.policy import ERASED
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

SEE = "compliance.see"
LOOKS_BACK = timedelta(days=365)
LACKING = _("防止删改和扩散的教育、检查凭证据，还没有接受的证据。")


@dataclass(frozen=True, slots=True)
class Handling:
    """`acts`: how many of each kind of the company's sealed acts within the year; `erasures`: the installation's."""

    access: Access
    attested: Attested
    acts: Mapping[str, int]
    erasures: int

    def count(self, actions: tuple[str, ...]) -> int:
        return sum(self.acts.get(action, 0) for action in actions)


class ClauseGap56430Records(Rule[Handling]):
    clause = "令564-30"
    wakes_on = (*WAKES, CHANGED, HANDLED, GONE)
    evidence_kinds = ("access_review", "evidence")
    looks_back = True

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Handling:
        moment = end_of(on, known)
        rows = Record.objects.filter(at__lte=moment, at__gt=moment - LOOKS_BACK)
        mine = visible(rows.filter(company_id=company_id, action__in=(*REVEALED, *TAKEN_OUT)), viewer, SEE)
        acts = dict(mine.order_by().values_list("action").annotate(n=Count("pk")))
        # Retention is the installation's: its order names no company, and says nothing of anybody.
        erasures = rows.filter(action=ERASED, company_id=None).count()
        attested = self._attested().facts(viewer, company_id, on, known)
        return Handling(access_known(viewer, company_id, on, known), attested, acts, erasures)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Handling]:
        """What is counted decides nothing: only the days of the review and of evidence are looked at."""
        attested = self._attested().ahead(viewer, company_id, span, known)
        days = {*access_days(viewer, company_id, span, known), *attested.days}
        return Ahead(lambda day: self.facts(viewer, company_id, day, known), days, attested.causes)

    def judge(self, facts: Handling) -> Judgement:
        part, attested = access_part(facts.access), self._attested().judge(facts.attested)
        has_evidence = attested.figures["in_force"] > 0
        counts = {
            "revealed": facts.count(REVEALED),
            "taken_out": facts.count(TAKEN_OUT),
            "erasures": facts.erasures,
        }
        sentence = _(
            "一年内查看完整身份号码 %(revealed)d 次，导出 %(taken_out)d 次，到期清除 %(erasures)d 次，都有记录。"
        )
        verdict = worst(part.verdict, attested.verdict if has_evidence else Verdict.MOSTLY)
        figures = {**part.figures, **counts, **attested.figures}
        told = (*part.told, said(sentence, **counts), *attested.sentences)
        return Judgement(verdict, told, figures, (*part.evidence, *attested.evidence))

    def _attested(self) -> AttestedRule:
        return AttestedRule(replace(catalogue().clauses[self.clause], lacking=LACKING))

"""GB 55029-2022 3.5.1(7): records of operation, alarm and handling cannot be altered: the newest are hashed anew."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.handled_records import GONE
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.compliance.moments import day_of, end_of
from lianjing.domain.records.models import Record
from lianjing.domain.records.policy import ERASED, act_leaf_hash
from lianjing.domain.records.sealed_news import SEALED
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

SEE = "compliance.see"
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """How many records were hashed anew, which do not match the leaf that was sealed, and under which last seal."""

    hashed: int
    altered: tuple[int, ...]
    last_seal: int | None


class ClauseGap55029Sealed(Rule[Sample]):
    clause = "GB55029-3.5.1(7)"
    wakes_on = (SEALED, GONE)
    evidence_kinds = ("record",)
    looks_back = True

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Sample:
        rows = visible(Record.objects.filter(company_id=company_id), viewer, SEE)
        rows = rows.filter(_there(known), at__lte=end_of(on, known), seal__sealed_at__lte=end_of(on, known))
        sample = list(rows.order_by("-pk")[:SAMPLE])
        altered = tuple(
            row.pk for row in sample if row.erased_by is None and act_leaf_hash(row.act, row.salt) != row.leaf_hash
        )
        return Sample(len(sample), altered, max((row.seal_id or 0 for row in sample), default=None))

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Sample]:
        """After the last record the sample stays as it is: from today on that is one day, read as always."""
        rows = visible(Record.objects.filter(company_id=company_id), viewer, SEE)
        last = rows.aggregate(last=Max("at"))["last"]
        days = [day for day in span.days if last is not None and day <= max(span.first, day_of(last))]
        return Ahead(lambda day: self.facts(viewer, company_id, day, known), days)

    def judge(self, facts: Sample) -> Judgement:
        """A sample proves no whole: no better than mostly."""
        figures = {"sample": facts.hashed, "altered": len(facts.altered), "last_seal": facts.last_seal}
        if not facts.hashed:
            return Judgement(Verdict.INSUFFICIENT, (said(_("还没有封存的记录。")),), figures)
        whole = said(_("全部记录和封存链用 verify-records 校验。"))
        evidence = tuple(Evidence("record", pk, _("封存记录"), _("内容与封存时不符。")) for pk in facts.altered)
        if facts.altered:
            told = said(
                _("抽查最近 %(count)d 条封存记录，%(altered)d 条与封存时不符。"),
                count=facts.hashed,
                altered=len(facts.altered),
            )
            return Judgement(Verdict.NOT_MET, (told, whole), figures, evidence)
        told = said(_("抽查最近 %(count)d 条封存记录，都与封存时一致。"), count=facts.hashed)
        return Judgement(Verdict.MOSTLY, (told, whole), figures)


def _there(known: datetime | None) -> Q:
    """Records whose content was there at `known`. What an order has erased since belongs to the sample of then; only
    its leaf is left, by which `verify-records` proves it."""
    there = Q(erased_by=None)
    if known is None:
        return there
    return there | Q(erased_by__in=Record.objects.filter(action=ERASED, at__gt=known).values("pk"))

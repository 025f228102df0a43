"""GB 55029-2022 3.5.1(7): records of operation, alarm and handling cannot be altered: the newest are hashed anew.

A sample proves no whole: that all of them and the chain of seals stand is shown by evidence, such as what
`verify-records` says.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.attested_rule import CHANGED as EVIDENCE_CHANGED
from lianjing.domain.compliance.handled_records import GONE
from lianjing.domain.compliance.judging import Evidence, Judgement, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.compliance.moments import day_of, end_of
from lianjing.domain.compliance.partly_seen_rule import PartlySeenRule
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


class ClauseGap55029Sealed(PartlySeenRule[Sample]):
    clause = "GB55029-3.5.1(7)"
    wakes_on = (SEALED, GONE, EVIDENCE_CHANGED)
    evidence_kinds = ("record", "evidence")
    looks_back = True
    unseen = _("全部记录和封存链须用 verify-records 校验；校验结果作为证据提交，由他人接受后计入。")

    def seen_facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Sample:
        rows = visible(Record.objects.filter(company_id=company_id), viewer, SEE)
        rows = rows.filter(_there(known), at__lte=end_of(on, known), seal__sealed_at__lte=end_of(on, known))
        sample = list(rows.order_by("-pk")[:SAMPLE])
        altered = tuple(
            row.pk for row in sample if row.erased_by is None and act_leaf_hash(row.act, row.salt) != row.leaf_hash
        )
        return Sample(len(sample), altered, max((row.seal_id or 0 for row in sample), default=None))

    def seen_ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Sample]:
        """After the last record the sample stays as it is: from today on that is one day, read as always."""
        rows = visible(Record.objects.filter(company_id=company_id), viewer, SEE)
        last = rows.aggregate(last=Max("at"))["last"]
        days = [day for day in span.days if last is not None and day <= max(span.first, day_of(last))]
        return Ahead(lambda day: self.seen_facts(viewer, company_id, day, known), days)

    def judge_seen(self, seen: Sample) -> Judgement:
        figures = {"sample": seen.hashed, "altered": len(seen.altered), "last_seal": seen.last_seal}
        if not seen.hashed:
            return Judgement(Verdict.INSUFFICIENT, (said(_("还没有封存的记录。")),), figures)
        evidence = tuple(Evidence("record", pk, _("封存记录"), _("内容与封存时不符。")) for pk in seen.altered)
        if seen.altered:
            told = said(
                _("抽查最近 %(count)d 条封存记录，%(altered)d 条与封存时不符。"),
                count=seen.hashed,
                altered=len(seen.altered),
            )
            return Judgement(Verdict.NOT_MET, (told,), figures, evidence)
        told = said(_("抽查最近 %(count)d 条封存记录，都与封存时一致。"), count=seen.hashed)
        return Judgement(Verdict.MET, (told,), figures)


def _there(known: datetime | None) -> Q:
    """Records whose content was there at `known`. What an order has erased since belongs to the sample of then; only
    its leaf is left, by which `verify-records` proves it."""
    there = Q(erased_by=None)
    if known is None:
        return there
    return there | Q(erased_by__in=Record.objects.filter(action=ERASED, at__gt=known).values("pk"))

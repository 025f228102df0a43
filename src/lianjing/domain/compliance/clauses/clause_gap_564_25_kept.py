"""令564 art. 25: alarm records are kept for at least 30 days, and nobody deletes or alters them.

Images of surveillance are kept outside: that they are there for 30 days is shown by evidence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.attested_rule import CHANGED as EVIDENCE_CHANGED
from lianjing.domain.compliance.cases_known import WAKES, known_cases
from lianjing.domain.compliance.handled_records import GONE
from lianjing.domain.compliance.judging import Evidence, Judgement, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.compliance.moments import day_of, end_of
from lianjing.domain.compliance.partly_seen_rule import PartlySeenRule
from lianjing.domain.incidents.models import Incident
from lianjing.domain.records.models import Record
from lianjing.domain.records.policy import ERASED
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

DAYS = 30
AT_ONCE = 500
EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Order:
    """A sealed act that erases what is older than `before`; it is the installation's, and says nothing of anybody."""

    record_id: int
    at: datetime
    before: datetime

    @property
    def is_early(self) -> bool:
        return self.at - self.before < timedelta(days=DAYS)


@dataclass(frozen=True, slots=True)
class Kept:
    """`cases` of the last 30 days; `bare`: those that have no record whose content is there."""

    cases: int
    bare: tuple[int, ...]
    orders: tuple[Order, ...]


class ClauseGap56425Kept(PartlySeenRule[Kept]):
    clause = "令564-25"
    wakes_on = (*WAKES, GONE, EVIDENCE_CHANGED)
    evidence_kinds = ("case", "record", "evidence")
    looks_back = True
    unseen = _("监控影像留存 30 日，本系统查不到；留存证明作为证据提交，由他人接受后计入。")

    def seen_facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Kept:
        moment = end_of(on, known)
        rows = known_cases(viewer, company_id, known)
        rows = rows.filter(opened_at__lte=moment, opened_at__gt=moment - timedelta(days=DAYS))
        opened = dict(rows.order_by("pk").values_list("pk", "opened_at"))
        ever = _orders()
        since = _erased_in_time(ever)
        found = _with_record([pk for pk, at in opened.items() if at >= since], known)
        bare = tuple(pk for pk, at in opened.items() if at >= since and pk not in found)
        return Kept(len(opened), bare, tuple(order for order in ever if order.at <= moment))

    def seen_ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Kept]:
        first, last = end_of(span.first, known), end_of(span.last, known)
        ever = _orders()
        cases = _cases(_between(known_cases(viewer, company_id, known), first, last), known, _erased_in_time(ever))
        orders = [order for order in ever if order.at <= last]

        def on(day: date) -> Kept:
            moment = end_of(day, known)
            begun = moment - timedelta(days=DAYS)
            held = [case for case in cases if begun < case.opened_at <= moment]
            bare = tuple(case.id for case in held if not case.has_record)
            return Kept(len(held), bare, tuple(order for order in orders if order.at <= moment))

        def causes(day: date) -> tuple[Evidence, ...]:
            gone = [case for case in cases if day_of(case.opened_at + timedelta(days=DAYS)) == day]
            return tuple(Evidence("case", case.id, _("警情"), _("已满 30 日，不再计入。")) for case in gone)

        moments = {order.at for order in orders}
        moments |= {at for case in cases for at in (case.opened_at, case.opened_at + timedelta(days=DAYS))}
        return Ahead(on, {day_of(at) for at in moments}, causes)

    def judge_seen(self, seen: Kept) -> Judgement:
        early = [order for order in seen.orders if order.is_early]
        figures = {"days": DAYS, "cases": seen.cases, "without_record": len(seen.bare)}
        figures |= {"erasures": len(seen.orders), "early_erasures": len(early)}
        orders = said(_("清除令 %(erasures)d 次，早于 30 日的 %(early_erasures)d 次。"), **figures)
        evidence = (
            *(Evidence("record", order.record_id, _("清除令"), _("清除了不满 30 日的记录。")) for order in early),
            *(Evidence("case", pk, _("警情"), _("没有封存记录。")) for pk in seen.bare[:AT_ONCE]),
        )
        if early or seen.bare:
            cases = said(_("近 30 日警情 %(cases)d 起，其中 %(without_record)d 起没有封存记录。"), **figures)
            return Judgement(Verdict.NOT_MET, (cases, orders), figures, evidence)
        if not seen.cases:
            return Judgement(Verdict.INSUFFICIENT, (said(_("近 30 日没有警情，无从判定。")), orders), figures)
        cases = said(_("近 30 日警情 %(cases)d 起，记录都在。"), **figures)
        return Judgement(Verdict.MET, (cases, orders), figures)


@dataclass(frozen=True, slots=True)
class _Case:
    id: int
    opened_at: datetime
    has_record: bool


def _between(cases: "QuerySet[Incident]", first: datetime, last: datetime) -> "QuerySet[Incident]":
    """Those that count at some moment from first to last."""
    return cases.filter(opened_at__lte=last, opened_at__gt=first - timedelta(days=DAYS))


def _cases(rows: "QuerySet[Incident]", known: datetime | None, since: datetime) -> list[_Case]:
    records = _records(known).filter(subject_id=Cast(OuterRef("pk"), CharField()))
    told = rows.annotate(has_record=Exists(records)).order_by("pk")
    return [_Case(pk, at, has or at < since) for pk, at, has in told.values_list("pk", "opened_at", "has_record")]


def _records(known: datetime | None) -> "QuerySet[Record]":
    """Of cases, as far as they were made by `known`: on which day makes no difference, a case may be treated after
    midnight and entered from paper long after."""
    rows = Record.objects.filter(subject_type="incident")
    return rows if known is None else rows.filter(at__lte=known)


def _with_record(ids: list[int], known: datetime | None) -> set[int]:
    """Cases of whose acts a record is left."""
    found: set[int] = set()
    for start in range(0, len(ids), AT_ONCE):
        subjects = [str(pk) for pk in ids[start : start + AT_ONCE]]
        rows = _records(known).filter(subject_id__in=subjects)
        found |= {int(subject) for subject in rows.order_by().values_list("subject_id", flat=True).distinct()}
    return found


def _erased_in_time(ever: Iterable[Order]) -> datetime:
    """Of cases from before this moment the records may be gone by an order that came late enough: an erased record no
    longer says whose it was. Whatever is asked about, it is the newest such order that counts."""
    return max((order.before for order in ever if not order.is_early), default=EVER)


def _orders() -> list[Order]:
    rows = Record.objects.filter(action=ERASED, erased_by=None).order_by("pk")
    told = (
        (pk, at, parse_datetime(str((after or {}).get("before", ""))))
        for pk, at, after in rows.values_list("pk", "at", "after")
    )
    return [Order(pk, at, before) for pk, at, before in told if before is not None]

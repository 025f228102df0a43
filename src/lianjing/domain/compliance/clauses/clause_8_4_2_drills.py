"""Clause 8.4.2: drills are planned, prepared, observed, evaluated and archived; each kind is held now and then.

The text has a heading only; what is judged is how the product reads it (docs/decisions/0031).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.drill_policy import DrillKnown
from lianjing.domain.compliance.drills_known import WAKES, drills_ahead, drills_known, review_days
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span, day_after
from lianjing.domain.compliance.moments import day_of, end_of
from lianjing.domain.drills.models import Programme
from lianjing.domain.drills.policy import A_YEAR_AT_LEAST, REVIEWED, review_due
from lianjing.terms.drills import DrillKind, ProgrammeState
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

SEE = "compliance.see"
KINDS = tuple(kind for kind in DrillKind if kind.counts)
"""Each of them at least once in three years. Ours."""
SHOWN_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class ProgrammeKnown:
    """An approved programme of a year. `drills`: how many of its lines count among the yearly ones."""

    id: int
    year: int
    drills: int


@dataclass(frozen=True, slots=True)
class Exercises:
    """`drills`: held within three years; `days`: within how many a drill is evaluated and archived."""

    on: date
    days: int
    programme: ProgrammeKnown | None
    drills: tuple[DrillKnown, ...]

    @property
    def of_the_year(self) -> list[DrillKnown]:
        return [one for one in self.drills if one.is_within_years(self.on)]

    def is_over(self, one: DrillKnown) -> bool:
        """Whether its time for evaluation and archive is."""
        return review_due(one.held_on, self.days) < self.on


class Clause842Drills(Rule[Exercises]):
    clause = "8.4.2"
    wakes_on = (*WAKES, REVIEWED)
    evidence_kinds = ("programme", "drill")
    looks_back = True

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Exercises:
        terms = _terms(viewer, company_id, Span(on, on), known)
        days = review_days(viewer, company_id, on, known)
        return Exercises(on, days, _programme(terms, on, known), drills_known(viewer, company_id, on, known))

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Exercises]:
        terms, days = _terms(viewer, company_id, span, known), review_days(viewer, company_id, span.first, known)
        drills = drills_ahead(viewer, company_id, span, known)

        def on(day: date) -> Exercises:
            return Exercises(day, days, _programme(terms, day, known), drills.on(day))

        def causes(day: date) -> tuple[Evidence, ...]:
            gone = {one.id for one in on(day).of_the_year}
            left = (one for one in on(day - DAY).of_the_year if one.id not in gone)
            return tuple(_line(one, _("距今已满一年。")) for one in left)

        turns = {date(year, 1, 1) for year in range(span.first.year, span.last.year + 1)}
        turns |= {day_of(at) for term in terms for at in (term.since, term.until) if at}
        turns |= {day for one in drills.on(span.last) for day in day_after(review_due(one.held_on, days))}
        return Ahead(on, turns | set(drills.days), causes)

    def judge(self, facts: Exercises) -> Judgement:
        held = facts.of_the_year
        kinds = [kind for kind in KINDS if not any(one.kind is kind for one in facts.drills)]
        lines = [(one, lacking) for one in held if (lacking := _lacking(facts, one))]
        bad = [one for one, lacking in lines if lacking != _NOT_ARCHIVED]
        figures = {
            "drills": len(held),
            "planned": facts.programme.drills if facts.programme else None,
            "incomplete": len(bad),
            "not_archived": len(lines) - len(bad),
            "kinds_missing": [kind.value for kind in kinds],
        }
        told = [_told(facts, held), *_open(facts, kinds), *_short(len(bad), len(lines) - len(bad))]
        return Judgement(_verdict(facts, held, kinds, lines), tuple(told), figures, tuple(_evidence(facts, held)))


_NOT_ARCHIVED = _("还没有归档。")


def _lacking(facts: Exercises, one: DrillKnown) -> str:
    """What a drill has not, though it is time; the gravest. "": nothing."""
    if not one.has_script:
        return _("没有脚本。")
    if not one.has_roles:
        return _("没有角色分工。")
    if not facts.is_over(one):
        return ""
    if not one.is_observed:
        return _("没有观察记录。")
    if one.evaluated_on is None:
        return _("没有评估。")
    return "" if one.archived_on is not None else _NOT_ARCHIVED


def _verdict(
    facts: Exercises, held: list[DrillKnown], kinds: list[DrillKind], lines: list[tuple[DrillKnown, str]]
) -> Verdict:
    if any(lacking != _NOT_ARCHIVED for _one, lacking in lines):
        return Verdict.NOT_MET
    if not any(one.counts and one.evaluated_on for one in held):
        return Verdict.INSUFFICIENT
    planned = facts.programme is not None and facts.programme.drills >= A_YEAR_AT_LEAST
    return Verdict.MET if planned and not kinds and not lines else Verdict.MOSTLY


def _told(facts: Exercises, held: list[DrillKnown]) -> Phrase:
    if not held:
        return said(_("一年内没有举行过演练，种类、脚本、评估和归档无从查证。"))
    done = sum(one.evaluated_on is not None for one in held)
    archived = sum(one.archived_on is not None for one in held)
    sentence = _("一年内举行演练 %(count)d 次，已评估 %(done)d 次，已归档 %(archived)d 次。")
    return said(sentence, count=len(held), done=done, archived=archived)


def _open(facts: Exercises, kinds: list[DrillKind]) -> Iterable[Phrase]:
    programme, year = facts.programme, facts.on.year
    if programme is None:
        yield said(_("没有 %(year)d 年已批准的演练计划。"), year=year)
    elif programme.drills < A_YEAR_AT_LEAST:
        yield said(_("%(year)d 年计划只有 %(count)d 次演练。"), year=year, count=programme.drills)
    if facts.drills and kinds:
        named = Phrase("、".join(f"%(kind{place})s" for place in range(len(kinds))), _named(kinds))
        yield said(_("三年内没有做过：%(kinds)s。"), kinds=named)


def _named(kinds: list[DrillKind]) -> dict[str, Phrase]:
    return {f"kind{place}": Phrase(kind.zh) for place, kind in enumerate(kinds)}


def _short(bad: int, not_archived: int) -> Iterable[Phrase]:
    if bad:
        yield said(_("%(count)d 次到期仍缺脚本、分工、观察或评估。"), count=bad)
    if not_archived:
        yield said(_("%(count)d 次到期仍未归档。"), count=not_archived)


def _evidence(facts: Exercises, held: list[DrillKnown]) -> Iterable[Evidence]:
    if facts.programme is not None:
        yield Evidence("programme", facts.programme.id, _("年度演练计划"))
    ordered = sorted(held, key=lambda one: (not _lacking(facts, one), -one.id))
    yield from (_line(one, _lacking(facts, one)) for one in ordered[:SHOWN_AT_MOST])


def _line(one: DrillKnown, sentence: str) -> Evidence:
    return Evidence("drill", one.id, f"{one.number} {one.title}", sentence)


@dataclass(frozen=True, slots=True)
class _Term:
    """A programme, and since when and until when its edition is the approved one."""

    programme: ProgrammeKnown
    since: datetime
    until: datetime | None

    def holds_at(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or self.until > moment)


def _terms(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> list[_Term]:
    rows = visible(Programme.objects.filter(company_id=company_id), viewer, SEE).exclude(state=ProgrammeState.DRAFT)
    rows = rows.filter(year__gte=span.first.year, year__lte=span.last.year, approved_at__lte=end_of(span.last, known))
    counted = rows.annotate(drills=Count("lines", filter=Q(lines__kind__in=[kind.value for kind in KINDS])))
    told = counted.order_by("pk").values_list("pk", "year", "drills", "approved_at", "replaced_at")
    return [_Term(ProgrammeKnown(pk, year, drills), since, until) for pk, year, drills, since, until in told]


def _programme(terms: list[_Term], on: date, known: datetime | None) -> ProgrammeKnown | None:
    moment = end_of(on, known)
    return next((one.programme for one in terms if one.programme.year == on.year and one.holds_at(moment)), None)

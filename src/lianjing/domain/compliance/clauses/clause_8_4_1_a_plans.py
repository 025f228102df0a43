"""Clause 8.4.1 a: of each plan in force somebody else than its author has found, for the day, that it is lawful."""

from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.attested_rule import CHANGED, SHOWN_AT_MOST
from lianjing.domain.compliance.evidence_known import EvidenceKnown, evidence_for
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span, ends
from lianjing.domain.compliance.moments import day_of, end_of
from lianjing.domain.compliance.plans_known import plans_between, plans_on
from lianjing.domain.plans.plan_reviewing import REVIEWED
from lianjing.domain.plans.review_policy import PlanStanding
from lianjing.terms.evidence import EvidenceState
from lianjing.terms.plans import ReviewConclusion
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import WORST_FIRST, Verdict

NAMED_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Plans in force on the day with their reviews, and what was accepted as evidence for it."""

    on: date
    plans: tuple[PlanStanding, ...]
    pieces: tuple[EvidenceKnown, ...] = ()

    @property
    def accepted(self) -> list[EvidenceKnown]:
        return [
            one for one in self.pieces if one.state is EvidenceState.ACCEPTED and one.intact and one.covers(self.on)
        ]

    def concluded(self, conclusion: ReviewConclusion | None) -> list[PlanStanding]:
        """Plans whose review of the day came to this; None: those without one."""
        return [one for one in self.plans if _conclusion(one, self.on) == conclusion]


class Clause841aPlans(Rule[Reviewed]):
    clause = "8.4.1 a"
    wakes_on = ("plan.in_force", "plan.withdrawn", REVIEWED, CHANGED)
    evidence_kinds = ("plan", "evidence")

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Reviewed:
        return Reviewed(
            on, plans_on(viewer, company_id, on, known), evidence_for(viewer, company_id, self.clause, on, known)
        )

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Reviewed]:
        """A review that ends leaves its plan without one the day after."""
        found = plans_between(viewer, company_id, span, known)
        pieces = evidence_for(viewer, company_id, self.clause, span.first, known)

        def on(day: date) -> Reviewed:
            moment = end_of(day, known)
            plans = tuple(one.standing for one in found if one.holds_at(moment))
            return Reviewed(day, plans, tuple(one.as_on(day) for one in pieces))

        def causes(day: date) -> tuple[Evidence, ...]:
            had, has = on(day - DAY), on(day)
            return tuple(_line(one, day) for one in has.plans if one in had.plans and _turned(one, day))

        days = {day_of(at) for one in found for at in (one.since, one.until) if at}
        days |= {day for one in found for day in one.standing.turns}
        days |= {day for one in pieces for day in ends(one.valid_from, one.valid_until)}
        return Ahead(on, days, causes)

    def judge(self, facts: Reviewed) -> Judgement:
        """Of what was found the worst. A plan that nobody has reviewed is covered by accepted evidence only."""
        failed, sound = facts.concluded(ReviewConclusion.FAILS), facts.concluded(ReviewConclusion.FITS)
        missing, accepted = facts.concluded(None), facts.accepted
        figures = {
            "in_force": len(facts.plans),
            "lawful": len(sound),
            "unlawful": len(failed),
            "unreviewed": len(missing),
            "accepted": len(accepted),
        }
        ordered = sorted(facts.plans, key=lambda one: (_rank(one, facts.on), one.plan_id))
        lines = [_line(one, facts.on) for one in ordered[:SHOWN_AT_MOST]]
        lines += [Evidence("evidence", one.id, one.title) for one in accepted[:SHOWN_AT_MOST]]
        verdict = _verdict(facts, len(failed), len(missing))
        return Judgement(verdict, tuple(_told(facts, failed, missing)), figures, tuple(lines))


def _verdict(facts: Reviewed, failed: int, missing: int) -> Verdict:
    if failed:
        return Verdict.NOT_MET
    if facts.accepted:
        return min((one.shows for one in facts.accepted), key=WORST_FIRST.index)
    if missing == len(facts.plans):
        return Verdict.INSUFFICIENT
    return Verdict.MOSTLY if missing else Verdict.MET


def _told(facts: Reviewed, failed: list[PlanStanding], missing: list[PlanStanding]) -> list[Phrase]:
    told = []
    sound = len(facts.plans) - len(failed) - len(missing)
    if not facts.plans:
        told.append(said(_("没有执行中的预案，无从评审。")))
    elif sound == len(facts.plans):
        told.append(said(_("执行中的预案 %(count)d 份都经评审合法适用，评审在有效期内。"), count=sound))
    elif missing == list(facts.plans):
        told.append(said(_("执行中的预案 %(count)d 份都没有有效的合法性和适用性评审。"), count=len(missing)))
    else:
        sentence = _("执行中的预案 %(count)d 份，经评审合法适用的 %(sound)d 份。")
        told.append(said(sentence, count=len(facts.plans), sound=sound))
        told += [said(_("没有有效评审：%(names)s。"), names=_names(missing))] if missing else []
    told += [said(_("评审为不符合：%(names)s。"), names=_names(failed))] if failed else []
    if facts.accepted:
        shows = min((one.shows for one in facts.accepted), key=WORST_FIRST.index)
        sentence = _("另有接受的证据 %(count)d 份，表明%(verdict)s。")
        told.append(said(sentence, count=len(facts.accepted), verdict=Phrase(shows.zh)))
    return told


def _names(plans: list[PlanStanding]) -> Phrase:
    names = "、".join(one.title for one in plans[:NAMED_AT_MOST])
    more = _("%(names)s 等 %(count)d 份") if len(plans) > NAMED_AT_MOST else "%(names)s"
    return Phrase(more, {"names": names, "count": len(plans)})


def _conclusion(plan: PlanStanding, on: date) -> ReviewConclusion | None:
    found = plan.legal_on(on)
    return found.conclusion if found else None


def _rank(plan: PlanStanding, on: date) -> int:
    return [ReviewConclusion.FAILS, None, ReviewConclusion.FITS].index(_conclusion(plan, on))


def _turned(plan: PlanStanding, day: date) -> bool:
    return plan.legal_on(day) != plan.legal_on(day - DAY)


def _line(plan: PlanStanding, on: date) -> Evidence:
    found, lapsed = plan.legal_on(on), plan.lapsed_on(on)
    figures: dict[str, object] = {"number": plan.number}
    if found is not None:
        sentence = _("第 %(number)d 版：%(on)s 评审为%(conclusion)s，有效至 %(until)s。")
        figures |= {"on": str(found.reviewed_on), "until": str(found.valid_until)}
        figures |= {"conclusion": Phrase(found.conclusion.zh)}
    elif lapsed is not None:
        sentence = _("第 %(number)d 版：评审已于 %(until)s 到期。")
        figures |= {"until": str(lapsed.valid_until)}
    else:
        sentence = _("第 %(number)d 版：还没有评审。")
    return Evidence("plan", plan.plan_id, plan.title, sentence, figures)

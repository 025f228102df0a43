"""Clause 8.4.3: every drill and every real case of the two highest grades is looked back on in time, and what is to be
improved becomes a revised plan with an owner, a day and a re-test.

The text has a heading only; what is judged is how the product reads it (docs/decisions/0031).
"""

from collections.abc import Iterable
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.cases_known import WAKES
from lianjing.domain.compliance.drills_known import WAKES as DRILLS
from lianjing.domain.compliance.improvement_policy import LATE_DAYS, ImprovementKnown, LookingBack, ToReview
from lianjing.domain.compliance.improvements_known import looking_back, looking_back_ahead
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.drills.policy import REVIEWED
from lianjing.domain.findings.policy import CHANGED as FINDINGS
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

SHOWN_AT_MOST = 50
CASES = (*WAKES, "incident.closed", "incident.reopened", "incident.merged")


class Clause843Improvement(Rule[LookingBack]):
    clause = "8.4.3"
    wakes_on = (*CASES, *DRILLS, REVIEWED, FINDINGS, "plan.in_force")
    evidence_kinds = ("drill", "case", "finding")
    looks_back = True

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> LookingBack:
        return looking_back(viewer, company_id, on, known)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[LookingBack]:
        return looking_back_ahead(viewer, company_id, span, known)

    def judge(self, facts: LookingBack) -> Judgement:
        far = [one for one in facts.overdue if one.days_late(facts.on) > LATE_DAYS]
        figures = {
            "to_review": len(facts.subjects),
            "reviewed": len(facts.reviewed),
            "reviewed_late": len(facts.late),
            "not_reviewed_yet": len(facts.missing),
            "days": facts.days,
            "improvements": len(facts.improvements),
            "overdue": len(facts.overdue),
            "without_owner": len(facts.unowned),
        }
        told = (*_looked_back(facts), *_improved(facts))
        return Judgement(_verdict(facts, far), told, figures, tuple(_evidence(facts))[:SHOWN_AT_MOST])


def _verdict(facts: LookingBack, far: list[ImprovementKnown]) -> Verdict:
    if facts.missing or far:
        return Verdict.NOT_MET
    if not facts.reviewed and not facts.improvements:
        return Verdict.INSUFFICIENT
    return Verdict.MOSTLY if facts.late or facts.overdue or facts.unowned else Verdict.MET


def _looked_back(facts: LookingBack) -> Iterable[Phrase]:
    if not facts.subjects:
        yield said(_("一年内没有举行过演练，也没有须复盘的警情。"))
        return
    sentence = _("一年内须复盘 %(count)d 件，已复盘 %(done)d 件，期限 %(days)d 天。")
    yield said(sentence, count=len(facts.subjects), done=len(facts.reviewed), days=facts.days)
    if facts.missing:
        yield said(_("%(count)d 件超期还没有复盘。"), count=len(facts.missing))
    if facts.late:
        yield said(_("%(count)d 件复盘晚于期限。"), count=len(facts.late))


def _improved(facts: LookingBack) -> Iterable[Phrase]:
    if not facts.improvements:
        return
    made = sum(one.is_made for one in facts.improvements)
    yield said(_("改进项 %(count)d 项，预案已修订并复测通过 %(made)d 项。"), count=len(facts.improvements), made=made)
    if facts.overdue:
        worst = max(one.days_late(facts.on) for one in facts.overdue)
        sentence = _("%(count)d 项超期未修订或未复测，最长 %(days)d 天（超过 %(limit)d 天为不符合）。")
        yield said(sentence, count=len(facts.overdue), days=worst, limit=LATE_DAYS)
    if facts.unowned:
        yield said(_("%(count)d 项没有责任人或期限。"), count=len(facts.unowned))


def _evidence(facts: LookingBack) -> Iterable[Evidence]:
    """What decides first."""
    yield from (_subject(one, _("超期还没有复盘。")) for one in facts.missing)
    yield from (_improvement(facts, one) for one in facts.overdue)
    yield from (_improvement(facts, one) for one in facts.unowned if one not in facts.overdue)
    yield from (_subject(one, _("复盘晚于期限。")) for one in facts.late)
    yield from (_subject(one, "") for one in facts.reviewed if one not in facts.late)
    others = {one.finding_id for one in (*facts.overdue, *facts.unowned)}
    yield from (_improvement(facts, one) for one in facts.improvements if one.finding_id not in others)


def _subject(one: ToReview, sentence: str) -> Evidence:
    return Evidence(one.kind, one.id, one.name if one.kind == "drill" else _("警情"), sentence)


def _improvement(facts: LookingBack, one: ImprovementKnown) -> Evidence:
    return Evidence("finding", one.finding_id, f"{one.number} {one.title}", _improvement_words(facts, one))


def _improvement_words(facts: LookingBack, one: ImprovementKnown) -> str:
    if one.is_ended:
        return _("预案已修订并复测，改进已复核。")
    if one.is_made:
        return _("预案已修订并复测，等复核。")
    if one.days_late(facts.on):
        return _("预案还没有修订，已超期。") if not one.is_revised else _("预案已修订，还没有复测通过，已超期。")
    return _("预案还没有修订。") if not one.is_revised else _("预案已修订，还没有复测通过。")

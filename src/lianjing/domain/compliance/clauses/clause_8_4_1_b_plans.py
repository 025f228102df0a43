"""Clause 8.4.1 b: events and faults are classed and graded, each class and grade that occurs has a plan in force, and
drills are held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.drill_policy import DrillKnown, within_a_year
from lianjing.domain.compliance.drills_known import WAKES as DRILL_WAKES
from lianjing.domain.compliance.drills_known import drills_ahead, drills_known
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span
from lianjing.domain.compliance.moments import day_of, end_of
from lianjing.domain.compliance.pairs_known import LOOKS_BACK, PAIR_WAKES, Pair, pairs_seen, pairs_used
from lianjing.domain.compliance.plans_known import plans_between, plans_on
from lianjing.domain.plans.look_up import PlanScope
from lianjing.domain.plans.review_policy import PlanStanding
from lianjing.domain.signals.classification_list import ClassesTerm, classes_at, classes_terms
from lianjing.domain.signals.classifying import CHANGED as CLASSES_CHANGED
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

SEE = "compliance.see"
NAMED_AT_MOST = 12
DRILLS = 2
"""A year, at least."""
CLASSES = {
    "intrusion": _("入侵"),
    "hold_up": _("紧急"),
    "fire": _("火警"),
    "medical": _("医疗"),
    "tamper": _("防拆"),
    "fault": _("故障"),
    "open_close": _("布撤防"),
    "test": _("测试"),
    "bypass": _("旁路"),
    "system": _("系统"),
}
GRADES = {1: _("一级"), 2: _("二级"), 3: _("三级"), 4: _("四级")}


@dataclass(frozen=True, slots=True)
class PlanKnown:
    """A plan of a class that is in force. `grade` None: of any grade."""

    id: int
    title: str
    event_class: str
    grade: int | None

    def fits(self, pair: Pair) -> bool:
        return self.event_class == pair[0] and self.grade in (None, pair[1])


@dataclass(frozen=True, slots=True)
class ClassesKnown:
    """The company's own classification that is in force: what it grades, and whether faults are among it."""

    id: int
    number: int
    pairs: frozenset[Pair]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Classes and grades of the year's cases, the plans in force for a class as a whole, the classification (None: only
    the one that comes with the product), and the drills of the year (None: none is on record at all)."""

    used: tuple[Pair, ...]
    plans: tuple[PlanKnown, ...]
    classes: ClassesKnown | None = None
    drills: tuple[DrillKnown, ...] | None = None

    @property
    def uncovered(self) -> list[Pair]:
        return [pair for pair in self.used if not any(plan.fits(pair) for plan in self.plans)]

    @property
    def ungraded(self) -> list[Pair]:
        return [pair for pair in self.used if self.classes is not None and pair not in self.classes.pairs]


class Clause841bPlans(Rule[Coverage]):
    clause = "8.4.1 b"
    wakes_on = (*PAIR_WAKES, "plan.in_force", "plan.withdrawn", CLASSES_CHANGED, *DRILL_WAKES)
    evidence_kinds = ("plan", "cases", "classification", "drill")
    looks_back = True

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Coverage:
        moment = end_of(on, known)
        used = sorted(pairs_used(viewer, company_id, moment, known))
        plans = _of_classes(plans_on(viewer, company_id, on, known))
        classes = _classes(classes_at(viewer, company_id, moment, SEE))
        return Coverage(tuple(used), plans, classes, _of_year(drills_known(viewer, company_id, on, known), on))

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Coverage]:
        """A class and grade is in use as long as its last case of some day is younger than a year."""
        first, last = end_of(span.first, known), end_of(span.last, known)
        seen = pairs_seen(viewer, company_id, first, last, known)
        plans = plans_between(viewer, company_id, span, known)
        classes = classes_terms(viewer, company_id, (first, last), SEE)
        drills = drills_ahead(viewer, company_id, span, known)

        def on(day: date) -> Coverage:
            moment = end_of(day, known)
            used = {pair for pair, begun, late in seen if begun <= moment and late > moment - LOOKS_BACK}
            standing = _of_classes(one.standing for one in plans if one.holds_at(moment))
            own = next((one for one in classes if one.holds_at(moment)), None)
            return Coverage(tuple(sorted(used)), standing, _classes(own), _of_year(drills.on(day), day))

        def causes(day: date) -> tuple[Evidence, ...]:
            before, after = on(day - DAY), on(day)
            gone = sorted({*before.used} - {*after.used})
            over = [one for one in before.drills or () if one not in (after.drills or ())]
            cases = [Evidence("cases", None, _("警情"), *_no_more(pair)) for pair in gone]
            return (*cases, *(_drill(one, _("举行已满一年。")) for one in over))

        days = {day_of(at) for _pair, begun, late in seen for at in (begun, late + LOOKS_BACK)}
        days |= {day_of(at) for one in (*plans, *classes) for at in (one.since, one.until) if at}
        return Ahead(on, days | set(drills.days), causes)

    def judge(self, facts: Coverage) -> Judgement:
        missing, ungraded = facts.uncovered, facts.ungraded
        figures = {
            "used": len(facts.used),
            "covered": len(facts.used) - len(missing),
            "missing": _pairs(missing),
            "ungraded": _pairs(ungraded),
            "classification": facts.classes.number if facts.classes else None,
            "drills": len(facts.drills) if facts.drills is not None else None,
            "drills_required": DRILLS,
        }
        evidence = [Evidence("plan", plan.id, plan.title) for plan in facts.plans]
        if facts.classes is not None:
            told = _("第 %(number)d 版"), {"number": facts.classes.number}
            evidence.append(Evidence("classification", facts.classes.id, _("分类分级表"), *told))
        evidence += [_drill(one) for one in facts.drills or ()]
        sentences = (*_told(facts, missing), *_classes_told(facts), _drills_told(facts))
        return Judgement(_verdict(facts), sentences, figures, tuple(evidence))


def _verdict(facts: Coverage) -> Verdict:
    """What is asked for and is not there is not met; what nobody has said is not known."""
    if facts.uncovered or facts.ungraded or (facts.drills is not None and len(facts.drills) < DRILLS):
        return Verdict.NOT_MET
    unknown = not facts.used or facts.classes is None or facts.drills is None
    return Verdict.INSUFFICIENT if unknown else Verdict.MET


def _of_year(drills: tuple[DrillKnown, ...], on: date) -> tuple[DrillKnown, ...] | None:
    """None: none was ever held that counts."""
    counting = [one for one in drills if one.counts]
    return tuple(within_a_year(counting, on)) if counting else None


def _drill(one: DrillKnown, sentence: str = "") -> Evidence:
    told = sentence or _("%(day)s 举行。")
    return Evidence("drill", one.id, f"{one.number} {one.title}", told, {"day": str(one.held_on)})


def _of_classes(plans: Iterable[PlanStanding]) -> tuple[PlanKnown, ...]:
    """Those that are for a class as a whole."""
    mine = [one for one in plans if one.scope == PlanScope.CLASS]
    return tuple(PlanKnown(one.plan_id, one.title, one.event_class, one.grade) for one in mine)


def _classes(term: ClassesTerm | None) -> ClassesKnown | None:
    return ClassesKnown(term.id, term.number, frozenset(term.pairs)) if term is not None else None


def _pairs(pairs: list[Pair]) -> list[dict[str, object]]:
    return [{"class": event_class, "grade": grade} for event_class, grade in pairs]


def _classes_told(facts: Coverage) -> list[Phrase]:
    if facts.classes is None:
        return [said(_("报警和故障事件的分类分级用随产品提供的第 1 版，本单位还没有批准自己的。"))]
    if not facts.ungraded:
        return [said(_("报警和故障事件按分类分级表第 %(number)d 版分类分级。"), number=facts.classes.number)]
    sentence = _("分类分级表第 %(number)d 版没有写到：%(pairs)s。")
    return [said(sentence, number=facts.classes.number, pairs=_list_of(facts.ungraded))]


def _drills_told(facts: Coverage) -> Phrase:
    if facts.drills is None:
        return said(_("每年演练不少于 %(count)d 次：还没有演练记录。"), count=DRILLS)
    return said(_("一年内演练 %(held)d 次，要求不少于 %(count)d 次。"), held=len(facts.drills), count=DRILLS)


def _no_more(pair: Pair) -> tuple[str, dict[str, Phrase]]:
    return _("一年内不再有%(class)s%(grade)s。"), {"class": Phrase(CLASSES[pair[0]]), "grade": Phrase(GRADES[pair[1]])}


def _told(facts: Coverage, missing: list[Pair]) -> tuple[Phrase, ...]:
    if not facts.used:
        return (said(_("一年内没有警情，不知道在用哪些类别和级别。")),)
    if not missing:
        return (said(_("一年内出现的 %(used)d 种类别与级别都有执行中的预案。"), used=len(facts.used)),)
    sentence = _("一年内出现 %(used)d 种类别与级别，其中 %(count)d 种没有执行中的预案：%(pairs)s。")
    return (said(sentence, used=len(facts.used), count=len(missing), pairs=_list_of(missing)),)


def _list_of(pairs: list[Pair]) -> Phrase:
    places = range(len(pairs[:NAMED_AT_MOST]))
    return Phrase("、".join(f"%(pair{place})s" for place in places), _named(pairs))


def _named(missing: list[Pair]) -> dict[str, Phrase]:
    """Class and grade of each, translated by themselves."""
    return {
        f"pair{place}": Phrase(
            _("%(class)s%(grade)s"), {"class": Phrase(CLASSES[kind]), "grade": Phrase(GRADES[grade])}
        )
        for place, (kind, grade) in enumerate(missing[:NAMED_AT_MOST])
    }

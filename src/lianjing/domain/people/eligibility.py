"""May this person do guard duty on this day: the one rule (clauses 3.1.2, 5.1; 令564 art. 16 and 17).

The duty gate, the roster, dispatch and the clauses of chapter 5 all ask here. No Django, no clock.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lianjing.domain.people.fact_kinds import Fact
from lianjing.terms.sentences import Figures, Phrase, listed
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import Education, Outcome, StaffFactKind, Subject

OF_AGE = 18
CITIZEN = "CHN"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that the rule looked at. `words(reason)` is its sentence; `fact_id` the fact that decided it."""

    code: str
    clause: str
    met: bool
    sentence: str
    figures: Figures = field(default_factory=dict)
    fact_id: int | None = None
    private: bool = False
    """For whoever may read the person's file only."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer, with everything that was looked at, in the order of the clauses."""

    eligible: bool
    reasons: tuple[Reason, ...]

    @property
    def against(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.met)


def eligibility(facts: Collection[Fact], on: date) -> Eligibility:
    """Whether somebody of whom these facts are known may do guard duty on day `on`, and every reason."""
    known = _Known(facts, on)
    reasons = tuple(rule(known) for rule in RULES)
    return Eligibility(all(reason.met for reason in reasons), reasons)


def turns(years: int, born_on: date) -> date:
    """The day on which somebody becomes so old; who was born on 29 February does on 1 March of other years."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


@dataclass(frozen=True, slots=True)
class _Known:
    facts: Collection[Fact]
    on: date

    def holding(self, kind: StaffFactKind) -> list[Fact]:
        """Of this kind, what holds on the day, the latest last."""
        found = [fact for fact in self.facts if fact.kind == kind and fact.holds_on(self.on)]
        return sorted(found, key=lambda fact: (fact.valid_from or date.min, fact.id or 0))

    def last(self, kind: StaffFactKind) -> Fact | None:
        return next(reversed(self.holding(kind)), None)

    def ended(self, kind: StaffFactKind) -> Fact | None:
        """What held until a day before: the latest to end."""
        over = [fact for fact in self.facts if fact.kind == kind and fact.valid_until and fact.valid_until < self.on]
        return max(over, key=lambda fact: fact.valid_until or date.min, default=None)

    @property
    def certificate(self) -> Fact | None:
        return self.last(StaffFactKind.GUARD_CERTIFICATE)


def _reason(code: str, clause: str, fact: Fact | None, met: bool, sentence: str, **more: Any) -> Reason:
    private = more.pop("private", False)
    return Reason(code, clause, met, sentence, more, fact.id if fact else None, private)


def _employed(known: _Known) -> Reason:
    fact = known.last(StaffFactKind.EMPLOYMENT)
    if fact is not None:
        return _reason("employed", "5.1", fact, True, _("在职。"))
    left = known.ended(StaffFactKind.EMPLOYMENT)
    if left is not None:
        return _reason("employed", "5.1", left, False, _("已于 %(day)s 离职。"), day=str(left.valid_until))
    return _reason("employed", "5.1", None, False, _("当天不在职。"))


def _of_age(known: _Known) -> Reason:
    fact = known.last(StaffFactKind.IDENTITY)
    if fact is None:
        return _reason("age", "5.1.1", None, False, _("没有登记身份号码，不知道是否年满 18 周岁。"))
    day = turns(OF_AGE, date.fromisoformat(fact.value))
    if day <= known.on:
        return _reason("age", "5.1.1", fact, True, _("已年满 18 周岁。"))
    return _reason("age", "5.1.1", fact, False, _("%(day)s 才年满 18 周岁。"), day=str(day))


def _citizen(known: _Known) -> Reason:
    fact = known.last(StaffFactKind.NATIONALITY)
    if fact is None:
        return _reason("citizen", "3.1.2", None, False, _("没有登记国籍。"))
    if fact.value == CITIZEN:
        return _reason("citizen", "3.1.2", fact, True, _("中国公民。"))
    return _reason("citizen", "3.1.2", fact, False, _("不是中国公民。"))


def _educated(known: _Known) -> Reason:
    fact = known.last(StaffFactKind.EDUCATION)
    if fact is None:
        return _reason("education", "5.1.1", None, False, _("没有登记学历。"))
    level = Education(fact.value)
    if level.rank >= Education.JUNIOR_MIDDLE.rank:
        return _reason("education", "5.1.1", fact, True, _("学历：%(level)s。"), level=Phrase(level.zh))
    return _reason("education", "5.1.1", fact, False, _("学历为%(level)s，要求初中以上。"), level=Phrase(level.zh))


def _healthy(known: _Known) -> Reason:
    fact = known.last(StaffFactKind.HEALTH)
    if fact is None:
        over = known.ended(StaffFactKind.HEALTH)
        if over is not None:
            return _reason("health", "5.1.1", over, False, _("健康证明已于 %(day)s 到期。"), day=str(over.valid_until))
        return _reason("health", "5.1.1", None, False, _("没有有效的健康证明。"))
    if fact.value == Outcome.FAILED:
        return _reason("health", "5.1.1", fact, False, _("体检不合格。"), private=True)
    return _reason("health", "5.1.1", fact, True, _("健康证明有效。"))


def _good_conduct(known: _Known) -> Reason:
    """A bar decides; then the review. The certificate is given only to who was reviewed (令564 art. 16)."""
    bar = known.last(StaffFactKind.BAR)
    if bar is not None:
        return _reason("conduct", "令564 17", bar, False, _("有不得从业的情形。"), private=True)
    review = known.last(StaffFactKind.BACKGROUND)
    if review is not None and review.value == Outcome.FAILED:
        return _reason("conduct", "令564 17", review, False, _("背景审查不合格。"), private=True)
    if review is not None:
        return _reason("conduct", "令564 17", review, True, _("背景审查合格。"))
    if known.certificate is not None:
        return _reason("conduct", "令564 16", known.certificate, True, _("凭保安员证：审查合格才发证。"))
    return _reason("conduct", "令564 17", None, False, _("没有背景审查，也没有保安员证。"))


def _examined(known: _Known) -> Reason:
    fact = known.last(StaffFactKind.POLICE_EXAM)
    if fact is not None and fact.value == Outcome.PASSED:
        return _reason("exam", "5.1.2", fact, True, _("公安机关考试合格。"))
    said = _("公安机关考试不合格。") if fact is not None else _("没有登记公安机关考试合格。")
    return _reason("exam", "5.1.2", fact, False, said)


def _reviewed(known: _Known) -> Reason:
    fact = known.last(StaffFactKind.POLICE_REVIEW)
    if fact is not None:
        passed = fact.value == Outcome.PASSED
        said = _("公安机关审查合格。") if passed else _("公安机关审查不合格。")
        return _reason("review", "5.1.2", fact, passed, said, private=not passed)
    if known.certificate is not None:
        return _reason("review", "5.1.2", known.certificate, True, _("凭保安员证：审查合格才发证。"))
    return _reason("review", "5.1.2", None, False, _("没有登记公安机关审查合格。"))


def _biometrics(known: _Known) -> Reason:
    fact = known.last(StaffFactKind.BIOMETRICS) or known.certificate
    if fact is not None:
        return _reason("biometrics", "3.1.2", fact, True, _("已留存指纹等人体生物信息。"))
    return _reason("biometrics", "3.1.2", None, False, _("没有登记已留存人体生物信息，也没有保安员证。"))


def _trained(known: _Known) -> Reason:
    """In all three subjects; what failed or took no time does not count."""
    done = [fact for fact in known.holding(StaffFactKind.TRAINING) if _counts(fact)]
    subjects = {subject for fact in done for subject in (fact.details or {}).get("subjects", ())}
    missing = [subject.zh for subject in Subject if subject.value not in subjects]
    if not missing:
        return _reason("training", "5.1.3", done[-1], True, _("法律、保安专业知识和技能培训齐全。"))
    said = _("缺少培训：%(subjects)s。")
    return _reason("training", "5.1.3", done[-1] if done else None, False, said, subjects=listed(missing))


def _counts(fact: Fact) -> bool:
    details = fact.details or {}
    return float(details.get("hours") or 0) > 0 and details.get("result") != Outcome.FAILED


def _certified(known: _Known) -> Reason:
    fact = known.certificate
    if fact is not None:
        return _reason("certificate", "5.1.4", fact, True, _("保安员证有效。"))
    over = known.ended(StaffFactKind.GUARD_CERTIFICATE)
    if over is not None:
        return _reason("certificate", "5.1.4", over, False, _("保安员证已于 %(day)s 到期。"), day=str(over.valid_until))
    later = _first_later(known.facts, StaffFactKind.GUARD_CERTIFICATE, known.on)
    if later is not None:
        return _reason(
            "certificate", "5.1.4", later, False, _("保安员证 %(day)s 起才有效。"), day=str(later.valid_from)
        )
    return _reason("certificate", "5.1.4", None, False, _("没有保安员证。"))


def _first_later(facts: Iterable[Fact], kind: StaffFactKind, on: date) -> Fact | None:
    later = [fact for fact in facts if fact.kind == kind and fact.valid_from and fact.valid_from > on]
    return min(later, key=lambda fact: fact.valid_from or date.max, default=None)


RULES: tuple[Callable[[_Known], Reason], ...] = (
    _employed,
    _of_age,
    _citizen,
    _educated,
    _healthy,
    _good_conduct,
    _examined,
    _reviewed,
    _biometrics,
    _trained,
    _certified,
)

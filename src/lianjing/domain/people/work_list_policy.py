"""What is to be done about the papers of a person, on any day: what ends, what is over, what is missing, who is barred.

No Django, no clock. The dates and reasons are those of the facts and of the one rule of eligibility.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from lianjing.domain.people.eligibility import Eligibility
from lianjing.domain.people.fact_kinds import SPECS, Fact, Spec
from lianjing.terms.sentences import Figure, Figures, Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import Outcome, StaffFactKind, Standing, Subject

WINDOWS = (7, 30, 90)
FARTHEST = max(WINDOWS)
NO_END = date.max
BARRING = frozenset({"age", "citizen", "education", "conduct", "review", "exam"})
"""Reasons that no renewal mends, when a fact on file has decided them. A failed health check is one, too."""
SUBJECT_WORDS: Mapping[Subject, str] = {
    Subject.LAW: _("法律培训"),
    Subject.GUARD: _("保安专业知识培训"),
    Subject.SKILL: _("保安技能培训"),
}


class Matter(StrEnum):
    """What is wrong with it, the most urgent first."""

    BARRED = "barred"
    OVER = "over"
    ENDS = "ends"
    MISSING = "missing"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Periods:
    """Months after which an appraisal or a training is called old; 0: never. Ours by default: 令564 art. 18 and 19
    want both "periodically" and name no figure."""

    appraisal_months: int = 12
    training_months: int = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. `day`: its last day, or that of the last record; `fact_id`: the fact that it is about."""

    matter: Matter
    kind: str
    sentence: str
    figures: Figures = field(default_factory=dict)
    basis: str = ""
    day: date | None = None
    days_left: int | None = None
    fact_id: int | None = None
    private: bool = False
    standing: Standing | None = None
    """Of what is about the company: how it stands there."""


def lines_of(facts: Collection[Fact], answer: Eligibility, on: date, periods: Periods) -> list[Line]:
    """All there is to do about a person who works for the company on day `on`; of others nothing.

    `answer`: what the one rule says of the same facts on that day.
    """
    by_kind: dict[StaffFactKind, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_kind[fact.kind].append(fact)
    employments = by_kind[StaffFactKind.EMPLOYMENT]
    if not employments:
        return [_missing(SPECS[StaffFactKind.EMPLOYMENT], Phrase(_("入职记录")))]
    employed = next((fact for fact in employments if fact.holds_on(on)), None)
    if employed is None:
        return []
    found = list(_barred(answer))
    for spec in SPECS.values():
        if spec.kind != StaffFactKind.EMPLOYMENT and (spec.expected or spec.watched):
            found += _as_one(_papers(spec, by_kind[spec.kind], on))
    found += _hints(by_kind, employed, on, periods)
    return found


def next_end(facts: Iterable[Fact], on: date) -> tuple[Fact, date] | None:
    """What of the papers watched ends first of those that hold on the day, and on which day: (the fact, its last day).

    A paper that another one follows without a gap ends when that one does.
    """
    groups: dict[tuple[StaffFactKind, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        if SPECS[fact.kind].watched and _counts(fact):
            for key in _keys(fact):
                groups[fact.kind, key].append(fact)
    ends = [end for group in groups.values() if (end := _covered_until(group, on)) is not None]
    return min((end for end in ends if end[1] < NO_END), key=lambda end: end[1], default=None)


def _papers(spec: Spec, facts: list[Fact], on: date) -> Iterator[Line]:
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if _counts(fact):
            for key in _keys(fact):
                groups[key].append(fact)
    if spec.kind == StaffFactKind.TRAINING:
        for subject in Subject:
            groups.setdefault(subject.value, [])
    elif not groups and spec.expected and not _failed(facts, on):
        groups[""] = []
    for key, group in groups.items():
        line = _paper(spec, _words(spec, key), group, on)
        if line is not None:
            yield line


def _as_one(lines: Iterable[Line]) -> list[Line]:
    """What one new record settles is one line: a training in three subjects, or all that is missing."""
    merged: dict[tuple[Matter, int | None], Line] = {}
    for line in lines:
        key = (line.matter, line.fact_id)
        paper = line.figures["paper"]
        if key in merged:
            both = {"first": merged[key].figures["paper"], "other": paper}
            figures = {**line.figures, "paper": Phrase("%(first)s、%(other)s", both)}
            merged[key] = replace(merged[key], figures=figures)
        else:
            merged[key] = line
    return list(merged.values())


def _paper(spec: Spec, words: Phrase, group: list[Fact], on: date) -> Line | None:
    held = _covered_until(group, on)
    if held is not None:
        fact, until = held
        left = (until - on).days if until < NO_END else FARTHEST + 1
        return _ends(spec, words, fact, left, until) if spec.watched and left <= FARTHEST else None
    over = max((fact for fact in group if (fact.valid_until or NO_END) < on), key=_last_day, default=None)
    if over is not None:
        said = _("%(paper)s已于 %(day)s 到期。")
        figures: dict[str, Figure] = {"paper": words, "day": str(over.valid_until)}
        left = ((over.valid_until or on) - on).days
        return Line(
            Matter.OVER, spec.kind, said, figures, spec.basis, over.valid_until, left, over.id, private=spec.private
        )
    if group:
        later = min(group, key=lambda fact: fact.valid_from or date.min)
        said = _("%(paper)s %(day)s 起才有效。")
        figures = {"paper": words, "day": str(later.valid_from)}
        return Line(
            Matter.MISSING, spec.kind, said, figures, spec.basis, later.valid_from, None, later.id, private=spec.private
        )
    return _missing(spec, words)


def _ends(spec: Spec, words: Phrase, fact: Fact, left: int, until: date) -> Line:
    said = _("%(paper)s %(day)s 到期，还有 %(days)d 天。") if left else _("%(paper)s今天到期。")
    figures: dict[str, Figure] = {"paper": words, "day": str(until), "days": left}
    return Line(Matter.ENDS, spec.kind, said, figures, spec.basis, until, left, fact.id, private=spec.private)


def _missing(spec: Spec, words: Phrase) -> Line:
    return Line(Matter.MISSING, spec.kind, _("没有%(paper)s。"), {"paper": words}, spec.basis, private=spec.private)


def _covered_until(group: list[Fact], on: date) -> tuple[Fact, date] | None:
    """The fact with which an unbroken cover that includes the day ends, and its last day."""
    last = max((fact for fact in group if fact.holds_on(on)), key=_last_day, default=None)
    while last is not None and last.valid_until is not None:
        follows = last.valid_until + timedelta(days=1)
        further = [
            fact
            for fact in group
            if (fact.valid_from or date.min) <= follows and _last_day(fact) > (last.valid_until or NO_END)
        ]
        if not further:
            break
        last = max(further, key=_last_day)
    return (last, _last_day(last)) if last is not None else None


def _last_day(fact: Fact) -> date:
    return fact.valid_until or NO_END


def _keys(fact: Fact) -> Iterable[str]:
    """Under which heads a fact counts: an insurance by its sort, a training by each of its subjects."""
    if fact.kind == StaffFactKind.INSURANCE:
        return (fact.value,)
    if fact.kind == StaffFactKind.TRAINING:
        return tuple((fact.details or {}).get("subjects", ()))
    return ("",)


def _words(spec: Spec, key: str) -> Phrase:
    if spec.kind == StaffFactKind.TRAINING:
        return Phrase(SUBJECT_WORDS[Subject(key)])
    if spec.kind == StaffFactKind.IDENTITY:
        return Phrase(_("身份号码"))
    return Phrase("%(name)s", {"name": key}) if key else Phrase(spec.kind.zh)


def _counts(fact: Fact) -> bool:
    """Whether it is one of its kind at all: an exam that was failed is none."""
    return fact.value != Outcome.FAILED and (fact.details or {}).get("result") != Outcome.FAILED


def _failed(facts: list[Fact], on: date) -> bool:
    """Whether it is told among who is barred instead."""
    return any(fact.value == Outcome.FAILED and fact.holds_on(on) for fact in facts)


def _barred(answer: Eligibility) -> Iterator[Line]:
    for reason in answer.against:
        if reason.fact_id is None or not (reason.code in BARRING or (reason.code == "health" and reason.private)):
            continue
        kind = _KIND_OF[reason.code]
        yield Line(
            Matter.BARRED,
            kind,
            reason.sentence,
            reason.figures,
            reason.clause,
            fact_id=reason.fact_id,
            private=reason.private,
        )


_KIND_OF = {
    "age": StaffFactKind.IDENTITY,
    "citizen": StaffFactKind.NATIONALITY,
    "education": StaffFactKind.EDUCATION,
    "health": StaffFactKind.HEALTH,
    "conduct": StaffFactKind.BAR,
    "review": StaffFactKind.POLICE_REVIEW,
    "exam": StaffFactKind.POLICE_EXAM,
}


def _hints(by_kind: Mapping[StaffFactKind, list[Fact]], employed: Fact, on: date, periods: Periods) -> Iterator[Line]:
    wanted = ((StaffFactKind.APPRAISAL, periods.appraisal_months), (StaffFactKind.TRAINING, periods.training_months))
    for kind, months in wanted:
        line = _old(kind, by_kind.get(kind, []), employed, months_before(on, months), months) if months else None
        if line is not None:
            yield line


def _old(kind: StaffFactKind, facts: list[Fact], employed: Fact, border: date, months: int) -> Line | None:
    """When the last one was before the border day; who came after it is not yet due."""
    begun = [fact for fact in facts if fact.valid_from is not None]
    last = max(begun, key=lambda fact: fact.valid_from or date.min, default=None)
    basis = "令564 18" if kind == StaffFactKind.TRAINING else SPECS[kind].basis
    if last is not None and last.valid_from is not None:
        if last.valid_from >= border:
            return None
        said = _("上次%(paper)s在 %(day)s，已超过 %(months)d 个月。")
        figures: dict[str, Figure] = {"paper": Phrase(kind.zh), "day": str(last.valid_from)}
        return Line(Matter.HINT, kind, said, figures | {"months": months}, basis, last.valid_from, None, last.id)
    if facts or kind == StaffFactKind.TRAINING or (employed.valid_from or date.min) >= border:
        return None
    said = _("入职已超过 %(months)d 个月，没有%(paper)s记录。")
    return Line(Matter.HINT, kind, said, {"paper": Phrase(kind.zh), "months": months}, basis)


def months_before(on: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    place = on.year * 12 + on.month - 1 - months
    year, month = divmod(place, 12)
    for day in range(on.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(on.day, 28))

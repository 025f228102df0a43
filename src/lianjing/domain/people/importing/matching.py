"""What the cells of a row make of the facts that stand: nothing, another in the place of one, one more. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from lianjing.core.refusals import Refused
from lianjing.core.workbooks.cells import storable
from lianjing.domain.people.fact_kinds import DETAILS, SPECS, Fact, Part
from lianjing.domain.people.fact_policy import NewFact, checked, overlapping
from lianjing.domain.people.importing.groups import Group
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import StaffFactKind

Cells = Mapping[Part, Any]
"""What a row tells of one fact. A day that was emptied is None; what the row does not tell is not there."""


@dataclass(frozen=True, slots=True)
class Stood:
    """A fact that stands, with its number."""

    id: int
    fact: NewFact


@dataclass(frozen=True, slots=True)
class Step:
    """One fact that is to be recorded; `instead` is the one that is taken back for it."""

    new: NewFact
    instead: Stood | None = None
    told: bool = True
    """False: it is the earlier fact of a pair, which now ends sooner."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a row makes of one kind of facts. `before` is what the columns said until now."""

    steps: Sequence[Step] = ()
    before: NewFact | None = None
    rewrites: bool = False
    """What was the case in the past is said to have been otherwise."""

    @property
    def after(self) -> NewFact:
        return self.steps[-1].new


class Unfit(Exception):
    """The cells cannot be so: in which column, and the sentence."""

    def __init__(self, column: str, sentence: str, **figures: Any) -> None:
        super().__init__(sentence)
        self.column, self.sentence, self.figures = column, sentence, figures


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says of one fact, and of the person's days."""

    group: Group
    cells: Cells
    stood: Sequence[Stood] = field(default_factory=tuple)
    hired_on: date | None = None


def made_of(told: Told) -> Made | None:
    """None when everything stands so already. Raises Unfit."""
    if _stands_so(told):
        return None
    latest = _meant(told)
    if latest is None:
        return Made([Step(_fit(told, _new(told), told.stood))], shown_of(told.stood))
    if told.group.kind == StaffFactKind.POST_KIND and _moves_on(told, latest):
        return _succeeded(told, latest)
    if _renews(told, latest):
        return Made([Step(_fit(told, _new(told), told.stood))], latest.fact)
    others = [other for other in told.stood if other is not latest]
    new = _fit(told, _corrected(told, latest.fact), others)
    rewrites = told.group.kind == StaffFactKind.POST_KIND and new.value != latest.fact.value
    return Made([Step(new, latest)], latest.fact, rewrites and Part.FROM not in told.cells)


def shown_of(stood: Sequence[Stood]) -> NewFact | None:
    """Of several facts of a kind the one that a row shows: the last to begin."""
    found = _last(stood)
    return found.fact if found else None


def part_of(fact: NewFact, part: Part) -> Any:
    """As a cell of a workbook can hold it."""
    value = fact.part(part)
    if part == Part.SUBJECTS:
        return tuple(value or ())
    if part == Part.HOURS:
        return _number(float(value)) if value else None
    return storable(value) if isinstance(value, str) else value


def _number(value: float) -> float | int:
    """Forty hours, and not 40.0."""
    return int(value) if value.is_integer() else value


def _last(stood: Sequence[Stood]) -> Stood | None:
    return max(stood, key=lambda one: (one.fact.valid_from or date.min, one.id), default=None)


def _stands_so(told: Told) -> bool:
    """Of what holds one at a time an earlier one is meant only by its day."""
    asked = told.stood
    if told.group.is_single and Part.FROM not in told.cells and (latest := _last(told.stood)) is not None:
        asked = [latest]
    return any(_is_so(one.fact, told.cells) for one in asked)


def _is_so(fact: NewFact, cells: Cells) -> bool:
    return all(_same(part, part_of(fact, part), value) for part, value in cells.items())


def _same(part: Part, stands: Any, value: Any) -> bool:
    if part == Part.SUBJECTS:
        return set(stands) == set(value)
    return bool((stands or None) == (value or None))


def _meant(told: Told) -> Stood | None:
    """The standing fact that the row is about."""
    if told.group.is_event:
        day = told.cells.get(Part.FROM, _first_day(told))
        return _last([one for one in told.stood if one.fact.valid_from == day])
    if told.group.kind == StaffFactKind.INSURANCE and Part.VALUE in told.cells:
        return _last([one for one in told.stood if part_of(one.fact, Part.VALUE) == told.cells[Part.VALUE]])
    return _last(told.stood)


def _first_day(told: Told) -> date | None:
    return told.hired_on if told.group.since_hired else None


def _begins_later(told: Told, latest: Stood) -> bool:
    begins = told.cells.get(Part.FROM)
    return begins is not None and begins > (latest.fact.valid_from or date.min)


def _moves_on(told: Told, latest: Stood) -> bool:
    """Another post kind, with a first day of its own."""
    other = told.cells.get(Part.VALUE, latest.fact.value) != latest.fact.value
    begins = told.cells.get(Part.FROM)
    return other and begins is not None and begins != latest.fact.valid_from


def _succeeded(told: Told, latest: Stood) -> Made:
    """The earlier one ends on the day before; what begins before it cannot succeed it."""
    begins = told.cells[Part.FROM]
    new = _new(told)
    if not _begins_later(told, latest):
        raise _overlaps(told, begins, latest.fact)
    steps = []
    others = [other for other in told.stood if other is not latest]
    if latest.fact.valid_until is None or latest.fact.valid_until >= begins:
        steps.append(Step(replace(latest.fact, valid_until=begins - timedelta(days=1)), latest, told=False))
    return Made([*steps, Step(_fit(told, new, others))], latest.fact)


def _renews(told: Told, latest: Stood) -> bool:
    """A later one, and no correction: it begins later, and ends later or has another number. Who was hired again
    begins after he had left."""
    if told.group.kind == StaffFactKind.EMPLOYMENT:
        left, begins = latest.fact.valid_until, told.cells.get(Part.FROM)
        return left is not None and begins is not None and begins > left
    if not told.group.renews or latest.fact.valid_from is None or not _begins_later(told, latest):
        return False
    if Part.UNTIL not in told.group.columns:
        return True
    until, number = told.cells.get(Part.UNTIL), told.cells.get(Part.NUMBER)
    ends_later = until is not None and latest.fact.valid_until is not None and until > latest.fact.valid_until
    return ends_later or bool(number and latest.fact.number and number != part_of(latest.fact, Part.NUMBER))


def _new(told: Told) -> NewFact:
    """A fact of nothing but what the row says, and the defaults."""
    bare = NewFact(told.group.kind, valid_from=_first_day(told))
    return _with(bare, {**told.group.defaults, **told.cells})


def _corrected(told: Told, stands: NewFact) -> NewFact:
    """What the row says in the place of what stood; what it does not say stays. A new day of an exam that was failed
    is, without a result beside it, that of one that was passed."""
    cells = dict(told.cells)
    if Part.VALUE in told.group.defaults and Part.VALUE not in cells:
        cells[Part.VALUE] = told.group.defaults[Part.VALUE]
    return _with(stands, cells)


def _with(fact: NewFact, cells: Cells) -> NewFact:
    details = dict(fact.details)
    plain: dict[str, Any] = {}
    for part, value in cells.items():
        if part in DETAILS:
            details[part.value] = list(value) if isinstance(value, tuple) else value
        else:
            plain[part.value] = value
    return replace(fact, **plain, details=details)


def _fit(told: Told, new: NewFact, others: Sequence[Stood]) -> NewFact:
    """Raises Unfit for what its kind does not allow, and for what cannot hold beside the others."""
    for part in SPECS[new.kind].needs:
        if not new.part(part):
            title = told.group.column(part.value)
            raise Unfit(title, _("填写了%(kind)s的其他列，还须填写这一列。"), kind=Phrase(new.kind.zh))
    try:
        sound = checked(new)
    except Refused as refused:
        raise Unfit(_column(told, refused.field), refused.sentence, **refused.figures) from refused
    if told.group.is_single and (over := overlapping(sound, [_as_fact(one) for one in others])):
        raise _overlaps(told, sound.valid_from, next(one.fact for one in others if one.id == over[0].id))
    return sound


def _column(told: Told, field: str) -> str:
    """Where to look: an end that comes before the beginning may be the beginning's fault."""
    part = Part(field)
    if part == Part.UNTIL and Part.UNTIL not in told.cells and Part.FROM in told.group.columns:
        part = Part.FROM
    return told.group.column(part.value)


def _overlaps(told: Told, begins: date | None, other: NewFact) -> Unfit:
    said = _("从 %(day)s 起的%(kind)s与已有的（%(begins)s 至 %(until)s）重叠，请先在人员档案里更正那一条。")
    figures = {
        "day": str(begins or "…"),
        "begins": str(other.valid_from or "…"),
        "until": str(other.valid_until or "…"),
    }
    return Unfit(told.group.column(Part.FROM.value), said, kind=Phrase(other.kind.zh), **figures)


def _as_fact(one: Stood) -> Fact:
    fact = one.fact
    return Fact(fact.kind, fact.value, fact.valid_from, fact.valid_until, fact.number, fact.details, one.id)

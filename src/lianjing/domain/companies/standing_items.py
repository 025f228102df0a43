"""What the rules of a company's standing are made of: the facts of a day, an item with its sentence. No Django."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from lianjing.core.workdays import Workdays
from lianjing.domain.companies.company_facts import CompanyKnown
from lianjing.terms.sentences import Figure, Figures, Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import CompanyFactKind as Kind
from lianjing.terms.staffing import Standing

WARNED_WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was looked at; `words(item)` is its sentence."""

    code: str
    kind: Kind
    basis: str
    """Clause or article."""
    standing: Standing
    sentence: str
    figures: Figures = field(default_factory=dict)
    due_on: date | None = None
    """Last day on which it can be done in time, or on which it still holds."""
    fact_id: int | None = None
    is_guess: bool = False
    """The due day was counted over a year whose calendar is not announced yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked beyond the law's own text: experience of those who lead, as the province has it."""

    years: int = 5
    source: str = ""
    workdays: Workdays = field(default_factory=Workdays)


@dataclass(frozen=True, slots=True)
class Known:
    facts: Collection[CompanyKnown]
    on: date
    asked: Asked

    def of(self, kind: Kind) -> list[CompanyKnown]:
        found = [fact for fact in self.facts if fact.kind == kind]
        return sorted(found, key=lambda fact: (fact.valid_from or date.min, fact.id))

    def holding(self, kind: Kind) -> list[CompanyKnown]:
        return [fact for fact in self.of(kind) if fact.holds_on(self.on)]

    def last(self, kind: Kind) -> CompanyKnown | None:
        return next(reversed(self.holding(kind)), None)

    def ended(self, kind: Kind) -> CompanyKnown | None:
        over = [fact for fact in self.of(kind) if fact.valid_until and fact.valid_until < self.on]
        return max(over, key=lambda fact: fact.valid_until or date.min, default=None)

    def filings(self, subject: CompanyKnown) -> list[CompanyKnown]:
        """What was filed of it by the day, the earliest first."""
        return [fact for fact in self.holding(Kind.FILING) if fact.about == subject.thread]


def item(code: str, kind: Kind, basis: str, standing: Standing, sentence: str, **more: Any) -> Item:
    """`due`, `fact`, `guess` say where it hangs; the rest are the figures of the sentence."""
    due, fact, guess = more.pop("due", None), more.pop("fact", None), more.pop("guess", False)
    figures: dict[str, Figure] = {
        name: value if isinstance(value, int | Phrase) else str(value) for name, value in more.items()
    }
    return Item(code, kind, basis, standing, sentence, figures, due, fact.id if fact else None, guess)


def lasting(code: str, basis: str, fact: CompanyKnown, on: date, name: str = "") -> Item:
    """How long something that holds goes on holding."""
    told, until = {"what": Phrase(name or fact.kind.zh), "fact": fact}, fact.valid_until
    if until is None:
        return item(code, fact.kind, basis, Standing.IN_ORDER, _("%(what)s有效，长期。"), **told)
    told |= {"until": until, "due": until}
    if until - on > WARNED_WITHIN:
        return item(code, fact.kind, basis, Standing.IN_ORDER, _("%(what)s有效，至 %(until)s。"), **told)
    if until == on:
        return item(code, fact.kind, basis, Standing.EXPIRING, _("%(what)s今天（%(until)s）到期。"), **told)
    said = _("%(what)s还有 %(days)d 天到期（%(until)s）。")
    return item(code, fact.kind, basis, Standing.EXPIRING, said, days=(until - on).days, **told)


def lacking(code: str, basis: str, kind: Kind, known: Known) -> Item:
    """Nothing of the kind holds: it ended, it begins later, or there is none."""
    over = known.ended(kind)
    if over is not None:
        told = {"what": Phrase(kind.zh), "day": over.valid_until, "due": over.valid_until, "fact": over}
        return item(code, kind, basis, Standing.EXPIRED, _("%(what)s已于 %(day)s 到期。"), **told)
    later = next((fact for fact in known.of(kind) if fact.valid_from and fact.valid_from > known.on), None)
    if later is not None:
        told = {"what": Phrase(kind.zh), "day": later.valid_from, "fact": later}
        return item(code, kind, basis, Standing.MISSING, _("%(what)s %(day)s 起才有效。"), **told)
    return item(code, kind, basis, Standing.MISSING, _("没有登记%(what)s。"), what=Phrase(kind.zh))


def paper(code: str, basis: str, fact: CompanyKnown, name: str = "") -> Iterator[Item]:
    if not fact.has_scan:
        said = _("%(what)s没有扫描件。")
        yield item(code, fact.kind, basis, Standing.UNPROVEN, said, what=Phrase(name or fact.kind.zh), fact=fact)

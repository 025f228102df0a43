"""The specification as the page shows it: each entry with its verdict, since when, its bars, and who sees to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import Clause, catalogue
from lianjing.domain.compliance.verdict_reading import Standing
from lianjing.domain.compliance.work_reading import Work
from lianjing.terms.staffing import PostKind
from lianjing.terms.verdicts import WORST_FIRST, Verdict
from lianjing.web.clause_items import item_of
from lianjing.web.standard_words import Reference, reference_of
from lianjing.web.verdict_marks import Mark, mark_of, signed
from lianjing.web.words import label

PARTS = {"secrecy": "安全保密", "supervision": "公安机关监督管理"}
NOBODY = "none"
NEED_AT = 60
"""Where on a bar of 100 the number stands that is required: in all bars at the same place."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One post of table 1. `fill`: how much of the bar, of 100."""

    words: str
    eligible: int
    required: int
    margin: int
    fill: int

    @property
    def signed(self) -> str:
        return signed(self.margin)


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose clauses are shown, for whose eyes, on which day, and who sees to them."""

    viewer: Viewer
    company_id: int
    on: date
    works: Mapping[str, Work]
    watched_from: date | None = None
    """Since when verdicts are kept at all; None: they are not, or the page is not about now."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is left of the page: one verdict, one owner ("none": nobody), a piece of the text."""

    verdict: Verdict | None = None
    owner: str = ""
    text: str = ""

    @property
    def is_any(self) -> bool:
        return bool(self.verdict or self.owner or self.text)

    def keeps(self, entry: "Entry") -> bool:
        if self.verdict is not None and (entry.item is None or entry.item["verdict"] != self.verdict):
            return False
        if self.owner and (entry.item is None or (entry.work.key if entry.work else "") != self.owner_key):
            return False
        clause = entry.clause
        return not self.text or clause.number.startswith(self.text) or any(self.text in line for line in clause.lines)

    @property
    def owner_key(self) -> str:
        return "" if self.owner == NOBODY else self.owner


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the specification; `item` None: it is not judged. `since_words`: since when it stands so."""

    clause: Clause
    mark: Mark | None = None
    item: dict[str, Any] | None = None
    since_words: str = ""
    work: Work | None = None
    is_late: bool = False
    bars: tuple[Bar, ...] = ()
    row: str = ""
    references: tuple[Reference, ...] = ()

    @property
    def shows_work(self) -> bool:
        """An open finding with an owner stands there itself, with him and its day."""
        one = self.work
        if one is None or (one.finding is not None and one.finding.owner is not None):
            return False
        return bool(one.owner or one.due_on)

    @property
    def has_more(self) -> bool:
        """There is something to be said of it beside the page."""
        return bool(self.item or self.clause.basis or self.clause.readings)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter in the table of contents, with the worst of its verdicts."""

    number: str
    words: str
    mark: Mark
    met: int
    total: int


def entries(clauses: Iterable[Clause], standing: Iterable[Standing], shown: Shown) -> list[Entry]:
    """Every entry in the order of the text, those of local texts behind it."""
    found = {one.judged.clause.number: one for one in standing}
    return [_entry(clause, found.get(clause.number), shown) for clause in clauses]


def narrowed(all_of_them: list[Entry], asked: Narrowing) -> list[Entry]:
    """Those that are asked for, below their headings."""
    if not asked.is_any:
        return all_of_them
    wanted = {one.clause.number for one in all_of_them if asked.keeps(one)}
    above = {number[:place] for number in wanted for place, sign in enumerate(number) if sign in ". "}
    shown = wanted | {number for number in above if not number.startswith("令")}
    return [one for one in all_of_them if one.clause.number in shown]


def worst_of(shown: list[Entry]) -> Entry | None:
    """What is looked at first: the first of the worst verdict; without verdicts the first of which more is said."""
    judged = [entry for entry in shown if entry.item]
    if judged:
        return min(judged, key=lambda entry: WORST_FIRST.index(Verdict(entry.item["verdict"] if entry.item else "")))
    return next((entry for entry in shown if entry.has_more), None)


def chapters(all_of_them: list[Entry]) -> list[Chapter]:
    """Chapters in which something is judged."""
    by_chapter: dict[str, list[Entry]] = {}
    for entry in all_of_them:
        if entry.item is not None:
            by_chapter.setdefault(entry.clause.chapter, []).append(entry)
    return [_chapter(number, inside) for number, inside in by_chapter.items()]


def _chapter(number: str, inside: list[Entry]) -> Chapter:
    verdicts = [Verdict(entry.item["verdict"]) for entry in inside if entry.item]
    head = catalogue().clauses.get(number)
    words = f"{number} {_(head.heading)}" if head else _(PARTS.get(number, number))
    worst = min(verdicts, key=WORST_FIRST.index)
    return Chapter(number, words, mark_of(worst), verdicts.count(Verdict.MET), len(verdicts))


def _entry(clause: Clause, standing: Standing | None, shown: Shown) -> Entry:
    if standing is None:
        cited = catalogue().referenced if clause.number == "2" else ()
        return Entry(clause, references=tuple(reference_of(one, shown.on) for one in cited))
    item = item_of(standing.judged, shown.viewer, shown.company_id, shown.on, _)
    figures, work = item["figures"], shown.works.get(clause.number)
    return Entry(
        clause,
        mark_of(standing.judged.judgement.verdict),
        item,
        _since(standing.since, shown),
        work,
        work is not None and work.is_late(shown.on),
        _bars(figures) if clause.number == "5.2" else (),
        str(figures.get("row", "")),
    )


def _since(since: date | None, shown: Shown) -> str:
    """A verdict that stood so from the first day stands at least so long."""
    if since is not None:
        days = (shown.on - since).days + 1
        return _("自 %(day)s 起 · %(days)d 天") % {"day": _short(since, shown.on), "days": days}
    if shown.watched_from is None:
        return ""
    return _("至少自 %(day)s 起") % {"day": _short(shown.watched_from, shown.on)}


def _short(day: date, on: date) -> str:
    return f"{day:%m-%d}" if day.year == on.year else str(day)


def _bars(figures: dict[str, Any]) -> tuple[Bar, ...]:
    return tuple(_bar(post, figures) for post in figures.get("required", {}))


def _bar(post: str, figures: dict[str, Any]) -> Bar:
    eligible, required = figures["eligible"][post], figures["required"][post]
    fill = min(100, eligible * NEED_AT // required)
    return Bar(label(PostKind, post), eligible, required, figures["margin"][post], fill)

"""The report for print: one page description in HTML, set in a process of its own."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from lianjing.core.pages import Setter
from lianjing.terms.staffing import PostKind
from lianjing.terms.verdicts import Verdict
from lianjing.web.clause_items import KINDS
from lianjing.web.self_inspection.content import Entry, Post, Report
from lianjing.web.self_inspection.figure_words import Measured, measured_lines, told_figures
from lianjing.web.standard_words import Reference, confidence_words

ROWS_A_CLAUSE = 40
"""Evidence of one clause on paper; the workbook and the file hold what the product lists."""
LISTS = ("people", "contracts")
"""Kinds of evidence that are lists when they name no record."""
TONES = {
    Verdict.MET: "met",
    Verdict.MOSTLY: "mostly",
    Verdict.NOT_MET: "not-met",
    Verdict.INSUFFICIENT: "insufficient",
    Verdict.NOT_APPLICABLE: "not-applicable",
}


@dataclass(frozen=True, slots=True)
class Mark:
    sign: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of evidence. `record`: which record it is, in words; "" when it is none by itself."""

    number: str
    kind: str
    name: str
    sentence: str
    record: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A clause as it is printed."""

    entry: Entry
    anchor: str
    mark: Mark | None
    figures: list[tuple[str, str]]
    measured: list[Measured]
    readings: list[str]
    basis: list[tuple[str, str, str, str]]
    lines: list[Line]
    left_out: int
    """Of what the product lists; `not_listed` is what it does not list either."""
    not_listed: int


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter as it is printed."""

    number: str
    title: str
    anchor: str
    counts: list[int]
    judged: int
    shown: list[Shown]


def pdf_of(report: Report, setter: Setter) -> bytes:
    """Raises CannotSet."""
    return setter.pdf(page_of(report))


def page_of(report: Report) -> str:
    parts = [
        Part(chapter.number, chapter.title, f"part-{place}", list(chapter.counts.values()), chapter.judged, shown)
        for place, chapter in enumerate(report.chapters)
        for shown in [[_shown(report, entry, f"c{place}-{inner}") for inner, entry in enumerate(chapter.entries)]]
    ]
    anchors = {one.entry.clause.number: one for part in parts for one in part.shown}
    context = {
        "report": report,
        "parts": parts,
        "marks": [(mark_of(verdict), count) for verdict, count in report.counts.items()],
        "lacking": [anchors[entry.clause.number] for entry in report.lacking],
        "table": _table(report),
        "posts": [(_(PostKind(post.key).zh), post, _signed(post)) for post in report.posts],
        "places": places_of(report),
        "rows_a_clause": ROWS_A_CLAUSE,
        "references": _references(report),
    }
    return render_to_string("self_inspection.html", context)


def mark_of(verdict: Verdict) -> Mark:
    return Mark(verdict.sign, _(verdict.zh), TONES[verdict])


def _shown(report: Report, entry: Entry, anchor: str) -> Shown:
    item = entry.item or {"figures": {}, "evidence": []}
    found = lines_of(report, item)
    basis = [
        (reference.cited, one.clause, one.asks, f"{confidence_words(one.confidence)} · {reference.standing}")
        for one, reference in entry.basis
    ]
    return Shown(
        entry,
        anchor,
        mark_of(entry.verdict) if entry.verdict else None,
        [] if entry.clause.number == "5.2" else list(told_figures(item["figures"])),
        measured_lines(item["figures"]),
        [reading.zh for reading in entry.clause.readings],
        basis,
        found[:ROWS_A_CLAUSE],
        max(0, len(found) - ROWS_A_CLAUSE),
        int(item["figures"].get("not_listed") or 0),
    )


def lines_of(report: Report, item: dict[str, Any]) -> list[Line]:
    """Evidence of a clause, numbered within it."""
    return [
        Line(
            f"{item['clause']}-{place}",
            _(KINDS[one["kind"]]) if one["kind"] in KINDS else one["kind"],
            one["name"],
            one["sentence"],
            _record(one),
            report.url(one["href"]),
        )
        for place, one in enumerate(item["evidence"], 1)
    ]


def _record(item: dict[str, Any]) -> str:
    if item["id"] is None:
        return _("整份清单") if item["kind"] in LISTS else ""
    return _("第 %(id)s 号") % {"id": item["id"]}


def _table(report: Report) -> list[tuple[list[str], bool]]:
    """The rows of table 1, and which one applies."""
    rows = next((entry.clause.table for entry in report.entries if entry.clause.number == "5.2"), [])
    return [(row, row[0] == report.staffing.get("row")) for row in rows]


def places_of(report: Report) -> dict[str, Line]:
    """Where the figures of table 1 come from: the lists, by post and of the contracts."""
    item = next((one for one in report.items if one["clause"] == "5.2"), {"clause": "5.2", "evidence": []})
    lists = [
        (one["name"] if one["kind"] == "people" else "contracts", line)
        for one, line in zip(item["evidence"], lines_of(report, item), strict=True)
        if one["id"] is None and one["kind"] in LISTS
    ]
    posts = {_(post.zh): post.value for post in PostKind}
    return {posts.get(name, name): line for name, line in lists}


def _signed(post: Post) -> str:
    return f"+{post.margin}" if post.margin > 0 else str(post.margin).replace("-", "−")


def _references(report: Report) -> list[Reference]:
    """Every law and standard on which a clause rests, once, by its number."""
    found = {reference.cited: reference for entry in report.entries for _one, reference in entry.basis}
    return [found[cited] for cited in sorted(found)]

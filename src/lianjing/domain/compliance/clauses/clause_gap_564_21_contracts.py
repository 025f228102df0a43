"""令564 art. 21: the written contract is kept for at least two years after its end.

What was thrown away before that says no. What is kept is proved by its scan: a record alone is no contract.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.records.dated import known_at
from lianjing.domain.sites.contract_policy import KEPT_YEARS, Term, known_since, years_later
from lianjing.domain.sites.models import ContractSpan
from lianjing.terms.premises import ContractStanding
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

SEE = "compliance.see"
SHOWN_AT_MOST = 200
COLUMNS = ("contract_id", "contract__number", "valid_from", "term_from", "term_until", "has_scan")


@dataclass(frozen=True, slots=True)
class Paper:
    """A contract that has ended. `since`: from when it stands as ended; `ended`: the day on which it ended, None:
    nobody knows; `removed_at`: when it was taken off the file."""

    id: int
    number: str
    since: date
    ended: date | None
    has_scan: bool
    removed_at: datetime | None

    @property
    def kept_until(self) -> date:
        """The first day on which it may go; without a known end it may not."""
        return years_later(self.ended, KEPT_YEARS) if self.ended else date.max

    @property
    def went_early(self) -> bool:
        if self.removed_at is None:
            return False
        return centre_day(self.removed_at) < self.kept_until


@dataclass(frozen=True, slots=True)
class Papers:
    """`due`: ended less than two years ago, or nobody knows when, and on file; `gone`: taken off the file by then."""

    due: tuple[Paper, ...]
    gone: tuple[Paper, ...]


class ClauseGap56421Contracts(Rule[Papers]):
    clause = "令564-21"
    wakes_on = ("contract.changed",)
    evidence_kinds = ("contract",)
    reads = frozenset({"contract"})

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Papers:
        return _that_day(_papers(viewer, company_id, known), on, known)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Papers]:
        papers = _papers(viewer, company_id, known)
        return Ahead(lambda day: _that_day(papers, day, known), span.days)

    def judge(self, facts: Papers) -> Judgement:
        early = [paper for paper in facts.gone if paper.went_early]
        bare = [paper for paper in facts.due if not paper.has_scan]
        undated = sum(paper.ended is None for paper in facts.due)
        figures = {"years": KEPT_YEARS, "ended": len(facts.due), "with_scan": len(facts.due) - len(bare)}
        figures |= {"undated": undated, "removed": len(facts.gone), "removed_early": len(early)}
        listed = [*(_line(paper, _("终止不满 2 年就撤除。")) for paper in early), *(map(_bare, bare))]
        figures["not_listed"] = max(0, len(listed) - SHOWN_AT_MOST)
        told = [said(_("撤除合同 %(removed)d 份，其中终止不满 2 年的 %(removed_early)d 份。"), **figures)]
        if facts.due:
            kept = _("终止不满 2 年须留存的合同 %(ended)d 份，有扫描件的 %(with_scan)d 份。")
            told.insert(0, said(kept, **figures))
        else:
            told.insert(0, said(_("没有终止不满 2 年的合同。")))
        if undated:
            told.append(said(_("其中 %(undated)d 份不知道哪天终止，一直留存。"), **figures))
        verdict = _verdict(bool(early), len(facts.due), len(bare))
        return Judgement(verdict, tuple(told), figures, tuple(listed[:SHOWN_AT_MOST]))


def _verdict(is_early: bool, due: int, bare: int) -> Verdict:
    """Where nothing had to be kept, nothing is proved."""
    if is_early:
        return Verdict.NOT_MET
    if due == bare:
        return Verdict.INSUFFICIENT
    return Verdict.MOSTLY if bare else Verdict.MET


def _papers(viewer: Viewer, company_id: int, known: datetime | None) -> list[Paper]:
    """Whatever had ended by what was known; one query."""
    rows = visible(ContractSpan.objects.filter(company_id=company_id), viewer, SEE)
    rows = known_at(rows.filter(state=ContractStanding.ENDED), known).order_by("pk")
    told = rows.values_list(*COLUMNS, "contract__removed_at")
    return [
        Paper(pk, number, since, known_since(ContractStanding.ENDED, since, Term(begins, ends)) or ends, scan, gone)
        for pk, number, since, begins, ends, scan, gone in told
    ]


def _that_day(papers: Iterable[Paper], on: date, known: datetime | None) -> Papers:
    moment = end_of(on, known)
    ended = [paper for paper in papers if paper.since <= on]
    gone = tuple(paper for paper in ended if paper.removed_at is not None and paper.removed_at <= moment)
    on_file = (paper for paper in ended if paper.removed_at is None or paper.removed_at > moment)
    due = tuple(paper for paper in on_file if on < paper.kept_until)
    return Papers(due, gone)


def _bare(paper: Paper) -> Evidence:
    return _line(paper, _("没有扫描件。"))


def _line(paper: Paper, sentence: str) -> Evidence:
    return Evidence("contract", paper.id, paper.number, sentence)

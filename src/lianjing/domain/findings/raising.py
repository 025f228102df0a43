"""What a new finding is, and the step of actions that makes it one."""

from dataclasses import dataclass
from typing import Any

from lianjing.core.entering import enter
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.moving import centre_day, given, keep, next_number, written
from lianjing.domain.findings.policy import CHANGED, joined_clauses, split_clauses
from lianjing.domain.records.changing import Actor, write_down
from lianjing.terms.findings import FindingGrade, FindingSource

WORDS_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Source:
    """What a finding came from: kind, id in its app as text, and what it is called."""

    kind: str = FindingSource.OWN.value
    ref: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What was found wanting. `clauses`: numbers of clauses that it is about."""

    title: str
    grade: str
    description: str = ""
    source: Source = Source()
    clauses: tuple[str, ...] = ()
    needs_retest: bool = False


def raised(company_id: int, new: NewFinding, actor: Actor, **more: Any) -> Finding:
    """A step of actions: the new row, its record and its news. `more`: columns of sources that watch themselves."""
    finding = Finding(company_id=company_id, raised_at=actor.at, raised_by=actor.by.name[:150], **more)
    enter(finding, {"title": new.title, "grade": new.grade, "source_kind": new.source.kind})
    finding.description = written("description", new.description, limit=2000)
    finding.source_ref = written("source_ref", new.source.ref, limit=64)
    finding.source_words = written("source_words", new.source.words, limit=WORDS_LIMIT)
    finding.clauses = joined_clauses(new.clauses)
    finding.grade_rank = FindingGrade(finding.grade).rank
    finding.needs_retest = new.needs_retest
    finding.number = next_number(company_id, centre_day(actor.at).year)
    keep(finding)
    told = {"number": finding.number, "title": finding.title, "grade": finding.grade, "state": finding.state}
    told |= {"source_kind": finding.source_kind, "source_words": finding.source_words}
    told |= {"clauses": list(split_clauses(finding.clauses)), "description": finding.description}
    write_down("finding.raised", finding, company_id, actor, after=given(told), topic=CHANGED)
    return finding

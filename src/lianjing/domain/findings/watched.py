"""Findings of sources that say by themselves whether they are good: a clause that turns, a value out of its limits.

Of each such source one finding is open at most. It closes by itself when its source is good again and its measure was
verified by somebody, and not before.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from lianjing.core.viewer import Viewer, require
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.moving import closed_by_itself, keep
from lianjing.domain.findings.policy import CHANGED, EDIT, worse
from lianjing.domain.findings.raising import NewFinding, raised
from lianjing.domain.records.changing import Actor, write_down
from lianjing.terms.findings import FindingGrade


@dataclass(frozen=True, slots=True)
class Watched:
    """A source by its key ("clause:5.2", "premises:17"), for one company."""

    company_id: int
    key: str


def raise_watched(what: Watched, new: NewFinding, *, by: Viewer, at: datetime, source: str = "") -> Finding:
    """Its source is not good: raises a finding, or notes it on the one that is open, whose grade is raised when it is
    graver now and never lowered. Raises Forbidden, or Refused naming the field."""
    require(by, EDIT, what.company_id)
    actor = Actor(by, at, source)
    try:
        with transaction.atomic():
            return _bad_again(what, new, actor) or _raised(what, new, actor)
    except IntegrityError:
        # Somebody else has raised it at the same moment: the index lets one through.
        with transaction.atomic():
            found = _bad_again(what, new, actor)
        if found is None:
            raise
        return found


@transaction.atomic
def note_good(what: Watched, why: str = "", *, by: Viewer, at: datetime, source: str = "") -> Finding | None:
    """Its source is good again: says so on its last finding, with what shows it, and closes it when it was verified.
    None: there is none, or it says so already. Raises Forbidden."""
    require(by, EDIT, what.company_id)
    last = _last(what)
    if last is None or last.verdict_good_since is not None:
        return None
    actor = Actor(by, at, source)
    last.verdict_good_since, last.source_said = at, why
    keep(last)
    after = {"state": last.state, **({"remark": why} if why else {})}
    write_down("finding.source_good", last, last.company_id, actor, after=after, topic=CHANGED)
    return closed_by_itself(last, actor)


@transaction.atomic
def note_doubt(what: Watched, said: str, *, by: Viewer, at: datetime, source: str = "") -> Finding | None:
    """What its source says now shows neither that it is bad nor that it is good: the open finding says so, and that it
    is good again no longer. None: none is open, or it says the same already. Raises Forbidden."""
    require(by, EDIT, what.company_id)
    last = _last(what)
    if last is None or last.closed_at is not None or (last.source_said == said and last.verdict_good_since is None):
        return None
    last.verdict_good_since, last.source_said = None, said
    keep(last)
    after = {"remark": said}
    write_down("finding.source_doubtful", last, last.company_id, Actor(by, at, source), after=after, topic=CHANGED)
    return last


def _last(what: Watched) -> Finding | None:
    """The open one; without any the one that ended last. One that was opened again is older than what came after it."""
    rows = Finding.objects.filter(company_id=what.company_id, watch_key=what.key)
    rows = rows.order_by(F("closed_at").desc(nulls_first=True), "-id")
    return rows.select_for_update(no_key=True).first()


def _raised(what: Watched, new: NewFinding, actor: Actor) -> Finding:
    return raised(what.company_id, new, actor, watch_key=what.key, previous=_last(what))


def _bad_again(what: Watched, new: NewFinding, actor: Actor) -> Finding | None:
    """The open one, as it stands now; None when none is open."""
    finding = _last(what)
    if finding is None or finding.closed_at is not None:
        return None
    was_bad = finding.verdict_good_since is None and not finding.source_said
    is_worse = worse(new.grade, finding.grade)
    if not is_worse and was_bad:
        return finding
    before, after = {"title": finding.title}, {"title": new.title, "description": new.description}
    if is_worse:
        before["grade"], after["grade"] = finding.grade, new.grade
        finding.grade, finding.grade_rank = new.grade, FindingGrade(new.grade).rank
    finding.verdict_good_since, finding.source_said = None, ""
    finding.title, finding.description = new.title, new.description
    keep(finding)
    act = "finding.regraded" if was_bad else "finding.source_bad"
    write_down(act, finding, finding.company_id, actor, after=after, before=before, topic=CHANGED)
    return finding

"""Sets of criteria: added, and followed by their next version. None is edited."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from lianjing.core.entering import enter
from lianjing.core.viewer import Viewer, require
from lianjing.domain.assessments.models import CriteriaSet, Criterion
from lianjing.domain.assessments.policy import CHANGED, EDIT, SEE, NewCriterion, check_criteria
from lianjing.domain.companies.models import Company
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.assessments import ScoredBy


@transaction.atomic
def add_criteria(
    company_id: int, name: str, lines: Sequence[NewCriterion], *, by: Viewer, at: datetime, source: str = ""
) -> CriteriaSet:
    """A set of criteria whose weights are 100 together; of a name that there is already, its next version.

    Raises Missing, Forbidden, or Refused naming the field.
    """
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="pk")
    require(by, EDIT, company_id)
    check_criteria(lines)
    row = CriteriaSet(company=company, added_at=at, added_by=by.name[:150])
    enter(row, {"name": name})
    named = CriteriaSet.objects.filter(company=company, name=row.name)
    row.version = (named.aggregate(last=Max("version"))["last"] or 0) + 1
    rows = [_line(row, place, one) for place, one in enumerate(lines, start=1)]
    row.save()
    Criterion.objects.bulk_create(rows)
    told = {"name": row.name, "version": row.version, "lines": [f"{one.name} {one.weight}%" for one in rows]}
    write_down("criteria.added", row, company_id, Actor(by, at, source), after=told, topic=CHANGED)
    return row


def _line(criteria: CriteriaSet, place: int, new: NewCriterion) -> Criterion:
    by_figure = new.scored_by == ScoredBy.FIGURE
    row = Criterion(criteria=criteria, place=place, weight=new.weight, scale=new.scale)
    enter(row, {"name": new.name, "looks_at": new.looks_at, "scored_by": new.scored_by})
    enter(row, {"figure": new.figure if by_figure else ""})
    row.full_at, row.zero_at = (new.full_at, new.zero_at) if by_figure else (None, None)
    return row

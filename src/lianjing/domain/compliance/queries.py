"""Every clause of the specification, judged for one company and one day."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import InterfaceError, OperationalError

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.compliance.catalogue import Clause, catalogue
from lianjing.domain.compliance.judging import Judgement, nothing_on_record
from lianjing.domain.compliance.registry import rules
from lianjing.domain.compliance.sharing import one_sweep
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

log = logging.getLogger(__name__)

SEE = "compliance.see"
DEFECT_LIMIT = 200
DEFECTIVE = _("这一条的计算出错，没有判定；其余各条不受影响。错误已记入日志。")


@dataclass(frozen=True, slots=True)
class Judged:
    """A clause with its judgement."""

    clause: Clause
    judgement: Judgement
    is_computed: bool
    """A rule of ours said so; else nothing is on record yet."""
    defect: str = ""
    """Why its rule gave no answer, for whoever mends it; it is 证据不足 then, never a pass."""


def judged_companies(viewer: Viewer) -> list[Company]:
    """The companies whose clauses the viewer may see, by code."""
    return companies_with(viewer, SEE)


def judged_clauses(
    viewer: Viewer, company_id: int, on: date, known: datetime | None = None, only: Collection[str] | None = None
) -> list[Judged]:
    """Every clause that is judged, or of these numbers those, in the order of the text: as it stood on day `on`, by
    what was known at `known` (None: is now). [] for who may not see it."""
    if not viewer.scope(SEE).holds(company_id):
        return []
    wanted = [clause for clause in catalogue().judged if only is None or clause.number in only]
    with one_sweep():
        return [_judged(clause, viewer, company_id, on, known) for clause in wanted]


def _judged(clause: Clause, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Judged:
    rule = rules().get(clause.number)
    if rule is None:
        return Judged(clause, nothing_on_record(clause), False)
    judgement, defect = answer_of(
        clause.number, company_id, lambda: rule.judge(rule.facts(viewer, company_id, on, known))
    )
    return Judged(clause, judgement, True, defect)


def answer_of(clause: str, company_id: int, ask: Callable[[], Judgement]) -> tuple[Judgement, str]:
    """What a rule says; when it fails that nobody knows, with the name of the failure. A step of queries."""
    try:
        return ask(), ""
    except (OperationalError, InterfaceError, OverflowError):
        # A database that is away is nobody's verdict, and a day that no calendar has is the asker's.
        raise
    except Exception as wrong:
        log.exception("the rule of clause %s failed for company %d", clause, company_id)
        # Its name only: what an exception says may be somebody's data.
        return Judgement(Verdict.INSUFFICIENT, (Phrase(DEFECTIVE),)), type(wrong).__name__[:DEFECT_LIMIT]

"""Clause 4.3: service as GA 1383 asks, by the limits that the company entered of the edition that it holds.

No figure of GA 1383 was found (basis.md, NF), so none is ours: a limit is entered with edition and clause, or there is
none and nothing is compared. Measured is what the last 90 days up to the day gave. The four headings of the process
(5.2.1 verify, 5.2.2 forward, 5.2.3 on site, 5.2.4 inform) must each have a limit, or an entry that the edition has no
figure there, before the clause is met; a figure that was not read in the standard itself never makes it more than
基本符合.
"""

from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.judging import Judgement, Rule
from lianjing.domain.compliance.limit_lines import Compared, judged_lines
from lianjing.domain.compliance.limits_known import compared, compared_ahead
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.incidents.milestones import MERGED, OPENED, REACHING, REOPENED
from lianjing.domain.incidents.sweeping import CASES_PASSED
from lianjing.domain.signals.system_events import ENDED, RAISED
from lianjing.domain.sites.supervised_spans import CHANGED as SUPERVISION

LIMITS = "compliance.limits_changed"
EQUIPMENT = "equipment.changed"
"""What is recorded of a piece counts while it serves."""
MILESTONES = tuple(sorted({OPENED, MERGED, REOPENED, CASES_PASSED, "incident.customer_told", *REACHING}))
LINES = (RAISED, ENDED, SUPERVISION)
"""Losses of lines are system events."""


class Clause43Service(Rule[Compared]):
    clause = "4.3"
    wakes_on = (LIMITS, EQUIPMENT, *MILESTONES, *LINES)
    evidence_kinds = ("service_limit", "capability")
    looks_back = True

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Compared:
        return compared(viewer, company_id, on, known, self.clause)

    def judge(self, facts: Compared) -> Judgement:
        return judged_lines(facts)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Compared]:
        return compared_ahead(viewer, company_id, span, known, self.clause)

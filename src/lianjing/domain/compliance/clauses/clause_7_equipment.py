"""Clause 7: equipment as GA 1383 asks, by the limits that the company entered and what its equipment was found able to.

As 4.3, for the headings of chapter 4: front end, centre, network and terminal each need an entry. What is compared is
what pieces of the register were found able to, while they serve; and the register itself must be there: a certificate
that the company has set for a kind, maintenance in time, the planned life (equipment_lines).
"""

from dataclasses import replace
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.equipment_known import register_known
from lianjing.domain.compliance.equipment_lines import Equipped, judged_equipment, wanting_evidence
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule
from lianjing.domain.compliance.limit_lines import Compared
from lianjing.domain.compliance.limits_known import compared, turning_days
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span
from lianjing.domain.compliance.measuring import window_of
from lianjing.domain.compliance.moments import end_of


class Clause7Equipment(Rule[Equipped]):
    clause = "7"
    wakes_on = ("compliance.limits_changed", "equipment.changed")
    evidence_kinds = ("service_limit", "capability", "equipment")

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Equipped:
        register = register_known(viewer, company_id, known)
        return Equipped(compared(viewer, company_id, on, known, self.clause), register.on(on))

    def judge(self, facts: Equipped) -> Judgement:
        return judged_equipment(facts)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Equipped]:
        """The register is read once; limits are asked again on the days on which one of them turns."""
        register = register_known(viewer, company_id, known)
        turns = sorted({span.first, *turning_days(viewer, company_id, span, known, self.clause)})
        asked: dict[date, Compared] = {}

        def on(day: date) -> Equipped:
            since = max((turn for turn in turns if turn <= day), default=day)
            if since not in asked:
                asked[since] = compared(viewer, company_id, since, known, self.clause)
            window = window_of(day, end_of(day, known))
            return Equipped(replace(asked[since], first=window.first, last=window.last), register.on(day))

        def causes(day: date) -> tuple[Evidence, ...]:
            before = list(wanting_evidence(register.on(day - DAY)))
            return tuple(one for one in wanting_evidence(register.on(day)) if one.id is not None and one not in before)

        return Ahead(on, {*turns, *register.turning()}, causes)

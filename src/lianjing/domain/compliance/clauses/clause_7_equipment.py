"""Clause 7: equipment as GA 1383 asks, by the limits that the company entered and what its equipment was found able to.

As 4.3, for the headings of chapter 4: front end, centre, network and terminal each need an entry. What is compared is
what pieces of the register were found able to, while they serve; and the register itself must be there: a certificate
that the company has set for a kind, maintenance in time, the planned life (equipment_lines).
"""

from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.equipment_known import register_known
from lianjing.domain.compliance.equipment_lines import Equipped, judged_equipment, wanting_evidence
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule
from lianjing.domain.compliance.limits_known import compared, compared_ahead
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span


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
        """The register and the limits are read once."""
        register = register_known(viewer, company_id, known)
        limits = compared_ahead(viewer, company_id, span, known, self.clause)

        def causes(day: date) -> tuple[Evidence, ...]:
            before = list(wanting_evidence(register.on(day - DAY)))
            return tuple(one for one in wanting_evidence(register.on(day)) if one.id is not None and one not in before)

        days = {*limits.days, *register.turning()}
        return Ahead(lambda day: Equipped(limits.on(day), register.on(day)), days, causes)

"""Clause 5.1.1: Age, health, conduct and education of everybody."""

from lianjing.domain.compliance.people_rule import PeopleRule
from lianjing.terms.staffing import StaffFactKind as Kind


class Clause511Person(PeopleRule):
    clause = "5.1.1"
    codes = frozenset({"age", "citizen", "education", "health", "conduct"})
    kinds = (
        Kind.IDENTITY,
        Kind.NATIONALITY,
        Kind.EDUCATION,
        Kind.HEALTH,
        Kind.BAR,
        Kind.BACKGROUND,
        Kind.GUARD_CERTIFICATE,
    )

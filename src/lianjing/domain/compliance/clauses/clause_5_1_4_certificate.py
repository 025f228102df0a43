"""Clause 5.1.4: The guard certificate."""

from lianjing.domain.compliance.people_rule import PeopleRule
from lianjing.terms.staffing import StaffFactKind as Kind


class Clause514Certificate(PeopleRule):
    clause = "5.1.4"
    codes = frozenset({"certificate"})
    kinds = (Kind.GUARD_CERTIFICATE,)

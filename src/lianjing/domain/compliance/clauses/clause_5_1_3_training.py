"""Clause 5.1.3: Training in law, guard knowledge and skill."""

from lianjing.domain.compliance.people_rule import PeopleRule
from lianjing.terms.staffing import StaffFactKind as Kind


class Clause513Training(PeopleRule):
    clause = "5.1.3"
    codes = frozenset({"training"})
    kinds = (Kind.TRAINING,)

"""Clause 5.1.2: Exam and review by the police, and what they keep."""

from lianjing.domain.compliance.people_rule import PeopleRule
from lianjing.terms.staffing import StaffFactKind as Kind


class Clause512Examination(PeopleRule):
    clause = "5.1.2"
    codes = frozenset({"exam", "review", "biometrics"})
    kinds = (Kind.POLICE_EXAM, Kind.POLICE_REVIEW, Kind.BIOMETRICS, Kind.GUARD_CERTIFICATE)

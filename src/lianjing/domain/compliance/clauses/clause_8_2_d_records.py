"""Clause 8.2 d: the list of records, each with who keeps it, where, and how long; none is submitted without."""

from lianjing.domain.compliance.documents_rule import DocumentRule
from lianjing.terms.documents import DocumentKind


class Clause82dRecords(DocumentRule):
    clause = "8.2 d"
    kind = DocumentKind.RECORD

"""Clause 8.2 a: management documents, controlled."""

from lianjing.domain.compliance.documents_rule import DocumentRule
from lianjing.terms.documents import DocumentKind


class Clause82aManagement(DocumentRule):
    clause = "8.2 a"
    kind = DocumentKind.MANAGEMENT

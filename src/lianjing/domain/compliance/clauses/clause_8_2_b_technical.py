"""Clause 8.2 b: technical documents, controlled."""

from lianjing.domain.compliance.documents_rule import DocumentRule
from lianjing.terms.documents import DocumentKind


class Clause82bTechnical(DocumentRule):
    clause = "8.2 b"
    kind = DocumentKind.TECHNICAL

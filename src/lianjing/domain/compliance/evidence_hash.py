"""What the hash of a piece of evidence has to be, by what stands in its row now."""

from lianjing.domain.compliance.evidence_policy import NewEvidence, content_hash
from lianjing.domain.compliance.models import Evidence


def hash_of(row: Evidence) -> str:
    clauses = tuple(one.clause for one in row.clauses.all())
    told = NewEvidence(row.title, row.shows, clauses, row.valid_from, row.valid_until, row.note)
    return content_hash(told, row.file_sha256, row.author_id)

"""What an edition says, as its hash is over it, and its file as it lies in the folder. Steps of queries and actions."""

from lianjing.core.papers import CONTENT_TYPES
from lianjing.core.scans import KeptScan, read_scan
from lianjing.domain.documents.models import Edition
from lianjing.domain.documents.policy import Content


def content_of(edition: Edition) -> Content:
    """All that it says. Needs `document` loaded."""
    document = edition.document
    names = ("label", "text", "file_sha256", "summary", "change_note", "kept_where", "kept_months", "kept_basis")
    told = {name: getattr(edition, name) for name in names}
    return Content(number=document.number, title=document.title, kind=document.kind, **told)


def file_of(edition: Edition) -> KeptScan | None:
    """The file as it lies in the folder, compared with its digest."""
    kept = read_scan(edition.file, edition.file_sha256)
    return kept and KeptScan(kept.content, CONTENT_TYPES.get(kept.ending, ""), kept.ending, kept.unaltered)

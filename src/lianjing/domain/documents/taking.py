"""Taking the file of an edition with one: on record."""

from datetime import datetime

from django.db import transaction

from lianjing.core.viewer import Forbidden, Viewer
from lianjing.domain.documents.models import Edition
from lianjing.domain.documents.moving import write_edition
from lianjing.domain.documents.policy import SEE
from lianjing.domain.documents.queries import may_take
from lianjing.domain.records.changing import Actor


@transaction.atomic
def record_file_taken(edition: Edition, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Writes that somebody was given its file. Raises Forbidden: he may neither see it nor has to read it."""
    if not may_take(by, edition):
        raise Forbidden(SEE)
    told = {"file_name": edition.file_name, "file_sha256": edition.file_sha256}
    write_edition(edition, "document.file_taken", Actor(by, at, source), told, topic="")

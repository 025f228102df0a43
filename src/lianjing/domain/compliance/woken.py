"""What was woken waits here, each clause of a company once, until it is judged anew."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from lianjing.core.outbox import read
from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies
from lianjing.domain.compliance.models import ClauseReader, JudgedCompany, WaitingClause
from lianjing.domain.compliance.waking import woken_by

TOGETHER = 5_000
"""Messages that are read in one transaction: an import of thousands wakes once."""


def note_wakes(*, by: Viewer, at: datetime) -> int:
    """Reads on in the bus and puts down which clauses wait since; how many messages were read.

    The position moves in the same transaction, so a worker that dies has read nothing. Where messages that nobody had
    read were tidied away, everything is due.
    """
    read_to = ClauseReader.objects.filter(pk=1).values_list("position", flat=True).first()
    return 0 if read_to == read.head_position() else _read_on(by, at)


@transaction.atomic
def _read_on(by: Viewer, at: datetime) -> int:
    reader, is_new = _reader()
    if not is_new and reader.position + 1 < read.first_position():
        JudgedCompany.objects.update(swept_on=None)
        is_new = True
    if is_new:
        # All that came before is in the sweep that follows.
        reader.position = read.head_position()
        reader.save(update_fields=["position"])
        return 0
    messages = read.after(reader.position, TOGETHER)
    if not messages:
        return 0
    _put_down(_woken(messages, by), at)
    reader.position = messages[-1].position or reader.position
    reader.save(update_fields=["position"])
    return len(messages)


def _reader() -> tuple[ClauseReader, bool]:
    """The reader, locked, and whether it has just been made."""
    is_new = ClauseReader.objects.get_or_create(pk=1)[1]
    return ClauseReader.objects.select_for_update(no_key=True).get(pk=1), is_new


def _woken(messages: Iterable[Message], by: Viewer) -> set[tuple[int, str]]:
    """Company and clause. What is no company's news is everybody's."""
    found, everybody = set[tuple[int, str]](), set[str]()
    for message in messages:
        numbers = woken_by().get(message.topic, frozenset())
        if message.company_id is None:
            everybody |= numbers
        else:
            found |= {(message.company_id, number) for number in numbers}
    return found | {(company.pk, number) for company in (companies(by) if everybody else ()) for number in everybody}


def _put_down(woken: set[tuple[int, str]], at: datetime) -> None:
    there = set(Company.objects.filter(pk__in={company_id for company_id, _ in woken}).values_list("pk", flat=True))
    rows = [
        WaitingClause(company_id=company_id, clause=number, first_woken_at=at, woken_at=at)
        for company_id, number in sorted(woken)
        if company_id in there
    ]
    WaitingClause.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["company", "clause"], update_fields=["woken_at"]
    )

"""Putting a message on the bus, inside the transaction of the act that it tells of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lianjing.core.doorbell import ring
from lianjing.core.outbox.models import Message

UNSTAMPED_BELL = "outbox"


@dataclass(frozen=True, slots=True)
class News:
    """A message before it has a row: topic `noun.past`, the company it concerns, a small JSON payload."""

    topic: str
    company_id: int | None
    payload: Mapping[str, Any]


def emit(news: Sequence[News], *, at: datetime) -> None:
    """Writes messages. Refuses to run outside a transaction: news of an act that may not happen is no news."""
    if not news:
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("emit() belongs inside the act's transaction")
    Message.objects.bulk_create(
        [Message(topic=n.topic, company_id=n.company_id, payload=dict(n.payload), at=at) for n in news]
    )
    ring(UNSTAMPED_BELL)

"""Giving committed messages their position.

An insert id is not commit order: a reader that remembers the last id skips a row whose transaction commits late.
So positions are given afterwards, to rows that are visible and therefore committed, under one lock.
"""

from django.db import connection, transaction

from lianjing.core.doorbell import ring
from lianjing.core.outbox.models import Head, Message

STAMPED_BELL = "outbox_stamped"
BATCH = 1000

_STAMP = """
UPDATE outbox_message SET position = %s + fresh.place
FROM (
    SELECT id AS fresh_id, row_number() OVER (ORDER BY id) AS place
    FROM (SELECT id FROM outbox_message WHERE position IS NULL ORDER BY id LIMIT %s) AS unstamped
) AS fresh
WHERE outbox_message.id = fresh.fresh_id
"""


def stamp() -> int:
    """Stamps up to `BATCH` messages; returns how many. Any number of stampers may run: the head's lock orders them."""
    if not Message.objects.filter(position__isnull=True).exists():
        return 0
    with transaction.atomic():
        Head.objects.get_or_create(pk=1)
        head = Head.objects.select_for_update(no_key=True).get(pk=1)
        with connection.cursor() as cursor:
            cursor.execute(_STAMP, [head.position, BATCH])
            count = int(cursor.rowcount)
        if count:
            head.position += count
            head.save()
            ring(STAMPED_BELL)
    return count

"""A form that was sent is stored once: whoever sends the same again is led to what the first sending has stored."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from lianjing.core.submissions.models import Submission

KEPT = timedelta(days=2)
"""A form that lay open for longer may be stored again."""
LONGEST = 500


def claimed(user_id: int, digest: str, at: datetime) -> Submission | None:
    """The row of this sending; None when it was stored before. Must run in the transaction that stores: who sends the
    same at the same moment waits for its end."""
    Submission.objects.filter(user_id=user_id, at__lt=at - KEPT).delete()
    try:
        with transaction.atomic():
            return Submission.objects.create(user_id=user_id, digest=digest, at=at)
    except IntegrityError:
        return None


def stored(one: Submission, href: str) -> None:
    """It has stored something, which the page `href` shows."""
    one.href = href[:LONGEST]
    one.save(update_fields=["href"])


def released(one: Submission) -> None:
    """It has stored nothing: it may be sent again."""
    one.delete()


def href_of(user_id: int, digest: str) -> str:
    """Where the sending led that was stored before."""
    return Submission.objects.get(user_id=user_id, digest=digest).href

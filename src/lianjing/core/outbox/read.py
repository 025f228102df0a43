"""Reading the bus in order."""

from lianjing.core.outbox.models import Head, Message

PAGE = 500


def head_position() -> int:
    """The last position given out, 0 before the first. It stays when the messages themselves are tidied away."""
    return Head.objects.filter(pk=1).values_list("position", flat=True).first() or 0


def first_position() -> int:
    """The oldest position still kept; the next one to be given out when none is."""
    kept = Message.objects.filter(position__isnull=False).order_by("position").values_list("position", flat=True)
    return kept.first() or head_position() + 1


def after(position: int, limit: int = PAGE) -> list[Message]:
    """The messages that follow `position`, in order."""
    return list(Message.objects.filter(position__gt=position).order_by("position")[:limit])

"""Reading the bus in order."""

from lianjing.core.outbox.models import Message

PAGE = 500


def head_position() -> int:
    """The last position given out, 0 on an empty bus."""
    last = (
        Message.objects.filter(position__isnull=False).order_by("-position").values_list("position", flat=True).first()
    )
    return last or 0


def first_position() -> int:
    """The oldest position still kept, 0 on an empty bus."""
    first = (
        Message.objects.filter(position__isnull=False).order_by("position").values_list("position", flat=True).first()
    )
    return first or 0


def after(position: int, limit: int = PAGE) -> list[Message]:
    """The messages that follow `position`, in order."""
    return list(Message.objects.filter(position__gt=position).order_by("position")[:limit])

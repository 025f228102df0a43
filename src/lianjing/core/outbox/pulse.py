"""Signs of life of the background process, for the banner on every desk."""

from datetime import datetime

from lianjing.core.outbox.models import Pulse

WORK = "work"
WEB = "web"
"""A web process that has held an event stream says so while it runs: it would hear a browser."""


def beat(name: str, at: datetime) -> None:
    """Says that every loop of process `name` has turned by `at`."""
    Pulse.objects.update_or_create(name=name, defaults={"at": at})


def last_beat(name: str) -> datetime | None:
    return Pulse.objects.filter(name=name).values_list("at", flat=True).first()

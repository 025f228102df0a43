"""What was sent, to whom, and how it stands. Addresses are masked; the full ones are never read here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.deliveries.permissions import OF_A_CASE, RETRY, SEE
from lianjing.domain.deliveries.policy import MAY_RETRY, State

RECENTLY = timedelta(hours=24)
OVERDUE_AFTER = timedelta(minutes=3)
"""A worker that lives takes what is due within seconds, and what broke off within two minutes."""
ABOUT_ONE = 50
FAILED_STATES = (State.FAILED.value, State.GIVEN_UP.value)
SHOWN_STATES = {
    "failed": FAILED_STATES,
    "waiting": (State.QUEUED.value, State.SENDING.value),
    "sent": (State.SENT.value,),
}


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A message as a list shows it."""

    id: int
    channel: str
    to: str
    subject: str
    body: str
    purpose: str
    about: str
    state: str
    attempts: int
    next_at: datetime | None
    last_error: str
    maybe_twice: bool
    simulated: bool
    created_at: datetime
    created_by: str
    sent_at: datetime | None
    company_name: str
    may_retry: bool

    @property
    def incident(self) -> int | None:
        """The case that it is about; None when it is about something else."""
        kind, _, number = self.about.partition(":")
        return int(number) if kind == "incident" and number.isdecimal() else None


def deliveries(viewer: Viewer, *, shown: str = "", after: int | None = None, limit: int = 50) -> list[DeliveryLine]:
    """Newest first; `shown`: failed, waiting, sent, or all."""
    rows = visible(Delivery.objects.all(), viewer, SEE)
    if shown in SHOWN_STATES:
        rows = rows.filter(state__in=SHOWN_STATES[shown])
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return [_line(viewer, row) for row in rows.select_related("company").order_by("-pk")[:limit]]


def deliveries_about(viewer: Viewer, about: str, limit: int = ABOUT_ONE) -> list[DeliveryLine]:
    """What was sent about one thing, newest first, for whoever sees cases."""
    rows = visible(Delivery.objects.filter(about=about), viewer, OF_A_CASE)
    return [_line(viewer, row) for row in rows.select_related("company").order_by("-pk")[:limit]]


def _line(viewer: Viewer, row: Delivery) -> DeliveryLine:
    return DeliveryLine(
        id=row.pk,
        channel=row.channel,
        to=row.address_shown,
        subject=row.subject,
        body=row.body,
        purpose=row.purpose,
        about=row.about,
        state=row.state,
        attempts=row.attempts,
        next_at=row.next_at,
        last_error=row.last_error,
        maybe_twice=row.maybe_twice,
        simulated=row.simulated,
        created_at=row.created_at,
        created_by=row.created_by,
        sent_at=row.sent_at,
        company_name=row.company.name if row.company else "",
        may_retry=row.state in MAY_RETRY and viewer.scope(RETRY).holds(row.company_id),
    )


@dataclass(frozen=True, slots=True)
class Trouble:
    """What does not get out: given up within a day, and due for minutes while nothing is sent."""

    given_up: int
    given_up_since: datetime | None
    overdue: int
    overdue_since: datetime | None


def delivery_trouble(viewer: Viewer, at: datetime) -> Trouble:
    """For banner and doctor: one query, an index for each half."""
    lost = Q(state=State.GIVEN_UP.value, created_at__gt=at - RECENTLY)
    late = Q(next_at__lt=at - OVERDUE_AFTER)
    found = visible(Delivery.objects.filter(lost | late), viewer, OF_A_CASE).aggregate(
        gone=Count("id", filter=lost),
        gone_since=Min("created_at", filter=lost),
        kept=Count("id", filter=late),
        kept_since=Min("next_at", filter=late),
    )
    return Trouble(found["gone"], found["gone_since"], found["kept"], found["kept_since"])

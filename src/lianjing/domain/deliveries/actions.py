"""Queueing messages, and what becomes of them. `claim_delivery`, `note_sent` and `note_failed` are the worker's."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lianjing.core.crypto import Unopenable, open_field, seal_field
from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.deliveries.channels import channel_state
from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.deliveries.permissions import OF_A_CASE, RETRY
from lianjing.domain.deliveries.policy import (
    ATTEMPTS,
    BROKEN_OFF_AFTER,
    MAY_RETRY,
    State,
    address_problem,
    after_failure,
    normal_address,
    shown_address,
)
from lianjing.domain.deliveries.ports import Letter
from lianjing.domain.records.actions import Deed, write_records

QUEUED, SENT, DELAYED = "delivery.queued", "delivery.sent", "delivery.delayed"
FAILED, RETRIED = "delivery.failed", "delivery.retried"
TOGETHER = 20
"""So many are looked at for one that nobody else has claimed."""
LINK = "{link}"
"""Where the secret of a message is put in at the moment of sending."""
SENDS = "deliveries.send"


class Missing(Exception):
    """No such message for this viewer."""


class Unsendable(Exception):
    """It cannot be sent so. `field`: channel or address; the text is a sentence for the person."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message as somebody wants it sent. `secret` is put where the body says `{link}`, and is kept encrypted."""

    company: Company | None
    channel: str
    address: str = field(repr=False)
    body: str = field(repr=False)
    purpose: str
    about: str
    subject: str = ""
    secret: str = field(default="", repr=False)
    not_after: datetime | None = None
    """From when it is of no use any more."""


def queue_delivery(new: NewDelivery, *, by: Viewer, at: datetime, source: str = "") -> Delivery:
    """Puts a message into the queue, in the caller's transaction, whose action has looked whether `by` may.

    Raises Unsendable when the channel is not connected or the address is none.
    """
    state = channel_state(new.company, new.channel)
    if not state.available:
        raise Unsendable("channel", state.why_not)
    address = normal_address(new.channel, new.address)
    if problem := address_problem(new.channel, address, frozenset(settings.WEBHOOK_HOSTS)):
        raise Unsendable("address", _(problem))
    delivery = Delivery.objects.create(
        company=new.company,
        channel=new.channel,
        address_sealed=_sealed(address),
        address_shown=shown_address(new.channel, address),
        subject=new.subject[:200],
        body=new.body,
        secret_sealed=_sealed(new.secret) if new.secret else "",
        purpose=new.purpose,
        about=new.about,
        simulated=state.simulated,
        not_after=new.not_after,
        next_at=at,
        created_at=at,
        created_by=by.name[:50],
    )
    told = {"channel": new.channel, "to": delivery.address_shown, "purpose": new.purpose, "about": new.about}
    _tell(QUEUED, delivery, told, by=by, at=at, source=source)
    return delivery


@transaction.atomic
def retry_delivery(delivery_id: int, *, by: Viewer, at: datetime, source: str = "") -> Delivery:
    """Puts a message that failed into the queue again. Raises Missing, Forbidden, or Unsendable: it did not fail."""
    rows = visible(Delivery.objects.all(), by, OF_A_CASE).select_for_update(of=("self",), no_key=True)
    delivery = rows.filter(pk=delivery_id).first()
    if delivery is None:
        raise Missing(_("没有这条消息。"))
    require(by, RETRY, delivery.company_id)
    if delivery.state not in MAY_RETRY:
        raise Unsendable("", _("只有没有送达的消息才能重发。"))
    if delivery.not_after is not None and at >= delivery.not_after:
        raise Unsendable("", _("这条消息已经过期，重发没有用处。"))
    delivery.state, delivery.attempts, delivery.next_at = State.QUEUED.value, 0, at
    delivery.save(update_fields=["state", "attempts", "next_at"])
    _tell(RETRIED, delivery, {"error": delivery.last_error}, by=by, at=at, source=source)
    return delivery


def claim_delivery(channel: str, *, by: Viewer, at: datetime) -> Letter | None:
    """The message of this channel that is longest due, now being sent; None when none is. Runs as the system.

    Claimed by an optimistic UPDATE: of any number of workers one gets it. One whose sending has broken off is sent
    again and says that it may be the second time: lost silently would be worse.
    """
    require(by, SENDS, None)
    due = Delivery.objects.filter(channel=channel, next_at__lte=at).order_by("next_at", "id")
    # Looked at before a transaction is begun: on SQLite each one takes the only place for writers.
    found = list(due[:TOGETHER])
    return _claim(found, by, at) if found else None


@transaction.atomic
def _claim(due: list[Delivery], by: Viewer, at: datetime) -> Letter | None:
    for delivery in due:
        broken_off = delivery.state == State.SENDING
        if delivery.not_after is not None and at >= delivery.not_after:
            _give_up(delivery, _("已过期，不再发送。"), by, at)
            continue
        if broken_off and delivery.attempts >= ATTEMPTS:
            _give_up(delivery, _("发送多次中断，不知是否送达。"), by, at)
            continue
        claimed = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, next_at=delivery.next_at).update(
            state=State.SENDING.value,
            next_at=at + BROKEN_OFF_AFTER,
            attempts=F("attempts") + 1,
            maybe_twice=delivery.maybe_twice or broken_off,
        )
        if not claimed:
            continue
        delivery.refresh_from_db()
        try:
            return _letter(delivery)
        except Unopenable:
            _give_up(delivery, _("地址用另一把数据密钥加密，无法打开。"), by, at)
    return None


def _letter(delivery: Delivery) -> Letter:
    body = delivery.body
    if delivery.secret_sealed:
        body = body.replace(LINK, _opened(delivery.secret_sealed))
    return Letter(
        id=delivery.pk,
        channel=delivery.channel,
        attempt=delivery.attempts,
        address=_opened(delivery.address_sealed),
        subject=delivery.subject,
        body=body,
        purpose=delivery.purpose,
        simulated=delivery.simulated,
        maybe_twice=delivery.maybe_twice,
    )


@transaction.atomic
def note_sent(letter: Letter, provider_id: str, *, by: Viewer, at: datetime) -> bool:
    """The letter has gone out. False when another worker has taken it over meanwhile. Runs as the system."""
    require(by, SENDS, None)
    sent: dict[str, Any] = {"state": State.SENT.value, "next_at": None, "sent_at": at, "last_error": ""}
    # The simulated phone of a demo has to open the link from somewhere.
    sent |= {} if letter.simulated else {"secret_sealed": ""}
    if not _mine(letter).update(**sent, provider_id=provider_id[:100]):
        return False
    delivery = Delivery.objects.get(pk=letter.id)
    told = {"to": delivery.address_shown, "attempts": letter.attempt, "provider_id": delivery.provider_id}
    told |= {"maybe_twice": True} if letter.maybe_twice else {}
    told |= {"simulated": True} if letter.simulated else {}
    _tell(SENT, delivery, told, by=by, at=at, source=by.name)
    return True


@transaction.atomic
def note_failed(letter: Letter, reason: str, *, by: Viewer, at: datetime, hopeless: bool = False) -> bool:
    """The attempt has failed: it is tried again later, or given up. False as in `note_sent`. Runs as the system."""
    require(by, SENDS, None)
    fate = after_failure(letter.attempt, at, hopeless=hopeless)
    if not _mine(letter).update(state=fate.state.value, next_at=fate.next_at, last_error=reason[:300]):
        return False
    delivery = Delivery.objects.get(pk=letter.id)
    if fate.state is State.GIVEN_UP:
        _tell_given_up(delivery, by, at)
    else:
        emit([_news(DELAYED, delivery)], at=at)
    return True


def _mine(letter: Letter) -> Any:
    """The row, as long as this attempt is the one that is being made."""
    return Delivery.objects.filter(pk=letter.id, state=State.SENDING.value, attempts=letter.attempt)


def _give_up(delivery: Delivery, reason: str, by: Viewer, at: datetime) -> None:
    rows = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, attempts=delivery.attempts)
    if rows.update(state=State.GIVEN_UP.value, next_at=None, last_error=reason):
        delivery.last_error = reason
        _tell_given_up(delivery, by, at)


def _tell_given_up(delivery: Delivery, by: Viewer, at: datetime) -> None:
    told = {"to": delivery.address_shown, "attempts": delivery.attempts, "error": delivery.last_error}
    _tell(FAILED, delivery, told, by=by, at=at, source=by.name)


def _tell(topic: str, delivery: Delivery, after: dict[str, Any], *, by: Viewer, at: datetime, source: str) -> None:
    write_records([Deed(topic, "delivery", delivery.pk, delivery.company_id, after)], by=by, at=at, source=source)
    emit([_news(topic, delivery)], at=at)


def _news(topic: str, delivery: Delivery) -> News:
    """Names what the message is about, too, so that its page shows how it stands: {"delivery": 5, "incident": 12}."""
    kind, _colon, number = delivery.about.partition(":")
    about = {kind: int(number)} if number.isdecimal() else {}
    return News(topic, delivery.company_id, {**about, "delivery": delivery.pk})


def _sealed(text: str) -> str:
    return seal_field(settings.ENVIRONMENT.data_key, text.encode())


def _opened(sealed: str) -> str:
    return open_field(settings.ENVIRONMENT.data_key, sealed).decode()

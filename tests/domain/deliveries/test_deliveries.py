"""A message from the queue to its end, with a fake adapter at the port."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden
from lianjing.domain.deliveries.actions import (
    Missing,
    NewDelivery,
    Unsendable,
    claim_delivery,
    note_failed,
    queue_delivery,
    retry_delivery,
)
from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.deliveries.policy import Fate, State, after_failure, shown_address
from lianjing.domain.deliveries.ports import Letter, NotSent
from lianjing.domain.deliveries.queries import deliveries, deliveries_about, delivery_trouble
from lianjing.domain.records.models import Record
from lianjing.workers import delivery as worker
from tests.cast import NOON, SYSTEM, Cast

PHONE = "13812342201"


@dataclass
class Gateway:
    """A way out that fails as often as it is told to."""

    failures: int = 0
    hopeless: bool = False
    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        if len(self.letters) <= self.failures:
            raise NotSent("网关答复 HTTP 503。", hopeless=self.hopeless)
        return "gw-7"


@pytest.fixture(autouse=True)
def _connected(settings: object) -> None:
    settings.DELIVERY_MISSING = {"sms": "", "wechat": "LIANJING_WECHAT_WEBHOOK", "email": "", "webhook": ""}
    settings.WEBHOOK_HOSTS = frozenset({"desk.example.cn"})


def queued(cast: Cast, **changed: object) -> Delivery:
    told = {
        "channel": "sms",
        "address": "138 1234 2201",
        "body": "请确认：{link}",
        "secret": "https://x.cn/c/of-nobody/",
    }
    told |= {"company": cast.company, "purpose": "test", "about": "incident:12", **changed}
    with transaction.atomic():
        return queue_delivery(NewDelivery(**told), by=cast.viewer("olivia"), at=NOON, source="test")


def turn(gateway: Gateway, at: datetime, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(worker.timezone, "now", lambda: at)
    return worker.Deliveries("sms", gateway).turn()


def test_a_message_that_fails_twice_is_sent_at_the_third_attempt(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row, gateway = queued(cast), Gateway(failures=2)
    seconds = (0, 9, 10, 39, 40, 41)
    took = [turn(gateway, NOON + timedelta(seconds=s), monkeypatch) for s in seconds]
    row.refresh_from_db()
    assert took == [1, 0, 1, 0, 1, 0]
    assert (row.state, row.attempts, row.provider_id, row.next_at) == ("sent", 3, "gw-7", None)
    assert [(letter.attempt, letter.address, letter.body) for letter in gateway.letters] == [
        (number, PHONE, "请确认：https://x.cn/c/of-nobody/") for number in (1, 2, 3)
    ]
    assert list(Message.objects.order_by("pk").values_list("topic", flat=True)) == [
        "delivery.queued",
        "delivery.delayed",
        "delivery.delayed",
        "delivery.sent",
    ]
    assert Message.objects.last().payload == {"incident": 12, "delivery": row.pk}


def test_after_six_failures_it_is_given_up_told_and_can_be_sent_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, gateway, at = queued(cast), Gateway(failures=6), NOON
    for _ in range(6):
        assert turn(gateway, at, monkeypatch) == 1
        row.refresh_from_db()
        at = row.next_at or at
    assert (row.state, at - NOON) == ("given_up", timedelta(minutes=42, seconds=40))
    assert Record.objects.get(action="delivery.failed").after["error"] == "网关答复 HTTP 503。"
    mia = cast.viewer("mia")
    trouble = delivery_trouble(mia, at)
    assert (trouble.given_up, trouble.overdue) == (1, 0)
    retry_delivery(row.pk, by=mia, at=at)
    assert turn(gateway, at, monkeypatch) == 1
    row.refresh_from_db()
    assert row.state == "sent"


def test_an_address_that_the_gateway_will_never_take_is_given_up_at_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = queued(cast)
    turn(Gateway(failures=1, hopeless=True), NOON, monkeypatch)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("given_up", 1)


def test_a_crash_between_sending_and_noting_sends_again_and_says_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, gateway = queued(cast), Gateway()
    lost = claim_delivery("sms", by=SYSTEM, at=NOON)  # and the process dies
    assert turn(gateway, NOON + timedelta(seconds=119), monkeypatch) == 0
    assert turn(gateway, NOON + timedelta(seconds=120), monkeypatch) == 1
    row.refresh_from_db()
    assert (row.state, row.maybe_twice, gateway.letters[0].maybe_twice) == ("sent", True, True)
    assert Record.objects.get(action="delivery.sent").after["maybe_twice"] is True
    # The lost one was only slow: what it tells comes too late to change anything.
    assert note_failed(lost, "late", by=SYSTEM, at=NOON + timedelta(minutes=5)) is False


def test_sending_that_breaks_off_each_time_ends_too(cast: Cast) -> None:
    row = queued(cast)
    for minute in range(0, 14, 2):
        claim_delivery("sms", by=SYSTEM, at=NOON + timedelta(minutes=minute))
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("given_up", "发送多次中断，不知是否送达。")


def test_what_has_expired_is_not_sent_and_not_sent_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row, gateway = queued(cast, not_after=NOON + timedelta(seconds=10)), Gateway(failures=9)
    late = NOON + timedelta(seconds=10)
    assert [turn(gateway, NOON, monkeypatch), turn(gateway, late, monkeypatch)] == [1, 0]
    row.refresh_from_db()
    assert (len(gateway.letters), row.state, row.last_error) == (1, "given_up", "已过期，不再发送。")
    with pytest.raises(Unsendable):
        retry_delivery(row.pk, by=cast.viewer("mia"), at=late)


def test_neither_address_nor_link_is_stored_or_recorded_in_clear(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = queued(cast)
    turn(Gateway(), NOON, monkeypatch)
    stored = str(list(Delivery.objects.values())) + str(list(Record.objects.values()))
    stored += str(list(Message.objects.values())) + repr(gateway_letter(row))
    assert PHONE not in stored
    assert "of-nobody" not in stored
    row.refresh_from_db()
    assert (row.address_shown, row.secret_sealed) == ("138****2201", "")


def gateway_letter(row: Delivery) -> Letter:
    return Letter(row.pk, "sms", 1, PHONE, "subject", "https://x.cn/c/of-nobody/", "test", False, False)


def test_a_channel_that_is_not_connected_and_an_address_that_is_none_are_refused(cast: Cast) -> None:
    wrong = {
        "wechat": "微信没有接通：请管理员设置 LIANJING_WECHAT_WEBHOOK。",
        "sms": "这不是可用的电话号码。",
        "email": "这不是可用的邮箱地址。",
        "webhook": "这个网址不在允许发送的名单里。",
    }
    for channel, sentence in wrong.items():
        with pytest.raises(Unsendable) as refused:
            queued(cast, channel=channel, address="http://127.0.0.1/admin")
        assert str(refused.value) == sentence
    assert queued(cast, channel="webhook", address="https://desk.example.cn/in").address_shown == (
        "https://desk.example.cn"
    )


def test_a_demo_company_sends_nothing_real(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.company.is_demo = True
    cast.company.save()
    row, gateway = queued(cast, channel="sms"), Gateway()
    assert turn(gateway, NOON, monkeypatch) == 1
    row.refresh_from_db()
    assert (gateway.letters, row.state, row.simulated) == ([], "sent", True)


def test_strangers_see_nothing_and_only_the_right_roles_send_again(cast: Cast) -> None:
    row = queued(cast)
    seen = {name: len(deliveries(cast.viewer(name))) for name in ("olivia", "leo", "mia", "polly", "sam", "ada")}
    assert seen == {"olivia": 0, "leo": 1, "mia": 1, "polly": 0, "sam": 0, "ada": 1}
    about = {name: len(deliveries_about(cast.viewer(name), "incident:12")) for name in ("olivia", "sam")}
    assert about == {"olivia": 1, "sam": 0}
    with pytest.raises(Missing):
        retry_delivery(row.pk, by=cast.viewer("sam"), at=NOON)
    with pytest.raises(Forbidden):
        retry_delivery(row.pk, by=cast.viewer("polly"), at=NOON)
    with pytest.raises(Unsendable):
        retry_delivery(row.pk, by=cast.viewer("olivia"), at=NOON)


def test_the_waits_after_each_failure() -> None:
    waits = [after_failure(n, NOON) for n in range(1, 7)]
    seconds = (10, 30, 120, 600, 1800)
    expected = [Fate(State.FAILED, NOON + timedelta(seconds=s)) for s in seconds]
    assert waits == [*expected, Fate(State.GIVEN_UP, None)]


def test_what_is_shown_of_an_address() -> None:
    shown = [
        shown_address("sms", PHONE),
        shown_address("sms", "12345"),
        shown_address("email", "wang@example.cn"),
        shown_address("webhook", "https://desk.example.cn/in?key=1"),
    ]
    assert shown == ["138****2201", "****45", "w***@example.cn", "https://desk.example.cn"]

"""Positions follow commits, not insert ids."""

import threading

import pytest
from django.db import connection, transaction

from lianjing.core.outbox import read
from lianjing.core.outbox.models import Message
from lianjing.core.outbox.stamp import stamp
from lianjing.core.outbox.write import News, emit
from tests.cast import NOON


def say(topic: str) -> None:
    with transaction.atomic():
        emit([News(topic, None, {})], at=NOON)


def topics_after(position: int) -> list[str]:
    return [m.topic for m in read.after(position)]


@pytest.mark.django_db(transaction=True)
def test_positions_are_given_in_order_and_a_reader_resumes_exactly() -> None:
    start = read.head_position()
    for topic in ("first.done", "second.done", "third.done"):
        say(topic)
    assert stamp() == 3
    assert topics_after(start) == ["first.done", "second.done", "third.done"]
    assert topics_after(start + 2) == ["third.done"]
    assert stamp() == 0


@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_loses_no_row_and_delays_nobody() -> None:
    start = read.head_position()
    written, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            emit([News("slow.done", None, {})], at=NOON)
            written.set()
            finish.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    if connection.vendor == "sqlite":
        # One writer at a time: nobody can commit before it, so nothing can be skipped either.
        finish.set()
        thread.join(10)
        say("fast.done")
        stamp()
        assert topics_after(start) == ["slow.done", "fast.done"]
        return
    say("fast.done")
    stamp()
    assert topics_after(start) == ["fast.done"]
    seen = read.head_position()
    finish.set()
    thread.join(10)
    stamp()
    # Its insert id is the lower one; a reader that remembered ids would never have seen it.
    assert topics_after(seen) == ["slow.done"]
    slow_row, fast_row = Message.objects.get(topic="slow.done"), Message.objects.get(topic="fast.done")
    assert slow_row.pk < fast_row.pk
    assert slow_row.position > fast_row.position


@pytest.mark.django_db(transaction=True)
def test_news_of_an_act_that_did_not_happen_is_never_read() -> None:
    start = read.head_position()

    def act() -> None:
        with transaction.atomic():
            emit([News("never.done", None, {})], at=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    stamp()
    assert topics_after(start) == []


@pytest.mark.django_db(transaction=True)
def test_two_stampers_at_once_give_every_row_one_position() -> None:
    start = read.head_position()
    for number in range(40):
        say(f"thing{number}.done")

    def work() -> None:
        while stamp():
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [m.position for m in read.after(start)] == list(range(start + 1, start + 41))


@pytest.mark.django_db(transaction=True)
def test_the_bus_refuses_news_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        emit([News("loose.done", None, {})], at=NOON)

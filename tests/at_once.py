"""Two who act at once, each over a connection of his own: the second acts before the first has ended."""

from collections.abc import Callable
from threading import Event, Thread

from django.db import connection, transaction

from lianjing.core.refusals import Missing, Refused

Act = Callable[[], object]


def second_meanwhile(first: Act, second: Act, then: Act = lambda: None) -> list[str]:
    """How each of them ended, in the order in which they did: "first" and "second", or what the second was told.
    `then`: what the first does once the second has begun."""
    has_acted, may_end, ended = Event(), Event(), list[str]()

    def hold() -> None:
        with transaction.atomic():
            first()
            has_acted.set()
            may_end.wait(5)
            then()
            # Before its end, for which the second may be waiting.
            ended.append("first")
        connection.close()

    def follow() -> None:
        try:
            second()
            ended.append("second")
        except Missing:
            ended.append("missing")
        except Refused as refused:
            ended.append(refused.sentence)
        finally:
            connection.close()

    threads = [Thread(target=one) for one in (hold, follow)]
    threads[0].start()
    assert has_acted.wait(5)
    threads[1].start()
    threads[1].join(0.3)
    may_end.set()
    for one in threads:
        one.join()
    return ended

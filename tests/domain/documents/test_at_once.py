"""Two who set the same thing of a company at once, as a form that is sent twice does."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from lianjing.domain.documents.keeping import set_period
from lianjing.domain.documents.models import RetentionPeriod
from lianjing.domain.drills.looking_back import set_review_term
from lianjing.domain.drills.models import ReviewTerm
from lianjing.domain.records.dated import Dated
from tests.cast import NOON, Cast


def period(cast: Cast, months: int) -> None:
    set_period(cast.company.pk, "management", months, "单位规定", by=cast.viewer("mia"), at=NOON)


def term(cast: Cast, days: int) -> None:
    set_review_term(cast.company.pk, days, by=cast.viewer("mia"), at=NOON)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("act", "rows"), [(period, RetentionPeriod), (term, ReviewTerm)])
def test_the_second_waits_and_takes_the_place_of_the_first(act: Callable[[Cast, int], None], rows: type[Dated]) -> None:
    cast = Cast()
    is_set, may_end, done = Event(), Event(), list[int]()

    def first() -> None:
        with transaction.atomic():
            act(cast, 12)
            is_set.set()
            may_end.wait(5)
        done.append(12)
        connection.close()

    def second() -> None:
        act(cast, 13)
        done.append(13)
        connection.close()

    threads = [Thread(target=one) for one in (first, second)]
    threads[0].start()
    assert is_set.wait(5)
    threads[1].start()
    threads[1].join(0.3)
    may_end.set()
    for one in threads:
        one.join()
    kept = rows._default_manager
    assert (done, kept.count(), kept.filter(retracted_at=None).count()) == ([12, 13], 2, 1)

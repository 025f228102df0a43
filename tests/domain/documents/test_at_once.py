"""Two who set the same thing of a company at once, as a form that is sent twice does."""

from collections.abc import Callable

import pytest

from lianjing.domain.documents.keeping import set_period
from lianjing.domain.documents.models import RetentionPeriod
from lianjing.domain.drills.looking_back import set_review_term
from lianjing.domain.drills.models import ReviewTerm
from lianjing.domain.records.dated import Dated
from tests.at_once import second_meanwhile
from tests.cast import NOON, Cast


def period(cast: Cast, months: int) -> None:
    set_period(cast.company.pk, "management", months, "单位规定", by=cast.viewer("mia"), at=NOON)


def term(cast: Cast, days: int) -> None:
    set_review_term(cast.company.pk, days, by=cast.viewer("mia"), at=NOON)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("act", "rows"), [(period, RetentionPeriod), (term, ReviewTerm)])
def test_the_second_waits_and_takes_the_place_of_the_first(act: Callable[[Cast, int], None], rows: type[Dated]) -> None:
    cast = Cast()
    assert second_meanwhile(lambda: act(cast, 12), lambda: act(cast, 13)) == ["first", "second"]
    kept = rows._default_manager
    assert (kept.count(), kept.filter(retracted_at=None).count()) == (2, 1)

"""Two who do something to one assessment at once."""

import pytest

from lianjing.domain.assessments.cycles import score_cycle
from lianjing.domain.assessments.models import ScoreSheet
from lianjing.domain.assessments.sheets import return_sheet
from tests.at_once import second_meanwhile
from tests.cast import NOON, Cast
from tests.domain.assessments.assessed import assessed, handed_in, opened


@pytest.mark.django_db(transaction=True)
def test_a_sheet_is_not_sent_back_while_its_assessment_is_scored() -> None:
    cast = Cast()
    cycle = opened(cast, assessed(cast))
    sheets = [handed_in(cast, sheet) for sheet in cycle.sheets.order_by("pk")]
    who = {"by": cast.viewer("mia"), "at": NOON}
    ended = second_meanwhile(lambda: score_cycle(cycle.pk, **who), lambda: return_sheet(sheets[0].pk, "写错了", **who))
    assert ended == ["first", "评分已经结束。"]
    assert ScoreSheet.objects.filter(submitted_at=None).count() == 0

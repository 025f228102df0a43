"""Two who do something to one drill, or to one programme, at once: the second finds what the first has left."""

import pytest

from lianjing.domain.drills.models import Observation, PlannedDrill
from lianjing.domain.drills.programming import NewLine, add_line, change_line, draft_programme, remove_line
from lianjing.domain.drills.running import begin_drill, observe, take_back_observation
from lianjing.domain.records.models import Record
from tests.at_once import second_meanwhile
from tests.cast import NOON, Cast
from tests.domain.drills.exercise import as_, prepared

NEW = NewLine(4, "tabletop", "桌面推演", "intrusion")


@pytest.mark.django_db(transaction=True)
def test_a_line_that_was_removed_meanwhile_does_not_come_back() -> None:
    cast = Cast()
    row = draft_programme(cast.company.pk, 2026, **as_(cast, "leo"))
    line = add_line(row.pk, NEW, **as_(cast, "leo"))
    ended = second_meanwhile(
        lambda: remove_line(line.pk, **as_(cast, "leo")), lambda: change_line(line.pk, NEW, **as_(cast, "mia"))
    )
    assert (ended, PlannedDrill.objects.count()) == (["first", "missing"], 0)


@pytest.mark.django_db(transaction=True)
def test_an_observation_is_taken_back_once() -> None:
    cast = Cast()
    drill = prepared(cast)
    begin_drill(drill.pk, **as_(cast, "leo"))
    row = observe(drill.pk, "note", "看到了", **as_(cast, "leo"))
    ended = second_meanwhile(
        lambda: take_back_observation(row.pk, **as_(cast, "leo")),
        lambda: take_back_observation(row.pk, **as_(cast, "mia")),
    )
    assert (ended, Observation.objects.get().taken_back_at) == (["first", "missing"], NOON)
    assert Record.objects.filter(action="drill.observation_taken_back").count() == 1

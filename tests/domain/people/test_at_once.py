"""Two who write on one person's file at once."""

from datetime import date

import pytest

from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.facts import correct_fact, record_fact
from lianjing.domain.people.models import StaffFact
from lianjing.domain.records.dated import holding_on, known_at
from lianjing.terms.staffing import PostKind, StaffFactKind
from tests.at_once import second_meanwhile
from tests.cast import NOON, Cast
from tests.staff import put_on_file

BEGAN, TODAY = date(2026, 1, 1), date(2026, 11, 22)


def works_as(kind: PostKind, since: date) -> NewFact:
    return NewFact(StaffFactKind.POST_KIND, kind.value, since)


@pytest.mark.django_db(transaction=True)
def test_what_is_corrected_meanwhile_makes_room_for_what_follows() -> None:
    cast = Cast()
    member, who = put_on_file(cast), {"by": cast.viewer("mia"), "at": NOON}
    rows = StaffFact.objects.filter(member=member, kind=StaffFactKind.POST_KIND.value)
    rows.delete()
    fact = record_fact(member.pk, works_as(PostKind.OTHER, BEGAN), **who)
    ended = second_meanwhile(
        lambda: correct_fact(fact.pk, works_as(PostKind.WATCH, BEGAN), "写错了", **who),
        lambda: record_fact(member.pk, works_as(PostKind.PATROL, TODAY), **who),
    )
    assert ended == ["first", "second"]
    held = {day: [row.value for row in holding_on(known_at(rows), day)] for day in (BEGAN, TODAY)}
    assert held == {BEGAN: ["watch"], TODAY: ["patrol"]}

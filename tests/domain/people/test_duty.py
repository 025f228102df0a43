"""值班: who stands duty, where, since when."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden, Token
from lianjing.domain.people.duties import DutyRefused, mark_seen, sign_off_duty, sign_on_duty
from lianjing.domain.people.duty_list import duty_of, open_duties
from lianjing.domain.people.gate_policy import DutyFacts
from lianjing.domain.people.models import Duty, Membership
from lianjing.domain.people.policy import may_stand_duty
from lianjing.domain.records.models import Record
from lianjing.terms.roles import Role
from tests.cast import NOON, SYSTEM, Cast


@pytest.mark.parametrize(
    ("active", "roles", "allowed"),
    [
        (True, {Role.OPERATOR}, True),
        (True, {Role.LEADER, Role.GUARD}, True),
        (True, {Role.MANAGER, Role.ADMIN, Role.GUARD, Role.POLICE}, False),
        (True, set(), False),
        (False, {Role.OPERATOR}, False),
    ],
)
def test_active_operators_and_leaders_may_stand_duty(active: bool, roles: set[Role], allowed: bool) -> None:
    entitled = may_stand_duty(DutyFacts(active, frozenset(roles)), NOON)
    assert entitled.allowed is allowed
    assert bool(entitled.sentence) is not allowed


def test_signing_on_and_off_is_recorded_and_told(cast: Cast) -> None:
    olivia, later = cast.viewer("olivia"), NOON + timedelta(hours=8)
    duty = sign_on_duty(cast.company.pk, desk=" 1 号席 ", by=olivia, at=NOON, source="10.0.0.7")
    assert (duty.desk, duty.source, duty.since, duty.until, duty.seen_at) == ("1 号席", "browser", NOON, None, None)
    assert duty_of(olivia) == duty
    assert sign_off_duty(by=olivia, at=later).until == later
    assert duty_of(olivia) is None
    told = [("duty.started", NOON), ("duty.ended", later)]
    assert list(Record.objects.values_list("action", "at").order_by("pk")) == told
    assert list(Message.objects.values_list("topic", "at").order_by("pk")) == told


def test_one_stands_one_duty_and_may_move_to_another_desk(cast: Cast) -> None:
    olivia = cast.viewer("olivia")
    first = sign_on_duty(cast.company.pk, by=olivia, at=NOON)
    assert sign_on_duty(cast.company.pk, by=olivia, at=NOON) == first
    moved = sign_on_duty(cast.company.pk, desk="2 号席", by=olivia, at=NOON)
    assert (moved.pk, moved.desk) == (first.pk, "2 号席")
    assert list(Record.objects.order_by("pk").values_list("action", flat=True)) == ["duty.started", "duty.moved"]
    Membership.objects.create(user=cast.users["olivia"], company=cast.other, role=Role.OPERATOR)
    with pytest.raises(DutyRefused, match="您正在为Harbour Alarm值班"):
        sign_on_duty(cast.other.pk, by=cast.viewer("olivia"), at=NOON)


@pytest.mark.parametrize("name", ["gus", "mia", "polly", "sam", "ada"])
def test_who_is_not_entitled_is_refused_with_a_sentence(cast: Cast, name: str) -> None:
    with pytest.raises(DutyRefused, match="只有本单位在职的值守员和班长能值班"):
        sign_on_duty(cast.company.pk, by=cast.viewer(name), at=NOON)
    assert Duty.objects.count() == 0


@pytest.mark.parametrize(
    ("act", "refusal", "sentence"),
    [
        (lambda cast: sign_on_duty(cast.company.pk, by=SYSTEM, at=NOON), Forbidden, "只有人员能值班"),
        (lambda cast: sign_off_duty(by=cast.viewer("leo"), at=NOON), DutyRefused, "您没有在值班"),
        (
            lambda cast: sign_on_duty(cast.company.pk, desk="x" * 51, by=cast.viewer("leo"), at=NOON),
            DutyRefused,
            "席位名最多 50 个字",
        ),
    ],
)
def test_what_cannot_be_is_said(
    cast: Cast, act: Callable[[Cast], object], refusal: type[Exception], sentence: str
) -> None:
    with pytest.raises(refusal, match=sentence):
        act(cast)


def test_a_browser_is_marked_as_seen_every_ten_seconds_and_a_program_never(cast: Cast) -> None:
    olivia = cast.viewer("olivia")
    sign_on_duty(cast.company.pk, by=olivia, at=NOON)
    seen = [mark_seen(by=[olivia], at=NOON + timedelta(seconds=s)) for s in (1, 5, 10, 11, 30)]
    assert seen == [1, 0, 0, 1, 1]
    program = Token(1, cast.viewer("oscar"))
    assert sign_on_duty(cast.company.pk, by=program, at=NOON).source == "program"
    assert mark_seen(by=[cast.viewer("oscar")], at=NOON + timedelta(minutes=1)) == 0


def test_who_stands_duty_is_seen_by_the_company_and_no_stranger(cast: Cast) -> None:
    for name in ("olivia", "leo", "sam"):
        company = cast.other if name == "sam" else cast.company
        sign_on_duty(company.pk, by=cast.viewer(name), at=NOON)
    seen = {
        who: [duty.user.username for duty in open_duties(cast.viewer(who))]
        for who in ("oscar", "mia", "gus", "polly", "sam", "ada")
    }
    assert seen == {
        "oscar": ["olivia", "leo"],
        "mia": ["olivia", "leo"],
        "gus": [],
        "polly": [],
        "sam": ["sam"],
        "ada": ["olivia", "leo", "sam"],
    }

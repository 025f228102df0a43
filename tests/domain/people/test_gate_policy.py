"""The one rule of who may stand duty: every reason, to the minute and the day."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from lianjing.domain.people.eligibility import Eligibility, Reason
from lianjing.domain.people.gate_policy import Asks, DutyFacts, Owed, Place, told
from lianjing.domain.people.policy import may_stand_duty
from lianjing.terms.roles import Role
from lianjing.terms.sentences import words
from lianjing.terms.staffing import PostKind
from tests.cast import NOON

MINUTE = timedelta(minutes=1)
SOUND = Eligibility(True, ())
NO_CERTIFICATE = Reason("certificate", "5.1.4", False, "没有保安员证。")
BARRED = Reason("conduct", "令564 17", False, "有不得从业的情形。", private=True)
UNSOUND = Eligibility(False, (NO_CERTIFICATE, BARRED))
EVERYTHING = Asks(True, True, True, timedelta(minutes=30), timedelta(minutes=60))
OPERATOR = DutyFacts(True, frozenset({Role.OPERATOR}))


def place(begins: datetime, ends: datetime, kind: PostKind = PostKind.WATCH) -> Place:
    return Place(kind.value, "1 号席", begins, ends, "B", "E", "O")


ENTITLED = replace(
    OPERATOR,
    asks=EVERYTHING,
    on_file=SOUND,
    places=[place(NOON - timedelta(hours=4), NOON + timedelta(hours=4))],
)


def codes(facts: DutyFacts, at: datetime = NOON) -> list[str]:
    return [reason.code for reason in may_stand_duty(facts, at).reasons]


def test_whom_everything_speaks_for_may_stand_duty() -> None:
    entitled = may_stand_duty(ENTITLED, NOON)
    assert (entitled.allowed, entitled.sentence, entitled.reasons, entitled.passed_until) == (True, "", (), None)


def test_without_a_gate_only_account_and_role_are_asked() -> None:
    bare = replace(OPERATOR, on_file=None, owed=[Owed("x", date(2020, 1, 1))])
    assert (codes(bare), codes(replace(bare, is_active=False, roles=frozenset()))) == ([], ["account", "role"])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"is_active": False}, ["account"]),
        ({"roles": frozenset({Role.GUARD})}, ["role"]),
        ({"on_file": None}, ["on_file"]),
        ({"on_file": UNSOUND}, ["certificate", "conduct"]),
        ({"owed": [Owed("消防法", date(2026, 11, 1))]}, ["overdue"]),
        ({"places": []}, ["roster"]),
        (
            {"on_file": UNSOUND, "owed": [Owed("x", date(2026, 1, 1))], "places": []},
            ["certificate", "conduct", "overdue", "roster"],
        ),
    ],
)
def test_every_reason_is_told_in_the_order_of_asking(changed: dict[str, object], said: list[str]) -> None:
    facts = replace(ENTITLED, **changed)
    assert (may_stand_duty(facts, NOON).allowed, codes(facts)) == (False, said)


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        (Asks(False, True, True), ["overdue", "roster"]),
        (Asks(True, False, True), ["certificate", "conduct", "roster"]),
        (Asks(True, True, False), ["certificate", "conduct", "overdue"]),
        (Asks(False, False, False), []),
    ],
)
def test_only_what_the_company_asks_counts(asks: Asks, said: list[str]) -> None:
    assert codes(replace(ENTITLED, asks=asks, on_file=UNSOUND, owed=[Owed("x", date(2026, 1, 1))], places=[])) == said


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        (NOON - 31 * MINUTE, False),
        (NOON - 30 * MINUTE, True),
        (NOON, True),
        (NOON + timedelta(hours=8) + 59 * MINUTE, True),
        (NOON + timedelta(hours=9), False),
    ],
)
def test_a_shift_opens_thirty_minutes_before_and_for_an_hour_after(at: datetime, allowed: bool) -> None:
    facts = replace(ENTITLED, places=[place(NOON, NOON + timedelta(hours=8))])
    assert may_stand_duty(facts, at).allowed is allowed


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        ([], "现在没有排班。（5.2）"),
        ([place(NOON + timedelta(hours=2), NOON + timedelta(hours=9))], "下一班 B 开始，O 起才能签到。（5.2）"),
        ([place(NOON - timedelta(hours=9), NOON - timedelta(hours=2))], "本班已于 E 结束。（5.2）"),
        ([place(NOON - MINUTE, NOON + MINUTE, PostKind.PATROL)], "本班排的是现场处置巡逻（1 号席）。（5.2）"),
    ],
)
def test_the_sentence_says_what_is_wrong_with_the_place(places: list[Place], sentence: str) -> None:
    assert words(may_stand_duty(replace(ENTITLED, places=places), NOON)) == sentence


def test_the_sentence_says_the_first_reason_and_how_many_more() -> None:
    facts = replace(ENTITLED, on_file=UNSOUND, places=[])
    assert words(may_stand_duty(facts, NOON)) == "没有保安员证。（5.1.4）另有 2 项不符合。"


def test_of_several_courses_the_longest_overdue_is_named() -> None:
    owed = [Owed("消防法", date(2026, 11, 1)), Owed("急救", date(2026, 10, 1))]
    said = "2 门培训已逾期，最早的“急救”应于 2026-10-01 前完成。（5.1.3）"
    assert words(may_stand_duty(replace(ENTITLED, owed=owed), NOON)) == said


def test_a_private_reason_has_its_words_for_the_file_only() -> None:
    assert words(told(BARRED)) == "有一项条件不符合，原因见人员档案。（令564 17）"
    assert words(told(BARRED, private=True)) == "有不得从业的情形。（令564 17）"


def test_a_pass_opens_until_its_minute_and_keeps_what_it_opens() -> None:
    passed = replace(ENTITLED, on_file=UNSOUND, places=[], passed_until=NOON + MINUTE)
    entitled = may_stand_duty(passed, NOON)
    assert (entitled.allowed, entitled.sentence, entitled.passed_until) == (True, "", NOON + MINUTE)
    assert [reason.code for reason in entitled.reasons] == ["certificate", "conduct", "roster"]
    assert may_stand_duty(passed, NOON + MINUTE).allowed is False


@pytest.mark.parametrize("changed", [{"is_active": False}, {"roles": frozenset()}])
def test_no_pass_opens_for_an_inactive_account_or_a_missing_role(changed: dict[str, object]) -> None:
    entitled = may_stand_duty(replace(ENTITLED, passed_until=NOON + MINUTE, **changed), NOON)
    assert (entitled.allowed, entitled.can_be_passed) == (False, False)


def test_a_guard_patrols_and_does_not_watch() -> None:
    guard = DutyFacts(True, frozenset({Role.GUARD}), PostKind.PATROL)
    assert (codes(guard), codes(replace(guard, post_kind=PostKind.WATCH))) == ([], ["role"])

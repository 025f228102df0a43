"""The duty gate at work: refused and on record, opened by a pass, over at midnight."""

from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.people.duties import DutyRefused, sign_off_duty, sign_on_duty
from lianjing.domain.people.duty_standing import gets_new_cases
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.gate_facts import Stand, entitlements
from lianjing.domain.people.gate_list import asks_of, marks, not_entitled, own_mark, passes_now, ungated, wants_in
from lianjing.domain.people.gate_setting import GateAsks, set_gate
from lianjing.domain.people.lapsing import tell_lapses
from lianjing.domain.people.models import Duty, DutyPass, GateSetting
from lianjing.domain.people.passing import end_pass, give_pass
from lianjing.domain.people.staff_facts import eligible_members
from lianjing.domain.records.models import Record
from lianjing.terms.sentences import words
from lianjing.terms.staffing import PostKind, StaffFactKind
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.people.gate_staff import SOUND, TODAY, certificate, end_certificate, on_file, owes, shift

HOUR = timedelta(hours=1)
MIDNIGHT = datetime.fromisoformat("2026-11-23T00:00:00+08:00")


def refused(cast: Cast, name: str = "olivia", at: datetime = NOON, kind: PostKind = PostKind.WATCH) -> str:
    with pytest.raises(DutyRefused) as said:
        sign_on_duty(cast.company.pk, post_kind=kind, by=cast.viewer(name), at=at)
    return str(said.value)


def actions() -> list[str]:
    return list(Record.objects.filter(action__startswith="duty.").order_by("pk").values_list("action", flat=True))


def passed(cast: Cast, name: str = "olivia", until: datetime = NOON + 8 * HOUR) -> DutyPass:
    user = cast.users[name].pk
    return give_pass(user, cast.company.pk, "病假顶班", until, by=cast.viewer("mia"), at=NOON)


def test_those_in_order_stay_so_for_tests_that_go_by_todays_date(cast: Cast) -> None:
    member = on_file(cast, "olivia")
    days = (TODAY, date(2027, 1, 2), date(2090, 1, 1))
    answers = [eligible_members(cast.viewer("mia"), [member], day)[member.pk].eligible for day in days]
    assert answers == [True, True, True]


def test_who_is_on_file_and_sound_signs_on(cast: Cast) -> None:
    on_file(cast, "olivia")
    assert sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON).until is None


def test_who_has_no_file_is_refused_from_the_first_person_entered_on(cast: Cast) -> None:
    assert sign_on_duty(cast.company.pk, by=cast.viewer("oscar"), at=NOON).pk
    on_file(cast, "olivia")
    assert refused(cast, "leo") == "此账号没有关联本单位的人员档案。（5.1）"


@pytest.mark.parametrize(
    ("until", "allowed"), [(TODAY - timedelta(days=1), False), (TODAY, True), (TODAY + timedelta(days=1), True)]
)
def test_a_certificate_counts_on_its_last_day(cast: Cast, until: date, allowed: bool) -> None:
    on_file(cast, "olivia", *SOUND, certificate(until))
    stand = Stand(cast.users["olivia"].pk, cast.company.pk)
    assert entitlements([stand], NOON)[stand].allowed is allowed


def test_the_day_is_the_centres_day(cast: Cast) -> None:
    on_file(cast, "olivia", *SOUND, certificate(TODAY))
    stand = Stand(cast.users["olivia"].pk, cast.company.pk)
    found = [entitlements([stand], at)[stand].allowed for at in (MIDNIGHT - timedelta(seconds=1), MIDNIGHT)]
    assert found == [True, False]


def test_overdue_training_is_asked_from_the_day_after_it_was_due(cast: Cast) -> None:
    member = on_file(cast, "olivia")
    assignment = owes(member, TODAY)
    assert sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON).pk
    sign_off_duty(by=cast.viewer("olivia"), at=NOON)
    assert "“消防法”应于 2026-11-22 前完成" in refused(cast, at=NOON + 24 * HOUR)
    assignment.passed_at = NOON
    assignment.save()
    assert sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON + 24 * HOUR).pk


def test_the_roster_is_asked_from_the_first_published_shift_on(cast: Cast) -> None:
    olivia, leo = on_file(cast, "olivia"), on_file(cast, "leo")
    entry = shift(leo, NOON + HOUR, NOON + 9 * HOUR)
    assert sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON).pk
    sign_off_duty(by=cast.viewer("olivia"), at=NOON)
    assert refused(cast, at=NOON + HOUR) == "现在没有排班。（5.2）"
    entry.member = olivia
    entry.save()
    assert sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON + HOUR).pk


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_a_draft_or_a_cancelled_shift_is_no_place(cast: Cast, state: str) -> None:
    olivia, leo = on_file(cast, "olivia"), on_file(cast, "leo")
    shift(leo, NOON - HOUR, NOON + HOUR)
    entry = shift(olivia, NOON - HOUR, NOON + HOUR)
    entry.state = state
    entry.save()
    assert refused(cast) == "现在没有排班。（5.2）"


def test_a_refusal_is_recorded_once_in_ten_minutes_and_listed_for_the_manager(cast: Cast) -> None:
    on_file(cast, "olivia", *SOUND)
    for minutes in (0, 5, 12):
        refused(cast, at=NOON + timedelta(minutes=minutes))
    assert actions() == ["duty.refused", "duty.refused"]
    assert Message.objects.filter(topic="duty.refused").count() == 2
    found = wants_in(cast.viewer("mia"), NOON + HOUR)
    assert [(one.user.username, one.times, one.allowed) for one in found] == [("olivia", 2, False)]
    assert [words(reason)[:8] for reason in found[0].reasons][-1] == "没有保安员证。（"
    assert wants_in(cast.viewer("mia"), NOON + 25 * HOUR) == []
    assert [wants_in(cast.viewer(name), NOON + HOUR) for name in ("leo", "sam", "olivia")] == [[], [], []]


def test_a_stranger_leaves_no_trace_in_a_companys_book(cast: Cast) -> None:
    on_file(cast, "olivia")
    refused(cast, "sam")
    assert actions() == []


def test_a_pass_lets_him_in_keeps_what_the_gate_said_and_ends_at_its_time(cast: Cast) -> None:
    on_file(cast, "olivia", *SOUND, certificate(TODAY - timedelta(days=1)))
    given = passed(cast)
    assert [one["said"] for one in given.refused_for] == ["保安员证已于 2026-11-21 到期。（5.1.4）"]
    record = Record.objects.get(action="duty.passed")
    assert (record.after or {})["reason"] == "病假顶班"
    assert sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON).pk
    assert [one.user.username for one in passes_now(cast.viewer("leo"), NOON)] == ["olivia"]
    stand = Stand(cast.users["olivia"].pk, cast.company.pk)
    until = given.until
    found = [entitlements([stand], at)[stand].allowed for at in (until - timedelta(seconds=1), until)]
    assert found == [True, False]


def test_a_pass_can_be_ended_before_its_time_and_a_new_one_takes_its_place(cast: Cast) -> None:
    on_file(cast, "olivia", *SOUND)
    first, second = passed(cast), passed(cast, until=NOON + 2 * HOUR)
    first.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (NOON, None)
    end_pass(second.pk, by=cast.viewer("mia"), at=NOON + HOUR)
    assert passes_now(cast.viewer("mia"), NOON + HOUR) == []
    with pytest.raises(Refused, match="此放行已经结束"):
        end_pass(second.pk, by=cast.viewer("mia"), at=NOON + HOUR)


@pytest.mark.parametrize(
    ("reason", "until", "field"),
    [
        (" ", NOON + HOUR, "reason"),
        ("x" * 201, NOON + HOUR, "reason"),
        ("x", None, "until"),
        ("x", NOON, "until"),
        ("x", NOON + 24 * HOUR + timedelta(minutes=1), "until"),
    ],
)
def test_a_pass_wants_a_reason_and_an_end_within_a_day(
    cast: Cast, reason: str, until: datetime | None, field: str
) -> None:
    on_file(cast, "olivia", *SOUND)
    with pytest.raises(Refused) as said:
        give_pass(cast.users["olivia"].pk, cast.company.pk, reason, until, by=cast.viewer("mia"), at=NOON)
    assert said.value.field == field
    assert DutyPass.objects.count() == 0


def test_no_pass_for_who_needs_none_or_whom_none_helps(cast: Cast) -> None:
    on_file(cast, "olivia")
    with pytest.raises(Refused, match="不需要放行"):
        passed(cast)
    cast.users["oscar"].is_active = False
    cast.users["oscar"].save()
    for name in ("oscar", "mia"):
        with pytest.raises(Refused, match="不能放行"):
            passed(cast, name)


def test_only_a_manager_of_the_company_gives_passes(cast: Cast) -> None:
    on_file(cast, "olivia", *SOUND)
    for name in ("leo", "olivia", "sam"):
        with pytest.raises(Forbidden):
            give_pass(cast.users["olivia"].pk, cast.company.pk, "x", NOON + HOUR, by=cast.viewer(name), at=NOON)
    with pytest.raises(Missing):
        give_pass(cast.users["sam"].pk, cast.company.pk, "x", NOON + HOUR, by=cast.viewer("mia"), at=NOON)
    given = passed(cast)
    with pytest.raises(Missing):
        end_pass(given.pk, by=cast.viewer("sam"), at=NOON)


def test_a_certificate_that_ends_at_midnight_is_noticed_once_and_throws_nobody_out(cast: Cast) -> None:
    member, olivia = on_file(cast, "olivia"), cast.viewer("olivia")
    duty = sign_on_duty(cast.company.pk, by=olivia, at=NOON)
    end_certificate(member, TODAY)
    assert (tell_lapses(by=SYSTEM, at=MIDNIGHT - timedelta(seconds=1)), own_mark(olivia, NOON)) == (0, None)
    assert [tell_lapses(by=SYSTEM, at=MIDNIGHT + n * HOUR) for n in range(3)] == [1, 0, 0]
    assert Message.objects.filter(topic="duty.lapsed").count() == 1
    mark = own_mark(olivia, MIDNIGHT)
    assert mark is not None
    assert [words(reason) for reason in mark.reasons] == ["保安员证已于 2026-11-22 到期。（5.1.4）"]
    assert [one.duty for one in not_entitled(cast.viewer("leo"), MIDNIGHT)] == [duty]
    assert not_entitled(cast.viewer("sam"), MIDNIGHT) == not_entitled(olivia, MIDNIGHT) == []
    assert sign_on_duty(cast.company.pk, desk="2 号席", by=olivia, at=MIDNIGHT) == duty
    give_pass(olivia.id, cast.company.pk, "x", MIDNIGHT + HOUR, by=cast.viewer("mia"), at=MIDNIGHT)
    assert [tell_lapses(by=SYSTEM, at=MIDNIGHT + n * HOUR) for n in (0, 1)] == [1, 1]
    assert actions()[-4:] == ["duty.moved", "duty.passed", "duty.entitled", "duty.lapsed"]


def test_who_has_lapsed_gets_new_cases_only_while_nobody_else_can(cast: Cast) -> None:
    member = on_file(cast, "olivia")
    on_file(cast, "oscar")
    duty = sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON)
    end_certificate(member, TODAY - timedelta(days=1))
    assert gets_new_cases(duty, NOON) is None
    other = sign_on_duty(cast.company.pk, by=cast.viewer("oscar"), at=NOON)
    assert gets_new_cases(duty, NOON) is not None
    assert gets_new_cases(other, NOON) is None
    Duty.objects.filter(pk=other.pk).update(seen_at=NOON)
    assert gets_new_cases(duty, NOON + timedelta(minutes=2)) is None


def test_a_duty_that_goes_on_hours_after_its_shift_is_shown_and_not_ended(cast: Cast) -> None:
    member = on_file(cast, "olivia")
    ends = NOON + 4 * HOUR
    shift(member, NOON - 4 * HOUR, ends)
    duty = sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON)
    found = [marks(cast.viewer("leo"), [duty], ends + n * HOUR).get(duty.pk) for n in (0, 2, 3)]
    assert [mark and mark.lapsed for mark in found] == [None, True, True]
    assert [mark and mark.over_since for mark in found] == [None, None, ends]
    tell_lapses(by=SYSTEM, at=ends + 5 * HOUR)
    assert Duty.objects.get().until is None


def test_many_are_asked_about_in_a_constant_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    members = [on_file(cast, name) for name in ("olivia", "oscar", "leo")]
    shift(members[0], NOON - HOUR, NOON + HOUR)
    stands = [Stand(cast.users[name].pk, cast.company.pk) for name in ("olivia", "oscar", "leo")]
    for some in (stands[:1], stands):
        with django_assert_num_queries(7):
            entitlements(some, NOON)


def test_private_reasons_reach_no_leader_no_record_and_no_pass(cast: Cast) -> None:
    barred = NewFact(StaffFactKind.BAR, "crime", date(2020, 1, 1))
    on_file(cast, "olivia", *SOUND, certificate(), barred)
    assert refused(cast) == "有一项条件不符合，原因见人员档案。（令564 17）"
    assert [words(reason) for reason in wants_in(cast.viewer("mia"), NOON)[0].reasons] == [
        "有不得从业的情形。（令564 17）"
    ]
    given = passed(cast)
    kept = [str(given.refused_for), *(str(record.after) for record in Record.objects.filter(action__startswith="duty"))]
    assert [text for text in kept if "不得从业" in text] == []


def test_the_managers_settings_are_recorded_and_weakening_is_named(cast: Cast) -> None:
    mia = cast.viewer("mia")
    with pytest.raises(Refused, match="还没有人员档案"):
        set_gate(cast.company.pk, GateAsks(), by=mia, at=NOON)
    assert [one.pk for one in ungated(mia)] == [cast.company.pk]
    on_file(cast, "olivia", *SOUND)
    assert (ungated(mia), asks_of(mia, cast.company.pk)) == ([], GateAsks())
    assert set_gate(cast.company.pk, GateAsks(), by=mia, at=NOON) is False
    weaker = GateAsks(asks_eligibility=False, late_minutes=90)
    assert set_gate(cast.company.pk, weaker, by=mia, at=NOON) is True
    record = Record.objects.get(action="duty.gate_set")
    assert (record.after or {})["weakens"] == ["签到时不再核对上岗资格", "下班后可以更晚签到"]
    assert sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON).pk
    with pytest.raises(Refused) as said:
        set_gate(cast.company.pk, GateAsks(early_minutes=241), by=mia, at=NOON)
    assert said.value.field == "early_minutes"
    for name in ("leo", "sam"):
        with pytest.raises(Forbidden):
            set_gate(cast.company.pk, GateAsks(), by=cast.viewer(name), at=NOON)
    assert GateSetting.objects.get().late_minutes == 90

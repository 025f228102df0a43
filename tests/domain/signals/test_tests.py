"""Tests of premises: who may start one and for how long, how it ends, and what its report says."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.records.models import Record
from lianjing.domain.signals import models
from lianjing.domain.signals.jobs import look_after_tests
from lianjing.domain.signals.models import Fate, SystemEvent, Treatment
from lianjing.domain.signals.test_lines import ending_soon, page_of_test, running_tests
from lianjing.domain.signals.test_reports import as_json, from_json, report_of
from lianjing.domain.signals.testing import Asked, DuressGiven, end_test, extend_test, start_test
from lianjing.domain.signals.testing_policy import WantedTest, endangers, start_refusal
from lianjing.domain.sites.models import Contact, Panel, Zone
from lianjing.domain.sites.word_digests import digest_of
from lianjing.terms.roles import Role
from tests.cast import NOON, SYSTEM, Cast, Sent, journal, treat

HOUR = timedelta(hours=1)


@pytest.fixture
def words(cast: Cast) -> None:
    """Wang of the corner shop has a pass-word, and another for when somebody stands behind him."""
    Contact.objects.filter(site=cast.shop).update(pass_word=digest_of("bluebird"), duress_word=digest_of("blackbird"))


def asked(cast: Cast, **told: object) -> Asked:
    usual = {"site_id": cast.shop.pk, "ends_at": NOON + 2 * HOUR, "reason": "yearly test", "word": "bluebird"}
    return Asked(**usual | {"danger_told": True} | told)  # type: ignore[arg-type]


def start(cast: Cast, by: str = "olivia", at: datetime = NOON, **told: object) -> models.TestPeriod:
    return start_test(asked(cast, **told), by=cast.viewer(by), at=at, source="test")


def zone(number: str) -> Zone:
    return Zone.objects.get(panel__account="1001", number=number)


def refused_field(cast: Cast, by: str = "olivia", **told: object) -> str:
    with pytest.raises(Refused) as refused:
        start(cast, by, **told)
    assert not models.TestPeriod.objects.exists()
    return refused.value.field


def topics() -> list[str]:
    return list(Message.objects.filter(topic__startswith="test.").order_by("pk").values_list("topic", flat=True))


WANTED = WantedTest("why", "Wang", True, frozenset({Role.OPERATOR}), NOON, NOON + HOUR, danger=False, danger_told=False)


@pytest.mark.parametrize(
    ("role", "hours"), [(Role.OPERATOR, 4), (Role.LEADER, 24), (Role.MANAGER, 72), (Role.ADMIN, 72), (Role.GUARD, 0)]
)
def test_a_test_lasts_no_longer_than_the_limit_of_the_role(role: Role, hours: int) -> None:
    wanted = replace(WANTED, roles=frozenset({role}), ends_at=NOON + hours * HOUR)
    assert (start_refusal(wanted) is None) is (hours > 0)
    assert start_refusal(replace(wanted, ends_at=NOON + hours * HOUR + timedelta(seconds=1))) is not None


@pytest.mark.parametrize(
    ("classes", "kinds", "danger"),
    [
        ([], [], True),
        (["fault"], [], False),
        (["fault", "fire"], ["intrusion"], True),
        ([], ["intrusion", "environment"], False),
        ([], ["intrusion", "hold_up"], True),
        (["intrusion"], ["hold_up"], False),
    ],
)
def test_a_test_that_covers_hold_up_or_fire_must_be_told(
    classes: Iterable[str], kinds: Iterable[str], danger: bool
) -> None:
    assert endangers(classes, kinds) is danger


def test_an_operator_starts_a_test_for_whoever_knows_the_pass_word(cast: Cast, words: None) -> None:
    test = start(cast, asked_by="somebody else")
    assert (test.asked_by, test.checked_how, test.started_by) == ("Wang", "pass_word", "Olivia")
    record = Record.objects.get(action="test.started")
    assert (record.actor_name, record.after["asked_by"], len(record.after["weakens"])) == ("Olivia", "Wang", 2)
    assert "bluebird" not in str(record.after)
    assert topics() == ["test.started"]
    assert [line.site_name for line in running_tests(cast.viewer("polly"), NOON)] == ["Corner Shop"]
    assert running_tests(cast.viewer("sam"), NOON) == []


@pytest.mark.parametrize(
    ("field", "by", "told"),
    [
        ("word", "olivia", {"word": ""}),
        ("word", "olivia", {"word": "nightingale"}),
        ("asked_by", "leo", {"word": ""}),
        ("reason", "olivia", {"reason": " "}),
        ("ends_at", "olivia", {"ends_at": None}),
        ("ends_at", "olivia", {"ends_at": NOON}),
        ("ends_at", "olivia", {"ends_at": NOON + 4 * HOUR + timedelta(seconds=1)}),
        ("danger_told", "olivia", {"danger_told": False}),
        ("areas", "olivia", {"areas": ["9"]}),
        ("classes", "olivia", {"classes": ["nonsense"]}),
    ],
)
def test_what_lacks_word_name_reason_end_or_consent_does_not_begin(
    cast: Cast, words: None, field: str, by: str, told: dict[str, object]
) -> None:
    assert refused_field(cast, by, **told) == field


def test_a_panel_or_zone_of_another_site_is_refused(cast: Cast, words: None) -> None:
    bank = Panel.objects.get(account="1002")
    assert refused_field(cast, panel_id=bank.pk) == "panel"
    assert refused_field(cast, zone_ids=[bank.zones.all()[0].pk]) == "zones"
    second = Panel.objects.create(site=cast.shop, account="1009", added_at=NOON, changed_at=NOON)
    assert refused_field(cast, panel_id=second.pk, zone_ids=[zone("3").pk]) == "zones"


def test_a_leader_answers_for_a_test_without_a_word(cast: Cast) -> None:
    test = start(cast, "leo", word="", asked_by="installer Li", ends_at=NOON + 24 * HOUR)
    assert (test.asked_by, test.checked_how, test.started_by) == ("installer Li", "leader", "Leo")


def test_a_duress_word_starts_nothing_and_raises_an_event_each_time_whatever_else_is_wrong(
    cast: Cast, words: None
) -> None:
    for minutes in (0, 1):
        with pytest.raises(DuressGiven):
            start(cast, word=" blackbird ", reason="", at=NOON + timedelta(minutes=minutes))
    assert not models.TestPeriod.objects.exists()
    events = SystemEvent.objects.filter(kind="DW", site=cast.shop, ended_at=None)
    assert [(event.grade, event.company_id) for event in events] == [(1, cast.company.pk)] * 2
    assert "Wang" in events[0].reasons[0]
    assert Message.objects.filter(topic="event.raised").count() == 2
    assert "blackbird" not in str(list(Record.objects.values_list("after", flat=True)))


def test_a_word_cannot_be_found_by_trying(cast: Cast, words: None) -> None:
    for _ in range(5):
        assert refused_field(cast, word="nightingale") == "word"
    assert Record.objects.filter(action="site.word_wrong", subject_id=str(cast.shop.pk)).count() == 5
    assert refused_field(cast) == "word"
    start(cast, at=NOON + timedelta(minutes=16))


def test_the_same_scope_is_not_tested_twice_at_once(cast: Cast, words: None) -> None:
    start(cast, zone_ids=[zone("3").pk])
    start(cast, zone_ids=[zone("4").pk])
    with pytest.raises(Refused):
        start(cast, zone_ids=[zone("3").pk])
    start(cast, zone_ids=[zone("3").pk], at=NOON + 3 * HOUR, ends_at=NOON + 4 * HOUR)


def test_guards_may_not_and_strangers_find_no_site(cast: Cast, words: None) -> None:
    with pytest.raises(Missing):
        start(cast, "sam")
    with pytest.raises(Missing):
        start(cast, "gus")
    with pytest.raises(Forbidden):
        start(cast, "polly")
    test = start(cast)
    with pytest.raises(Missing):
        end_test(test.pk, by=cast.viewer("sam"), at=NOON)
    with pytest.raises(Forbidden):
        extend_test(test.pk, NOON + 3 * HOUR, by=cast.viewer("polly"), at=NOON)
    assert page_of_test(cast.viewer("sam"), test.pk) is None


def test_extending_counts_from_the_beginning(cast: Cast, words: None) -> None:
    test = start(cast)
    extend_test(test.pk, NOON + 4 * HOUR, by=cast.viewer("olivia"), at=NOON + HOUR)
    for ends_at in (NOON + 3 * HOUR, NOON + 5 * HOUR):
        with pytest.raises(Refused):
            extend_test(test.pk, ends_at, by=cast.viewer("olivia"), at=NOON + HOUR)
    extend_test(test.pk, NOON + 5 * HOUR, by=cast.viewer("leo"), at=NOON + HOUR)
    assert Record.objects.filter(action="test.extended").count() == 2


def clock(at: datetime) -> int:
    return look_after_tests(by=SYSTEM, at=at)


def test_the_clock_warns_once_ends_it_and_writes_the_report(cast: Cast, words: None) -> None:
    test = start(cast)
    assert clock(NOON + HOUR) == 0
    assert [clock(NOON + 2 * HOUR - timedelta(minutes=m)) for m in (10, 9)] == [1, 0]
    assert [line.id for line in ending_soon(cast.viewer("olivia"), NOON + 2 * HOUR - timedelta(minutes=9))] == [test.pk]
    assert clock(NOON + 2 * HOUR) == 1
    assert [clock(NOON + 2 * HOUR + timedelta(seconds=s)) for s in (5, 6)] == [1, 0]
    test.refresh_from_db()
    assert (test.ended_at, test.ended_by, test.report is not None) == (NOON + 2 * HOUR, "", True)
    assert topics() == ["test.started", "test.warned", "test.ended", "test.reported"]
    assert ending_soon(cast.viewer("olivia"), NOON + 2 * HOUR) == []


def test_a_longer_end_is_warned_of_anew_and_a_short_test_never(cast: Cast, words: None) -> None:
    test = start(cast)
    clock(NOON + 2 * HOUR - timedelta(minutes=5))
    extend_test(test.pk, NOON + 3 * HOUR, by=cast.viewer("olivia"), at=NOON + 2 * HOUR - timedelta(minutes=5))
    assert [clock(NOON + 2 * HOUR), clock(NOON + 3 * HOUR - timedelta(minutes=10))] == [0, 1]
    start(cast, zone_ids=[zone("3").pk], ends_at=NOON + timedelta(minutes=10))
    assert (clock(NOON), [line.id for line in ending_soon(cast.viewer("olivia"), NOON)]) == (0, [test.pk])


def test_ending_early_lets_alarms_through_again(cast: Cast, words: None) -> None:
    test = start(cast)
    end_test(test.pk, by=cast.viewer("oscar"), at=NOON + HOUR)
    with pytest.raises(Refused):
        end_test(test.pk, by=cast.viewer("oscar"), at=NOON + HOUR)
    during, after = (journal(Sent(at=NOON + HOUR + timedelta(seconds=s))) for s in (-1, 1))
    treat()
    assert [Treatment.objects.get(pk=pk).fate for pk in (during, after)] == ["on_test", "in_case"]
    test.refresh_from_db()
    assert test.ended_by == "Oscar"


def test_the_report_names_what_reported_what_did_not_and_what_nobody_expected(cast: Cast, words: None) -> None:
    test = start(cast, classes=["intrusion", "open_close"])
    for seconds, sent in enumerate([Sent(), Sent(), Sent(zone="099"), Sent(code="YT", zone="000")]):
        journal(replace(sent, at=NOON + timedelta(minutes=1, seconds=seconds)))
    journal(Sent(account="1002", at=NOON + timedelta(minutes=1)))
    treat()
    report = report_of(cast.viewer("olivia"), test)
    assert [(z.number, z.count, z.first_at, z.last_at) for z in report.heard] == [
        ("3", 2, NOON + timedelta(minutes=1), NOON + timedelta(minutes=1, seconds=1))
    ]
    assert [z.name for z in report.silent] == ["hall"]
    assert [(u.address, u.code, u.fate) for u in report.unexpected] == [
        ("099", "BA", "on_test"),
        ("000", "YT", "in_case"),
    ]
    assert (report.total, report.outside) == (3, 1)
    assert from_json(as_json(report)) == report


def test_a_zone_has_not_reported_by_an_opened_housing_or_a_restoral(cast: Cast, words: None) -> None:
    test = start(cast)
    for seconds, sent in enumerate([Sent(code="TA"), Sent(code="BR"), Sent(code="BA", zone="004")]):
        journal(replace(sent, at=NOON + timedelta(minutes=1, seconds=seconds)))
    treat()
    report = report_of(cast.viewer("olivia"), test)
    assert ([z.name for z in report.heard], [z.name for z in report.silent]) == (["hall"], ["front door"])


def test_a_written_report_stays_whatever_becomes_of_the_zones(cast: Cast, words: None) -> None:
    test = start(cast, zone_ids=[zone("4").pk])
    clock(NOON + 2 * HOUR)
    clock(NOON + 2 * HOUR + timedelta(seconds=5))
    zone("4").delete()
    page = page_of_test(cast.viewer("olivia"), test.pk)
    assert page is not None
    assert [z.name for z in page.report.silent] == ["hall"]
    assert (page.line.zones, page.line.by_zones) == ((), True)


def test_a_test_whose_zones_were_deleted_covers_none_and_not_the_whole_site(cast: Cast, words: None) -> None:
    start(cast, zone_ids=[zone("4").pk])
    zone("4").delete()
    signal_id = journal(Sent(at=NOON + HOUR))
    treat()
    assert Treatment.objects.get(pk=signal_id).fate == Fate.IN_CASE


def test_a_report_waits_for_signals_that_are_not_treated_but_not_for_ever(cast: Cast, words: None) -> None:
    start(cast)
    journal(Sent(at=NOON + HOUR))
    clock(NOON + 2 * HOUR)
    assert [clock(NOON + 2 * HOUR + timedelta(seconds=s)) for s in (10, 299, 300)] == [0, 0, 1]


def test_areas_are_compared_as_numbers(cast: Cast, words: None) -> None:
    Zone.objects.filter(pk=zone("3").pk).update(area="2")
    test = start(cast, areas=["02"])
    signal_id = journal(Sent(at=NOON + HOUR, area="02"))
    journal(Sent(at=NOON + HOUR, area="1"))
    treat()
    report = report_of(cast.viewer("olivia"), test)
    assert ([z.number for z in report.heard], report.total) == (["3"], 1)
    assert Treatment.objects.get(pk=signal_id).fate == Fate.ON_TEST

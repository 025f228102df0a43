"""The order of the queue, and who gets what from it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents import intake
from lianjing.domain.incidents.actions import dispose_incident, release_incident, take_incident, verify_incident
from lianjing.domain.incidents.escalating import rank_key_sites
from lianjing.domain.incidents.models import DeskSettings, Incident
from lianjing.domain.incidents.moving import Refused
from lianjing.domain.incidents.next_case import take_next_incident
from lianjing.domain.incidents.queries import queue
from lianjing.domain.people.duties import sign_on_duty
from lianjing.domain.people.models import DeskProfile, Duty, Membership
from lianjing.domain.records.models import Record
from lianjing.terms.roles import Role
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm, journal, make_site, treat

SECOND = timedelta(seconds=1)


def next_for(cast: Cast, name: str, at: datetime = NOON) -> Incident | None:
    return take_next_incident(by=cast.viewer(name), at=at)


# Order


def test_level_comes_first_then_the_unacknowledged_then_key_sites_then_age(cast: Cast) -> None:
    cast.bank.is_key_site = True
    cast.bank.save()
    make_site(cast.company, "Old Mill", "1003")
    early = alarm(Sent(account="1003", at=NOON - timedelta(minutes=9)))
    late = alarm(Sent(account="1001"))
    key = alarm(Sent(account="1002"))
    make_site(cast.company, "Vault", "1004")
    seen = alarm(Sent(account="1004", at=NOON - timedelta(hours=1)))
    Incident.objects.filter(pk=seen.pk).update(acknowledged=True, key_site=True)
    fire = alarm(Sent(account="1001", code="FA"))
    rows = queue(cast.viewer("olivia"))
    assert [row.id for row in rows] == [fire.pk, key.pk, early.pk, late.pk, seen.pk]
    assert sorted(rows, key=lambda row: row.sort_key) == rows
    assert [queue(cast.viewer("olivia"), after=row, limit=1) for row in rows] == [[row] for row in rows[1:]] + [[]]


def test_a_site_that_becomes_a_key_site_moves_its_open_cases(cast: Cast) -> None:
    first, second = alarm(Sent(account="1001")), alarm(Sent(account="1002"))
    assert rank_key_sites(by=SYSTEM, at=NOON) == 0
    cast.bank.is_key_site = True
    cast.bank.save()
    assert rank_key_sites(by=SYSTEM, at=NOON) == 1
    assert [row.id for row in queue(cast.viewer("olivia"))] == [second.pk, first.pk]


# Next


def test_next_gives_the_most_urgent_free_case_and_signs_on(cast: Cast) -> None:
    intrusion, hold_up = alarm(), alarm(Sent(account="1002", code="HA"))
    alarm(Sent(account="2001", code="HA"))
    assert next_for(cast, "olivia") == hold_up
    assert next_for(cast, "oscar") == intrusion
    assert next_for(cast, "oscar") is None
    assert list(Duty.objects.order_by("pk").values_list("user__username", "until")) == [
        ("olivia", None),
        ("oscar", None),
    ]


def test_pressing_next_on_an_empty_queue_signs_on_too(cast: Cast) -> None:
    assert next_for(cast, "olivia") is None
    assert Duty.objects.get().company == cast.company


@pytest.mark.parametrize("name", ["mia", "gus", "polly"])
def test_next_is_for_the_desk(cast: Cast, name: str) -> None:
    alarm()
    with pytest.raises(Forbidden):
        next_for(cast, name)


def test_whoever_may_not_stand_duty_any_more_gets_nothing(cast: Cast) -> None:
    case, olivia = alarm(), cast.viewer("olivia")
    Membership.objects.filter(user=cast.users["olivia"]).delete()
    with pytest.raises(Refused, match="只有本单位在职的值守员和班长能值班"):
        take_next_incident(by=olivia, at=NOON)
    with pytest.raises(Refused):
        take_incident(case.pk, by=olivia, at=NOON)
    assert Incident.objects.get().holder is None


def test_an_administrator_takes_a_case_without_standing_duty(cast: Cast) -> None:
    assert take_incident(alarm(Sent(account="9999")).pk, by=cast.viewer("ada"), at=NOON).holder == cast.users["ada"]
    assert Duty.objects.count() == 0


def test_the_load_limit_counts_open_cases_that_are_not_on_hold(cast: Cast) -> None:
    sites = [make_site(cast.company, f"Site {n}", f"11{n:02d}") for n in range(4)]
    for site in sites:
        alarm(Sent(account=site.panels.get().account))
    DeskSettings.objects.create(company=cast.company, load_limit=2)
    given = [next_for(cast, "olivia") for _ in range(3)]
    assert [case is not None for case in given] == [True, True, False]
    Incident.objects.filter(pk=given[0].pk).update(held_until=NOON + timedelta(hours=1), queue_level=9)
    assert next_for(cast, "olivia") is not None
    DeskProfile.objects.create(user=cast.users["olivia"], company=cast.company, load_limit=3)
    assert next_for(cast, "olivia") is not None


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({}, "fire"),
        ({"skills": ["intrusion"]}, "intrusion"),
        ({"skills": ["medical"]}, None),
        ({"regions": ["3101"]}, "intrusion"),
        ({"regions": ["3101", "32"]}, "fire"),
        ({"regions": ["11"]}, None),
    ],
)
def test_next_keeps_to_the_classes_and_regions_of_a_person(
    cast: Cast, profile: dict[str, list[str]], expected: str | None
) -> None:
    for site, division in ((cast.shop, "310101"), (cast.bank, "320500")):
        site.division = division
        site.save()
    cases = {"intrusion": alarm(Sent(account="1001")), "fire": alarm(Sent(account="1002", code="FA"))}
    DeskProfile.objects.create(user=cast.users["olivia"], company=cast.company, **profile)
    assert next_for(cast, "olivia") == (cases[expected] if expected else None)


# One site, one person


def test_open_cases_of_a_site_are_reserved_for_who_has_one_of_them(cast: Cast) -> None:
    intrusion, tamper = alarm(), alarm(Sent(code="TA"))
    take_incident(intrusion.pk, by=cast.viewer("olivia"), at=NOON)
    assert next_for(cast, "oscar") is None
    with pytest.raises(Refused, match="本场所另有警情由 Olivia 处理"):
        take_incident(tamper.pk, by=cast.viewer("oscar"), at=NOON)
    assert next_for(cast, "olivia") == tamper


def test_a_fire_without_a_reaction_is_anybodys_after_fifteen_seconds(cast: Cast) -> None:
    take_incident(alarm().pk, by=cast.viewer("olivia"), at=NOON)
    fire = alarm(Sent(code="FA"))
    assert next_for(cast, "oscar", fire.attention_at + 14 * SECOND) is None
    assert next_for(cast, "oscar", fire.attention_at + 15 * SECOND) == fire


def test_a_hold_up_whose_holder_does_not_look_at_a_new_alarm_may_be_taken_from_him(cast: Cast) -> None:
    case = alarm(Sent(code="HA"))
    take_incident(case.pk, by=cast.viewer("olivia"), at=NOON + SECOND)
    again = NOON + 60 * SECOND
    alarm(Sent(code="HA", zone="004", at=again))
    with pytest.raises(Refused, match="Olivia 正在处理此警情"):
        take_incident(case.pk, by=cast.viewer("oscar"), at=again + 14 * SECOND)
    assert take_incident(case.pk, by=cast.viewer("oscar"), at=again + 15 * SECOND).holder == cast.users["oscar"]
    record = Record.objects.filter(action="incident.taken").latest("pk")
    assert (record.before, record.after["holder"]) == ({"holder": "Olivia"}, "Oscar")


def test_what_comes_back_to_the_queue_waits_anew(cast: Cast) -> None:
    case, later = alarm(), NOON + timedelta(minutes=5)
    take_incident(case.pk, by=cast.viewer("olivia"), at=NOON)
    back = release_incident(case.pk, by=cast.viewer("olivia"), at=later)
    assert (back.holder, back.state, back.acknowledged, back.attention_at) == (None, "open", False, later)
    assert back.escalate_at == later + 60 * SECOND


# At once


def together(*acts: Callable[[], object]) -> list[object]:
    """What comes of acts that begin at the same moment, each in a thread with a connection of its own."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(30) for each in [pool.submit(run, act) for act in acts]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("clean_journal")
def test_two_who_press_next_at_once_never_get_the_same_case(transactional_db: None) -> None:
    cast = Cast()
    sites = [make_site(cast.company, f"Site {n}", f"11{n:02d}") for n in range(8)]
    for site in sites:
        alarm(Sent(account=site.panels.get().account))
    viewers = [cast.viewer(name) for name in ("olivia", "oscar", "leo")]
    for _ in range(2):
        given = together(*(lambda v=viewer: take_next_incident(by=v, at=timezone.now()) for viewer in viewers))
        assert len({case.pk for case in given}) == 3
    held = Incident.objects.exclude(holder=None).values_list("pk", "holder_id")
    assert len(held) == 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("clean_journal")
def test_two_cases_of_one_site_never_go_to_two_people(transactional_db: None) -> None:
    cast = Cast()
    alarm()
    alarm(Sent(code="TA"))
    viewers = [cast.viewer(name) for name in ("olivia", "oscar")]
    together(*(lambda v=viewer: take_next_incident(by=v, at=timezone.now()) for viewer in viewers))
    assert len(set(Incident.objects.exclude(holder=None).values_list("holder_id", flat=True))) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("clean_journal")
def test_one_who_presses_twice_stays_within_his_load(transactional_db: None) -> None:
    cast = Cast()
    DeskSettings.objects.create(company=cast.company, load_limit=1)
    alarm()
    alarm(Sent(account="1002"))
    olivia = cast.viewer("olivia")
    given = together(*[lambda: take_next_incident(by=olivia, at=timezone.now())] * 3)
    assert [case is not None for case in given].count(True) == 1
    assert Duty.objects.count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time and no row locks")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("clean_journal")
def test_an_operator_ends_a_case_while_intake_treats_its_site(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = Cast()
    case, olivia = alarm(), cast.viewer("olivia")
    take_incident(case.pk, by=olivia, at=NOON)
    verify_incident(case.pk, how="video", outcome="false", note="", by=olivia, at=NOON)
    journal(Sent(code="TA"))
    claimed, ended, read_scene = Event(), Event(), intake.read_scene

    def paused(*args: Any, **named: Any) -> Any:
        claimed.set()
        assert ended.wait(10), "the operator's act waited for intake"
        return read_scene(*args, **named)

    def end() -> Incident:
        assert claimed.wait(10)
        done = dispose_incident(case.pk, result="human_false", cause="moth", by=olivia, at=NOON)
        ended.set()
        return done

    monkeypatch.setattr(intake, "read_scene", paused)
    assert together(treat, end)[1].state == "disposed"


def test_two_desks_of_two_companies_are_one_duty(cast: Cast) -> None:
    Membership.objects.create(user=cast.users["olivia"], company=cast.other, role=Role.OPERATOR)
    olivia = cast.viewer("olivia")
    sign_on_duty(cast.other.pk, by=olivia, at=NOON)
    case = alarm()
    take_incident(case.pk, by=olivia, at=NOON)
    assert [duty.company for duty in Duty.objects.all()] == [cast.other]

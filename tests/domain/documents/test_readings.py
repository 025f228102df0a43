"""Who has to read what, that he has, and that he is reminded."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.domain.companies.departments import add_department, add_post
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.versions import Span
from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.documents.actions import Wording, change_draft, draft_edition
from lianjing.domain.documents.deciding import call_off_end, recall_edition, return_edition, withdraw_document
from lianjing.domain.documents.distributing import (
    Whom,
    complete_readings,
    confirm_reading,
    distribute_document,
    end_distribution,
)
from lianjing.domain.documents.models import Distribution, Reading
from lianjing.domain.documents.queries import my_counts, my_read, my_reading, my_unread, reading_counts, readings_of
from lianjing.domain.documents.reading_reminders import send_reading_reminders
from lianjing.domain.people.appointments import Appointed, appoint
from lianjing.domain.people.models import StaffFact
from lianjing.domain.records.models import Record
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.documents.written import DAY, TODAY, document, moved_to, owner
from tests.staff import HIRED, put_on_file

EVERYBODY = Whom()


def mia(cast: Cast) -> dict[str, Any]:
    return {"by": cast.viewer("mia"), "at": NOON}


def asked(cast: Cast) -> list[str]:
    rows = Reading.objects.filter(company=cast.company, dropped_at=None).order_by("member__staff_no", "pk")
    return [f"{row.member.staff_no} {row.edition.label}" for row in rows]


def test_whoever_is_asked_reads_and_confirms_what_was_approved(cast: Cast) -> None:
    edition = moved_to(cast, "issued")
    distribute_document(edition.document_id, Whom("001"), 7, **mia(cast))
    olivia = cast.viewer("olivia")
    (mine,) = my_unread(olivia)
    assert (mine.due_on, my_counts(olivia, TODAY), my_counts(olivia, TODAY + 8 * DAY)) == (
        TODAY + 7 * DAY,
        (1, 0),
        (1, 1),
    )
    confirmed = confirm_reading(mine.pk, by=olivia, at=NOON + DAY)
    assert confirm_reading(mine.pk, by=olivia, at=NOON + 2 * DAY).confirmed_at == confirmed.confirmed_at
    assert (my_unread(olivia), [one.pk for one in my_read(olivia)]) == ([], [mine.pk])
    assert confirmed.confirmed_hash == edition.approved_hash
    record = Record.objects.get(action="document.read")
    assert (record.actor_name, record.after["reader"]) == ("Olivia", "001 陈思远")  # type: ignore[index]
    assert Message.objects.filter(topic="document.reading").count() == 1
    assert reading_counts(cast.viewer("mia"), edition.pk, TODAY) == (1, 1, 0)


@pytest.mark.parametrize("name", ["oscar", "mia", "sam", "ada", "polly"])
def test_nobody_confirms_for_another(cast: Cast, name: str) -> None:
    edition = moved_to(cast, "issued")
    distribute_document(edition.document_id, Whom("001"), 7, **mia(cast))
    reading = Reading.objects.get()
    with pytest.raises(Missing):
        confirm_reading(reading.pk, by=cast.viewer(name), at=NOON)
    assert (my_unread(cast.viewer(name)), my_reading(cast.viewer(name), reading.pk)) == ([], None)
    with pytest.raises(Missing):
        confirm_reading(reading.pk, by=SYSTEM, at=NOON)


def test_a_post_a_department_and_everybody_are_told_person_by_person(cast: Cast) -> None:
    edition = moved_to(cast, "issued")
    first, second, third = owner(cast), put_on_file(cast, "002", "王芳"), put_on_file(cast, "003", "李强")
    since = Span(HIRED)
    department = add_department(
        cast.company.pk, {"name": "运行部", "kind": "operation", "parent": None}, since, **mia(cast)
    )
    post = add_post(department.pk, {"title": "值班长"}, since, **mia(cast))
    other = add_post(department.pk, {"title": "值守员"}, since, **mia(cast))
    appoint(post.pk, Appointed(second.staff_no, since), **mia(cast))
    appoint(other.pk, Appointed(third.staff_no, since), **mia(cast))
    by_post = distribute_document(edition.document_id, Whom(post_id=post.pk), 7, **mia(cast))
    assert asked(cast) == ["002 第1版"]
    distribute_document(edition.document_id, Whom(department_id=department.pk), 7, **mia(cast))
    assert asked(cast) == ["002 第1版", "003 第1版"]
    end_distribution(by_post[0].pk, **mia(cast))
    assert asked(cast) == ["002 第1版", "003 第1版"]
    distribute_document(edition.document_id, EVERYBODY, 3, **mia(cast))
    assert asked(cast) == [f"{first.staff_no} 第1版", "002 第1版", "003 第1版"]


def test_a_person_and_a_post_at_once_are_both_given_it(cast: Cast) -> None:
    edition = moved_to(cast, "issued")
    put_on_file(cast, "002", "王芳")
    since = Span(HIRED)
    department = add_department(
        cast.company.pk, {"name": "运行部", "kind": "operation", "parent": None}, since, **mia(cast)
    )
    post = add_post(department.pk, {"title": "值班长"}, since, **mia(cast))
    appoint(post.pk, Appointed("002", since), **mia(cast))
    rows = distribute_document(edition.document_id, Whom("001", post.pk, department.pk), 7, **mia(cast))
    assert [(row.member and row.member.staff_no, row.post, row.department) for row in rows] == [
        ("001", None, None),
        (None, post, None),
        (None, None, department),
    ]
    assert asked(cast) == ["001 第1版", "002 第1版"]
    one = document(cast, "GL-02")
    distribute_document(one.pk, Whom(post_id=post.pk), 7, **mia(cast))
    with pytest.raises(Refused, match="已经发放给这个对象") as refused:
        distribute_document(one.pk, Whom("001", post.pk), 7, **mia(cast))
    assert (refused.value.field, Distribution.objects.filter(document=one).count()) == ("post", 1)


def test_what_is_to_end_is_read_until_its_last_day(cast: Cast) -> None:
    one = moved_to(cast, "issued").document
    distribute_document(one.pk, EVERYBODY, 7, **mia(cast))
    withdraw_document(one.pk, TODAY + 5 * DAY, "不用了", **mia(cast))

    def asked_at(days: int) -> list[str]:
        morning = datetime.fromisoformat("2026-11-22T00:05:00+08:00") + timedelta(days=days)
        send_reading_reminders(cast.company.pk, by=SYSTEM, at=morning)
        return asked(cast)

    assert [asked_at(days) for days in (0, 4, 5)] == [["001 第1版"], ["001 第1版"], []]
    call_off_end(one.pk, "还要用", by=cast.viewer("mia"), at=NOON + 5 * DAY)
    assert asked(cast) == ["001 第1版"]
    withdraw_document(one.pk, TODAY + 5 * DAY, "不用了", by=cast.viewer("mia"), at=NOON + 5 * DAY)
    assert asked(cast) == []


def test_until_another_edition_begins_the_one_in_force_is_to_be_read(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=TODAY - DAY).document
    distribute_document(one.pk, EVERYBODY, 7, **mia(cast))
    draft_edition(one.pk, Wording("第2版", "新"), by=cast.viewer("leo"), at=NOON)
    moved_to(cast, "issued", one, effective_on=TODAY + 2 * DAY)

    def due_at(days: int) -> list[tuple[str, int]]:
        complete_readings(cast.company.pk, by=SYSTEM, at=NOON + days * DAY)
        rows = Reading.objects.filter(dropped_at=None).order_by("pk")
        return [(row.edition.label, (row.due_on - TODAY).days) for row in rows]

    both = [("第1版", 7), ("第2版", 9)]
    assert [due_at(days) for days in (0, 1, 2)] == [both, both, [("第2版", 9)]]


def test_who_confirmed_what_was_changed_afterwards_reads_it_anew(cast: Cast) -> None:
    edition = moved_to(cast, "issued", effective_on=TODAY + DAY)
    distribute_document(edition.document_id, EVERYBODY, 7, **mia(cast))
    confirm_reading(Reading.objects.get().pk, by=cast.viewer("olivia"), at=NOON)
    recall_edition(edition.pk, "日期定错", **mia(cast))
    moved_to(cast, "issued", edition.document, effective_on=TODAY + 2 * DAY)
    assert Reading.objects.get().confirmed_at == NOON
    recall_edition(edition.pk, "有错", **mia(cast))
    return_edition(edition.pk, "有错", **mia(cast))
    change_draft(edition.pk, Wording("第1版", "改过"), by=cast.viewer("leo"), at=NOON)
    moved_to(cast, "issued", edition.document, effective_on=TODAY + 3 * DAY)
    again = Reading.objects.get()
    assert (again.confirmed_at, again.confirmed_hash, again.dropped_at) == (None, "", None)
    assert again.due_on == TODAY + 10 * DAY


def test_when_an_edition_is_recalled_the_one_before_is_to_be_read_as_it_was(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=TODAY - DAY).document
    distribute_document(one.pk, EVERYBODY, 7, **mia(cast))
    Reading.objects.update(reminded_on=TODAY)
    second = draft_edition(one.pk, Wording("第2版", "新"), by=cast.viewer("leo"), at=NOON)
    moved_to(cast, "issued", one, effective_on=TODAY + 9 * DAY)
    assert asked(cast) == ["001 第1版", "001 第2版"]
    recall_edition(second.pk, "日期定错", by=cast.viewer("mia"), at=NOON + 3 * DAY)
    assert asked(cast) == ["001 第1版"]
    kept = Reading.objects.get(dropped_at=None)
    assert (kept.due_on, kept.reminded_on, kept.asked_at) == (TODAY + 7 * DAY, TODAY, NOON)


def test_whoever_is_asked_again_is_asked_as_if_for_the_first_time(cast: Cast) -> None:
    one = moved_to(cast, "issued").document
    (given,) = distribute_document(one.pk, EVERYBODY, 7, **mia(cast))
    Reading.objects.update(reminded_on=TODAY)
    end_distribution(given.pk, **mia(cast))
    later = NOON + 3 * DAY
    distribute_document(one.pk, EVERYBODY, 7, by=cast.viewer("mia"), at=later)
    again = Reading.objects.get(dropped_at=None)
    assert (again.due_on, again.reminded_on, again.asked_at) == (TODAY + 10 * DAY, None, later)


def test_who_comes_later_is_asked_and_who_has_gone_is_not(cast: Cast) -> None:
    edition = moved_to(cast, "issued")
    distribute_document(edition.document_id, EVERYBODY, 7, **mia(cast))
    put_on_file(cast, "002", "王芳")
    assert complete_readings(cast.company.pk, by=SYSTEM, at=NOON) == 1
    StaffFact.objects.filter(member__staff_no="001", kind="employment").update(valid_until=TODAY - DAY)
    assert complete_readings(cast.company.pk, by=SYSTEM, at=NOON) == 0
    assert asked(cast) == ["002 第1版"]
    with CaptureQueriesContext(connection) as queries:
        assert complete_readings(cast.company.pk, by=SYSTEM, at=NOON) == 0
    assert len(queries) == 7


def test_nothing_is_asked_of_a_draft(cast: Cast) -> None:
    one = document(cast)
    distribute_document(one.pk, EVERYBODY, 7, **mia(cast))
    assert asked(cast) == []
    moved_to(cast, "issued", one)
    assert asked(cast) == ["001 第1版"]


@pytest.mark.parametrize(
    ("whom", "days", "field", "sentence"),
    [
        (Whom("X"), 7, "staff_no", "本单位没有工号 X 的人员。"),
        (Whom(post_id=0), 7, "post", "没有这个选项。"),
        (Whom(department_id=0), 7, "department", "没有这个选项。"),
        (EVERYBODY, 0, "days", "请填 1 到 365 天。"),
    ],
)
def test_a_distribution_that_cannot_be_is_refused(cast: Cast, whom: Whom, days: int, field: str, sentence: str) -> None:
    one = document(cast)
    with pytest.raises(Refused) as refused:
        distribute_document(one.pk, whom, days, **mia(cast))
    assert (refused.value.field, str(refused.value)) == (field, sentence)
    distribute_document(one.pk, EVERYBODY, 7, **mia(cast))
    with pytest.raises(Refused, match="已经发放给这个对象"):
        distribute_document(one.pk, EVERYBODY, 9, **mia(cast))


def test_who_has_not_read_is_listed_first(cast: Cast) -> None:
    edition = moved_to(cast, "issued")
    put_on_file(cast, "002", "王芳")
    distribute_document(edition.document_id, EVERYBODY, 7, **mia(cast))
    confirm_reading(my_unread(cast.viewer("olivia"))[0].pk, by=cast.viewer("olivia"), at=NOON)
    told = [(row.member.staff_no, row.confirmed_at is None) for row in readings_of(cast.viewer("mia"), edition.pk)]
    assert told == [("002", True), ("001", False)]
    (last,) = readings_of(cast.viewer("mia"), edition.pk, skip=1, limit=1)
    assert last.member.staff_no == "001"
    assert readings_of(cast.viewer("sam"), edition.pk) == []


def test_reminders_go_out_once_a_few_days_until_it_is_read(cast: Cast, settings: Any) -> None:
    Company.objects.filter(pk=cast.company.pk).update(is_demo=True)
    settings.PUBLIC_URL = "https://alarm.example"
    edition = moved_to(cast, "issued")
    cast.users["olivia"].email = "olivia@example.com"
    cast.users["olivia"].save()
    distribute_document(edition.document_id, EVERYBODY, 7, **mia(cast))

    def sent(days: int, hour: int = 12) -> int:
        at = datetime.fromisoformat(f"2026-11-22T{hour:02d}:00:00+08:00") + timedelta(days=days)
        return send_reading_reminders(cast.company.pk, by=SYSTEM, at=at)

    assert [sent(day) for day in (0, 3, 4, 4, 5, 7, 8)] == [0, 0, 1, 0, 0, 1, 0]
    assert sent(10, hour=7) == 0
    assert sent(10) == 1
    last = Delivery.objects.latest("pk")
    assert (last.purpose, last.subject) == ("reading", "请阅读文件：1 份（2026-12-02）")
    assert last.body.splitlines()[2] == "- 已逾期 3 天（2026-11-29 截止）：GL-01 值守管理制度（第1版）"
    assert last.body.endswith("https://alarm.example/learn/documents/")
    confirm_reading(my_unread(cast.viewer("olivia"))[0].pk, by=cast.viewer("olivia"), at=NOON)
    assert sent(20) == 0

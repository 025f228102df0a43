"""The digest of the work-list by mail: when it is due, to whom, what it says, and never twice."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from lianjing.domain.assessments.due_list import next_assessment_due, supervision_late
from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.documents.distributing import Whom, distribute_document
from lianjing.domain.drills.due_list import retests_due
from lianjing.domain.drills.models import Programme
from lianjing.domain.people.addresses import set_email
from lianjing.domain.people.digest_policy import Rhythm, due_day
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.models import Membership, WorkListSetting
from lianjing.domain.people.work_settings import set_work_list
from lianjing.domain.records.models import Record
from lianjing.domain.reports.work_digest import send_digest
from lianjing.terms.staffing import StaffFactKind as Kind
from lianjing.workers import digests
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.assessments.assessed import assessed, drafted, logged, scored
from tests.domain.documents.written import moved_to as issued
from tests.domain.drills.exercise import DAY, held, line_of, plan_of, planned
from tests.domain.drills.test_improvements import improvement, revise
from tests.domain.facilities import rooms
from tests.domain.facilities.equipped import certified, piece
from tests.domain.findings.found import moved_to, raised
from tests.staff import HIRED, put_on_file

ZONE = ZoneInfo("Asia/Shanghai")
LONG_AGO = datetime(2026, 1, 1, tzinfo=ZONE)
SUNDAY = date(2026, 11, 22)
CONNECTED = override_settings(DELIVERY_MISSING={"email": ""})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


# When


@pytest.mark.parametrize(
    ("every", "now", "due"),
    [
        ("off", at(23, 9), None),
        ("daily", at(22, 7, 59), date(2026, 11, 21)),
        ("daily", at(22, 8), date(2026, 11, 22)),
        ("weekly", at(22, 23), date(2026, 11, 16)),
        ("weekly", at(23, 7, 59), date(2026, 11, 16)),
        ("weekly", at(23, 8), date(2026, 11, 23)),
        ("weekly", at(25, 3), date(2026, 11, 23)),
    ],
)
def test_the_due_day_is_the_latest_whose_hour_has_come(every: str, now: datetime, due: date | None) -> None:
    assert due_day(Rhythm(every, 1, 8, LONG_AGO), now) == due


def test_what_was_sent_is_not_due_again_and_what_was_missed_is_made_up_for_once() -> None:
    sent = Rhythm("daily", 1, 8, LONG_AGO, sent_for=date(2026, 11, 20))
    assert due_day(sent, at(20, 23)) is None
    assert due_day(sent, at(23, 9)) == date(2026, 11, 23)


def test_nothing_is_due_from_before_it_was_asked_for() -> None:
    assert due_day(Rhythm("weekly", 1, 8, at(18, 10)), at(22, 12)) is None
    assert due_day(Rhythm("weekly", 1, 8, at(18, 10)), at(23, 8)) == date(2026, 11, 23)


# To whom, and what


@pytest.fixture
def due(cast: Cast) -> datetime:
    """Mia has an address, a certificate has run out, and a daily digest is due."""
    set_email(cast.users["mia"], "mia@example.cn", by=cast.viewer("mia"), at=NOON)
    set_work_list(cast.company.pk, {"digest": "daily", "hour": 8}, by=cast.viewer("mia"), at=NOON - timedelta(days=2))
    over = NewFact(Kind.HEALTH, "passed", HIRED, date(2026, 11, 1))
    put_on_file(cast, "007", "陈思远", without=(Kind.HEALTH,), more=(over, NewFact(Kind.BAR, "crime")))
    return NOON


def send(cast: Cast, when: datetime) -> int:
    return send_digest(cast.company.pk, by=SYSTEM, at=when)


@CONNECTED
def test_a_manager_with_an_address_is_told_staff_numbers_and_what_is_due(cast: Cast, due: datetime) -> None:
    assert send(cast, due) == 1
    mail = Delivery.objects.get()
    assert (mail.channel, mail.address_shown, mail.purpose, mail.about) == (
        "email",
        "m***@example.cn",
        "work_list",
        f"company:{cast.company.pk}",
    )
    assert mail.subject == "人员与资质待办：2 项（2026-11-22）"
    assert mail.body == (
        "2026-11-22 人员与资质待办，共 2 项。\n\n"
        "已过期（1）\n- 工号 007：健康证明已于 2026-11-01 到期。\n\n"
        "另有 1 项不便在邮件中写明，见待办。"
    )


@CONNECTED
def test_findings_that_are_late_or_nearly_due_are_told_by_their_numbers(cast: Cast, due: datetime) -> None:
    moved_to(cast, "assigned")
    raised(cast, grade="opportunity")
    assert send(cast, due + timedelta(days=11)) == 1
    mail = Delivery.objects.get()
    assert mail.subject == "人员、资质与整改待办：3 项（2026-12-03）"
    assert mail.body.endswith(
        "整改：超期或 7 天内要办（1）\n- R-2026-001 一般不符合 · 待定措施 · 责任人工号 001 · 超期 2 天"
    )


@CONNECTED
def test_documents_to_be_reviewed_and_not_read_in_time_are_told_by_their_numbers(cast: Cast, due: datetime) -> None:
    mia = {"by": cast.viewer("mia"), "at": NOON}
    late = issued(cast, "issued", number="GL-01", effective_on=date(2025, 11, 20))
    issued(cast, "issued", number="GL-02", effective_on=date(2025, 12, 10))
    issued(cast, "issued", number="GL-03")
    distribute_document(late.document_id, Whom(), 7, **mia)  # type: ignore[arg-type]
    assert send(cast, due + timedelta(days=8)) == 1
    mail = Delivery.objects.get()
    assert mail.subject == "人员、资质、文件与整改待办：5 项（2026-11-30）"
    assert mail.body.endswith(
        "受控文件：复审逾期或 30 天内应复审（2）\n"
        "- GL-01 · 责任人工号 001 · 复审逾期 10 天\n"
        "- GL-02 · 责任人工号 001 · 2026-12-10 前复审\n\n"
        "受控文件：逾期未读（1）\n"
        "- GL-01（第1版）：2 人没有按期确认，最早的应在 2026-11-29 前"
    )


@CONNECTED
def test_the_same_day_is_never_sent_twice_whatever_is_started_again(cast: Cast, due: datetime) -> None:
    assert [send(cast, due), send(cast, due), send(cast, due + timedelta(hours=5))] == [1, 0, 0]
    assert send(cast, due + timedelta(days=1)) == 1
    assert [mail.subject[-11:-1] for mail in Delivery.objects.order_by("pk")] == ["2026-11-22", "2026-11-23"]


@CONNECTED
def test_a_failure_in_the_middle_leaves_it_due_and_nothing_queued(
    cast: Cast, due: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> str:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("lianjing.domain.reports.work_digest.digest_text", fail)
        with pytest.raises(RuntimeError):
            send(cast, due)
    assert (Delivery.objects.count(), WorkListSetting.objects.get().digest_for) == (0, None)
    assert send(cast, due) == 1


@CONNECTED
def test_equipment_and_premises_that_are_over_or_soon_to_end_are_told_by_number_and_place(
    cast: Cast, due: datetime
) -> None:
    far = piece(cast, number="E-9", serial="", cycle_months=60, cycle_source="厂家说明书")
    one = piece(cast, warranty_until=SUNDAY + timedelta(days=30), cycle_months=6, cycle_source="厂家说明书")
    certified(cast, one, valid_until=SUNDAY - timedelta(days=1))
    certified(cast, far, valid_until=SUNDAY + timedelta(days=31))
    hall = rooms.centre(cast)
    place = rooms.room(cast, hall)
    rooms.found(cast, hall, "discharge", value="35 min", valid_until=SUNDAY + timedelta(days=9))
    rooms.found(cast, hall, "lightning", valid_until=SUNDAY - timedelta(days=300))
    rooms.measured(cast, place, "23", valid_until=SUNDAY + timedelta(days=2))
    rooms.measured(cast, place, "50", quantity="humidity", unit="%", calibrated_until=date(2026, 1, 1))
    assert send(cast, due) == 1
    letter = Delivery.objects.get()
    assert letter.subject.startswith("人员、资质、装备、文件与整改待办：")
    assert letter.body.split("\n\n")[-3:] == [
        "装备：已过期或 30 天内到期（3）\n- E-001 接警接收机 · 维护 · 2024-07-10 已到期\n"
        "- E-001 接警接收机 · 证书 · 2026-11-21 已到期\n"
        "- E-001 接警接收机 · 保修 · 2026-12-22 到期",
        "场地检测与试验：已过期或 30 天内到期（1）\n- 运营中心 · UPS放电试验 · 2026-12-01 到期",
        "场地测量：已过期或 7 天内到期（2）\n- 机房 · 温度 · 2026-11-24 到期\n"
        "- 机房 · 相对湿度 · 测量时仪器已过校准有效期",
    ]


@CONNECTED
def test_supervision_assessments_drills_and_reviews_that_are_late_or_near_are_in_it(cast: Cast, due: datetime) -> None:
    made = assessed(cast, NOON - 60 * DAY)
    logged(cast, made.departments["技术部"], SUNDAY - timedelta(days=1), NOON)
    logged(cast, made.departments["管理部"], SUNDAY - timedelta(days=12), NOON - 12 * DAY)
    drafted(cast, made, name="三季度考核", sheets_due_on=SUNDAY + timedelta(days=3))
    for number in ("002", "003"):
        put_on_file(cast, number)
    held(cast, NOON - 20 * DAY)
    planned(cast, NOON + 4 * DAY, line_of(Programme.objects.get(), 2))
    assert [one.name for one in supervision_late(SYSTEM, cast.company.pk, SUNDAY)] == ["运行部", "管理部"]
    send(cast, due)
    body = Delivery.objects.get().body
    for said in (
        "监督与考核：超期或 7 天内要办（3）",
        "- 管理部：最近一条日常监督记录 2026-11-10，已超过 3 个工作日。",
        "- 三季度考核：还没有开始评分，评分期限 2026-11-25。",
        "演练与复盘：超期或 7 天内要办（2）",
        "- D-2026-02 演练2：定在 2026-11-26 的演练还没有准备完毕。",
        "- D-2026-01 演练1：演练须在 2026-11-16 前复盘。 ✕ 超期 6 天",
    ):
        assert said in body


def test_another_assessment_is_asked_for_by_the_rhythm_of_the_last_until_somebody_begins_it(cast: Cast) -> None:
    made = assessed(cast)
    scored(cast, made)
    due = date(2027, 1, 30)
    assert next_assessment_due(SYSTEM, cast.company.pk, due - timedelta(days=32)) == []
    near = next_assessment_due(SYSTEM, cast.company.pk, due - timedelta(days=31))
    assert [(one.name, one.due_on, one.is_late(due)) for one in near] == [("三季度考核", due, False)]
    quarter = {"first_on": date(2026, 10, 1), "last_on": date(2026, 12, 31), "sheets_due_on": due}
    drafted(cast, made, name="四季度考核", **quarter, analysis_due_on=due)
    assert next_assessment_due(SYSTEM, cast.company.pk, due) == []


def test_a_revised_plan_that_nobody_has_tried_again_is_due_with_its_finding(cast: Cast) -> None:
    finding, day = improvement(cast), SUNDAY + timedelta(days=5)
    assert retests_due(SYSTEM, cast.company.pk, day, 30) == []
    revise(cast, plan_of(cast).plan_id)
    near = retests_due(SYSTEM, cast.company.pk, day, 30)
    assert [(one.name, one.due_on) for one in near] == [(finding.number, finding.due_on)]
    assert retests_due(SYSTEM, cast.company.pk, day, 3) == []


@CONNECTED
def test_without_an_address_or_anything_to_do_no_mail_goes_out(cast: Cast, due: datetime) -> None:
    set_email(cast.users["mia"], "", by=cast.viewer("mia"), at=NOON)
    assert send(cast, due) == 0
    assert WorkListSetting.objects.get().digest_for is None
    set_email(cast.users["sam"], "sam@example.cn", by=cast.viewer("sam"), at=NOON)
    Membership.objects.filter(user=cast.users["sam"]).update(role="manager")
    set_work_list(cast.other.pk, {"digest": "daily"}, by=cast.viewer("sam"), at=NOON - timedelta(days=2))
    assert send_digest(cast.other.pk, by=SYSTEM, at=due) == 0
    assert (Delivery.objects.count(), WorkListSetting.objects.get(pk=cast.other.pk).digest_for) == (0, SUNDAY)


def test_until_mail_is_connected_it_stays_due(cast: Cast, due: datetime) -> None:
    assert send(cast, due) == 0
    with CONNECTED:
        assert send(cast, due) == 1


@CONNECTED
def test_an_address_that_is_none_keeps_nobody_else_from_his(cast: Cast, due: datetime) -> None:
    Membership.objects.create(user=cast.users["oscar"], company=cast.company, role="manager")
    cast.users["oscar"].email = "oscar at home"
    cast.users["oscar"].save()
    assert send(cast, due) == 1
    assert Delivery.objects.get().address_shown == "m***@example.cn"


@CONNECTED
def test_the_worker_sends_what_is_due_to_every_company_and_one_failure_stops_no_other(
    cast: Cast, due: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = digests.send_digest

    def fails_for_one(company_id: int, **told: object) -> int:
        if company_id == cast.company.pk:
            raise RuntimeError
        return real(company_id, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(digests, "send_digest", fails_for_one)
    assert digests.turn() == 0
    assert set(WorkListSetting.objects.values_list("company_id", flat=True)) == {cast.company.pk, cast.other.pk}
    monkeypatch.setattr(digests, "send_digest", real)
    assert (digests.turn(), digests.turn(), Delivery.objects.count()) == (0, 0, 1)


@CONNECTED
def test_what_was_sent_is_recorded_without_the_address(cast: Cast, due: datetime) -> None:
    send(cast, due)
    record = Record.objects.get(action="delivery.queued")
    assert record.after == {
        "channel": "email",
        "to": "m***@example.cn",
        "purpose": "work_list",
        "about": f"company:{cast.company.pk}",
    }

"""A guard signs on for patrol and off, behind the same gate as the desks."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.dispatch.actions import send_task
from lianjing.domain.dispatch.guard_list import guards_of
from lianjing.domain.dispatch.patrol_duty import start_patrol
from lianjing.domain.incidents.actions import take_incident
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.moving import BadChoice
from lianjing.domain.people.models import Duty, DutyPass
from lianjing.domain.records.models import Record
from lianjing.terms.roles import Role
from tests.cast import Cast, Sent, alarm, make_user
from tests.domain.people.gate_staff import SOUND, on_file
from tests.web.conftest import As


@pytest.fixture
def gus(signed_on: As) -> Client:
    return signed_on("gus")


def start(client: Client, cast: Cast, place: str = "城东") -> int:
    return client.post("/patrol/duty/start/", {"company": cast.company.pk, "place": place}).status_code


def home(client: Client) -> str:
    return client.get("/patrol/").content.decode()


def taken(cast: Cast, code: str = "BA") -> Incident:
    now = timezone.now()
    return take_incident(alarm(Sent(code=code, at=now)).pk, by=cast.viewer("olivia"), at=now)


def test_he_signs_on_for_a_district_and_off(cast: Cast, gus: Client) -> None:
    assert ("未签到巡逻" in home(gus), start(gus, cast)) == (True, 302)
    duty = Duty.objects.get()
    assert (duty.user, duty.post_kind, duty.desk) == (cast.users["gus"], "patrol", "城东")
    assert ("值班中" in home(gus), gus.post("/patrol/duty/end/").status_code) == (True, 302)
    assert Duty.objects.get().until is not None
    assert gus.post("/patrol/duty/end/").status_code == 409


def test_the_gate_refuses_him_with_the_reason_and_a_pass_opens(cast: Cast, gus: Client) -> None:
    on_file(cast, "gus", *SOUND)
    answer = gus.post("/patrol/duty/start/", {"company": cast.company.pk, "place": "城东"})
    shown = answer.content.decode()
    assert (answer.status_code, "没有保安员证。（5.1.4）" in shown, 'value="城东"' in shown) == (409, True, True)
    now = timezone.now()
    DutyPass.objects.create(
        company=cast.company,
        user=cast.users["gus"],
        reason="x",
        given_at=now,
        given_by="Mia",
        until=now + timedelta(hours=1),
    )
    assert (start(gus, cast), "凭放行" in home(gus)) == (302, True)
    DutyPass.objects.update(ended_at=now)
    assert "您已不符合值班条件" in gus.get("/patrol/duty/standing/").content.decode()


def test_nobody_else_patrols_and_no_guard_for_another_company(cast: Cast, gus: Client, signed_on: As) -> None:
    assert [start(signed_on(name), cast) for name in ("olivia", "mia", "sam")] == [403] * 3
    wrong = [gus.post("/patrol/duty/start/", {"company": text}).status_code for text in (cast.other.pk, "", "x")]
    assert wrong == [403] * 3


def test_he_does_not_sign_off_in_the_middle_of_a_task(cast: Cast, gus: Client) -> None:
    start(gus, cast)
    send_task(taken(cast).pk, guard="gus", by=cast.viewer("olivia"), at=timezone.now())
    answer = gus.post("/patrol/duty/end/")
    assert (answer.status_code, "您还有 1 件任务没有结束" in answer.content.decode()) == (409, True)


def test_a_guard_is_no_operator_on_the_board_and_gets_no_cases_offered(cast: Cast, gus: Client, signed_on: As) -> None:
    start(gus, cast)
    assert "在班 0 人" in signed_on("leo").get("/board/").content.decode()
    assert "巡逻" in signed_on("olivia").get("/duty/").content.decode()


def test_the_desk_sees_who_is_on_duty_first_and_why_somebody_is_not_eligible(cast: Cast, signed_on: As) -> None:
    for name in ("gail", "greg"):
        make_user(name, cast.company, Role.GUARD)
    for name in ("olivia", "gail", "greg"):
        on_file(cast, name, *(() if name != "greg" else SOUND))
    now = timezone.now()
    cast.users["gail"] = Duty._meta.get_field("user").related_model.objects.get(username="gail")
    start_patrol(cast.company.pk, place="城西", by=cast.viewer("gail"), at=now)
    lines = guards_of(cast.viewer("olivia"), cast.company.pk, now)
    assert [(line.username, line.on_duty, line.standing.allowed) for line in lines] == [
        ("gail", True, True),
        ("gus", False, False),
        ("greg", False, False),
    ]
    case = taken(cast)
    shown = signed_on("olivia").get(f"/incidents/{case.pk}/").content.decode()
    assert "Gail · 值班中（城西） · 空闲" in shown
    assert "Greg · 空闲 · ▲ 不能值班：没有保安员证。（5.1.4）" in shown


def test_whom_the_gate_refuses_is_not_sent_but_in_a_hold_up_at_once_and_on_record(cast: Cast) -> None:
    on_file(cast, "olivia")
    olivia = {"by": cast.viewer("olivia"), "at": timezone.now()}
    with pytest.raises(BadChoice, match="不能派Gus：此账号没有关联本单位的人员档案") as said:
        send_task(taken(cast, "TA").pk, guard="gus", **olivia)
    assert said.value.field == "guard"
    send_task(taken(cast, "PA").pk, guard="gus", **olivia)
    record = Record.objects.filter(action="incident.task_sent").get()
    assert (record.after or {})["against_gate"] == "此账号没有关联本单位的人员档案。（5.1）"


def test_without_a_gate_guards_are_sent_as_before(cast: Cast) -> None:
    task = send_task(taken(cast, "TA").pk, guard="gus", by=cast.viewer("olivia"), at=timezone.now())
    assert task.state == "assigned"

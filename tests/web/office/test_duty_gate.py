"""The gate's pages: home, refusals, passes, settings, who is on duty now."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.incidents.actions import take_incident
from lianjing.domain.people.duties import DutyRefused, sign_on_duty
from lianjing.domain.people.models import CoverRule, Duty, DutyPass, GateSetting
from lianjing.terms.staffing import PostKind
from tests.cast import Cast, Sent, alarm
from tests.clauses.whole_company import whole_company
from tests.domain.people.gate_staff import SOUND, certificate, end_certificate, on_file, owes, shift
from tests.web.conftest import As

HOUR = timedelta(hours=1)
WHOLE_DAY = {"begins": "00:00", "ends": "00:00"}


@pytest.fixture
def mia(signed_on: As) -> Client:
    return signed_on("mia")


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def refused(cast: Cast, name: str = "olivia") -> None:
    with pytest.raises(DutyRefused):
        sign_on_duty(cast.company.pk, by=cast.viewer(name), at=timezone.now())


def lapsed(cast: Cast) -> Duty:
    """Olivia's duty; her certificate ended meanwhile."""
    member = on_file(cast, "olivia")
    duty = sign_on_duty(cast.company.pk, desk="1 号席", by=cast.viewer("olivia"), at=timezone.now())
    end_certificate(member, timezone.localdate() - timedelta(days=1))
    return duty


def until(hours: float = 8) -> str:
    return f"{timezone.localtime() + hours * HOUR:%Y-%m-%dT%H:%M}"


def give(client: Client, cast: Cast, name: str = "olivia", **form: str) -> int:
    path = f"/office/duty-gate/{cast.company.pk}/{cast.users[name].pk}/"
    return client.post(path, {"reason": "顶班", "until": until(), **form}).status_code


def test_the_managers_home_is_his_and_everybody_else_keeps_the_door(signed_on: As, mia: Client) -> None:
    assert "总览" in page(mia, "/office/")
    for name in ("olivia", "leo", "polly"):
        assert signed_on(name).get("/office/")["Location"] == "/office/sites/"


def test_the_home_counts_what_is_to_be_done_and_says_that_there_is_no_gate(cast: Cast, mia: Client) -> None:
    shown = page(mia, "/office/")
    assert "Harbour Alarm还没有人员档案" in shown
    member = on_file(cast, "olivia", *SOUND, certificate(timezone.localdate() + timedelta(days=20)))
    owes(member, timezone.localdate() - timedelta(days=1))
    CoverRule.objects.create(
        company=cast.company, post_kind="watch", place="1 号席", weekdays=[*range(1, 8)], at_least=1, **WHOLE_DAY
    )
    refused(cast)
    shown = page(mia, "/office/")
    assert "Harbour Alarm还没有人员档案" not in shown
    for said in (
        "已过期 0 · 7 天内 0 · 30 天内 1 · ",
        "1 人逾期未完成，共 1 门",
        "14 天内 14 天人数不足",
        "24 小时内：Olivia",
        "没有设置管理部门。没有设置技术部门。没有设置运行维护部门。",
        "没有设置关键岗位。",
        "没有登记有效的保安服务许可证（4.2）。",
    ):
        assert said in shown


def test_what_nobody_planned_or_asked_for_is_not_called_complete(cast: Cast, mia: Client) -> None:
    said = ("14 天内没有排班，也没有规定最低在岗人数。", "没有规定最低在岗人数，算不出缺员。", "14 天内没有缺人的班。")
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=3)
    told = [[one in page(mia, "/office/") for one in said]]
    member = on_file(cast, "olivia")
    for day in (midnight, midnight + timedelta(days=7)):
        shift(member, day, day + 24 * HOUR)
    told.append([one in page(mia, "/office/") for one in said])
    weekdays = [midnight.isoweekday()]
    CoverRule.objects.create(
        company=cast.company, post_kind="watch", place="1 号席", weekdays=weekdays, at_least=1, **WHOLE_DAY
    )
    told.append([one in page(mia, "/office/") for one in said])
    assert told == [[True, False, False], [False, True, False], [False, False, True]]


def test_each_line_of_the_home_leads_to_the_page_that_shows_what_it_counts(cast: Cast, mia: Client) -> None:
    today = timezone.localdate()
    member = on_file(cast, "olivia", *SOUND, certificate(today + timedelta(days=20)))
    owes(member, today - timedelta(days=1))
    CoverRule.objects.create(
        company=cast.company, post_kind="watch", place="1 号席", weekdays=[*range(1, 8)], at_least=1, **WHOLE_DAY
    )
    CompanyFact.objects.create(
        company=cast.company, kind="insurance", valid_until=today, recorded_at=timezone.now(), recorded_by="Mia"
    )
    shown, of = page(mia, "/office/"), cast.company.pk
    for href, told in {
        "/office/worklist/?tab=30": "保安员证",
        "/office/worklist/?kind=company&amp;tab=7": "到期",
        "/office/training/progress/?standing=overdue": "Olivia",
        f"/office/roster/?company={of}&amp;by=places&amp;on={today}": "1 号席",
        f"/office/company/?company={of}": "没有登记保安服务许可证",
        f"/office/departments/?company={of}": "没有设置关键岗位",
        "/office/on-duty/": "在岗",
    }.items():
        assert f'href="{href}"' in shown
        assert told in page(mia, href.replace("&amp;", "&"))


def test_the_home_takes_the_same_queries_for_one_person_and_for_three(cast: Cast, mia: Client) -> None:
    asked = []
    for names in (["olivia"], ["oscar", "leo"]):
        for name in names:
            owes(on_file(cast, name), timezone.localdate() - timedelta(days=1))
        page(mia, "/office/")
        with CaptureQueriesContext(connection) as queries:
            page(mia, "/office/")
        asked.append(len(queries))
    assert asked == [50, 50]


def test_the_home_tells_after_it_is_there_which_clause_turns_next(cast: Cast, signed_on: As, mia: Client) -> None:
    whole_company(cast)
    ends = timezone.localdate() + timedelta(days=9)
    CompanyFact.objects.filter(kind="guard_licence").update(valid_until=ends)
    shown = page(mia, "/office/")
    assert ('hx-get="/office/ahead/"' in shown, "条款将变" in shown) == (True, False)
    told = page(mia, "/office/ahead/")
    assert f"{ends + timedelta(days=1)} 起 4.1" in told
    assert f'href="/office/clauses/ahead/?company={cast.company.pk}"' in told
    assert signed_on("sam").get("/office/ahead/").status_code == 403


def test_nothing_of_another_company_stands_on_the_home(cast: Cast, signed_on: As, mia: Client) -> None:
    lapsed(cast)
    refused(cast, "oscar")
    cast.users["sam"].memberships.update(role="manager")
    shown = page(signed_on("sam"), "/office/") + page(signed_on("sam"), "/office/duty-gate/")
    assert [name for name in ("Olivia", "Oscar", "Harbour Alarm") if name in shown] == []
    assert "正在值班：Olivia" in page(mia, "/office/")


def test_a_refusal_is_passed_from_the_list_and_he_signs_on(cast: Cast, signed_on: As, mia: Client) -> None:
    on_file(cast, "olivia", *SOUND)
    olivia = signed_on("olivia")
    answer = olivia.post("/duty/", {"desk": "1 号席", "company": cast.company.pk})
    assert (answer.status_code, "没有保安员证。（5.1.4）" in answer.content.decode()) == (409, True)
    path = f"/office/duty-gate/{cast.company.pk}/{cast.users['olivia'].pk}/"
    assert path in page(mia, "/office/duty-gate/")
    assert "没有保安员证。（5.1.4）" in page(mia, path)
    assert give(mia, cast) == 302
    assert "已放行 Olivia" in page(mia, "/office/duty-gate/")
    assert olivia.post("/duty/", {"desk": "1 号席", "company": cast.company.pk}).status_code == 302
    assert "凭放行" in page(olivia, "/duty/standing/")
    assert "凭放行" in page(olivia, "/duty/")
    assert "凭放行" in page(signed_on("leo"), "/board/")
    given = DutyPass.objects.get()
    assert mia.post(f"/office/duty-gate/passes/{given.pk}/end/").status_code == 302
    assert "您已不符合值班条件" in page(olivia, "/duty/standing/")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"reason": ""}, "请填写。"),
        ({"until": ""}, "请填写。"),
        ({"until": "tomorrow"}, "时间请写成"),
        ({"until": "2020-01-01T00:00"}, "放行须到以后的时间为止。"),
        ({"until": until(25)}, "一次最多放行 24 小时。"),
    ],
)
def test_a_pass_that_cannot_be_says_why_beside_the_field_and_keeps_the_rest(
    cast: Cast, mia: Client, form: dict[str, str], said: str
) -> None:
    on_file(cast, "olivia", *SOUND)
    path = f"/office/duty-gate/{cast.company.pk}/{cast.users['olivia'].pk}/"
    answer = mia.post(path, {"reason": "顶班的人", "until": until(), **form})
    shown = answer.content.decode()
    assert (answer.status_code, said in shown, DutyPass.objects.count()) == (422, True, 0)
    assert form.get("reason") == "" or "顶班的人" in shown


def test_only_the_companys_manager_gives_and_ends_passes(cast: Cast, signed_on: As, mia: Client) -> None:
    on_file(cast, "olivia", *SOUND)
    assert [give(signed_on(name), cast) for name in ("leo", "olivia", "gus", "sam")] == [403] * 4
    assert give(mia, cast, "sam") == 404
    assert give(mia, cast) == 302
    cast.users["sam"].memberships.update(role="manager")
    sam = signed_on("sam")
    assert sam.post(f"/office/duty-gate/passes/{DutyPass.objects.get().pk}/end/").status_code == 404
    assert give(sam, cast) == 404


def test_the_gates_page_is_the_leaders_to_look_at_and_no_operators(cast: Cast, signed_on: As) -> None:
    lapsed(cast)
    shown = page(signed_on("leo"), "/office/duty-gate/")
    assert ("保安员证已于" in shown, "换下" in shown, "24 小时内" in shown) == (True, True, False)
    for name in ("olivia", "gus", "polly"):
        page(signed_on(name), "/office/duty-gate/", 403)


def test_who_has_lapsed_is_told_so_and_marked_for_others_without_the_reason_for_colleagues(
    cast: Cast, signed_on: As
) -> None:
    on_file(cast, "oscar")
    lapsed(cast)
    assert "保安员证已于" in page(signed_on("olivia"), "/duty/standing/")
    assert page(signed_on("oscar"), "/duty/standing/").strip() == ""
    shown = page(signed_on("oscar"), "/duty/")
    assert ("不符合值班条件" in shown, "保安员证已于" in shown) == (True, False)
    assert "保安员证已于" in page(signed_on("leo"), "/board/")


def test_a_leader_relieves_somebody_but_not_in_the_middle_of_a_case(cast: Cast, signed_on: As) -> None:
    duty, leo = lapsed(cast), signed_on("leo")
    case = take_incident(alarm(Sent(at=timezone.now())).pk, by=cast.viewer("olivia"), at=timezone.now())
    path = f"/office/on-duty/{duty.pk}/end/"
    assert leo.post(path, {"reason": ""}).status_code == 422
    assert leo.post(path, {"reason": "证件到期"}).status_code == 302
    assert f"Olivia 名下还有警情 #{case.pk}" in page(leo, "/office/on-duty/")
    assert Duty.objects.get(pk=duty.pk).until is None
    case.holder = None
    case.save()
    assert leo.post(path, {"reason": "证件到期"}).status_code == 302
    assert Duty.objects.get(pk=duty.pk).until is not None
    assert [signed_on(name).post(path, {"reason": "x"}).status_code for name in ("olivia", "sam")] == [403, 404]


def test_who_is_on_duty_stands_against_the_roster(cast: Cast, signed_on: As) -> None:
    now = timezone.now()
    members = {name: on_file(cast, name) for name in ("olivia", "oscar", "leo", "gus")}
    for name, place in (("olivia", "1 号席"), ("oscar", "2 号席")):
        shift(members[name], now - HOUR, now + 7 * HOUR, place)
    shift(members["gus"], now - HOUR, now + 7 * HOUR, "城东", PostKind.PATROL)
    sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=now)
    DutyPass.objects.create(
        company=cast.company, user=cast.users["leo"], reason="x", given_at=now, given_by="Mia", until=now + HOUR
    )
    sign_on_duty(cast.company.pk, desk="3 号席", by=cast.viewer("leo"), at=now)
    shown = page(signed_on("olivia"), "/office/on-duty/")
    assert "应到 3 · 在岗 2 · 未到 2 · 没有排班 1" in shown
    for place in ("1 号席", "2 号席", "3 号席", "城东"):
        assert place in shown
    assert "应到 0 · 在岗 0" in page(signed_on("sam"), "/office/on-duty/")
    page(signed_on("gus"), "/office/on-duty/", 403)


def test_home_head_and_rows_count_the_same_in_a_company_without_a_roster(cast: Cast, mia: Client) -> None:
    on_file(cast, "olivia")
    sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=timezone.now())
    told = "应到 0 · 在岗 1 · 未到 0 · 没有排班 0"
    duty = page(mia, "/office/on-duty/")
    assert (told in page(mia, "/office/"), told in duty, duty.count("✓ 已签到")) == (True, True, 1)
    assert duty.count("应到 0 · 在岗 1") == 2


def test_the_settings_are_saved_refused_beside_the_field_and_not_there_without_people(cast: Cast, mia: Client) -> None:
    path = f"/office/duty-gate/settings/?company={cast.company.pk}"
    assert "还没有人员档案" in page(mia, path)
    on_file(cast, "olivia")
    form = {"asks_eligibility": "on", "asks_roster": "on", "early_minutes": "15", "late_minutes": "45"}
    assert mia.post(path, form).status_code == 302
    row = GateSetting.objects.get()
    assert (row.asks_eligibility, row.asks_training, row.asks_roster, row.early_minutes) == (True, False, True, 15)
    answer = mia.post(path, form | {"early_minutes": "500"})
    assert (answer.status_code, "须在 0 至 240 分钟之间。" in answer.content.decode()) == (422, True)


def test_the_settings_are_no_leaders_and_no_strangers(cast: Cast, signed_on: As) -> None:
    page(signed_on("leo"), "/office/duty-gate/settings/", 403)
    cast.users["sam"].memberships.update(role="manager")
    page(signed_on("sam"), f"/office/duty-gate/settings/?company={cast.company.pk}", 404)

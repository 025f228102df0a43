"""The desk of the police: the companies of the area, their registers, their closed cases, and no others."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from openpyxl import load_workbook

from lianjing.domain.incidents.models import Incident
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Sent, alarm
from tests.clauses.whole_company import whole_company
from tests.house.test_doors import doors, fill, operations
from tests.staff import put_on_file
from tests.web.police.conftest import Area

OWN = {"police:verification", "account_logout", "account_change_password", "account_reauthenticate", "account_login"}
OWN |= {"account_signup", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"}
OWN |= {"mfa_generate_recovery_codes", "set_language", "customer:confirm", "customer:answer"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def closed(**more: Any) -> Incident:
    case = alarm(Sent(**more))
    Incident.objects.filter(pk=case.pk).update(
        state="closed", disposition="false_alarm", closed_at=NOON, joinable=False
    )
    return case


def test_he_signs_on_to_the_companies_of_his_area(area: Area) -> None:
    answer = area.browser.get("/", follow=True)
    assert answer.redirect_chain == [("/police/", 302)]
    page = text(answer)
    assert ("Harbour Alarm" in page, "Hill Alarm" in page) == (True, False)
    assert "浙江省绍兴市越城区" in page


def test_an_area_without_a_company_says_so(area: Area) -> None:
    type(area.cast.company).objects.update(area="")
    page = area.browser.get("/police/")
    assert page.status_code == 200
    assert "浙江省绍兴市还没有登记从业单位" in text(page)
    assert area.browser.get("/office/clauses/").status_code == 403


def test_a_line_tells_verdicts_licence_customers_margins_and_cases(area: Area) -> None:
    whole_company(area.cast)
    alarm()
    page = text(area.browser.get("/police/"))
    assert "✕ 没有登记" not in page
    assert "巡逻" in page
    assert "&amp;verdict=not_met" in page or "&amp;verdict=insufficient" in page


def test_who_is_police_of_one_company_and_manager_of_another_keeps_his_desk(area: Area) -> None:
    from lianjing.domain.people.models import Membership

    Membership.objects.create(user=area.shen, company=area.cast.other, role="leader")
    assert area.browser.get("/").status_code == 200


def test_a_company_of_another_area_is_nowhere(area: Area) -> None:
    other = area.cast.other.pk
    mill = alarm(Sent(account="2001"))
    put_on_file(area.cast, "900", "Mill Guard", company_id=other, by=area.cast.viewer("ada"))
    for path in (
        f"/police/companies/{other}/",
        f"/police/companies/{other}/people/",
        f"/police/companies/{other}/people/excel/",
        f"/police/companies/{other}/certificates/",
        f"/police/companies/{other}/certificates/excel/",
        f"/police/companies/{other}/cases/",
        f"/police/companies/{other}/cases/{mill.pk}/",
        f"/police/companies/{area.cast.company.pk}/cases/{mill.pk}/",
        f"/office/clauses/?company={other}",
        f"/office/company/?company={other}",
        f"/office/sites/{area.cast.mill.pk}/",
        f"/incidents/{mill.pk}/",
    ):
        assert area.browser.get(path).status_code == 404, path
    for path in ("/police/?q=Hill", "/incidents/?state=all", "/office/sites/", "/office/customers/", "/signals/"):
        page = area.browser.get(path)
        assert (page.status_code, "Hill Alarm" in text(page), "Hill Mill" in text(page)) == (200, False, False), path


def test_the_api_answers_for_the_area_only(area: Area) -> None:
    from lianjing.domain.people.actions import create_token
    from tests.cast import SYSTEM

    token = create_token(area.shen, label="", by=SYSTEM, at=NOON, source="test")
    alarm(Sent(account="2001"))
    mine = alarm()
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    asked = area.browser.get("/api/v1/incidents", **bearer).json()
    assert [item["id"] for item in asked["items"]] == [mine.pk]
    assert area.browser.get("/api/v1/compliance/clauses?company=harbour", **bearer).status_code == 200
    assert area.browser.get("/api/v1/compliance/clauses?company=hill", **bearer).status_code == 404


def test_the_register_names_people_and_certificates_and_nothing_private(area: Area) -> None:
    put_on_file(area.cast, "001", "陈思远")
    sick = (NewFact(Kind.HEALTH, "failed", NOON.date()),)
    put_on_file(area.cast, "002", "李病", without=(Kind.HEALTH, Kind.GUARD_CERTIFICATE), more=sick)
    page = text(area.browser.get(f"/police/companies/{area.cast.company.pk}/people/"))
    assert "陈思远" in page
    assert "33-1" in page
    assert "另有不便公开的原因" in page
    assert "5.1.4 没有保安员证。" in page
    assert [word for word in ("健康", "330000", "1990", "身份号码：") if word in page.split("<tbody>")[1]] == []


def test_the_evidence_of_a_clause_leads_to_the_line_of_the_register_on_that_day(area: Area) -> None:
    put_on_file(area.cast, "001", "陈思远")
    someone = put_on_file(area.cast, "002", "李一", without=(Kind.GUARD_CERTIFICATE,))
    put_on_file(area.cast, "003", "王二", without=(Kind.GUARD_CERTIFICATE,))
    company, day = area.cast.company.pk, NOON.date()
    page = text(area.browser.get(f"/office/clauses/detail/?company={company}&clause=5.1.4&on={day}"))
    href = f"/police/companies/{company}/people/?person={someone.pk}&on={day}"
    assert f'<a href="{escape(href)}">002 李一' in page
    line = text(area.browser.get(href))
    assert [name for name in ("陈思远", "李一", "王二") if f">{name}<" in line] == ["李一"]
    assert f"按 {day} 的情况列出。" in line
    earlier = text(area.browser.get(f"/police/companies/{company}/people/?on=1999-01-01"))
    assert "没有登记在职人员。" in earlier
    assert "日期请写成" in text(area.browser.get(f"/police/companies/{company}/people/?on=2026-13-01"))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["陈思远", "李一"]),
        ("?q=李", ["李一"]),
        ("?q=33-9", ["李一"]),
        ("?q=002", ["李一"]),
        ("?eligible=no", ["李一"]),
        ("?eligible=yes", ["陈思远"]),
        ("?kind=patrol", []),
        ("?q=nobody", []),
    ],
)
def test_the_register_of_people_is_searched_and_narrowed(area: Area, query: str, names: list[str]) -> None:
    put_on_file(area.cast, "001", "陈思远")
    old = NewFact(
        Kind.GUARD_CERTIFICATE, number="33-9", valid_from=NOON.date().replace(year=2020), valid_until=NOON.date()
    )
    put_on_file(area.cast, "002", "李一", without=(Kind.GUARD_CERTIFICATE,), more=(old,))
    put_on_file(area.cast, "003", "已走", without=(Kind.EMPLOYMENT,))
    page = text(area.browser.get(f"/police/companies/{area.cast.company.pk}/people/{query}"))
    assert [name for name in ("陈思远", "李一", "已走") if f">{name}<" in page] == names


def test_the_workbook_has_the_same_lines_and_is_on_record(area: Area) -> None:
    put_on_file(area.cast, "001", "陈思远")
    company = area.cast.company.pk
    for name, lines in (("people", 2), ("certificates", 2)):
        answer = area.browser.get(f"/police/companies/{company}/{name}/excel/")
        rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
        assert (len(rows), rows[1][0]) == (lines, "陈思远")
    acts = (
        Record.objects.filter(action="register.exported")
        .order_by("id")
        .values_list("actor_name", "company_id", "after")
    )
    assert [(name, pk, told["register"]) for name, pk, told in acts] == [
        ("沈警官", company, "people"),
        ("沈警官", company, "certificates"),
    ]


def test_closed_cases_are_listed_and_an_open_one_is_not_there(area: Area) -> None:
    done, company = closed(), area.cast.company.pk
    still = alarm(Sent(account="1002"))
    page = text(area.browser.get(f"/police/companies/{company}/cases/"))
    assert (f"/cases/{done.pk}/" in page, f"/cases/{still.pk}/" in page) == (True, False)
    assert area.browser.get(f"/police/companies/{company}/cases/{still.pk}/").status_code == 404
    for query, shown in (
        ("since=2026-11-22", True),
        ("until=2026-11-21", False),
        ("grade=4", False),
        ("q=Bank", False),
        ("since=0001-01-01&until=9999-12-31", True),
        ("since=9999-12-31", False),
    ):
        listed = text(area.browser.get(f"/police/companies/{company}/cases/?{query}"))
        assert (f"/cases/{done.pk}/" in listed) is shown, query
    bad = area.browser.get(f"/police/companies/{company}/cases/?since=soon")
    assert (bad.status_code, "日期请写成" in text(bad)) == (422, True)


def test_a_case_shows_its_time_line_and_no_whole_telephone_number(area: Area) -> None:
    case = closed()
    page = text(area.browser.get(f"/police/companies/{area.cast.company.pk}/cases/{case.pk}/"))
    assert "待封存" in page
    assert "Wang" in page
    assert "10012345678" not in page
    assert 'method="post"' not in page.split("<main")[1]


def test_nothing_can_be_changed_by_the_police(area: Area) -> None:
    """Every door that takes a form: refused, or not there; but for what is his own."""
    case = closed()
    found = {}
    for name, path, view in doors():
        if name not in OWN and view.permission != "public":
            status = area.browser.post(fill(path, case.pk)).status_code
            if status not in (403, 404, 405):
                found[name] = status
    assert found == {}


def test_no_call_of_the_api_changes_anything_for_the_police(area: Area) -> None:
    from lianjing.domain.people.actions import create_token
    from tests.cast import SYSTEM

    token = create_token(area.shen, label="", by=SYSTEM, at=NOON, source="test")
    case, client = alarm(), Client()
    found = {}
    for method, path, _function in operations():
        if method != "GET":
            url = fill(path.lstrip("/"), case.pk)
            answer = client.generic(method, url, b"{}", "application/json", HTTP_AUTHORIZATION=f"Bearer {token}")
            if answer.status_code not in (403, 404, 422):
                found[path] = answer.status_code
    assert found == {}
    assert Incident.objects.get(pk=case.pk).state == "open"

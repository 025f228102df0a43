"""The company's licences in the office: the page for any day, forms, papers, and who gets in."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lianjing.domain.companies.fact_policy import NewCompanyFact
from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.companies.recording import record_company_fact, retract_company_fact
from lianjing.terms.roles import Role
from lianjing.terms.staffing import CompanyFactKind as Kind
from lianjing.web.office.menu import SECTIONS
from tests.cast import NOON, Cast, make_user
from tests.domain.companies.test_company_facts import BRANCH, BUSINESS, LICENCE, PDF
from tests.web.conftest import As

TYPED = {
    "number": "浙公保服20240001号",
    "scope": ["technical", "patrol"],
    "issuer": "浙江省公安厅",
    "valid_from": "2024-01-10",
    "valid_until": "2034-01-09",
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def record(cast: Cast, *facts: NewCompanyFact) -> list[CompanyFact]:
    return [record_company_fact(cast.company.pk, fact, by=cast.viewer("mia"), at=NOON) for fact in facts]


def new(cast: Cast, kind: str) -> str:
    return f"/office/company/{cast.company.pk}/new/?kind={kind}"


def scan(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("licence.pdf", content)


def test_an_empty_page_says_what_is_missing_and_leads_there(cast: Cast, signed_on: As) -> None:
    page = text(signed_on("mia").get("/office/company/"))
    said = re.findall(r'tone-bad">✕ 缺少</span> ([^<]+) <', page)
    assert said[:5] == [
        "没有登记保安服务许可证。",
        "没有登记营业执照。",
        "没有登记法定代表人。",
        "没有登记主要管理人员。",
        "没有登记保安服务管理制度。",
    ]
    assert f'class="button go" href="{new(cast, "guard_licence")}"' in page


def test_a_licence_is_recorded_with_its_scan_and_stands_first(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    assert 'name="scope"' in text(mia.get(new(cast, "guard_licence")))
    page = text(mia.post(new(cast, "guard_licence"), {**TYPED, "scan": scan()}, follow=True))
    assert "已登记：保安服务许可证。" in page
    first = page.split('<section class="leaf" id=')[1]
    wanted = (
        "浙公保服20240001号",
        "巡逻、安全技术防范",
        "浙江省公安厅",
        "保安服务许可证有效，至 2034-01-09。",
        "✓ 符合",
    )
    assert [words for words in wanted if words not in first] == []
    fact = CompanyFact.objects.get()
    assert (fact.details, fact.recorded_by) == ({"scope": ["patrol", "technical"]}, "Mia")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"valid_until": "2024-01-09"}, "到期日期 2024-01-09 早于起始日期 2024-01-10。"),
        ({"valid_until": "soon"}, "日期请写成 2026-11-22 的样子。"),
        ({"number": ""}, "请填写。"),
        ({"scope": []}, "请选择一项。"),
        ({"scope": ["flying"]}, "没有这个选项。"),
        ({"scan": scan(b"MZ\x90")}, "只能是 PDF、PNG 或 JPEG 文件（以内容为准，不看文件名）。"),
        ({"scan": scan(b"%PDF-1.7 cut")}, "PDF 不完整，可能没有传完。"),
        ({"scan": scan(b"")}, "文件是空的。"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_keeps_what_was_typed(
    cast: Cast, signed_on: As, change: dict[str, Any], said: str
) -> None:
    answer = signed_on("mia").post(new(cast, "guard_licence"), {**TYPED, **change})
    page = text(answer)
    assert (answer.status_code, said in page, "浙江省公安厅" in page) == (422, True, True)
    assert CompanyFact.objects.count() == 0


def test_a_company_with_little_capital_and_a_wrong_code(cast: Cast, signed_on: As) -> None:
    mia, typed = signed_on("mia"), {"number": "91350100M000100Y44", "capital": "999999", "registered_on": "2024-03-01"}
    assert "校验位不对" in text(mia.post(new(cast, "business_licence"), typed))
    page = text(mia.post(new(cast, "business_licence"), {**typed, "number": "91350100M000100Y43"}, follow=True))
    assert "注册资本 999,999 元，低于 1,000,000 元。" in page


def test_a_wrong_licence_is_corrected_with_a_reason_and_both_are_kept(cast: Cast, signed_on: As) -> None:
    (fact,) = record(cast, LICENCE)
    url, mia = f"/office/company/facts/{fact.pk}/edit/", signed_on("mia")
    assert 'value="浙公保服20240001号"' in text(mia.get(url))
    assert mia.post(url, {**TYPED, "number": "新号"}).status_code == 422
    page = text(mia.post(url, {**TYPED, "number": "新号", "reason": "抄错"}, follow=True))
    assert "已更正，原来的记录留存。" in page
    assert "收回或接续：抄错" in page
    assert mia.get(url).status_code == 404


def test_taking_back_needs_a_reason_and_what_was_known_before_is_still_shown(cast: Cast, signed_on: As) -> None:
    (fact,) = record(cast, LICENCE)
    CompanyFact.objects.update(recorded_at=timezone.now() - timedelta(days=3))
    url, mia = f"/office/company/facts/{fact.pk}/retract/", signed_on("mia")
    assert mia.post(url, {"reason": " "}).status_code == 422
    assert "没有登记保安服务许可证。" in text(mia.post(url, {"reason": "证是别人的"}, follow=True))
    yesterday = timezone.localdate() - timedelta(days=1)
    page = text(mia.get(f"/office/company/?known={yesterday}"))
    assert "没有登记保安服务许可证。" not in page
    assert "登记</a>" not in page


def test_a_branch_shows_its_deadline_and_the_filing_puts_it_in_order(cast: Cast, signed_on: As) -> None:
    (branch,) = record(cast, BRANCH)
    mia = signed_on("mia")
    page = text(mia.get("/office/company/?on=2026-11-24"))
    assert "绍兴分公司：备案期限 2026-11-23 已过 1 天，还没有备案。" in page
    CompanyFact.objects.update(valid_from=timezone.localdate() - timedelta(days=2))
    typed = {"about": branch.pk, "issuer": "绍兴市公安局", "valid_from": timezone.localdate()}
    assert mia.post(new(cast, "filing"), {**typed, "about": 999}).status_code == 422
    after = text(mia.post(new(cast, "filing"), {**typed, "scan": scan()}, follow=True))
    assert ("还没有备案" in after, f"绍兴分公司：{timezone.localdate()} 备案" in after) == (False, True)
    filing = CompanyFact.objects.get(kind="filing")
    assert "selected>分公司：绍兴分公司" in text(mia.get(f"/office/company/facts/{filing.pk}/edit/"))
    assert "它还有 1 条备案" in text(mia.post(f"/office/company/facts/{branch.pk}/retract/", {"reason": "x"}))


def test_the_scan_is_handed_out_as_a_file_that_says_when_it_was_altered(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    mia.post(new(cast, "guard_licence"), {**TYPED, "scan": scan()})
    fact = CompanyFact.objects.get()
    url = f"/office/company/facts/{fact.pk}/scan/"
    answer = signed_on("polly").get(url)
    assert (answer.content, answer["Content-Type"], answer["Content-Security-Policy"]) == (
        PDF,
        "application/pdf",
        "sandbox",
    )
    assert unquote(answer["Content-Disposition"]).endswith("保安服务许可证-浙公保服20240001号.pdf")
    CompanyFact.objects.update(scan_sha256="0" * 64)
    assert "校验值不符-" in unquote(mia.get(url)["Content-Disposition"])
    fact.scan.storage.delete(fact.scan.name)
    assert mia.get(url).status_code == 404


def test_papers_of_those_who_lead_are_not_for_readers(cast: Cast, signed_on: As) -> None:
    typed = {"value": "陈一", "valid_from": "2024-01-10", "scan": scan()}
    signed_on("mia").post(new(cast, "legal_representative"), typed)
    url = f"/office/company/facts/{CompanyFact.objects.get().pk}/scan/"
    assert [signed_on(name).get(url).status_code for name in ("mia", "leo", "polly")] == [200, 404, 404]
    assert "有扫描件" in text(signed_on("polly").get("/office/company/"))


def test_the_years_that_are_asked_are_set_and_only_hinted_at(cast: Cast, signed_on: As) -> None:
    record(cast, NewCompanyFact(Kind.MANAGER, "林二", date(2024, 1, 1), details={"position": "经理", "years": 4}))
    mia, url = signed_on("mia"), f"/office/company/{cast.company.pk}/years/"
    assert "相关工作 4 年，办事指南要求 5 年以上。" in text(mia.get("/office/company/"))
    assert mia.post(url, {"manager_years": "x"}).status_code == 422
    assert mia.post(url, {"manager_years": "99"}).status_code == 422
    page = text(mia.post(url, {"manager_years": "3", "origin": "某省指南"}, follow=True))
    assert ("相关工作 4 年" in page, "某省指南" in page) == (False, True)


def test_who_reads_who_keeps_and_who_is_a_stranger(cast: Cast, signed_on: As) -> None:
    (fact,) = record(cast, LICENCE)
    page, edit = "/office/company/", f"/office/company/facts/{fact.pk}/edit/"
    back, years = f"/office/company/facts/{fact.pk}/retract/", f"/office/company/{cast.company.pk}/years/"
    everybody = ("mia", "ada", "leo", "polly", "olivia", "gus")
    assert {name: signed_on(name).get(page).status_code for name in everybody} == {
        "mia": 200,
        "ada": 200,
        "leo": 200,
        "polly": 200,
        "olivia": 403,
        "gus": 403,
    }
    assert LICENCE.number in text(signed_on("polly").get(page))
    assert "更正" not in re.sub(r"<h2>.*?</h2>", "", text(signed_on("polly").get(page)).split('id="content"')[1])
    for url in (edit, back, years, new(cast, "branch")):
        assert [signed_on(name).get(url).status_code for name in ("leo", "polly")] == [403, 403]
    sam = signed_on("sam")
    assert LICENCE.number not in text(sam.get(page))
    assert sam.get(f"{page}?company={cast.company.pk}").status_code == 404
    assert sam.get(f"/office/company/facts/{fact.pk}/scan/").status_code == 404


def test_a_manager_elsewhere_cannot_record_or_correct(cast: Cast, signed_on: As) -> None:
    (fact,) = record(cast, LICENCE)
    from lianjing.domain.people.models import Membership

    Membership.objects.create(user=cast.users["sam"], company=cast.other, role="manager")
    sam = signed_on("sam")
    assert sam.post(new(cast, "guard_licence"), TYPED).status_code == 404
    for what in ("edit", "retract"):
        assert sam.post(f"/office/company/facts/{fact.pk}/{what}/", {**TYPED, "reason": "x"}).status_code == 404
    assert CompanyFact.objects.filter(retracted_at=None).get() == fact


def test_several_companies_are_chosen_from(cast: Cast, signed_on: As) -> None:
    page = text(signed_on("ada").get(f"/office/company/?company={cast.other.pk}"))
    assert f'<option value="{cast.other.pk}" selected>Hill Alarm</option>' in page
    assert "<select" not in text(signed_on("mia").get("/office/company/")).split("<form")[2]


@pytest.mark.parametrize("asked", ["company=x", "company=0", "company=99999999999999999999"])
def test_a_company_that_is_none_is_not_found(cast: Cast, signed_on: As, asked: str) -> None:
    assert signed_on("mia").get(f"/office/company/?{asked}").status_code == 404


def test_a_day_or_a_kind_that_cannot_be_read(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    assert "日期请写成 2026-11-22 的样子。" in text(mia.get("/office/company/?on=soon&known=never"))
    assert mia.get(f"/office/company/{cast.company.pk}/new/?kind=passport").status_code == 404


@pytest.mark.parametrize("branches", [1, 30])
def test_the_page_takes_the_same_queries_however_much_is_on_file(cast: Cast, signed_on: As, branches: int) -> None:
    made = record(cast, *[replace(BRANCH, value=f"分公司 {number}") for number in range(branches)])
    filings = [
        NewCompanyFact(Kind.FILING, issuer="公安局", valid_from=date(2026, 11, 20), about=one.pk) for one in made
    ]
    record(cast, *filings)
    retract_company_fact(record(cast, BUSINESS)[0].pk, "x", by=cast.viewer("mia"), at=NOON)
    mia = signed_on("mia")
    mia.get("/office/company/")
    with CaptureQueriesContext(connection) as asked:
        page = text(mia.get("/office/company/"))
    assert (page.count("登记备案："), len(asked)) == (branches, 12)


def test_a_fresh_installation_says_on_every_page_of_the_menu_that_it_has_no_company(client: Client, db: None) -> None:
    admin = make_user("root", None, Role.ADMIN)
    client.force_login(admin)
    hrefs = [entry.href for _words, entries in SECTIONS for entry in entries]
    assert {href: client.get(href).status_code for href in hrefs} == dict.fromkeys(hrefs, 200)
    for name in ("company", "departments", "clauses", "roster"):
        assert "lianjing company add" in client.get(reverse(f"office:{name}")).content.decode()

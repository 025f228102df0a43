"""What will change, what if, and the lines beside forms: by today's records, for who may see it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.forecast import Turn
from lianjing.domain.plans.review_list import DueCounts
from lianjing.domain.sites.models import Contract
from lianjing.terms.staffing import StaffFactKind
from lianjing.web.office import home_lines, home_practice
from lianjing.web.office.home_line import Asked
from tests.cast import NOON, Cast
from tests.clauses.whole_company import whole_company
from tests.web.conftest import As


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_page_names_day_clause_cause_and_the_next_action(cast: Cast, signed_on: As) -> None:
    people = whole_company(cast)
    last = timezone.localdate() + timedelta(days=20)
    people[0].facts.filter(kind=StaffFactKind.GUARD_CERTIFICATE.value).update(valid_until=last)
    page = text(signed_on("mia").get("/office/clauses/ahead/"))
    assert f"<b>{last + timedelta(days=1)}</b>" in page
    assert f"保安员证已于 {last} 到期。" in page
    assert f"/office/people/{people[0].pk}/facts/new/?kind=guard_certificate" in page


@pytest.mark.parametrize("page", ["clauses/ahead", "clauses/what-if", "evidence/campaigns", "documents/standards"])
def test_who_has_several_companies_chooses_from_a_list(cast: Cast, signed_on: As, page: str) -> None:
    found = text(signed_on("ada").get(f"/office/{page}/?company={cast.other.pk}"))
    chosen = f'<select name="company" id="company"><option value="{cast.company.pk}">Harbour Alarm</option>'
    assert f'{chosen}<option value="{cast.other.pk}" selected>Hill Alarm</option></select>' in found


def test_where_nothing_turns_it_says_so(cast: Cast, signed_on: As) -> None:
    assert "没有证件、许可、合同或期限会使哪一条变化" in text(signed_on("mia").get("/office/clauses/ahead/"))


@pytest.mark.parametrize(("customers", "row"), [("500", "101~500"), ("501", "501~1000"), ("10001", "≥10001")])
def test_what_if_answers_with_the_row(cast: Cast, signed_on: As, customers: str, row: str) -> None:
    whole_company(cast)
    asked = {"customers": customers, "patrol": "20", "watch": "15", "design_install": "25"}
    page = text(signed_on("mia").get("/office/clauses/what-if/", asked))
    assert f"{customers} 户，适用“{row}”一行" in page
    slid = signed_on("mia").get("/office/clauses/what-if/", {**asked, "slide": "7"}, HTTP_HX_TRIGGER_NAME="slide")
    assert "7 户，适用“≤100”一行" in text(slid)


def test_what_cannot_be_read_is_said_beside_its_field(cast: Cast, signed_on: As) -> None:
    answer = signed_on("mia").get("/office/clauses/what-if/", {"customers": "-1", "patrol": "many"})
    assert answer.status_code == 422
    assert ("最少 0。" in text(answer), "请填整数。" in text(answer)) == (True, True)


def test_forms_say_what_they_mean_for_5_2(cast: Cast, signed_on: As) -> None:
    people = whole_company(cast)
    mia = signed_on("mia")
    assert "签约并投入服务后在服务 2 户，仍适用“≤100”一行。" in text(
        mia.get(f"/office/customers/{cast.shop.customer_id}/contracts/new/")
    )
    assert "暂停或终止后在服务 0 户" in text(mia.get(f"/office/contracts/{Contract.objects.get().pk}/"))
    assert "他离职后现场处置巡逻 9 人，应 ≥10，少 1 人。" in text(mia.get(f"/office/people/{people[0].pk}/leave/"))


def test_a_paper_s_form_says_what_its_end_means(cast: Cast, signed_on: As) -> None:
    people = whole_company(cast)
    href = f"/office/people/{people[0].pk}/facts/new/?kind=guard_certificate"
    assert 'id="effect"' in text(signed_on("mia").get(href))
    until = timezone.localdate() + timedelta(days=30)
    page = text(signed_on("mia").get(f"{href}&valid_until={until}"))
    assert "到期而没有接续时现场处置巡逻 9 人，应 ≥10，少 1 人。" in page


def test_hiring_says_what_the_post_lacks_and_when_the_new_one_counts(cast: Cast, signed_on: As) -> None:
    whole_company(cast, {"patrol": 9, "watch": 10, "design_install": 20})
    new = "/office/people/new/"
    page = text(signed_on("mia").get(new, {"post_kind": "patrol"}))
    assert "现在现场处置巡逻 9 人，应 ≥10，少 1 人。" in page
    assert "新登记的人符合 5.1 的全部条件后才计入；计入后现场处置巡逻 10 人，应 ≥10，余 0 人。" in page
    assert "还差：现场处置巡逻 1。" in text(signed_on("mia").get(new))
    assert "不在表 1 之内" in text(signed_on("mia").get(new, {"post_kind": "other"}))


def test_another_post_and_the_end_of_employment_say_what_they_mean(cast: Cast, signed_on: As) -> None:
    people = whole_company(cast)
    patrol, watch = people[0].pk, people[10].pk
    mia = signed_on("mia")
    page = text(mia.get(f"/office/people/{patrol}/facts/new/", {"kind": "post_kind", "value": "watch"}))
    assert "转岗后现场处置巡逻 9 人，应 ≥10，少 1 人。" in page
    assert "转岗后人工值守 11 人，应 ≥10，余 1 人。" in page
    until = timezone.localdate() + timedelta(days=9)
    told = mia.get(f"/office/people/{watch}/facts/new/", {"kind": "employment", "valid_until": str(until)})
    assert "到期而没有接续时人工值守 9 人，应 ≥10，少 1 人。" in text(told)
    assert "他已计入：人工值守 10 人" in text(mia.get(f"/office/people/{watch}/facts/new/?kind=employment"))


@pytest.mark.parametrize(
    ("path", "beside"),
    [
        ("/office/roster/?view=week", "排班不改变"),
        ("/office/roster/entries/new/", "排班不改变"),
        ("/office/roster/leave/", "请假不改变"),
    ],
)
def test_roster_pages_say_how_table_1_stands_on_their_days(cast: Cast, signed_on: As, path: str, beside: str) -> None:
    whole_company(cast, {"patrol": 9, "watch": 12, "design_install": 20})
    page = text(signed_on("mia").get(path))
    assert "现场处置巡逻 −1、人工值守 +2、设计施工 0" in page
    assert beside in page


def test_a_roster_says_on_which_of_its_days_somebody_no_longer_counts(cast: Cast, signed_on: As) -> None:
    people = whole_company(cast)
    last = timezone.localdate()
    people[0].facts.filter(kind=StaffFactKind.GUARD_CERTIFICATE.value).update(valid_until=last)
    page = text(signed_on("mia").get(f"/office/roster/?view=month&on={last + timedelta(days=1)}"))
    assert f"{last + timedelta(days=1)} 起表 1 的余量：现场处置巡逻 −1、" in page


def test_the_slider_reaches_the_whole_table_whatever_is_shown(cast: Cast, signed_on: As) -> None:
    for customers in ("1", "10001"):
        page = text(signed_on("mia").get("/office/clauses/what-if/", {"customers": customers}))
        assert 'min="0" max="12000"' in page


def test_the_home_reckons_for_a_few_companies_and_says_how_many_are_left(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = Company.objects.bulk_create(Company(code=f"c{place}", name=f"单位{place}") for place in range(7))
    reckoned: list[int] = []

    def none(_viewer: object, company_id: int, *_asked: object, **_named: object) -> list[Turn]:
        reckoned.append(company_id)
        return []

    monkeypatch.setattr(home_lines, "forecast", none)
    [line] = home_lines.ahead_lines(Asked(cast.viewer("mia"), many, NOON))
    assert (len(reckoned), line.count, line.said) == (5, 2, "其余 2 家单位没有在这里统计。")


def test_the_home_counts_reviews_of_plans_of_a_few_companies_and_says_how_many_are_left(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = Company.objects.bulk_create(Company(code=f"c{place}", name=f"单位{place}") for place in range(7))
    counted: list[int] = []

    def none(_viewer: object, company_id: int, *_asked: object) -> DueCounts:
        counted.append(company_id)
        return DueCounts()

    monkeypatch.setattr(home_practice, "due_counts", none)
    [line] = home_practice.plan_review_lines(Asked(cast.viewer("mia"), many, NOON))
    assert (len(counted), line.count, line.said) == (5, 2, "其余 2 家单位没有在这里统计。")


def test_the_home_asks_no_more_of_the_database_however_many_companies_there_are(cast: Cast, signed_on: As) -> None:
    counted = []
    for begins in (0, 10):
        Company.objects.bulk_create(Company(code=f"c{place}", name="单位") for place in range(begins, begins + 10))
        browser = signed_on("ada")
        browser.get("/office/")
        with CaptureQueriesContext(connection) as asked:
            page = text(browser.get("/office/"))
        counted.append((len(asked), "其余 7 家单位没有在这里统计。" in page, "其余 17 家单位没有在这里统计。" in page))
    assert counted == [(counted[0][0], True, False), (counted[0][0], False, True)]

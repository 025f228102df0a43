"""Customers, sites and contracts are registered, changed and removed by their forms."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianjing.domain.sites.actions.contracts import Beginning, add_contract
from lianjing.domain.sites.models import Contact, Contract, Customer, Site
from tests.cast import NOON, Cast
from tests.web.conftest import As

PDF = b"%PDF-1.7\nscan\n%%EOF\n"


@pytest.fixture
def contract(cast: Cast) -> Contract:
    """The shop's, in service for a year, of the manager's making."""
    begun = Beginning("in_service", date(2025, 11, 22))
    told = {"number": "HT-1", "starts_on": date(2025, 11, 22), "fee": 3600}
    return add_contract(cast.shop.customer_id, told, begun, by=cast.viewer("mia"), at=NOON)


def names(page: str) -> list[str]:
    return re.findall(r'<td><a class="strong" href="[^"]+">([^<]+)</a>', page)


def text(answer: Any) -> str:
    return str(answer.content.decode())


# Forms


def test_a_customer_with_contract_and_site_is_registered_and_found(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    made = mia.post("/office/customers/new/", {"name": "解放路金店", "code": "C-7", "kind": "shop"})
    customer = Customer.objects.get(code="C-7")
    assert made["Location"] == f"/office/customers/{customer.pk}/"
    site = {"name": "解放路金店", "code": "S-7", "kind": "shop", "division": "越城区", "datum": "gcj02"}
    site |= {"longitude": "116.38404722455657", "latitude": "39.91334545536069", "is_key_site": "on"}
    assert mia.post(f"/office/customers/{customer.pk}/sites/new/", site).status_code == 302
    kept = Site.objects.get(code="S-7")
    assert (kept.division, kept.is_key_site) == ("330602", True)
    assert (kept.longitude, kept.latitude) == (pytest.approx(116.377817), pytest.approx(39.911954))
    contract = {"number": "HT-7", "state": "in_service", "since": "2026-01-01", "fee": "3600.00", "sites": [kept.pk]}
    assert mia.post(f"/office/customers/{customer.pk}/contracts/new/", contract).status_code == 302
    assert list(Contract.objects.get(number="HT-7").sites.all()) == [kept]
    assert names(text(mia.get("/office/sites/?q=jfl"))) == ["解放路金店"]


@pytest.mark.parametrize(
    ("url", "typed", "sentence"),
    [
        ("/office/customers/new/", {"name": "Kept", "code": "C1001", "kind": "shop"}, "客户编号 C1001 已经有了。"),
        ("/office/customers/new/", {"name": "Kept", "code": "", "kind": "shop"}, "请填写。"),
        (
            "/office/customers/new/",
            {"name": "Kept" + "x" * 100, "code": "9", "kind": "shop"},
            "最多 100 个字，现有 104 个。",
        ),
        (
            "/office/customers/{c}/sites/new/",
            {"name": "Kept", "code": "9", "kind": "shop", "longitude": "12a"},
            "小数形式",
        ),
        (
            "/office/customers/{c}/sites/new/",
            {"name": "Kept", "code": "9", "kind": "shop", "longitude": "120"},
            "要一起填",
        ),
        (
            "/office/customers/{c}/sites/new/",
            {"name": "Kept", "code": "9", "kind": "shop", "division": "鼓楼区"},
            "请写全",
        ),
        ("/office/sites/{s}/notes/new/", {"text": "Kept", "until": "2020-01-01T00:00"}, "已经过了"),
        ("/office/sites/{s}/contacts/new/", {"name": "Kept", "phone": "x"}, "电话只能用数字"),
        (
            "/office/customers/{c}/contracts/new/",
            {
                "number": "Kept",
                "state": "draft",
                "since": "2026-01-01",
                "starts_on": "2026-02-01",
                "ends_on": "2026-01-01",
            },
            "到期日早于起始日",
        ),
        (
            "/office/customers/{c}/contracts/new/",
            {"number": "Kept", "state": "draft", "since": "2026-01-01", "fee": "-1"},
            "费用不能是负数",
        ),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(
    cast: Cast, signed_on: As, url: str, typed: dict[str, str], sentence: str
) -> None:
    where = url.format(c=cast.shop.customer_id, s=cast.shop.pk)
    before = (Customer.objects.count(), Site.objects.count(), Contract.objects.count(), Contact.objects.count())
    answer = signed_on("mia").post(where, typed)
    page = text(answer)
    assert (answer.status_code, sentence in page, "Kept" in page, 'aria-invalid="true"' in page) == (
        422,
        True,
        True,
        True,
    )
    assert (Customer.objects.count(), Site.objects.count(), Contract.objects.count(), Contact.objects.count()) == before


def test_an_administrator_of_several_companies_chooses_one(cast: Cast, signed_on: As) -> None:
    ada = signed_on("ada")
    typed = {"name": "Mill Shop", "code": "M-1", "kind": "shop"}
    assert ada.post("/office/customers/new/", typed).status_code == 422
    assert ada.post("/office/customers/new/", {**typed, "company": cast.other.pk}).status_code == 302
    assert Customer.objects.get(code="M-1").company == cast.other
    assert names(text(ada.get(f"/office/customers/?company={cast.other.pk}"))) == ["Hill Mill Ltd", "Mill Shop"]


# Contracts


def test_a_state_is_changed_with_a_reason(cast: Cast, signed_on: As, contract: Contract) -> None:
    mia, url = signed_on("mia"), f"/office/contracts/{contract.pk}/state/"
    refused = mia.post(url, {"state": "suspended", "since": "2026-11-22", "reason": ""})
    assert (refused.status_code, "请写明理由" in text(refused)) == (422, True)
    assert mia.post(url, {"state": "suspended", "since": "2026-11-22", "reason": "装修"}).status_code == 302
    page = text(mia.get(f"/office/contracts/{contract.pk}/"))
    assert "防护减弱" in page
    assert mia.post(url, {"state": "draft", "since": "2026-11-22"}).status_code == 422


def test_a_scan_goes_in_by_its_content_and_comes_out_safely(cast: Cast, signed_on: As, contract: Contract) -> None:
    mia, url = signed_on("mia"), f"/office/contracts/{contract.pk}/scan/"
    evil = SimpleUploadedFile("contract.pdf", b"<script>", content_type="application/pdf")
    refused = mia.post(url + "keep/", {"scan": evil})
    assert (refused.status_code, "只能是 PDF、PNG 或 JPEG" in text(refused)) == (422, True)
    assert mia.get(url).status_code == 404
    assert mia.post(url + "keep/", {}).status_code == 422
    assert mia.post(url + "keep/", {"scan": SimpleUploadedFile("x.pdf", PDF)}).status_code == 302
    out = signed_on("polly").get(url)
    assert (out.content, out["Content-Type"]) == (PDF, "application/pdf")
    assert out["Content-Disposition"] == "attachment; filename*=UTF-8''HT-1.pdf"
    assert (out["X-Content-Type-Options"], out["Cache-Control"]) == ("nosniff", "no-store")
    assert signed_on("olivia").get(url).status_code == 403
    assert signed_on("sam").get(url).status_code == 404


def test_a_number_cannot_break_out_of_the_file_name(cast: Cast, signed_on: As, contract: Contract) -> None:
    Contract.objects.update(number='a"\r\nX: y/../合同')
    signed_on("mia").post(f"/office/contracts/{contract.pk}/scan/keep/", {"scan": SimpleUploadedFile("x.pdf", PDF)})
    out = signed_on("mia").get(f"/office/contracts/{contract.pk}/scan/")
    assert out["Content-Disposition"].partition("''")[2] == "a%22%0D%0AX%3A%20y%2F..%2F%E5%90%88%E5%90%8C.pdf"


def test_only_what_the_law_lets_go_is_removed(cast: Cast, signed_on: As, contract: Contract) -> None:
    mia = signed_on("mia")
    said = mia.post(f"/office/contracts/{contract.pk}/remove/", follow=True)
    assert "签订过的合同不能删除" in text(said)
    draft = add_contract(
        cast.shop.customer_id, {"number": "HT-2"}, Beginning("draft", date(2026, 11, 1)), by=cast.viewer("mia"), at=NOON
    )
    assert "已删除，记录仍在" in text(mia.post(f"/office/contracts/{draft.pk}/remove/", follow=True))
    assert [row.number for row in Contract.objects.all()] == ["HT-1"]

"""Customers, contracts, sites and contacts in the office: lists, pages, forms, and who gets in."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.domain.records.models import Record
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.sites.actions.contacts import add_contact
from lianjing.domain.sites.actions.contracts import Beginning, add_contract
from lianjing.domain.sites.models import Contact, Contract, Customer, Site
from tests.cast import NOON, Cast, alarm, make_site
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


# Lists


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("", "今天服务中 <b>1</b>"),
        ("2025-11-21", "2025-11-21 服务中 <b>0</b>"),
        ("2025-11-22", "2025-11-22 服务中 <b>1</b>"),
        ("soon", "日期请写成 2026-11-22 的样子。"),
    ],
)
def test_households_in_service_are_told_for_the_chosen_day(
    cast: Cast, signed_on: As, contract: Contract, on: str, told: str
) -> None:
    assert told in text(signed_on("mia").get(f"/office/contracts/?on={on}"))


def test_what_counts_as_one_household_is_a_managers_choice_and_recorded(
    cast: Cast, signed_on: As, contract: Contract
) -> None:
    make_site(cast.company, "Branch", "3009")
    Site.objects.filter(name="Branch").update(customer=cast.shop.customer)
    url, mia = f"/office/contracts/counting/{cast.company.pk}/", signed_on("mia")
    page = text(mia.post(url, {"unit": "site"}, follow=True))
    assert "（一个场所一户；合同 1 · 客户 1 · 场所 2）" in page
    assert "今天服务中 <b>2</b>" in page
    assert "没有这种计法" in text(mia.post(url, {"unit": "street"}, follow=True))
    mia.post(url, {"unit": "site"})
    record = Record.objects.get(action="company.counted_unit_set")
    assert (record.before, record.after) == ({"counted_unit": "contract"}, {"counted_unit": "site"})
    assert mia.post(f"/office/contracts/counting/{cast.other.pk}/", {"unit": "site"}).status_code == 404
    assert "改计法" not in text(signed_on("leo").get("/office/contracts/"))


@pytest.mark.parametrize("url", ["/office/sites/", "/office/customers/", "/office/contracts/"])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_the_same_queries_for_one_row_and_for_three(
    cast: Cast, signed_on: As, url: str, rows: int
) -> None:
    Contact.objects.all().delete()
    for number in range(rows):
        site = make_site(cast.company, f"Kiosk {number}", f"300{number}")
        told, begun = {"number": f"HT-{number}"}, Beginning("in_service", date(2026, 1, 1))
        add_contract(site.customer_id, told, begun, by=cast.viewer("mia"), at=NOON)
    browser = signed_on("mia")
    with CaptureQueriesContext(connection) as asked:
        page = text(browser.get(url + "?q=kiosk" if "contracts" not in url else url))
    assert (len(names(page)), len(asked)) == (rows, {"sites": 10, "customers": 8, "contracts": 10}[url.split("/")[2]])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=corner", ["Corner Shop"]),
        ("q=cs", ["Corner Shop"]),
        ("q=S1002", ["Harbour Bank"]),
        ("q=1002", ["Harbour Bank"]),
        ("q=1+Corner+Shop+Road", ["Corner Shop"]),
        ("q=100-1234-5678", ["Corner Shop", "Harbour Bank"]),
        ("q=5678", []),
        ("q=mill", []),
        ("kind=bank", ["Harbour Bank"]),
        ("show=key", ["Harbour Bank"]),
        ("show=no_panel", []),
        ("show=pending", []),
        ("show=unverified", ["Corner Shop", "Harbour Bank"]),
        ("service=in_service", ["Corner Shop"]),
        ("service=none", ["Harbour Bank"]),
        ("service=ended", []),
        ("kind=nonsense&service=nonsense&show=nonsense", ["Corner Shop", "Harbour Bank"]),
        ("q=%00", ["Corner Shop", "Harbour Bank"]),
        ("after=x", ["Corner Shop", "Harbour Bank"]),
    ],
)
def test_one_box_and_a_few_choices_find_sites(
    cast: Cast, signed_on: As, contract: Contract, asked: str, found: list[str]
) -> None:
    Site.objects.filter(pk=cast.bank.pk).update(kind="bank", is_key_site=True)
    Site.objects.filter(pk=cast.shop.pk).update(initials="cs")
    assert names(text(signed_on("mia").get(f"/office/sites/?{asked}"))) == found


def test_parts_of_a_number_are_found_by_those_who_may_see_it_whole(cast: Cast, signed_on: As) -> None:
    assert names(text(signed_on("olivia").get("/office/sites/?q=5678"))) == ["Corner Shop", "Harbour Bank"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=corner", ["Corner Shop Ltd"]),
        ("q=1002", ["Harbour Bank Ltd"]),
        ("service=in_service", ["Corner Shop Ltd"]),
        ("service=none", ["Harbour Bank Ltd"]),
        ("service=ended", []),
        ("service=pending", []),
    ],
)
def test_customers_are_found_by_their_sites_too(
    cast: Cast, signed_on: As, contract: Contract, asked: str, found: list[str]
) -> None:
    assert names(text(signed_on("mia").get(f"/office/customers/?{asked}"))) == found


def test_a_page_goes_on_behind_the_row_shown_last(cast: Cast, signed_on: As) -> None:
    told = [Customer(company=cast.company, code=f"K{n:03d}", name=f"Kiosk {n % 7}") for n in range(120)]
    Customer.objects.bulk_create(told)
    seen: list[str] = []
    url = "/office/customers/?q=kiosk"
    while url:
        page = text(signed_on("mia").get(url))
        seen += re.findall(r'<td class="soft nowrap">(K\d+)</td>', page)
        following = re.search(r'href="([^"]+)">下一页', page)
        url = following.group(1).replace("&amp;", "&") if following else ""
    assert (len(seen), len(set(seen))) == (120, 120)


@pytest.mark.parametrize(
    ("ends_on", "in_lists"),
    [(-1, ["overdue"]), (0, ["30", "60", "90"]), (30, ["30", "60", "90"]), (31, ["60", "90"]), (90, ["90"]), (91, [])],
)
def test_contracts_are_listed_before_and_after_they_end(
    cast: Cast, signed_on: As, contract: Contract, ends_on: int, in_lists: list[str]
) -> None:
    Contract.objects.update(ends_on=timezone.localdate() + timedelta(days=ends_on))
    browser = signed_on("mia")
    dues = ("overdue", "30", "60", "90")
    assert [due for due in dues if names(text(browser.get(f"/office/contracts/?due={due}")))] == in_lists
    assert "还没有登记合同" not in text(browser.get("/office/contracts/"))


def test_an_empty_list_says_so_and_a_narrow_one_too(cast: Cast, signed_on: As) -> None:
    assert "没有符合条件的场所" in text(signed_on("mia").get("/office/sites/?q=nowhere"))
    assert "还没有登记合同" in text(signed_on("mia").get("/office/contracts/"))


# Pages


def test_the_page_of_a_site_shows_who_where_what_and_what_happens(
    cast: Cast, signed_on: As, contract: Contract
) -> None:
    alarm()
    page = text(signed_on("mia").get(f"/office/sites/{cast.shop.pk}/"))
    wanted = (
        "Corner Shop Ltd",
        "HT-1",
        "服务中",
        "1 Corner Shop Road",
        "1001",
        "front door",
        "磁开关",
        "Wang",
        "100****5678",
    )
    assert [words for words in wanted if words not in page] == []
    assert "10012345678" not in page
    assert "10012345678" in text(signed_on("olivia").get(f"/office/sites/{cast.shop.pk}/"))


def test_operators_see_how_a_site_is_served_and_no_contract(cast: Cast, signed_on: As, contract: Contract) -> None:
    page = text(signed_on("olivia").get(f"/office/sites/{cast.shop.pk}/"))
    assert ("服务中" in page, "HT-1" in page, "/edit/" in page) == (True, False, False)


def test_changes_are_told_with_before_and_after(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    told = {"name": "Corner Shop", "code": "S1001", "kind": "shop", "address": "2 Quay", "datum": "wgs84"}
    assert mia.post(f"/office/sites/{cast.shop.pk}/edit/", told).status_code == 302
    page = text(mia.get(f"/office/sites/{cast.shop.pk}/"))
    line = re.search(r'<ul class="changes">(.*?)</ul>', page, re.S)
    assert line is not None
    words = " ".join(re.sub(r"<[^>]+>", " ", line.group(1)).split())
    assert words == "类别 其他 → 商铺 地址 1 Corner Shop Road → 2 Quay"


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
    assert mia.post(url + "keep/", {"scan": SimpleUploadedFile("x.exe", PDF)}).status_code == 302
    out = signed_on("polly").get(url)
    assert (out.content, out["Content-Type"]) == (PDF, "application/pdf")
    assert out["Content-Disposition"] == "attachment; filename*=UTF-8''HT-1.pdf"
    assert (out["X-Content-Type-Options"], out["Cache-Control"]) == ("nosniff", "no-store")
    assert signed_on("olivia").get(url).status_code == 403
    assert signed_on("sam").get(url).status_code == 404


def test_a_number_cannot_break_out_of_the_file_name(cast: Cast, signed_on: As, contract: Contract) -> None:
    Contract.objects.update(number='a"\r\nX: y/../合同')
    signed_on("mia").post(f"/office/contracts/{contract.pk}/scan/keep/", {"scan": SimpleUploadedFile("x", PDF)})
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


# Contacts and their words


def test_contacts_are_moved_verified_and_removed_by_buttons(cast: Cast, signed_on: As) -> None:
    mia, url = signed_on("mia"), f"/office/sites/{cast.shop.pk}/contacts/"
    mia.post(
        url + "new/", {"name": "Li", "phone": "13912345678", "reachable_from": "20:00", "reachable_until": "06:00"}
    )
    li = Contact.objects.get(name="Li")
    for button in ("up", "verify"):
        assert mia.post(f"{url}{li.pk}/{button}/").status_code == 302
    li.refresh_from_db()
    assert (li.place, li.verified_on) == (1, timezone.localdate())
    assert "20:00–06:00（次日）" in text(mia.get(f"/office/sites/{cast.shop.pk}/"))
    assert mia.post(f"{url}{li.pk}/remove/").status_code == 302
    assert list(cast.shop.contacts.values_list("place", "name")) == [(1, "Wang")]


def test_who_may_not_see_a_number_can_replace_it(cast: Cast, signed_on: As) -> None:
    mia, wang = signed_on("mia"), cast.shop.contacts.get()
    url = f"/office/sites/{cast.shop.pk}/contacts/{wang.pk}/"
    page = text(mia.get(url))
    assert ("10012345678" in page, "100****5678" in page) == (False, True)
    assert mia.post(url, {"name": "Wang", "phone": "", "role": "boss"}).status_code == 302
    wang.refresh_from_db()
    assert (wang.phone, wang.role) == ("10012345678", "boss")


def test_words_are_never_sent_back(cast: Cast, signed_on: As) -> None:
    typed = {"name": "", "phone": "13912345678", "pass_word": "redriver", "duress_word": "bluehill"}
    refused = signed_on("mia").post(f"/office/sites/{cast.shop.pk}/contacts/new/", typed)
    assert (refused.status_code, "redriver" in text(refused), "bluehill" in text(refused)) == (422, False, False)


@pytest.fixture
def words(cast: Cast) -> None:
    told = {"name": "Li", "phone": "13912345678", "pass_word": "redriver", "duress_word": "bluehill"}
    add_contact(cast.shop.pk, told, by=cast.viewer("leo"), at=NOON)


def ask(browser: Client, url: str, word: str) -> tuple[int, str]:
    answer = browser.post(url, {"word": word}, HTTP_HX_REQUEST="true")
    told = re.search(r'role="alert">(.+?)</p>', text(answer))
    assert word not in text(answer)
    return answer.status_code, told.group(1) if told else ""


def test_a_word_is_checked_from_the_site_and_from_the_case(cast: Cast, signed_on: As, words: None) -> None:
    for url, right in (
        (f"/office/sites/{cast.shop.pk}/word/", "✓ 口令正确：是 Li 的口令。"),
        (f"/incidents/{alarm().pk}/word/", "✓ 口令已核对：是 Li 的口令。"),
    ):
        olivia = signed_on("olivia")
        assert ask(olivia, url, "redriver") == (200, right)
        assert ask(olivia, url, "nonsense") == (200, "✕ 口令错误：不是本场所任何联系人的口令。")
    assert not SystemEvent.objects.exists()


def test_a_duress_word_is_told_and_raises_an_event_of_the_first_grade(cast: Cast, signed_on: As, words: None) -> None:
    status, sentence = ask(signed_on("olivia"), f"/office/sites/{cast.shop.pk}/word/", "bluehill")
    assert (status, sentence.startswith("◆ 胁迫口令！是 Li 的")) == (200, True)
    event = SystemEvent.objects.get()
    assert (event.kind, event.grade, event.event_class, event.site, event.ended_at) == (
        "DW",
        1,
        "hold_up",
        cast.shop,
        None,
    )
    assert event.reasons == ["核对口令时，联系人Li报出的是胁迫口令。接线人：Olivia。"]


def test_nobody_finds_a_word_by_guessing(cast: Cast, signed_on: As, words: None) -> None:
    olivia, url = signed_on("olivia"), f"/office/sites/{cast.shop.pk}/word/"
    for number in range(5):
        ask(olivia, url, "redriver")
        assert ask(olivia, url, f"guess{number}")[0] == 200
    assert ask(olivia, url, "redriver") == (422, "✕ 15 分钟内口令错了 5 次，暂不再核对，请班长处理。")
    assert ask(signed_on("oscar"), url, "redriver")[0] == 422
    assert ask(olivia, f"/office/sites/{cast.bank.pk}/word/", "redriver")[0] == 200
    told = list(
        Record.objects.filter(subject_type="site", action__startswith="site.word").values_list("action", "after")
    )
    assert (told.count(("site.word_wrong", None)), str(told).count("guess")) == (6, 0)


# Who gets in


def test_strangers_miss_everything_and_roles_that_may_not_are_told(
    cast: Cast, signed_on: As, contract: Contract
) -> None:
    shop, wang = cast.shop, cast.shop.contacts.get()
    reading = [
        f"/office/customers/{shop.customer_id}/",
        f"/office/sites/{shop.pk}/",
        f"/office/contracts/{contract.pk}/",
    ]
    edits = [
        *(f"{url}edit/" for url in reading),
        f"/office/customers/{shop.customer_id}/sites/new/",
        f"/office/customers/{shop.customer_id}/contracts/new/",
        f"/office/sites/{shop.pk}/notes/new/",
        f"/office/sites/{shop.pk}/contacts/new/",
        f"/office/sites/{shop.pk}/contacts/{wang.pk}/",
    ]
    buttons = [
        *(f"/office/sites/{shop.pk}/contacts/{wang.pk}/{name}/" for name in ("up", "down", "verify", "remove")),
        f"/office/sites/{shop.pk}/contacts/{wang.pk}/words/remove/",
        *(f"/office/contracts/{contract.pk}/{name}/" for name in ("state", "remove", "scan/keep")),
        f"/office/sites/{shop.pk}/notes/1/remove/",
    ]
    stranger, polly = signed_on("sam"), signed_on("polly")
    mia_elsewhere = cast.users["mia"]
    mia_elsewhere.memberships.update(company=cast.other)
    other_manager = signed_on("mia")
    for url in reading:
        assert (stranger.get(url).status_code, polly.get(url).status_code) == (404, 200), url
        assert other_manager.get(url).status_code == 404, url
    for url in edits:
        assert (stranger.get(url).status_code in (403, 404), polly.get(url).status_code) == (True, 403), url
        assert (other_manager.get(url).status_code, other_manager.post(url, {}).status_code) == (404, 404), url
    for url in buttons:
        assert (other_manager.post(url).status_code, polly.post(url).status_code) == (404, 403), url
        assert other_manager.get(url).status_code == 405, url
    assert stranger.post(f"/office/sites/{shop.pk}/word/", {"word": "x"}).status_code == 404
    assert names(text(stranger.get("/office/sites/"))) == ["Hill Mill"]


def test_the_menu_shows_what_the_role_may_open(cast: Cast, signed_on: As) -> None:
    def menu(name: str, url: str) -> list[str]:
        nav = re.search(r'<nav class="tabs".*?</nav>', text(signed_on(name).get(url)), re.S)
        assert nav is not None
        return re.findall(r">([^<>]+)</a>", nav.group(0))

    assert "合同" in menu("mia", "/office/sites/")
    assert "合同" not in menu("olivia", "/office/sites/")
    assert "接警席" in menu("olivia", "/office/sites/")
    assert "客户与场所" in menu("olivia", "/")

"""限值与能力: limits are entered, corrected and taken back on their page; who may only see, changes nothing."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from lianjing.domain.compliance.models import CapabilityFact, ServiceLimit
from tests.cast import Cast
from tests.web.conftest import As

PAGE = "/office/service-limits/"
TYPED = {
    "heading": "5.2.1",
    "measure": "verify",
    "share": "950",
    "comparison": "at_most",
    "figure": "60",
    "unit": "秒",
    "edition": "GA 1383-2017",
    "source_clause": "5.2.1 a)",
    "confidence": "OK",
}
FOUND = {
    "heading": "4.2.3",
    "item": "报警响应时间",
    "subject": "接警平台",
    "figure": "1000",
    "unit": "毫秒",
    "origin": "某检测机构",
    "valid_from": "2026-03-01",
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def add(client: Client, cast: Cast, what: str = "new", **told: str) -> Any:
    typed = FOUND if what.startswith("cap") else TYPED
    return client.post(f"{PAGE}{cast.company.pk}/{what}/", {**typed, **told}, follow=True)


def test_an_empty_page_names_the_headings_and_shows_no_figure(cast: Cast, signed_on: As) -> None:
    page = plain(text(signed_on("mia").get(PAGE)))
    assert page.count("还没有登记限值。") == 8
    assert "4.3 服务 ? 证据不足" in page
    assert not re.search(r"[≤≥] ?\d", page)


def test_units_are_english_where_the_page_is(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    add(mia, cast, "new", measure="recorded", heading="4.2.3", item="response", figure="2")
    add(mia, cast, "capabilities/new", item="response", figure="90000")
    mia.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = plain(text(mia.get(PAGE)))
    assert [told in page for told in ("response ≤ 2 s 90 s −88 s", "response: 90 s, limit", "90,000 ms")] == [True] * 3


def test_a_limit_stands_beside_its_heading_with_its_source(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    page = plain(text(add(mia, cast)))
    assert "限值已登记。" in page
    assert "5.2.1 报警复核 ? 复核时间（95% 的警情） ≤ 60 秒 期间内没有可计时的警情 — GA 1383-2017 5.2.1 a)" in page
    limit = ServiceLimit.objects.get()
    corrected = {**TYPED, "figure": "45", "reason": "抄错"}
    page = plain(text(mia.post(f"{PAGE}limits/{limit.pk}/edit/", corrected, follow=True)))
    assert ("≤ 45 秒" in page, "收回或更正：抄错" in page, "数值 60 → 45" in page) == (True, True, True)
    standing = ServiceLimit.objects.get(retracted_at=None)
    page = plain(text(mia.post(f"{PAGE}limits/{standing.pk}/retract/", {"reason": "不再用"}, follow=True)))
    assert page.count("还没有登记限值。") == 8
    assert mia.get(f"{PAGE}limits/{standing.pk}/edit/").status_code == 404


def test_what_equipment_can_do_is_compared_with_its_limit(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    add(mia, cast, heading="4.2.3", measure="recorded", item="报警响应时间", figure="2")
    page = plain(text(add(mia, cast, "capabilities/new")))
    assert "4.2.3 服务中心 ✓ 报警响应时间 ≤ 2 秒 1 秒 +1 秒" in page
    assert "4.2.3 服务中心 报警响应时间 接警平台 1,000 毫秒" in page
    fact = CapabilityFact.objects.get()
    tomorrow = str(timezone.localdate() + timedelta(days=1))
    answer = mia.post(f"{PAGE}capabilities/{fact.pk}/edit/", {**FOUND, "valid_from": tomorrow, "reason": "x"})
    assert (answer.status_code, f"{tomorrow} 还没有到。" in text(answer)) == (422, True)
    mia.post(f"{PAGE}capabilities/{fact.pk}/retract/", {"reason": "错"})
    assert "没有能力记录。" in text(mia.get(PAGE))


def test_what_cannot_be_comes_back_as_typed_with_its_sentence(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    for told, sentence in (
        ({"unit": ""}, "请写明单位：没有单位的数值不能对照。"),
        ({"edition": ""}, "没有出处的数值不能作为限值。"),
        ({"figure": "很快"}, "“很快”不是数。"),
        ({"heading": "7"}, "没有这个选项。"),
    ):
        answer = add(mia, cast, **told)
        assert (answer.status_code, sentence in text(answer), "5.2.1 a)" in text(answer)) == (422, True, True)
    assert ServiceLimit.objects.count() == 0


def test_who_may_only_see_finds_no_way_to_change(cast: Cast, signed_on: As) -> None:
    add(signed_on("mia"), cast)
    limit = ServiceLimit.objects.get()
    for name in ("leo", "polly"):
        viewer = signed_on(name)
        page = text(viewer.get(PAGE))
        assert ("≤ 60 秒" in page, "/edit/" in page, "/new/" in page) == (True, False, False)
        assert viewer.get(f"{PAGE}limits/{limit.pk}/edit/").status_code == 403
    assert signed_on("olivia").get(PAGE).status_code == 403
    assert signed_on("sam").get(f"{PAGE}?company={cast.company.pk}").status_code == 404
    assert signed_on("ada").get(f"{PAGE}{cast.other.pk}/new/").status_code == 200


def test_evidence_of_the_clause_leads_to_the_heading(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    add(mia, cast)
    page = text(mia.get("/office/clauses/?clause=4.3"))
    today = timezone.localdate()
    assert f'href="{PAGE}?company={cast.company.pk}&amp;on={today}#h5.2.1"' in page

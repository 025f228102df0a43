"""Evidence and campaigns in the office: lists, forms, keys, files, and who gets in."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.evidencing import accept_evidence, reject_evidence, submit_evidence
from lianjing.domain.compliance.models import Campaign, Evidence, EvidenceRequest
from tests.cast import Cast
from tests.domain.compliance.evidence import accepted, new, pdf, submitted
from tests.web.conftest import As

PDF = b"%PDF-1.7\nscan\n%%EOF\n"
TYPED = {
    "title": "三季度考核记录",
    "shows": "met",
    "clauses": ["8.3.1", "8.3.2"],
    "valid_from": "2026-10-01",
    "valid_until": "2027-09-30",
    "note": "部门签字页在第 3 页",
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def upload(content: bytes = PDF, name: str = "考核.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(cast: Cast) -> str:
    return f"/office/evidence/{cast.company.pk}/new/"


def piece(row: Evidence, what: str = "") -> str:
    return f"/office/evidence/pieces/{row.pk}/{what}"


def png() -> bytes:
    made = BytesIO()
    Image.new("RGB", (4, 4)).save(made, "PNG")
    return made.getvalue()


def test_it_is_submitted_accepted_by_another_and_listed(cast: Cast, signed_on: As) -> None:
    leo, mia = signed_on("leo"), signed_on("mia")
    assert 'value="8.3.1" id="f-clauses_' in text(leo.get(f"{add(cast)}?clause=8.3.1"))
    page = text(leo.post(add(cast), {**TYPED, "scan": upload()}, follow=True))
    row = Evidence.objects.get()
    assert ("待另一人审核" in page, row.file_sha256 in page, row.content_hash in page) == (True, True, True)
    assert "接受 <span" not in page
    page = text(mia.get(piece(row)))
    assert re.findall(r'data-key-press="(\w)"', page) == ["a", "x", "o"]
    page = text(mia.post(piece(row, "accept/"), follow=True))
    assert "已接受，从现在起在它的日期内算数。" in page
    assert '<span class="tone-ok">✓ 有效</span>' in page
    listed = text(mia.get("/office/evidence/"))
    assert [words in listed for words in ("三季度考核记录", "8.3.2", "2026-10-01 — 2027-09-30")] == [True] * 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "请填写。"),
        ({"clauses": []}, "请选择证据所支持的条款。"),
        ({"clauses": ["9.9"]}, "没有这个条款。"),
        ({"valid_until": "2026-09-30"}, "失效日期 2026-09-30 早于生效日期 2026-10-01。"),
        ({"valid_until": "soon"}, "日期请写成 2026-11-22 的样子。"),
        ({"scan": upload(b"")}, "文件是空的。"),
        ({"scan": upload(b"MZ\x90")}, "只能是 PDF、PNG 或 JPEG 文件（以内容为准，不看文件名）。"),
        ({"scan": upload(png())}, "文件名“考核.pdf”与内容不符：内容是 PNG。"),
        ({"scan": ""}, "请选择文件。"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_keeps_what_was_typed(
    cast: Cast, signed_on: As, change: dict[str, Any], said: str
) -> None:
    answer = signed_on("leo").post(add(cast), {**TYPED, "scan": upload(), **change})
    page = text(answer)
    assert (answer.status_code, said in page, "部门签字页在第 3 页" in page) == (422, True, True)
    assert (Evidence.objects.count(), 'name="same_file"' in page, "仍然提交" in page) == (0, True, False)


def test_the_same_file_is_told_of_and_taken_at_a_second_word(cast: Cast, signed_on: As) -> None:
    leo = signed_on("leo")
    leo.post(add(cast), {**TYPED, "scan": upload()})
    page = text(leo.post(add(cast), {**TYPED, "scan": upload()}))
    assert ("同一份文件已为条款 8.3.1 提交过：三季度考核记录" in page, "仍然提交：知道" in page) == (True, True)
    leo.post(add(cast), {**TYPED, "scan": upload(), "same_file": "on"})
    assert Evidence.objects.count() == 2


def test_it_is_sent_back_with_a_reason_and_comes_again(cast: Cast, signed_on: As) -> None:
    row = submitted(cast)
    leo, mia = signed_on("leo"), signed_on("mia")
    assert mia.post(piece(row, "reject/"), {"reason": ""}).status_code == 422
    assert "由 Mia 退回：没有签字" in text(mia.post(piece(row, "reject/"), {"reason": "没有签字"}, follow=True))
    assert mia.get(piece(row, "edit/")).status_code == 404
    page = text(leo.post(piece(row, "edit/"), {**TYPED, "title": "签了字的"}, follow=True))
    assert "已重交，待另一人审核" in page
    assert "由修改后的一份接替" in text(leo.get(piece(row)))


def test_a_renewal_proposes_clauses_and_the_days_behind_it(cast: Cast, signed_on: As) -> None:
    row = accepted(cast)
    leo = signed_on("leo")
    page = text(leo.get(piece(row, "renew/")))
    days = re.findall(r'name="valid_\w+" value="([\d-]+)"', page)
    assert (days, re.findall(r'value="([\d.]+)" id="f-clauses_\d+" checked', page)) == (
        ["2027-01-01", "2027-12-31"],
        ["8.3.1"],
    )
    leo.post(piece(row, "renew/"), {**TYPED, "scan": upload(PDF + b"next")})
    assert Evidence.objects.latest("pk").renews_id == row.pk
    assert "其后" in text(leo.get(piece(row)))


def test_the_author_finds_no_way_to_decide_and_a_stale_page_is_told_why(cast: Cast, signed_on: As) -> None:
    row = submitted(cast, "mia")
    mia = signed_on("mia")
    assert "提交人不能审核自己的证据" in text(mia.get(piece(row)))
    assert "提交人不能审核自己的证据" in text(mia.post(piece(row, "accept/"), follow=True))
    assert Evidence.objects.get().decision == ""


def test_what_was_accepted_is_withdrawn_by_a_reviewer(cast: Cast, signed_on: As) -> None:
    row = accepted(cast)
    assert signed_on("leo").get(piece(row, "withdraw/")).status_code == 404
    page = text(signed_on("mia").post(piece(row, "withdraw/"), {"reason": "伪造"}, follow=True))
    assert "由 Mia 撤回：伪造" in page
    assert "三季度" not in text(signed_on("mia").get("/office/evidence/"))
    assert row.title in text(signed_on("mia").get("/office/evidence/?state=withdrawn"))


def test_the_file_is_compared_with_its_hash_each_time(cast: Cast, signed_on: As) -> None:
    row = accepted(cast)
    polly = signed_on("polly")
    answer = polly.get(piece(row, "file/?show=1"))
    assert (answer.content, answer["Content-Type"]) == (pdf().content, "application/pdf")
    assert answer["Content-Disposition"].startswith("inline")
    assert polly.get(piece(row, "file/"))["Content-Disposition"].startswith("attachment")
    Path(row.file.path).write_bytes(b"%PDF-1.7 other %%EOF")
    answer = polly.get(piece(row, "file/?show=1"))
    assert unquote(answer["Content-Disposition"]).startswith("attachment; filename*=UTF-8''校验值不符-")
    assert "不予采信" in text(polly.get(piece(row)))
    Path(row.file.path).unlink()
    assert polly.get(piece(row, "file/")).status_code == 404
    assert "文件不在了。" in text(polly.get(piece(row)))


def test_the_list_is_narrowed_by_clause_state_and_end(cast: Cast, signed_on: As) -> None:
    today = timezone.localdate()

    def until(days: int, title: str, **told: Any) -> Evidence:
        return accepted(cast, text=title, title=title, valid_until=today + timedelta(days=days), **told)

    until(30, "end30"), until(31, "end31"), until(90, "end90", clauses=("6.1",)), until(91, "end91")
    until(-1, "over"), submitted(cast, title="waits", text="waits")
    mia = signed_on("mia")

    def shown(query: str) -> list[str]:
        return re.findall(r'class="strong" href="[^"]+">(\w+)<', text(mia.get(f"/office/evidence/?{query}")))

    assert shown("ends=30") == ["end30"]
    assert shown("ends=90") == ["end30", "end31", "end90"]
    assert shown("clause=6.1") == ["end90"]
    assert shown("state=expired") == ["over"]
    assert shown("state=submitted") == ["waits"]
    assert shown("q=END3") == ["end31", "end30"]
    assert shown("state=nonsense&ends=7") == ["waits", "over", "end91", "end90", "end31", "end30"]


@pytest.mark.parametrize("count", [2, 60])
def test_a_list_takes_the_same_queries_however_long_and_is_paged(cast: Cast, signed_on: As, count: int) -> None:
    for place in range(count):
        submitted(cast, text=str(place), title=f"t{place:02d}")
    mia = signed_on("mia")
    mia.get("/office/evidence/")
    with CaptureQueriesContext(connection) as asked:
        page = text(mia.get("/office/evidence/"))
    assert len(asked) == QUERIES
    assert len(re.findall(r'class="strong"', page)) == min(count, 50)
    if count > 50:
        behind = re.search(r'rel="next" href="([^"]+)"', page)
        assert behind
        assert len(re.findall(r'class="strong"', text(mia.get(behind[1].replace("&amp;", "&"))))) == 10


QUERIES = 10


def test_the_clause_page_shows_what_was_submitted_and_leads_to_more(cast: Cast, signed_on: As) -> None:
    row = accepted(cast, clauses=("8.3.1", "5.2"))
    leo, piece = signed_on("leo"), f'href="/office/evidence/pieces/{row.pk}/"'
    judged_by_it, beside_it = (text(leo.get("/office/clauses/", {"clause": number})) for number in ("8.3.1", "5.2"))
    assert (judged_by_it.count(piece), beside_it.count(piece)) == (1, 1)
    assert f'href="/office/evidence/{cast.company.pk}/new/?clause=8.3.1"' in judged_by_it
    assert "所附证据供查阅，不影响判定" in beside_it
    assert "/new/?clause=" not in text(signed_on("polly").get("/office/clauses/?clause=8.3.1"))


# Campaigns


def rows_of(*rows: tuple[str, int, str]) -> dict[str, str]:
    told = {}
    for place, (clause, asked, due) in enumerate(rows):
        told |= {f"r{place}-clause": clause, f"r{place}-asked": str(asked), f"r{place}-due_on": due}
    return told


def due(days: int = 7) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def test_a_campaign_asks_and_is_answered(cast: Cast, signed_on: As) -> None:
    leo, mia = signed_on("leo"), signed_on("mia")
    url = f"/office/evidence/campaigns/{cast.company.pk}/new/"
    assert "请谁提交" in text(mia.get(url))
    rows = rows_of(("8.3.1", cast.users["leo"].pk, due()), ("6.1", cast.users["mia"].pk, due(9)))
    page = text(mia.post(url, {"title": "年终自查", "text": "请附签字页", **rows}, follow=True))
    assert "已发起征集：2 项。" in page
    asked = text(leo.get("/office/evidence/"))
    assert [words in asked for words in ("请您提交", "年终自查", "请附签字页", "待提交", due())] == [True] * 5
    leo.post(add(cast), {**TYPED, "scan": upload()})
    assert "请您提交" not in text(leo.get("/office/evidence/"))
    campaign = Campaign.objects.get()
    page = text(mia.get(f"/office/evidence/campaigns/{campaign.pk}/"))
    assert re.findall(r'<b class="num">(\d)</b>', page) == ["2", "1", "0", "0"]
    row = Evidence.objects.get()
    reject_evidence(row.pk, "没有签字", by=cast.viewer("mia"), at=timezone.now())
    page = text(leo.get("/office/evidence/"))
    assert ("上次被退回：没有签字" in page, f'href="{piece(row, "edit/")}"' in page) == (True, True)
    leo.post(piece(row, "edit/"), TYPED)
    accept_evidence(Evidence.objects.latest("pk").pk, by=cast.viewer("mia"), at=timezone.now())
    page = text(mia.get(f"/office/evidence/campaigns/{campaign.pk}/"))
    assert re.findall(r'<b class="num">(\d)</b>', page) == ["2", "1", "1", "0"]
    assert "1 / 2" in text(mia.get("/office/evidence/campaigns/"))
    page = text(mia.post(f"/office/evidence/campaigns/{campaign.pk}/close/", follow=True))
    assert "已结束，不再提醒" in page
    assert "这次征集已经结束。" in text(mia.post(f"/office/evidence/campaigns/{campaign.pk}/close/", follow=True))


def test_what_is_overdue_says_so(cast: Cast, signed_on: As) -> None:
    campaign = Campaign.objects.create(company=cast.company, title="x", opened_at=timezone.now(), opened_by="Mia")
    told = {"campaign": campaign, "company": cast.company, "asked": cast.users["leo"]}
    yesterday = timezone.localdate() - timedelta(days=1)
    EvidenceRequest.objects.create(**told, clause="6.1", due_on=yesterday)
    assert '<span class="tone-bad">✕ 已逾期</span>' in text(signed_on("leo").get("/office/evidence/"))
    assert '<span class="tone-bad">✕ 1</span>' in text(signed_on("mia").get("/office/evidence/campaigns/"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("8.3.1", "leo", "2020-01-01"), "截止日期 2020-01-01 应在今天"),
        (("8.3.1", "leo", "bald"), "日期请写成 2026-11-22 的样子。"),
        (("8.3.1", "sam", ""), "这个人不是本单位能提交证据的用户。"),
        (("8.3.1", "olivia", ""), "这个人不是本单位能提交证据的用户。"),
        (("8.3", "leo", ""), "没有需要判定的条款“8.3”。"),
        (("", "leo", ""), "请选择条款。"),
    ],
)
def test_a_bad_line_is_told_below_it_and_nothing_is_kept(
    cast: Cast, signed_on: As, row: tuple[str, str, str], said: str
) -> None:
    clause, name, day = row
    url = f"/office/evidence/campaigns/{cast.company.pk}/new/"
    rows = rows_of(("6.1", cast.users["mia"].pk, due()), (clause, cast.users[name].pk, day or due()))
    answer = signed_on("mia").post(url, {"title": "年终自查", "text": "留着", **rows})
    page = text(answer)
    assert (answer.status_code, f"第 2 行：{said}" in page, "留着" in page) == (422, True, True)
    assert (Campaign.objects.count(), EvidenceRequest.objects.count()) == (0, 0)


def test_whoever_is_asked_for_much_finds_the_evidence_below_it(cast: Cast, signed_on: As) -> None:
    mia, leo = signed_on("mia"), signed_on("leo")
    clauses = [clause.number for clause in catalogue().judged][:12]
    rows = rows_of(*((number, cast.users["leo"].pk, due()) for number in clauses))
    mia.post(f"/office/evidence/campaigns/{cast.company.pk}/new/", {"title": "年终自查", **rows})
    asked, folded = text(leo.get("/office/evidence/")).split('id="asked"')[1].split("<summary>其余 2 项</summary>")
    assert asked.split("</h2>")[0].endswith('请您提交 <span class="faint">12</span>')
    assert [part.split("</section>")[0].count("年终自查") for part in (asked, folded)] == [10, 2]


def test_a_campaign_without_lines_or_title_is_refused(cast: Cast, signed_on: As) -> None:
    url, mia = f"/office/evidence/campaigns/{cast.company.pk}/new/", signed_on("mia")
    assert "请至少写一行" in text(mia.post(url, {"title": "x"}))
    assert "请填写。" in text(mia.post(url, {"title": "", **rows_of(("6.1", cast.users["leo"].pk, due()))}))
    twice = ("6.1", cast.users["leo"].pk, due())
    assert "第 2 行：同一个人、同一条款已在上面写过。" in text(mia.post(url, {"title": "x", **rows_of(twice, twice)}))


def test_strangers_and_readers_find_nothing_to_do(cast: Cast, signed_on: As) -> None:
    row = submitted(cast)
    submit_evidence(cast.company.pk, new(title="mine"), pdf("m"), by=cast.viewer("mia"), at=timezone.now())
    campaign = Campaign.objects.create(company=cast.company, title="x", opened_at=timezone.now(), opened_by="Mia")
    sam, polly = signed_on("sam"), signed_on("polly")
    for what in ("", "file/", "edit/", "renew/", "withdraw/"):
        assert sam.get(piece(row, what)).status_code == 404, what
    assert sam.get(add(cast)).status_code == 404
    assert row.title not in text(sam.get("/office/evidence/"))
    assert sam.get(f"/office/evidence/?company={cast.company.pk}").status_code == 404
    assert polly.get(piece(row)).status_code == 200
    assert polly.get(f"/office/evidence/campaigns/{campaign.pk}/").status_code == 403
    assert signed_on("olivia").get("/office/evidence/").status_code == 403

"""The forms of a person's file: what is entered, corrected, taken back and ended."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from lianjing.domain.companies.departments import add_department, add_post
from lianjing.domain.companies.versions import Span
from lianjing.domain.people.appointments import Appointed, appoint
from lianjing.domain.people.fact_kinds import SPECS
from lianjing.domain.people.models import RosterEntry, StaffFact, StaffMember, Team, TeamMember
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast
from tests.domain.people.gate_staff import owes, shift
from tests.staff import number_for, put_on_file
from tests.web.conftest import As

PDF = b"%PDF-1.7\nscan\n%%EOF\n"
NUMBER = number_for(date(1988, 3, 2), 7)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def names(page: str) -> list[str]:
    return re.findall(r'<td><a class="strong" href="[^"]+">([^<]+)</a>', page)


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (1200, 1600), "white").save(out, "JPEG", exif=_exif())
    return out.getvalue()


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    return exif.tobytes()


def test_a_person_is_entered_with_what_is_known_on_the_first_day(cast: Cast, signed_on: As) -> None:
    told = {"staff_no": "007", "name": "吴大勇", "identity": NUMBER.lower(), "phone": "10012345678"}
    told |= {"hired_on": "2026-11-01", "post_kind": "patrol", "education": "senior_middle"}
    made = signed_on("mia").post("/office/people/new/", told)
    member = StaffMember.objects.get(staff_no="007")
    assert made["Location"] == f"/office/people/{member.pk}/"
    kept = {(fact.kind, fact.value, fact.valid_from) for fact in member.facts.all()}
    assert kept == {
        ("employment", "", date(2026, 11, 1)),
        ("post_kind", "patrol", date(2026, 11, 1)),
        ("education", "senior_middle", None),
        ("identity", "1988-03-02", None),
        ("nationality", "CHN", None),
    }
    page = text(signed_on("mia").get(f"/office/people/{member.pk}/"))
    assert "人员已登记。" in text(signed_on("mia").get("/office/people/")) or "10012345678" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"staff_no": "001"}, "工号 001 已经有了。"),
        ({"staff_no": ""}, "请填写。"),
        ({"identity": NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")}, "身份号码的校验位不对"),
        ({"identity": "123"}, "身份号码应为 18 位"),
        ({"hired_on": "soon"}, "日期请写成"),
        ({"hired_on": "1890-01-01"}, "日期 1890-01-01 不可能。"),
        ({"post_kind": "cook"}, "没有这个选项。"),
        ({"name": "x" * 51}, "最多 50 个字，现有 51 个。"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(
    cast: Cast, signed_on: As, changed: dict[str, str], sentence: str
) -> None:
    put_on_file(cast, "001")
    told = {"staff_no": "007", "name": "Kept", "notes": "Kept", "hired_on": "2026-11-01"} | changed
    answer = signed_on("mia").post("/office/people/new/", told)
    page = text(answer)
    assert (answer.status_code, sentence in page, "Kept" in page) == (422, True, True)
    assert StaffMember.objects.count() == 1


VALUES: dict[Kind, dict[str, Any]] = {
    Kind.EMPLOYMENT: {"valid_from": "2026-11-01"},
    Kind.POST_KIND: {"value": "patrol", "valid_from": "2026-11-01"},
    Kind.NATIONALITY: {"value": "chn"},
    Kind.EDUCATION: {"value": "college", "issuer": "绍兴学院"},
    Kind.HEALTH: {"value": "passed", "valid_from": "2026-11-01", "valid_until": "2027-10-31"},
    Kind.BACKGROUND: {"value": "passed", "valid_from": "2026-11-01"},
    Kind.BAR: {"value": "detentions"},
    Kind.POLICE_EXAM: {"value": "passed", "valid_from": "2026-11-01"},
    Kind.POLICE_REVIEW: {"value": "passed", "valid_from": "2026-11-01"},
    Kind.BIOMETRICS: {"issuer": "绍兴市公安局", "valid_from": "2026-11-01"},
    Kind.GUARD_CERTIFICATE: {"number": "浙1", "level": "三级", "valid_from": "2026-11-01"},
    Kind.QUALIFICATION: {"number": "Q1", "level": "四级"},
    Kind.LABOUR_CONTRACT: {"number": "L1", "valid_from": "2026-11-01"},
    Kind.INSURANCE: {"value": "意外险", "valid_until": "2027-01-01"},
    Kind.TRAINING: {"value": "岗前", "subjects": ["law", "skill"], "hours": "8.5", "result": "passed"},
    Kind.APPRAISAL: {"value": "passed", "valid_from": "2026-11-01"},
    Kind.LEAVE: {"value": "年假", "valid_from": "2026-12-01", "valid_until": "2026-12-03"},
}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.IDENTITY])
def test_each_kind_of_fact_has_a_form_that_records_it_with_its_scan(cast: Cast, signed_on: As, kind: Kind) -> None:
    told = {"staff_no": "001", "name": "陈思远"}
    member = StaffMember.objects.create(company=cast.company, added_at=NOON, **told)
    mia, url = signed_on("mia"), f"/office/people/{member.pk}/facts/new/?kind={kind.value}"
    form = text(mia.get(url))
    takes = [part.value for part in SPECS[kind].takes]
    assert [name for name in takes if f'name="{name}"' not in form] == []
    values = VALUES[kind] | ({"scan": SimpleUploadedFile("x.pdf", PDF)} if "scan" in takes else {})
    assert mia.post(url, values).status_code == 302
    fact = member.facts.get()
    assert (fact.kind, bool(fact.scan), fact.recorded_by) == (kind.value, "scan" in takes, "Mia")
    if "scan" in takes:
        out = mia.get(f"/office/people/facts/{fact.pk}/scan/")
        assert (out.content, out["Content-Type"], out["Content-Security-Policy"]) == (PDF, "application/pdf", "sandbox")
        assert out["Content-Disposition"].startswith("attachment; filename*=UTF-8''001-")


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        (
            "guard_certificate",
            {"number": "Kept", "valid_from": "2026-02-01", "valid_until": "2026-01-01"},
            "到期日期 2026-01-01 早于起始日期 2026-02-01。",
        ),
        ("guard_certificate", {"number": "", "issuer": "Kept"}, "请填写。"),
        ("guard_certificate", {"number": "Kept", "valid_until": "3026-01-01"}, "日期 3026-01-01 不可能。"),
        ("training", {"value": "Kept", "hours": "many", "subjects": ["law"]}, "学时请写数字。"),
        ("training", {"value": "Kept", "hours": "2"}, "请选择一项。"),
        ("health", {"value": "fine", "issuer": "Kept"}, "没有这个选项。"),
        (
            "health",
            {"value": "passed", "issuer": "Kept", "scan": SimpleUploadedFile("scan.pdf", b"<script>")},
            "只能是 PDF、PNG 或 JPEG",
        ),
        ("health", {"value": "passed", "issuer": "Kept", "scan": SimpleUploadedFile("scan.pdf", b"")}, "文件是空的。"),
        ("employment", {"valid_from": "2025-01-01"}, "已有同类记录"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_beside_its_field(
    cast: Cast, signed_on: As, kind: str, values: dict[str, Any], sentence: str
) -> None:
    member = put_on_file(cast)
    before = StaffFact.objects.count()
    answer = signed_on("mia").post(f"/office/people/{member.pk}/facts/new/?kind={kind}", values)
    page = text(answer)
    assert (answer.status_code, sentence in page, 'aria-invalid="true"' in page) == (422, True, True)
    assert "Kept" in page or "Kept" not in str(values)
    assert StaffFact.objects.count() == before


def test_a_new_paper_begins_when_the_one_that_it_follows_ends(cast: Cast, signed_on: As) -> None:
    member = put_on_file(cast)
    fact = member.facts.get(kind="guard_certificate")
    form = text(signed_on("mia").get(f"/office/people/{member.pk}/facts/new/?kind=guard_certificate&from={fact.pk}"))
    assert 'value="33-1"' in form
    assert 'name="valid_from" value="2028-01-01"' in form
    assert "2027-12-31" not in form


def test_a_fact_is_corrected_and_taken_back_and_every_version_stays_one_click_away(cast: Cast, signed_on: As) -> None:
    member = put_on_file(cast)
    fact, mia = member.facts.get(kind="guard_certificate"), signed_on("mia")
    url = f"/office/people/facts/{fact.pk}/correct/"
    assert 'value="33-1"' in text(mia.get(url))
    told = {"number": "33-2", "valid_until": "2027-06-30"}
    refused = mia.post(url, told)
    assert (refused.status_code, 'value="33-2"' in text(refused)) == (422, True)
    assert mia.post(url, told | {"reason": "号码抄错"}).status_code == 302
    assert mia.get(url).status_code == 404
    put = member.facts.get(kind="guard_certificate", retracted_at=None)
    assert (put.number, put.replaces_id) == ("33-2", fact.pk)
    again = f"/office/people/facts/{put.pk}/retract/"
    assert mia.post(again, {"reason": ""}).status_code == 422
    assert mia.post(again, {"reason": "证件是假的"}).status_code == 302
    page = text(mia.get(f"/office/people/{member.pk}/"))
    for told_of in (
        "以前的和撤回的 2 条",
        "33-1",
        "33-2",
        "号码抄错",
        "证件是假的",
        "现在没有。",
        "更正档案",
        "撤回档案",
    ):
        assert told_of in page


def test_the_birth_date_follows_from_the_number_and_has_no_form(cast: Cast, signed_on: As) -> None:
    member = put_on_file(cast)
    fact, mia = member.facts.get(kind="identity"), signed_on("mia")
    assert mia.get(f"/office/people/facts/{fact.pk}/correct/").status_code == 404
    assert "登记什么" in text(mia.get(f"/office/people/{member.pk}/facts/new/?kind=identity"))
    assert "由身份号码得出" in text(mia.get(f"/office/people/{member.pk}/"))


def test_the_choice_of_kinds_leads_to_every_form(cast: Cast, signed_on: As) -> None:
    member = put_on_file(cast)
    page = text(signed_on("mia").get(f"/office/people/{member.pk}/facts/new/?kind=nonsense"))
    assert page.count('class="strong" href="/office/people/') == len(Kind) - 1


def test_a_person_is_changed_and_the_history_says_how(cast: Cast, signed_on: As) -> None:
    member, mia = put_on_file(cast), signed_on("mia")
    told = {"staff_no": "001", "name": "陈思源", "phone": "10087654321", "notes": ""}
    assert mia.post(f"/office/people/{member.pk}/edit/", told).status_code == 302
    page = text(mia.get(f"/office/people/{member.pk}/"))
    for said in ("修改人员", '<s class="soft">陈思远</s> → 陈思源', "已更改，内容不显示"):
        assert said in page


def test_leaving_ends_employment_and_post_kind_and_shows_what_is_still_held(cast: Cast, signed_on: As) -> None:
    member, mia = put_on_file(cast), signed_on("mia")
    mia.post(f"/office/people/{member.pk}/account/", {"username": "gus"})
    day = timezone.localdate()
    RosterEntry.objects.create(
        company=cast.company,
        member=member,
        post_kind="patrol",
        place="城东片区",
        shift="白班",
        day=day,
        begins_at=timezone.now(),
        ends_at=timezone.now() + timezone.timedelta(hours=8),
        planned_at=NOON,
    )
    url = f"/office/people/{member.pk}/leave/"
    for told in ("gus", "城东片区"):
        assert told in text(mia.get(url))
    refused = mia.post(url, {"last_day": "2025-01-01", "reason": "Kept"})
    assert (refused.status_code, "已有同类记录" in text(refused), "Kept" in text(refused)) == (422, True, True)
    assert mia.post(url, {"last_day": "2026-11-20", "reason": "辞职"}).status_code == 302
    standing = member.facts.filter(retracted_at=None, kind__in=["employment", "post_kind"])
    assert {fact.valid_until for fact in standing} == {date(2026, 11, 20)}
    page = text(mia.get(f"/office/people/{member.pk}/?on=2026-11-21"))
    for told in ("2026-11-20 离职", "离职后仍持有", "gus", "还有 1 班", "已于 2026-11-20 离职。", "辞职"):
        assert told in page
    again = mia.post(url, {"last_day": "2026-11-21"})
    assert (again.status_code, "之后没有在职记录" in text(again)) == (422, True)


def test_what_somebody_still_holds_leads_to_where_it_is_taken_back(cast: Cast, signed_on: As) -> None:
    mia, at, today = cast.viewer("mia"), timezone.now(), timezone.localdate()
    member = put_on_file(cast, "007")
    department = add_department(cast.company.pk, {"name": "运行部", "kind": "operation"}, Span(today), by=mia, at=at)
    told = {"title": "值班长", "post_kind": "watch", "places": 1, "is_key": True}
    post = add_post(department.pk, told, Span(today), by=mia, at=at)
    appoint(post.pk, Appointed("007", Span(today)), by=mia, at=at)
    team = Team.objects.create(company=cast.company, name="一班", post_kind="watch", place="1 号席", anchor_on=today)
    TeamMember.objects.create(team=team, member=member, starts_on=today)
    duty = shift(member, at + timedelta(hours=1), at + timedelta(hours=9))
    owes(member, today)
    browser, of = signed_on("mia"), f"/office/people/{member.pk}/"
    ways = [
        f"/office/posts/{post.pk}/",
        f"/office/roster/teams/{team.pk}/",
        f"/office/roster/?company={cast.company.pk}&amp;view=month&amp;q=007",
        f"/office/roster/entries/{duty.pk}/",
        f"/office/training/people/{member.pk}/",
    ]
    for page in (of, f"{of}leave/"):
        shown = text(browser.get(page))
        assert [way for way in ways if f'href="{way}"' not in shown] == []
    assert [browser.get(way.replace("&amp;", "&")).status_code for way in ways] == [200] * len(ways)
    assert "陈思远" in text(browser.get(ways[2].replace("&amp;", "&")))
    shown = text(signed_on("leo").get(of))
    assert (ways[2] in shown, ways[4] in shown) == (True, False)


def test_an_account_of_the_company_is_linked_and_taken_away(cast: Cast, signed_on: As) -> None:
    member, other, mia = put_on_file(cast, "001"), put_on_file(cast, "002"), signed_on("mia")
    url = f"/office/people/{member.pk}/account/"
    form = text(mia.get(url))
    assert ('value="gus"' in form, 'value="sam"' in form) == (True, False)
    assert mia.post(url, {"username": "sam"}).status_code == 422
    assert mia.post(url, {"username": "gus"}).status_code == 302
    assert StaffMember.objects.get(pk=member.pk).user == cast.users["gus"]
    assert 'value="gus"' not in text(mia.get(f"/office/people/{other.pk}/account/"))
    assert mia.post(url, {"username": ""}).status_code == 302
    assert StaffMember.objects.get(pk=member.pk).user is None


def test_a_photo_is_kept_small_and_without_what_the_camera_wrote(cast: Cast, signed_on: As) -> None:
    member, mia = put_on_file(cast), signed_on("mia")
    url = f"/office/people/{member.pk}/photo/"
    assert mia.get(url).status_code == 404
    for wrong, name, said in (
        (PDF, "me.pdf", "照片只能是 PNG 或 JPEG 图片。"),
        (b"x", "me.jpg", "只能是 PDF、PNG 或 JPEG"),
        (b"", "me.jpg", "文件是空的。"),
    ):
        refused = mia.post(f"{url}keep/", {"photo": SimpleUploadedFile(name, wrong)})
        assert (refused.status_code, said in text(refused)) == (422, True)
    assert mia.post(f"{url}keep/", {"photo": SimpleUploadedFile("me.jpg", picture())}).status_code == 302
    kept = mia.get(url)
    with Image.open(BytesIO(kept.content)) as seen:
        assert (seen.size, dict(seen.getexif()), kept["Content-Type"]) == ((600, 800), {}, "image/jpeg")
    assert signed_on("leo").get(url).status_code == 403
    assert "更换照片" in text(mia.get(f"/office/people/{member.pk}/"))


def test_where_several_companies_are_seen_one_is_chosen_and_each_person_has_his(cast: Cast, signed_on: As) -> None:
    ada = signed_on("ada")
    typed = {"staff_no": "M-1", "name": "周敏"}
    assert ada.post("/office/people/new/", typed).status_code == 422
    assert ada.post("/office/people/new/", {**typed, "company": cast.other.pk}).status_code == 302
    put_on_file(cast, "001", "陈思远")
    assert names(text(ada.get("/office/people/"))) == ["陈思远", "周敏"]
    assert names(text(ada.get(f"/office/people/?company={cast.other.pk}"))) == ["周敏"]
    assert names(text(ada.get(f"/office/people/?company={cast.other.pk}&eligible=yes"))) == []
    assert "Hill Alarm" in text(ada.get(f"/office/worklist/?company={cast.other.pk}"))

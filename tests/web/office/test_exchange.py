"""Import and export in the office: looked at first, imported at a second word, by the bytes that were looked at."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings as installed
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from lianjing.domain.people.models import Membership, Photo, StaffMember
from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import Customer, Site
from lianjing.web.office import uploads
from tests.cast import Cast
from tests.domain.people.importing.sheets import HEAD, person
from tests.domain.people.importing.test_papers import PDF, bundle, picture
from tests.domain.sites.importing.books import SHOP, with_cell, workbook

pytestmark = pytest.mark.django_db

As = Callable[[str], Client]
PAGE = "/office/exchange/"


@pytest.fixture
def signed_on(cast: Cast) -> As:
    def browser(name: str) -> Client:
        client = Client()
        client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser


def bring(client: Client, cast: Cast, content: bytes, name: str = "book.xlsx") -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    return client.post(f"{PAGE}import/", {"company": cast.company.pk, "file": file})


def test_a_workbook_is_looked_at_and_then_imported(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    brought = bring(mia, cast, workbook(SHOP))
    assert brought.status_code == 302
    looked = mia.get(brought["Location"]).content.decode()
    assert "将新建 5，修改 0" in looked
    assert "解放路金店" in looked
    assert not Site.objects.filter(code="S1").exists()
    done = mia.post(f"{brought['Location']}apply/", follow=True)
    assert "新建 5，修改 0" in done.content.decode()
    assert Site.objects.filter(code="S1", company=cast.company).exists()


def test_errors_are_listed_with_sheet_row_and_column_and_there_is_no_button(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    brought = bring(mia, cast, workbook(with_cell(SHOP, "zones", 3, "kind", "moat")))
    page = mia.get(brought["Location"]).content.decode()
    assert "有 1 处错误，什么都不会导入" in page
    assert "防区类型 kind" in page
    assert "确认导入" not in page
    refused = mia.post(f"{brought['Location']}apply/")
    assert refused.status_code == 422
    assert not Customer.objects.filter(code="C1").exists()


def test_what_is_no_workbook_is_told_beside_the_field(cast: Cast, signed_on: As) -> None:
    answer = bring(signed_on("mia"), cast, b"%PDF-1.7", "a.pdf")
    assert answer.status_code == 422
    assert "只能导入 Excel" in answer.content.decode()


def test_a_file_that_is_too_big_is_not_kept(cast: Cast, signed_on: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed.ENVIRONMENT, "import_max_mb", 0)
    answer = bring(signed_on("mia"), cast, workbook(SHOP))
    assert answer.status_code == 422
    assert "最多 0 MB" in answer.content.decode()


def test_a_kept_file_is_its_owners_only_and_for_two_hours(
    cast: Cast, signed_on: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, leo = signed_on("mia"), signed_on("leo")
    where = bring(mia, cast, workbook(SHOP))["Location"]
    assert leo.get(where).status_code == 302
    assert leo.post(f"{where}apply/").status_code == 302
    assert not Site.objects.filter(code="S1").exists()
    monkeypatch.setattr(uploads, "KEPT_S", -1)
    gone = mia.post(f"{where}apply/", follow=True)
    assert "已过期" in gone.content.decode()
    assert not Site.objects.filter(code="S1").exists()


def test_a_file_is_imported_once(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    where = bring(mia, cast, workbook(SHOP))["Location"]
    mia.post(f"{where}apply/")
    assert "这个文件已经导入" in mia.post(f"{where}apply/", follow=True).content.decode()


def test_nobody_brings_a_file_for_another_company(cast: Cast, signed_on: As) -> None:
    sam = signed_on("sam")
    answer = bring(sam, cast, workbook(SHOP))
    assert answer.status_code == 422
    assert sam.post(f"{PAGE}export/", {"company": cast.company.pk}).status_code == 422


def test_the_export_is_recorded_and_holds_no_strangers_rows(cast: Cast, signed_on: As) -> None:
    answer = signed_on("leo").post(f"{PAGE}export/", {"company": cast.company.pk})
    assert answer["Cache-Control"] == "no-store"
    book = openpyxl.load_workbook(BytesIO(answer.content))
    told = json.dumps([[cell.value for row in page for cell in row] for page in book], default=str, ensure_ascii=False)
    assert "Corner Shop" in told
    assert "Hill Mill" not in told
    record = Record.objects.get(action="workbook.exported")
    assert (record.actor_name, record.after["sites"]) == ("Leo", 2)


def test_a_manager_gets_no_telephone_numbers_and_brings_his_export_back_without_harm(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    exported = mia.post(f"{PAGE}export/", {"company": cast.company.pk}).content
    contacts = openpyxl.load_workbook(BytesIO(exported))["contacts"]
    assert "10012345678" not in [cell.value for row in contacts for cell in row]
    where = bring(mia, cast, exported)["Location"]
    assert "没有要导入的" in mia.get(where).content.decode()


def test_the_template_is_the_same_workbook_with_explanations(cast: Cast, signed_on: As) -> None:
    book = openpyxl.load_workbook(BytesIO(signed_on("mia").get(f"{PAGE}template/").content))
    assert book.sheetnames[:3] == ["说明", "customers", "contracts"]
    assert [cell.value for cell in book["zones"][1]][:2] == ["设备账号 panel", "防区号 number"]
    assert book["zones"].freeze_panes == "A2"
    assert "紧急求助" in {rule.formula1 for rule in book["zones"].data_validations.dataValidation}.__str__()


# People

PEOPLE = {"people": [HEAD, person(1), person(2)]}


def enter_people(client: Client, cast: Cast) -> None:
    where = bring(client, cast, workbook(PEOPLE))["Location"]
    assert client.post(f"{where}apply/").status_code == 302


def test_people_are_looked_at_and_then_imported_and_their_numbers_are_not_shown(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    brought = bring(mia, cast, workbook(PEOPLE))
    looked = mia.get(brought["Location"]).content.decode()
    assert "将新建 2，修改 0" in looked
    number = person(1)[2]
    assert (number in looked, f"{'*' * 14}{number[-4:]}" in looked) == (False, True)
    assert "法律、保安专业知识、保安技能" in looked
    assert StaffMember.objects.count() == 0
    mia.post(f"{brought['Location']}apply/", follow=True)
    assert StaffMember.objects.filter(company=cast.company).count() == 2


def test_a_leader_is_told_that_he_may_not_import_people(cast: Cast, signed_on: As) -> None:
    leo = signed_on("leo")
    page = leo.get(PAGE).content.decode()
    assert ("照片和扫描件" in page, "导出人员" in page) == (False, False)
    where = bring(leo, cast, workbook(PEOPLE))["Location"]
    assert "您没有“登记和修改人员档案”的权限。" in leo.get(where).content.decode()
    assert leo.post(f"{where}apply/").status_code == 422
    assert leo.post(f"{PAGE}people/", {"company": cast.company.pk}).status_code == 403
    assert leo.post(f"{PAGE}papers/", {"company": cast.company.pk}).status_code == 403
    scans = bring(leo, cast, bundle({"001.jpg": picture()}).content, "scans.zip")["Location"]
    assert leo.get(scans).status_code == 403
    assert StaffMember.objects.count() == 0


def bring_papers(client: Client, cast: Cast, *files: SimpleUploadedFile) -> HttpResponse:
    return client.post(f"{PAGE}papers/", {"company": cast.company.pk, "papers": list(files)})


def test_several_files_at_once_are_matched_shown_and_kept(
    cast: Cast, signed_on: As, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    mia = signed_on("mia")
    enter_people(mia, cast)
    files = (SimpleUploadedFile("001.jpg", picture()), SimpleUploadedFile("002-保安员证.pdf", PDF))
    where = bring_papers(mia, cast, *files)["Location"]
    looked = mia.get(where).content.decode()
    assert ("陈思1" in looked, "33-2 2024-02-20 – 2030-02-19" in looked, "2 个文件.zip" in looked) == (True,) * 3
    assert Photo.objects.count() == 0
    assert "新建 2" in mia.post(f"{where}apply/", follow=True).content.decode()
    assert Photo.objects.get().member.staff_no == "001"


def test_what_matches_nothing_is_said_before_anything_is_kept(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    where = bring_papers(mia, cast, SimpleUploadedFile("zip.zip", bundle({"009.jpg": picture()}).content))["Location"]
    looked = mia.get(where).content.decode()
    assert ("“009.jpg”：没有这样的工号" in looked, "确认导入" in looked) == (True, False)


def test_what_is_no_photo_and_no_scan_is_told_beside_the_field(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    table = bring_papers(mia, cast, SimpleUploadedFile("book.xlsx", workbook(SHOP)))
    none = bring_papers(mia, cast)
    assert [(a.status_code, "papers" in a.context["papers_form"].errors) for a in (table, none)] == [(422, True)] * 2


def test_people_go_out_with_numbers_only_for_a_reason_and_for_who_may_see_them(cast: Cast, signed_on: As) -> None:
    mia, ada = signed_on("mia"), signed_on("ada")
    enter_people(mia, cast)
    refused = mia.post(f"{PAGE}people/", {"company": cast.company.pk, "identity": "on", "reason": " "})
    assert (refused.status_code, "请写明原因。" in refused.content.decode()) == (422, True)
    for client, number in ((mia, person(1)[2]), (ada, None)):
        told = {"company": cast.company.pk, "identity": "on", "reason": "报备"}
        answer = client.post(f"{PAGE}people/", told)
        assert openpyxl.load_workbook(BytesIO(answer.content))["people"]["C2"].value == number
        assert answer["Cache-Control"] == "no-store"
    assert Record.objects.filter(action="staff.identity_revealed").count() == 2


def test_a_stranger_brings_and_takes_nobody(cast: Cast, signed_on: As) -> None:
    Membership.objects.filter(user=cast.users["sam"]).update(role="manager")
    sam = signed_on("sam")
    enter_people(signed_on("mia"), cast)
    assert sam.post(f"{PAGE}people/", {"company": cast.company.pk}).status_code == 422
    assert bring_papers(sam, cast, SimpleUploadedFile("001.jpg", picture())).status_code == 422
    own = sam.post(f"{PAGE}people/", {"company": cast.other.pk})
    assert openpyxl.load_workbook(BytesIO(own.content))["people"].max_row == 1

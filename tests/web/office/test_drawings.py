"""Drawings in the office and on the case: pictures only for those who may see the site."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lianjing.domain.sites.models import Drawing, Zone
from tests.cast import Cast, Sent, alarm
from tests.web.console.conftest import As


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(content: bytes | None = None) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (400, 200), "white").save(out, "PNG")
    return SimpleUploadedFile("plan.png", out.getvalue() if content is None else content, "image/png")


@pytest.fixture
def floor(cast: Cast, signed_on: As) -> Drawing:
    signed_on("mia").post(f"/office/sites/{cast.shop.pk}/drawings/add/", {"name": "floor 1", "image": upload()})
    return Drawing.objects.get()


def door(cast: Cast) -> Zone:
    return Zone.objects.get(panel__site=cast.shop, number="3")


def test_a_plan_is_uploaded_and_its_picture_handed_out(cast: Cast, signed_on: As, floor: Drawing) -> None:
    answer = signed_on("olivia").get(f"/office/drawings/{floor.pk}/image/")
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "image/png",
        "nosniff",
    )
    page = signed_on("olivia").get(f"/office/sites/{cast.shop.pk}/drawings/").content.decode()
    assert ("floor 1" in page, "2 个防区，2 个还没有位置" in page, "上传平面图" in page) == (True, True, False)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("floor 1", b"no picture", "不是 PNG、JPEG 或 WebP"),
        ("", None, "请填写"),
        ("x" * 61, None, "最多 60 个字"),
        ("floor 1", b"", "所选文件是空的"),
    ],
)
def test_what_is_no_plan_is_refused_and_the_name_stays(
    cast: Cast, signed_on: As, name: str, content: bytes | None, said: str
) -> None:
    sent = {"name": name, "image": upload(content)}
    answer = signed_on("mia").post(f"/office/sites/{cast.shop.pk}/drawings/add/", sent)
    page = answer.content.decode()
    assert (answer.status_code, said in page, f'value="{name}"' in page or not name) == (422, True, True)
    assert Drawing.objects.count() == 0


def test_a_zone_is_placed_by_numbers_listed_and_taken_off(cast: Cast, signed_on: As, floor: Drawing) -> None:
    mia, page = signed_on("mia"), f"/office/drawings/{floor.pk}/"
    mia.post(f"{page}place/", {"zone": door(cast).pk, "x": "25", "y": "50"})
    shown = mia.get(page).content.decode()
    assert ("translate(100 100)" in shown, "在这张图上（1）" in shown, "还没有位置（1）" in shown) == (True, True, True)
    mia.post(f"{page}unplace/", {"zone": door(cast).pk})
    assert "在这张图上（0）" in mia.get(page).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"zone": "", "x": "1", "y": "1"}, "请选择防区"),
        ({"zone": "999999", "x": "1", "y": "1"}, "没有这个防区"),
        ({"x": "101", "y": "1"}, "须在 0 至 100 之间"),
        ({"x": "nan", "y": "1"}, "填写的内容读不出来"),
        ({"x": "", "y": "1"}, "请填写"),
    ],
)
def test_a_place_that_cannot_be_is_told(
    cast: Cast, signed_on: As, floor: Drawing, sent: dict[str, str], said: str
) -> None:
    answer = signed_on("mia").post(f"/office/drawings/{floor.pk}/place/", {"zone": door(cast).pk, **sent})
    assert (answer.status_code, said in answer.content.decode(), door(cast).drawing_id) == (422, True, None)


def test_a_drawing_is_renamed_and_removed(cast: Cast, signed_on: As, floor: Drawing) -> None:
    mia = signed_on("mia")
    mia.post(f"/office/drawings/{floor.pk}/rename/", {"name": "vault"})
    assert "vault" in mia.get(f"/office/sites/{cast.shop.pk}/").content.decode()
    assert mia.post(f"/office/drawings/{floor.pk}/rename/", {"name": ""}).status_code == 422
    assert mia.post(f"/office/drawings/{floor.pk}/remove/").status_code == 302
    assert mia.get(f"/office/drawings/{floor.pk}/image/").status_code == 404


def test_a_picture_whose_file_is_gone_is_missing_and_the_page_stands(signed_on: As, floor: Drawing) -> None:
    floor.image.storage.delete(floor.image.name)
    assert signed_on("olivia").get(f"/office/drawings/{floor.pk}/image/").status_code == 404
    assert signed_on("olivia").get(f"/office/drawings/{floor.pk}/").status_code == 200


def test_a_stranger_sees_neither_page_nor_picture_and_who_only_sees_changes_nothing(
    cast: Cast, signed_on: As, floor: Drawing
) -> None:
    own = f"/office/drawings/{floor.pk}/"
    reads = [own, f"{own}image/", f"/office/sites/{cast.shop.pk}/drawings/"]
    writes = [f"{own}{part}/" for part in ("rename", "remove", "place", "unplace")]
    writes.append(f"/office/sites/{cast.shop.pk}/drawings/add/")
    sent = {"zone": door(cast).pk, "x": "1", "y": "1", "name": "x"}
    assert {path: signed_on("sam").get(path).status_code for path in reads} == dict.fromkeys(reads, 404)
    told = {path: signed_on("sam").post(path, {**sent, "image": upload()}).status_code for path in writes}
    assert told == dict.fromkeys(writes, 404)
    assert {path: signed_on("olivia").post(path, sent).status_code for path in writes} == dict.fromkeys(writes, 403)
    assert {path: signed_on("gus").get(path).status_code for path in reads} == dict.fromkeys(reads, 403)
    assert Drawing.objects.get().name == "floor 1"


def test_the_case_shows_the_plan_with_its_zone_in_alarm(cast: Cast, signed_on: As, floor: Drawing) -> None:
    case = alarm(Sent(zone="003"))
    olivia = signed_on("olivia")
    assert "平面图" not in olivia.get(f"/incidents/{case.pk}/").content.decode()
    signed_on("mia").post(f"/office/drawings/{floor.pk}/place/", {"zone": door(cast).pk, "x": "25", "y": "50"})
    page = olivia.get(f"/incidents/{case.pk}/").content.decode()
    assert ("zone-mark alarmed" in page, "▲ 报警 3 front door" in page) == (True, True)
    assert f"/office/drawings/{floor.pk}/image/" in page

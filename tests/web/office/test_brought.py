"""Every form that takes a file looks at its content and at what its name says, and says which of both it is."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.cast import NOON, Cast
from tests.domain.assessments.assessed import assessed
from tests.domain.drills.exercise import held
from tests.domain.facilities.equipped import piece
from tests.domain.facilities.rooms import centre
from tests.domain.findings.found import moved_to
from tests.web.conftest import As

PDF = b"%PDF-1.4 seen\n%%EOF\n"


@pytest.fixture(autouse=True)
def _kept_in(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def certificate(cast: Cast) -> tuple[str, dict[str, Any]]:
    return f"/office/inventory/{piece(cast).pk}/certificates/new/", {
        "kind": "ccc",
        "number": "CCC-1",
        "valid_from": "2026-01-01",
    }


def record_of_place(cast: Cast) -> tuple[str, dict[str, Any]]:
    told = {"kind": "hold_up", "standing": "good", "valid_from": "2026-11-02", "origin": "本单位"}
    return f"/office/premises/places/{centre(cast).pk}/records/new/", told


def drawing_of_place(cast: Cast) -> tuple[str, dict[str, Any]]:
    return f"/office/premises/places/{centre(cast).pk}/files/new/", {"kind": "drawing", "title": "平面图"}


def supervision(cast: Cast) -> tuple[str, dict[str, Any]]:
    who = assessed(cast, timezone.now())
    told = {"day": str(timezone.localdate()), "department": who.departments["运行部"].pk}
    return f"/office/supervision/new/{cast.company.pk}/", told | {"looked_at": "夜班交接", "result": "normal"}


def proof_of_finding(cast: Cast) -> tuple[str, dict[str, Any]]:
    return f"/office/findings/{moved_to(cast, 'in_progress').pk}/finish/", {"proof": "已购置，见照片"}


def drill_attachment(cast: Cast) -> tuple[str, dict[str, Any]]:
    return f"/office/drills/{held(cast, NOON).pk}/attach/", {"title": "签到表"}


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (certificate, "mia"),
        (record_of_place, "mia"),
        (drawing_of_place, "mia"),
        (supervision, "mia"),
        (proof_of_finding, "olivia"),
        (drill_attachment, "leo"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_and_the_same_under_its_name_is_kept(
    cast: Cast, signed_on: As, form: Any, name: str
) -> None:
    address, told = form(cast)
    client: Client = signed_on(name)
    answer = client.post(address, {**told, "scan": SimpleUploadedFile("照片.png", PDF)})
    said = "文件名“照片.png”与内容不符：内容是 PDF。"
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert client.post(address, {**told, "scan": SimpleUploadedFile("照片.PDF", PDF)}).status_code == 302


def test_a_drawing_of_a_site_and_a_photo_of_a_person_too(cast: Cast, signed_on: As) -> None:
    made = BytesIO()
    Image.new("RGB", (200, 200)).save(made, "JPEG")
    mia, wrong = signed_on("mia"), SimpleUploadedFile("图.png", made.getvalue())
    told = {"name": "一层", "image": wrong}
    answer = mia.post(f"/office/sites/{cast.shop.pk}/drawings/add/", told)
    assert (answer.status_code, "内容是 JPEG。" in answer.content.decode()) == (422, True)
    member = moved_to(cast, "assigned").owner
    wrong.seek(0)
    answer = mia.post(f"/office/people/{member.pk}/photo/keep/", {"photo": wrong})
    assert (answer.status_code, "内容是 JPEG。" in answer.content.decode()) == (422, True)

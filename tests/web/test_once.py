"""A form that appends is stored once, however often it is sent; each test presses a real button twice."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from lianjing.core.submissions.models import Submission
from lianjing.domain.assessments.models import SupervisionEntry
from lianjing.domain.facilities.models import EquipmentCertificate, Measurement
from lianjing.domain.findings.models import Finding
from lianjing.terms.roles import Role
from lianjing.web import form_keys
from tests.cast import Cast
from tests.domain.assessments.assessed import assessed
from tests.domain.facilities.equipped import piece
from tests.domain.facilities.rooms import centre, room
from tests.web.conftest import As

VALUE = {"quantity": "temperature", "figure": "23.4", "unit": "℃", "measured_by": "何师傅", "instrument": "testo"}
VALUE |= {"measured_at": "2026-11-02 09:30"}
OFFICE = Path(form_keys.__file__).parent / "templates" / "office"
SAID = "这张表单已经保存过，这里是第一次保存的结果；没有再保存一次。"


@pytest.fixture
def mia(signed_on: As) -> Client:
    return signed_on("mia")


@pytest.fixture(autouse=True)
def _kept_in(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def key_of(client: Client, address: str) -> dict[str, str]:
    found = re.search(r'name="form_key" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return {"form_key": found[1]}


def twice(client: Client, address: str, told: dict[str, Any]) -> tuple[str, str, str]:
    """Where the first and the second sending led, and what the page says then."""
    sent = {**told, **key_of(client, address)}
    first, second = client.post(address, sent), client.post(address, sent)
    return first["Location"], second["Location"], client.get(second["Location"]).content.decode()


def test_the_second_submit_of_a_measurement_shows_the_first_and_stores_nothing(cast: Cast, mia: Client) -> None:
    place = room(cast, centre(cast))
    first, second, page = twice(mia, f"/office/premises/places/{place.pk}/values/new/", VALUE)
    assert (first, Measurement.objects.count(), SAID in page) == (second, 1, True)


def test_the_second_submit_of_a_certificate_with_its_file_shows_the_first_and_stores_nothing(
    cast: Cast, mia: Client
) -> None:
    one = piece(cast)
    address = f"/office/inventory/{one.pk}/certificates/new/"
    told = {"kind": "ccc", "number": "CCC-1", "valid_from": "2026-01-01"}
    sent = {**told, **key_of(mia, address)}
    for _time in range(2):
        answer = mia.post(address, {**sent, "scan": SimpleUploadedFile("a.pdf", b"%PDF-1.4 seen\n%%EOF\n")})
        assert answer.status_code == 302
    assert EquipmentCertificate.objects.count() == 1


def test_the_second_submit_of_a_supervision_entry_shows_the_first_and_stores_nothing(cast: Cast, mia: Client) -> None:
    who = assessed(cast, timezone.now())
    told = {"day": str(timezone.localdate()), "department": who.departments["运行部"].pk}
    told |= {"looked_at": "夜班交接", "result": "problem", "found": "缺签字", "grade": "minor"}
    first, second, page = twice(mia, f"/office/supervision/new/{cast.company.pk}/", told)
    assert (first, SupervisionEntry.objects.count(), Finding.objects.count()) == (second, 1, 1)
    assert SAID in page


def test_other_content_under_the_same_key_is_another_record(cast: Cast, mia: Client) -> None:
    place = room(cast, centre(cast))
    address = f"/office/premises/places/{place.pk}/values/new/"
    key = key_of(mia, address)
    for figure in ("23.4", "23.9"):
        mia.post(address, {**VALUE, "figure": figure, **key})
    assert Measurement.objects.count() == 2


def test_what_was_refused_may_be_sent_again_as_it_is(cast: Cast, mia: Client) -> None:
    place = room(cast, centre(cast))
    address = f"/office/premises/places/{place.pk}/values/new/"
    sent = {**VALUE, **key_of(mia, address)}
    assert mia.post(address, {**sent, "unit": ""}).status_code == 422
    assert not Submission.objects.exists()
    assert mia.post(address, sent).status_code == 302


def test_who_was_sent_to_the_door_first_sends_his_form_afterwards(cast: Cast, mia: Client, settings: Any) -> None:
    place = room(cast, centre(cast))
    address = f"/office/premises/places/{place.pk}/values/new/"
    sent = {**VALUE, **key_of(mia, address)}
    settings.SECOND_FACTOR_ROLES = frozenset({Role.MANAGER})
    assert "/values/" not in mia.post(address, sent)["Location"]
    settings.SECOND_FACTOR_ROLES = frozenset()
    assert (mia.post(address, sent)["Location"].endswith("/values/temperature/"), Measurement.objects.count()) == (
        True,
        1,
    )


def test_every_form_of_the_office_holds_a_key_but_those_that_append_nothing_or_work_for_long() -> None:
    bare = {
        str(path.relative_to(OFFICE))
        for path in OFFICE.rglob("*.html")
        if re.search(r"\{% csrf_token %\}(?!\{% form_key %\})", path.read_text())
    }
    assert bare == {"base.html", "exchange.html", "import.html", "roster/plan.html", "drawings.html"}


def test_a_key_is_its_user_s_own(cast: Cast, mia: Client, signed_on: As) -> None:
    place = room(cast, centre(cast))
    address = f"/office/premises/places/{place.pk}/values/new/"
    sent = {**VALUE, **key_of(mia, address)}
    mia.post(address, sent)
    assert signed_on("leo").post(address, sent).status_code == 302
    assert Measurement.objects.count() == 2

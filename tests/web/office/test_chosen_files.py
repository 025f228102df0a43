"""A file that was chosen is not lost in silence when its form is refused."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianjing.domain.documents.models import Document, Edition
from tests.cast import Cast
from tests.domain.documents.written import owner
from tests.domain.drills.exercise import held
from tests.web.conftest import As
from tests.web.office.test_documents import LIST, TYPED, WORDS

PDF = b"%PDF-1.4 list\n%%EOF\n"
LOST = "选过的文件“制度&lt;1&gt;.pdf”没有留下来：浏览器不会替您再选一次，请重新选择。"
TEXT_ONLY = "没有保存：请看标出的地方。填写的文字都还在，文件须重新选择。"


@pytest.fixture
def mia(cast: Cast, signed_on: As, settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = str(tmp_path)
    return signed_on("mia")


def chosen() -> dict[str, Any]:
    return {"file": SimpleUploadedFile("制度<1>.pdf", PDF)}


def carried(answer: Any) -> dict[str, str]:
    page = answer.content.decode()
    return dict(re.findall(r'<input type="hidden" name="(\w+-chosen)" value="([^"]*)">', page))


@pytest.mark.parametrize("wrong", [{"owner": "X"}, {"cycle_months": "x"}])
def test_the_field_says_by_name_that_it_has_to_be_chosen_again(cast: Cast, mia: Client, wrong: dict[str, str]) -> None:
    owner(cast)
    answer = mia.post(f"{LIST}new/{cast.company.pk}/", TYPED | WORDS | wrong | chosen())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (LOST in page, TEXT_ONLY in page, "所填内容都还在" in page) == (True, True, False)
    assert carried(answer) == {"file-chosen": "制度&lt;1&gt;.pdf"}
    assert re.search(r'<input type="file" name="file"[^>]*aria-invalid="true"', page)


def test_it_is_not_stored_without_the_file_until_that_is_meant(cast: Cast, mia: Client) -> None:
    owner(cast)
    url, again = f"{LIST}new/{cast.company.pk}/", TYPED | WORDS | {"file-chosen": "制度<1>.pdf"}
    answer = mia.post(url, again)
    assert (answer.status_code, LOST in answer.content.decode(), Document.objects.count()) == (422, True, 0)
    wrong = mia.post(url, again | {"file-without": "on", "owner": "X"}).content.decode()
    assert (LOST in wrong, 'name="file-without" checked' in wrong, "所填内容都还在" in wrong) == (False, True, True)
    assert mia.post(url, again | {"file-without": "on"}).status_code == 302
    assert Edition.objects.get().file_name == ""


def test_chosen_again_it_is_stored(cast: Cast, mia: Client) -> None:
    owner(cast)
    told = TYPED | WORDS | {"file-chosen": "制度<1>.pdf"} | chosen()
    assert mia.post(f"{LIST}new/{cast.company.pk}/", told).status_code == 302
    assert Edition.objects.get().file_name == "制度<1>.pdf"


def test_where_a_file_must_be_nothing_offers_to_go_without(cast: Cast, mia: Client) -> None:
    scan = SimpleUploadedFile("a.pdf", PDF)
    answer = mia.post(f"/office/drills/{held(cast).pk}/attach/", {"title": "", "scan": scan})
    page = answer.content.decode()
    assert (answer.status_code, carried(answer), "照样保存" in page) == (422, {"scan-chosen": "a.pdf"}, False)
    assert "选过的文件“a.pdf”没有留下来" in page

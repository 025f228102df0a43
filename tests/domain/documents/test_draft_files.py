"""The file of a draft: by what it is found, and what of it is in the folder."""

from pathlib import Path
from typing import Any

import pytest

from lianjing.core.papers import Paper, paper_of
from lianjing.core.refusals import Refused
from lianjing.domain.documents.actions import Wording, change_draft
from lianjing.domain.documents.models import EditionText
from lianjing.domain.records.models import Hold
from tests.cast import NOON, Cast
from tests.domain.documents.written import document, docx


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def change(cast: Cast, text: str, paper: Paper | None = None) -> None:
    edition_id = EditionText.objects.get().edition_id
    change_draft(edition_id, Wording("第1版", text), paper, by=cast.viewer("leo"), at=NOON)


def test_a_draft_is_found_by_what_stands_in_it_and_its_file_and_by_nothing_else(cast: Cast) -> None:
    document(cast, text="旧词", paper=paper_of(docx("钥匙柜"), "a.docx"))
    for text in ("新词", "新词"):
        change(cast, text)
        assert EditionText.objects.get().text == "GL-01 值守管理制度 新词 钥匙柜"
    change(cast, "新词", paper_of(docx("三把锁"), "b.docx"))
    assert EditionText.objects.get().text == "GL-01 值守管理制度 新词 三把锁"


def test_a_file_whose_name_is_too_long_is_not_kept(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        document(cast, paper=paper_of(docx(), "长" * 146 + ".docx"))
    assert (refused.value.field, str(refused.value)) == ("file", "最多 150 个字，现有 151 个。")
    assert list(tmp_path.rglob("*.docx")) == []


@pytest.mark.parametrize(("is_held", "left"), [(False, 1), (True, 2)])
def test_the_file_that_another_replaces_goes_unless_a_hold_stands(
    cast: Cast, tmp_path: Path, django_capture_on_commit_callbacks: Any, is_held: bool, left: int
) -> None:
    document(cast, paper=paper_of(docx(), "a.docx"))
    if is_held:
        Hold.objects.create(company_id=cast.company.pk, reason="案件", placed_at=NOON, placed_by="x")
    with django_capture_on_commit_callbacks(execute=True):
        change(cast, "改", paper_of(docx("另一份"), "b.docx"))
        assert len(list(tmp_path.rglob("*.docx"))) == 2
    assert len(list(tmp_path.rglob("*.docx"))) == left

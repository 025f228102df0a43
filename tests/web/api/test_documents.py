"""Documents by the API: the list, one with its editions, the file and its record, and who gets in."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lianjing.core.papers import paper_of
from lianjing.domain.documents.actions import Wording, draft_edition
from lianjing.domain.documents.distributing import Whom, distribute_document
from lianjing.domain.documents.keeping import NewStatus, record_status
from lianjing.domain.people.actions import create_token
from lianjing.domain.records.models import Record
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.documents.written import PDF, TEXT, document, moved_to

TERM = {"label": "第1版", "valid_from": "2026-11-22", "valid_until": None, "ended": None}


@pytest.fixture
def ask(cast: Cast, client: Client) -> Any:
    def get(path: str, name: str = "mia") -> Any:
        token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")
        return client.get(f"/api/v1/documents{path}", HTTP_AUTHORIZATION=f"Bearer {token}")

    return get


def numbers(answer: Any) -> list[str]:
    return [item["number"] for item in answer.json()["items"]]


def test_the_list_says_how_each_stands(cast: Cast, ask: Any) -> None:
    edition = moved_to(cast, "issued")
    work = draft_edition(edition.document_id, Wording("第2版", "新"), by=cast.viewer("leo"), at=NOON)
    assert ask("").json() == {
        "items": [
            {
                "id": edition.document_id,
                "company": "harbour",
                "number": "GL-01",
                "title": "值守管理制度",
                "kind": "management",
                "owner": {"staff_no": "001", "name": "陈思远"},
                "department": None,
                "cycle_months": 12,
                "in_force": {"id": edition.pk, **TERM},
                "in_work": {"id": work.pk, "label": "第2版", "state": "draft"},
                "review_on": "2027-11-22",
                "standard": None,
            }
        ],
        "next": None,
    }


def test_it_is_narrowed_and_paged(cast: Cast, ask: Any) -> None:
    moved_to(cast, "issued")
    moved_to(cast, "in_review", number="JS-01", kind="technical", text="复核流程")
    held = moved_to(cast, "issued", number="GB/T 20988-2007", kind="external")
    status = NewStatus("superseded", held.document.created_at.date(), "平台", "GB/T 20988-2025", "OK")
    record_status(held.document_id, status, by=cast.viewer("leo"), at=NOON)
    assert {query: numbers(ask(query)) for query in QUERIES} == QUERIES
    first = ask("?limit=2").json()
    assert numbers(ask(f"?limit=2&after={first['next']}")) == ["JS-01"]
    (item,) = ask("?kind=external").json()["items"]
    assert (item["standard"]["state"], item["standard"]["successor"]) == ("superseded", "GB/T 20988-2025")
    assert [ask(query).status_code for query in ("?kind=x", "?standing=x", "?q=%00")] == [422, 422, 422]


QUERIES = {
    "": ["GB/T 20988-2007", "GL-01", "JS-01"],
    "?kind=technical": ["JS-01"],
    "?standing=in_force": ["GB/T 20988-2007", "GL-01"],
    "?standing=work&state=in_review": ["JS-01"],
    "?standing=replaced": ["GB/T 20988-2007"],
    "?standing=review": [],
    "?owner=001&company=harbour": ["GB/T 20988-2007", "GL-01", "JS-01"],
    "?q=%E5%A4%8D%E6%A0%B8": ["JS-01"],
}


def test_one_is_told_with_its_editions_and_who_has_to_read_it(cast: Cast, ask: Any) -> None:
    edition = moved_to(cast, "issued")
    distribute_document(edition.document_id, Whom("001"), 7, by=cast.viewer("mia"), at=NOON)
    told = ask(f"/{edition.document_id}").json()
    assert told["in_force"] == {"id": edition.pk, **TERM}
    assert told["distributions"] == [{"staff_no": "001", "post": None, "department": None, "days": 7}]
    assert told["readings"] == {"asked": 1, "read": 0, "late": 0} | {"late": told["readings"]["late"]}
    (one,) = told["editions"]
    wanted = {"id": edition.pk, "label": "第1版", "state": "issued", "text": TEXT, "author": "Leo", "reviewer": "Mia"}
    wanted |= {"approver": "Mia", "review_note": "逐条看过", "content_sha256": edition.approved_hash, "intact": True}
    wanted |= {"valid_from": "2026-11-22", "valid_until": None, "file": None, "erased_at": None}
    assert {name: one[name] for name in wanted} == wanted


def test_a_file_is_given_out_on_record_and_only_the_one_that_was_submitted(
    cast: Cast, ask: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    edition = moved_to(cast, "issued", document(cast, paper=paper_of(PDF, "a.pdf")))
    url = f"/{edition.document_id}/editions/{edition.pk}/file"
    answer = ask(url)
    assert (answer.content, answer["ETag"], answer["Cache-Control"]) == (PDF, f'"{edition.file_sha256}"', "no-store")
    record = Record.objects.get(action="document.file_taken")
    told = {"edition": "第1版", "file_name": "a.pdf", "file_sha256": edition.file_sha256}
    assert (record.actor_name, record.subject_id, record.after) == ("Mia", str(edition.document_id), told)
    other = moved_to(cast, "draft", number="GL-02").document_id
    assert [ask(f"/{other}/editions/{edition.pk}/file").status_code, ask(f"/{other}/editions/0/file").status_code] == [
        404,
        404,
    ]
    (tmp_path / edition.file.name).write_bytes(b"other")
    assert ask(url).status_code == 409
    assert Record.objects.filter(action="document.file_taken").count() == 1


def test_a_stranger_and_whoever_may_not_see_get_nothing(cast: Cast, ask: Any, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    edition = moved_to(cast, "issued", document(cast, paper=paper_of(PDF, "a.pdf")))
    one, file = f"/{edition.document_id}", f"/{edition.document_id}/editions/{edition.pk}/file"
    assert ask("", "sam").json()["items"] == []
    assert [ask(path, "sam").status_code for path in (one, file, "?company=harbour")] == [404, 404, 404]
    assert [ask(path, "olivia").status_code for path in ("", one, file)] == [403, 403, 403]
    assert Record.objects.filter(action="document.file_taken").count() == 0

"""Evidence by the API: the list, its states and pages, the file, and who gets in."""

from pathlib import Path
from typing import Any

from django.test import Client

from lianjing.domain.people.actions import create_token
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.compliance.evidence import accepted, pdf, submitted


def ask(cast: Cast, client: Client, path: str, name: str = "polly") -> Any:
    token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")
    return client.get(f"/api/v1/compliance/evidence{path}", HTTP_AUTHORIZATION=f"Bearer {token}")


def test_the_list_says_what_each_piece_shows_and_how_it_stands(cast: Cast, client: Client) -> None:
    row = accepted(cast, clauses=("8.3.1", "6.1"), valid_until=None)
    (item,) = ask(cast, client, "").json()["items"]
    told = {"id": row.pk, "company": "harbour", "title": "2026年考核记录", "shows": "met", "state": "accepted"}
    told |= {"clauses": ["6.1", "8.3.1"], "valid_from": "2026-01-01", "valid_until": None, "bytes": len(pdf().content)}
    told |= {"sha256": pdf().sha256, "content_hash": row.content_hash, "author": "Leo", "reviewer": "Mia"}
    told |= {"file_name": "考核.pdf", "reason": "", "withdrawn_at": None, "renews": None, "replaces": None}
    assert {name: item[name] for name in told} == told
    assert set(item) - set(told) == {"recorded_at", "decided_at"}


def test_it_is_narrowed_and_paged(cast: Cast, client: Client) -> None:
    first, second = accepted(cast), submitted(cast, text="b", clauses=("6.1",))
    ids = {
        query: [item["id"] for item in ask(cast, client, query).json()["items"]]
        for query in ("?clause=6.1", "?state=accepted", "?state=submitted", "?company=harbour")
    }
    assert list(ids.values()) == [[second.pk], [first.pk], [second.pk], [second.pk, first.pk]]
    page = ask(cast, client, "?limit=1").json()
    assert [item["id"] for item in ask(cast, client, f"?limit=1&after={page['next']}").json()["items"]] == [first.pk]
    assert ask(cast, client, "?state=lost").status_code == 422


def test_the_file_is_the_one_that_was_submitted_or_none(cast: Cast, client: Client) -> None:
    row = accepted(cast)
    answer = ask(cast, client, f"/{row.pk}/file")
    assert (answer.content, answer["ETag"]) == (pdf().content, f'"{row.file_sha256}"')
    Path(row.file.path).write_bytes(b"other")
    assert ask(cast, client, f"/{row.pk}/file").status_code == 409
    Path(row.file.path).unlink()
    assert ask(cast, client, f"/{row.pk}/file").status_code == 404


def test_a_stranger_and_whoever_may_not_see_get_nothing(cast: Cast, client: Client) -> None:
    row = accepted(cast)
    assert ask(cast, client, "", "sam").json()["items"] == []
    assert ask(cast, client, f"/{row.pk}/file", "sam").status_code == 404
    assert ask(cast, client, "?company=harbour", "sam").status_code == 404
    assert ask(cast, client, "", "olivia").status_code == 403

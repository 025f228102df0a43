"""The roster through the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast
from tests.domain.people.roster.staff import TODAY, entry, guard
from tests.web.api.test_tasks import caller

DAYS = f"roster?from={TODAY}&to={TODAY + timedelta(days=1)}"


def read(call: Callable[..., Any], path: str = DAYS) -> list[dict[str, Any]]:
    answer = call(path)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["items"])


def test_a_shift_is_told_with_whom_where_and_when(cast: Cast, client: Client) -> None:
    member = guard(cast.company, "陈思远")
    row = entry(member, TODAY + timedelta(days=1), "20:00", 12)
    entry(member, TODAY + timedelta(days=2))
    entry(guard(cast.other, "孙"))
    assert read(caller(cast, client, "olivia")) == [
        {
            "id": row.pk,
            "company": "harbour",
            "staff_no": member.staff_no,
            "name": "陈思远",
            "post_kind": "watch",
            "place": "1 号席",
            "shift": "白班",
            "begins_at": "2026-11-23T12:00:00Z",
            "ends_at": "2026-11-24T00:00:00Z",
            "state": "published",
        }
    ]


def test_the_list_is_paged_and_drafts_are_for_those_who_plan(cast: Cast, client: Client) -> None:
    rows = [entry(guard(cast.company, f"人{place}"), state="draft") for place in range(3)]
    leo = caller(cast, client, "leo")
    first = leo(f"{DAYS}&limit=2").json()
    assert ([one["id"] for one in first["items"]], first["next"]) == ([rows[0].pk, rows[1].pk], str(rows[1].pk))
    assert [one["id"] for one in read(leo, f"{DAYS}&limit=2&after={first['next']}")] == [rows[2].pk]
    assert read(caller(cast, client, "olivia")) == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("roster?from=2026-11-23&to=2026-11-22", 422),
        ("roster?from=tomorrow", 422),
        ("roster?company=hill", 404),
        ("roster?company=harbour", 200),
    ],
)
def test_what_cannot_be_asked_for_is_refused(cast: Cast, client: Client, path: str, status: int) -> None:
    assert caller(cast, client, "leo")(path).status_code == status


def test_without_days_the_next_two_weeks_are_meant(cast: Cast, client: Client) -> None:
    row = entry(guard(cast.company, "陈"), timezone.localdate() + timedelta(days=13))
    entry(row.member, timezone.localdate() + timedelta(days=14))
    assert [one["id"] for one in read(caller(cast, client, "gus"), "roster")] == [row.pk]
    assert caller(cast, client, "polly")("roster").status_code == 403

"""What the clauses ask of the records of one company is found by an index, not by going through everybody's."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.domain.compliance.registry import rules
from tests.cast import Cast

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("clause", "asks", "index"),
    [
        ("令564-30", "GROUP BY", "records_company_acts"),
        ("GB55029-3.5.1(7)", "ORDER BY", "records_company_newest"),
    ],
)
def test_records_of_a_company_are_found_by_an_index(cast: Cast, clause: str, asks: str, index: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("what PostgreSQL chooses depends on how much there is")
    with CaptureQueriesContext(connection) as asked:
        rules()[clause].facts(cast.viewer("mia"), cast.company.pk, ON, None)
    [query] = [one["sql"] for one in asked if "records_record" in one["sql"] and asks in one["sql"]]
    assert index in plan(query)


def plan(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query.replace('%', '%%')}")
        rows: list[Any] = cursor.fetchall()
    return " ".join(str(row[-1]) for row in rows)

"""What departments and posts are called now: others name them by their first rows, which keep what was said when they
began. Steps of queries."""

from collections.abc import Iterable

from lianjing.domain.companies.models import Department, Post
from lianjing.domain.records.dated import OLDEST_FIRST, known_at


def call_as_now(firsts: Iterable[Department | Post | None]) -> None:
    """Gives these rows, which are for reading only, the name of their latest, and a post the department that it is in.
    One query for departments and one for posts; none where none was changed since it began."""
    changed = [row for row in firsts if row is not None and row.retracted_at is not None]
    _departments([row for row in changed if isinstance(row, Department)])
    _posts([row for row in changed if isinstance(row, Post)])


def _departments(old: list[Department]) -> None:
    rows = known_at(Department.objects.filter(first__in={row.pk for row in old})).order_by(OLDEST_FIRST, "pk")
    latest = dict(rows.values_list("first_id", "name")) if old else {}
    for row in old:
        row.name = latest.get(row.pk, row.name)


def _posts(old: list[Post]) -> None:
    rows = known_at(Post.objects.filter(first__in={row.pk for row in old})).order_by(OLDEST_FIRST, "pk")
    latest = {row.first_id: row for row in rows.select_related("department")} if old else {}
    for row in old:
        now = latest.get(row.pk, row)
        row.title, row.department = now.title, now.department
